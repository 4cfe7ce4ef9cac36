"""Words that hold a text together; they are no renderings, and are not rendered."""

from __future__ import annotations

from typing import Final

from indexer.analysis import STOP_STEMS, stem

__all__ = ["FUNCTION_STEMS", "FUNCTION_WORDS"]

_WORDS: Final = (
    "것 수 등 및 이 그 저 때 데 중 바 뿐 더 또 또는 즉 있다 없다 하다 되다 않다 이다 아니다 "
    "같다 위하다 대하다 통하다 따르다 의하다 관하다 이러하다 그러하다 어떻다 이러다 그러다 무엇 누구 "
    "어디 언제 왜 어떤 어느 얼마 얼마나 그것 이것 저것 이런 그런 그리고 그러나 하지만 그래서 따라서 "
    "때문 경우 정도 가지 여러 모든 각 약 적 성 간 내 나 너 우리 저희 당신 자신 그녀 그들 그렇다 "
    "이렇다 이후 다른 한 두 가장 매우 수많다 보다 주다 지다 가다 오다 나다 말다 못하다 싶다 들 님 "
    "씨 의 와 과 안 "
)

FUNCTION_WORDS: Final = frozenset(_WORDS.split())
"""Korean ones, as they are indexed."""

_MORE: Final = ("may", "might", "must", "shall", "since", "each", "become")

FUNCTION_STEMS: Final = STOP_STEMS | frozenset(map(stem, _MORE))
"""English ones, as they are indexed."""
