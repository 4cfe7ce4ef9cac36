"""May a name in Latin letters be this Korean name?  By the customary romanisations, syllable by syllable.

Sources of the spellings:

- Revised Romanization: Ministry of Culture and Tourism of the Republic of Korea, Notice 2000-8.
- McCune and Reischauer, "The Romanization of the Korean Language", Transactions of the Korea Branch of the
  Royal Asiatic Society 29 (1939); with its breves and apostrophes or without, as mostly.
- What people write: 이상억, 「성씨의 로마자 표기 정책 마련 연구」, 국립국어원 2011, after the passports of
  1999, 2007 and 2011.

As each of them writes some sounds in its own way, a syllable may be read as several (Sung as 성, 승 or 숭);
but none of them writes 정 as Ji.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

__all__ = ["is_romanised", "latin_letters"]

_SURNAMES: Final = {
    "가": "ga ka", "강": "kang gang kahng khang", "경": "kyung gyeong kyong kyoung", "계": "kye gye",
    "고": "ko go koh goh", "공": "kong gong", "곽": "kwak gwak kwack kwag", "구": "koo ku gu goo",
    "국": "kook guk kuk gook", "권": "kwon gwon kweon kwun", "금": "keum geum kum", "기": "ki gi kee",
    "길": "gil kil", "김": "kim gim kym keem ghim", "나": "na ra nah rah la", "남": "nam nahm",
    "남궁": "namgung namkung namkoong namgoong", "노": "noh roh no ro rho", "단": "dan tan",
    "당": "dang tang", "도": "do to doh", "독고": "dokgo dokko tokko", "동": "dong tong",
    "라": "ra na la rah", "려": "ryeo lyuh ryo", "류": "ryu ryoo yoo yu you lyu",
    "리": "ri lee rhee li ree yi rhie", "림": "rim lim leem rhim", "마": "ma mah", "맹": "maeng maing",
    "명": "myung myeong myong myoung", "모": "mo moh", "목": "mok mock", "문": "moon mun", "민": "min minn",
    "박": "park pak bak bahk pahk bark", "반": "ban pan bahn", "방": "bang pang bahng",
    "배": "bae pae bai pai bea", "백": "baek paek baik paik back beak",
    "변": "byun byeon pyon byon pyun byoun", "복": "bok pok", "봉": "bong pong", "부": "boo bu pu",
    "빈": "bin pin", "사공": "sagong sakong", "서": "seo suh so su sur seoh", "서문": "seomun suhmoon",
    "석": "suk seok sok", "선": "sun seon son", "선우": "sunwoo seonu sonu sunoo", "설": "sul seol sol",
    "성": "sung seong song soung", "소": "so soh", "손": "son sohn", "송": "song", "승": "seung sung",
    "시": "si shi", "신": "shin sin sihn shinn", "심": "shim sim", "안": "ahn an ann", "양": "yang",
    "어": "eo uh o", "엄": "um eom uhm om umm", "여": "yeo yuh lyuh yo", "연": "yeon yun yon youn yeun",
    "염": "yeom yum yom youm", "예": "ye yeh", "오": "oh o", "옥": "ok ock oak", "온": "on", "왕": "wang",
    "용": "yong", "우": "woo wu u ou", "원": "won weon", "위": "wi wee", "유": "yoo yu you ryu ryoo yuh lyu",
    "육": "yook yuk", "윤": "yoon yun youn yune", "은": "eun un", "이": "lee yi i rhee ri li yee ree rhie ee",
    "인": "in ihn", "임": "lim im yim rim leem rhim", "장": "jang chang jahng",
    "전": "jeon jun chun chon jeun", "정": "jung jeong chung chong joung cheong jong jeung",
    "제": "je jae che", "제갈": "jegal chegal", "조": "cho jo joe joh zo chough", "좌": "jwa chwa",
    "주": "joo ju chu jou", "지": "ji jee chi", "진": "jin chin jean", "차": "cha tcha", "채": "chae chai",
    "천": "chun cheon chon", "최": "choi choe choy chey", "추": "choo chu", "탁": "tak tark", "탄": "tan",
    "태": "tae", "팽": "paeng", "편": "pyun pyeon", "표": "pyo phyo", "피": "pi pee", "필": "pil phil",
    "하": "ha hah", "한": "han hahn", "함": "ham hahm", "허": "huh heo hur ho her", "현": "hyun hyeon hyon",
    "형": "hyung hyeong hyong", "홍": "hong", "황": "hwang whang", "황보": "hwangbo whangbo hwangpo",
}  # fmt: skip
"""The family names that most people have, the commonest spelling first."""

_INITIALS: Final = (
    "[kg]h?", "[kg]{1,2}", "n", "[dt]", "[dt]{1,2}", "[rln]", "m", "[bp]", "[bp]{1,2}", "sh?", "ss?h?", "",
    "j|ch|z", "jj?|t?ch", "ch", "kh?", "th?", "ph?", "h",
)  # fmt: skip
"""The spellings of each consonant that begins a syllable: ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ."""
_VOWELS: Final = (
    "ah?", "a[eiy]|ea|eh?", "yah?", "yae|ye", "eo|uh?|oh?|ou", "e[hiya]?|a[ey]", "ye?[ou]h?|you",
    "ye[ah]?|yae|ae|ea?", "oh?", "wa|oa|ua", "wa[ei]|we", "o[eiy]|wei?", "yoh?", "uh?|oo|ou", "we?[ou]",
    "we|wae", "w?i|wee|u[iy]", "yuh?|yoo|you", "eu|uh?|ue|y", "e?u[iy]|i|ee", "i[eh]?|ee|y",
)  # fmt: skip
"""The same of each vowel: ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ."""
_ALONE: Final = {13: "w?u|w?oo|ou", 20: "y?i|y?ee|ih"}
"""ㅜ and ㅣ where no consonant is before them: Woo, Yi."""
_AFTER_H: Final = {9: "wha", 16: "whi|whee"}
"""화 and 휘 as the ear hears them."""
_FINALS: Final = "-kkknnntlkmlllplmppttNttktpt"
"""How each of the 28 ends of a syllable sounds."""
_CODAS: Final = {
    "-": "",
    "k": "c?k|kk|g",
    "n": "nn?",
    "t": "tt?|d|s",
    "l": "ll?|r",
    "m": "m",
    "p": "pp?|b",
    "N": "ng",
}
_BEFORE_NASALS: Final = {"k": "ng", "p": "m", "t": "n"}
"""What a final consonant becomes before ㄴ, ㄹ and ㅁ, in the systems that write what is heard."""
_NASALS: Final = (2, 5, 6)
_R: Final = 5
_SILENT: Final = 11
_Y_VOWELS: Final = (2, 3, 6, 7, 12, 17, 20)
"""ㅑ ㅒ ㅕ ㅖ ㅛ ㅠ ㅣ: before them many do not say ㄹ, and write 령 as Young (한글 맞춤법, article 11)."""
_H: Final = 18
_FIRST: Final = 0xAC00
_KOREAN: Final = re.compile("[가-힣]{2,4}")
_MOST_GIVEN: Final = 2
"""Syllables of a given name: a longer one is seldom, or foreign."""
_GIVEN: Final = (
    "가강건겸경계고관광교구국권규균근금기길나남노다달대덕도동두라란래려련렬령로룡류률리린림만매명모무묵문미민박배백범별병보복봉"
    "부비빈상서석선설섭성세소솔송수숙순슬승시식신아애양언연열영예오옥완용우욱운웅원월유윤율은의이익인일임자장재전정제조종주준중"
    "지진찬창채천철춘충치탁태택표필하학한해향헌혁현협형혜호홍화환황회효훈휘희흠흥여"
)
"""The syllables that nearly all given names are made of, chosen by hand: Helen has none of them.

None of 사, 산, 안 and 마, which are rare in names: Sara, Susan, Anna and Mary are not Korean.
"""
_INITIAL: Final = re.compile(r"\b[a-z]\.|\b[b-df-hj-np-tv-z]\b")
"""What stands for a name of which nothing more is told."""


@lru_cache(maxsize=1 << 12)
def is_romanised(name: str, korean: str) -> bool | None:
    """Whether a name in Latin letters is this Korean name in one of the customary spellings.

    Returns:
        `None` where the rules say nothing, as one of the two is not built as Korean names are: in Hangul a
        known family name and one or two syllables in one word, in Latin letters such a name before or after
        one or two syllables of which given names are made.  What people are called is not always what the
        rules make of it: that they do not allow a spelling says much against it, and is no proof.

    >>> is_romanised("Kim Min-jung", "김민정"), is_romanised("Minjŏng Kim", "김민정")
    (True, True)
    >>> is_romanised("Kim Min-ji", "김민정"), is_romanised("Sergey Lavrov", "라브로프")
    (False, None)
    >>> is_romanised("Helen Kim", "김활란"), is_romanised("Kim M.", "김민정")
    (None, None)
    """
    pattern = _pattern(korean)
    letters = latin_letters(name).replace("'", "")
    if pattern is None or _INITIAL.search(letters):
        return None
    parts = re.findall("[a-z]+", letters)
    if pattern.fullmatch("-".join(parts)):
        return True
    return False if _is_korean(parts) else None


def latin_letters(name: str) -> str:
    """The name in small letters without their marks: ŏ as o.

    >>> latin_letters("Ch’oe Kyŏng-hŭi")
    'choe kyong-hui'
    """
    return unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode("ascii")


@lru_cache(maxsize=1 << 10)
def _pattern(korean: str) -> re.Pattern[str] | None:
    """What matches the name's spellings, their parts joined by hyphens; none where it is not such a name."""
    ways = [
        (korean[:at], korean[at:])
        for at in (1, 2)
        if korean[:at] in _SURNAMES and 0 < len(korean[at:]) <= _MOST_GIVEN
    ]
    if not ways or not _KOREAN.fullmatch(korean):
        return None
    return re.compile("|".join(_in_both_orders(_surname(family), _spelled(given)) for family, given in ways))


def _is_korean(parts: Sequence[str]) -> bool:
    """Whether the parts of a name are a family name, first or last, and a given name."""
    return any(
        _families().issuperset(family) and _given_name().fullmatch("-".join(given))
        for family, given in ((parts[:1], parts[1:]), (parts[-1:], parts[:-1]))
    )


@lru_cache(maxsize=1)
def _families() -> frozenset[str]:
    return frozenset(" ".join(_SURNAMES.values()).split())


@lru_cache(maxsize=1)
def _given_name() -> re.Pattern[str]:
    """What matches the spellings of nearly any given name, and little else."""
    # Gh is in family names alone: Younghill is not 연길.
    syllable = _one_of(map(_spelled, _GIVEN)).replace(_INITIALS[0], "[kg]")
    return re.compile(f"{syllable}(?:-?{syllable})?")


def _in_both_orders(family: str, given: str) -> str:
    return f"(?:{family}-{given}|{given}-{family})"


def _surname(family: str) -> str:
    return _one_of((*_SURNAMES[family].split(), _spelled(family)))


def _spelled(syllables: str) -> str:
    """What matches the spellings of these syllables, perhaps with hyphens between them."""
    codes = [ord(one) - _FIRST for one in syllables]
    initials = [code // 588 for code in codes]
    return "-?".join(
        _onset_and_vowel(initial, code // 28 % 21) + _coda(_FINALS[code % 28], following)
        for code, initial, following in zip(codes, initials, [*initials[1:], -1], strict=True)
    )


def _onset_and_vowel(initial: int, vowel: int) -> str:
    if initial == _SILENT:
        return _one_of((_VOWELS[vowel], *_ALONE.get(vowel, "").split()))
    plain = _one_of((_INITIALS[initial],)) + _one_of((_VOWELS[vowel],))
    if initial == _R and vowel in _Y_VOWELS:
        return _one_of((plain, _VOWELS[vowel]))
    return _one_of((plain, _AFTER_H[vowel])) if initial == _H and vowel in _AFTER_H else plain


def _coda(final: str, following: int) -> str:
    """The spellings of the end of a syllable before one that begins with the consonant `following`."""
    ways = [_CODAS[final]]
    if following in _NASALS and final in _BEFORE_NASALS:
        ways.append(_BEFORE_NASALS[final])
    if following == _R and final == "n":
        ways.append("l")
    return _one_of(ways)


def _one_of(ways: Iterable[str]) -> str:
    return f"(?:{'|'.join(ways)})"
