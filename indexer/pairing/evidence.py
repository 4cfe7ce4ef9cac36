"""How much speaks for two passages saying the same: log likelihood ratios, by blocks of rows and columns.  Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from indexer.model import BlockKind, Passage
from indexer.pairing.dictionary import Dictionary, Table
from indexer.pairing.terms import skeleton, terms_of

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

import os
_TRUST: Final = float(os.environ.get("TRUST", 0.7))
_SAME: Final = float(os.environ.get("SAME", 0.7))
_SOUND: Final = float(os.environ.get("SOUND", 0.3))
_WEIGHT: Final = float(os.environ.get("WEIGHT", 0.35))
_LEN: Final = float(os.environ.get("LEN", 0.7))
_SIGMA: Final = float(os.environ.get("SIGMA", 0.3))


@dataclass(frozen=True, slots=True)
class Side:
    """One language of a document, its terms as numbers."""

    passages: Sequence[Passage]
    vocabulary: list[str]
    ids: Ints
    starts: Ints
    lengths: Floats


def side_of(passages: Sequence[Passage], terms=None) -> Side:
    vocabulary: dict[str, int] = {}
    ids: list[int] = []
    starts = [0]
    for at, passage in enumerate(passages):
        found = terms[at] if terms is not None else terms_of(passage.text, passage.lang)
        ids.extend(vocabulary.setdefault(t, len(vocabulary)) for t in dict.fromkeys(found))
        starts.append(len(ids))
    lengths = np.array([len("".join(p.text.split())) for p in passages], float)
    return Side(passages, list(vocabulary), np.array(ids, np.int64), np.array(starts, np.int64), lengths)


class Evidence:
    def __init__(self, english: Side, korean: Side, dictionary: Dictionary) -> None:
        self.e, self.k = english, korean
        self.fwd, self.bwd = _links(english, korean, dictionary)
        self.trust_k = _trust(korean, dictionary.korean, dictionary.korean_counts)
        self.trust_e = _trust(english, dictionary.english, dictionary.english_counts)
        self.p_k = _background(korean, dictionary.korean, dictionary.korean_counts)
        self.p_e = _background(english, dictionary.english, dictionary.english_counts)
        le, lk = english.lengths.sum(), korean.lengths.sum()
        self.mu = math.log(0.47)
        if len(english.lengths) and len(korean.lengths):
            self.spread = max(0.35, math.sqrt(np.var(np.log(english.lengths + 4)) + np.var(np.log(korean.lengths + 4))))
        else:
            self.spread = 1.0

    def lexical(self, a: int, b: int, c: int, d: int, width: int = 1):
        """F[i,j] with English rows merged `width`, and B with Korean merged."""

    def block(self, a: int, b: int, c: int, d: int, most: int = 2):
        """Scores (1-1, 1-2.., 2-1..) for English a..b and Korean c..d."""
        e, k = self.e, self.k
        out = {}
        F = [self._direction(e, k, self.fwd, self.p_k, self.trust_k, a, b, c, d, w) for w in range(1, most + 1)]
        B = [self._direction(k, e, self.bwd, self.p_e, self.trust_e, c, d, a, b, w).T for w in range(1, most + 1)]
        LE = [_runs(e.lengths[a:b], w) for w in range(1, most + 1)]
        LK = [_runs(k.lengths[c:d], w) for w in range(1, most + 1)]
        n, m = b - a, d - c
        shape = self._structure(a, b, c, d)
        for w in range(1, most + 1):
            # one English with w Korean
            if m >= w:
                f = sum(F[0][:, s : m - w + 1 + s] for s in range(w))
                g = sum(shape[:, s : m - w + 1 + s] for s in range(w)) / w
                out[1, w] = _WEIGHT * (f + B[w - 1]) + self._length(LE[0], LK[w - 1]) + g
            if w > 1 and n >= w:
                g = sum(shape[s : n - w + 1 + s] for s in range(w)) / w
                f = sum(B[0][s : n - w + 1 + s] for s in range(w))
                out[w, 1] = _WEIGHT * (f + F[w - 1]) + self._length(LE[w - 1], LK[0]) + g
        return out

    def _structure(self, a, b, c, d):
        return np.zeros((b - a, d - c))

    def _length(self, le, lk):
        z = np.log(lk + 2)[None, :] - np.log(le + 4)[:, None] - self.mu
        sig = _SIGMA + 1.0 / np.sqrt(le + 4)[:, None]
        one = np.exp(-0.5 * (z / sig) ** 2) / sig
        other = np.exp(-0.5 * (z / self.spread) ** 2) / self.spread
        return _LEN * np.log((0.95 * one + 0.05 * other+1e-30) / (other+1e-30))

    def _direction(self, src: Side, dst: Side, table: Table, p, trust, a, b, c, d, w):
        """LLR of the terms of dst units c..d given src units a..b, w merged."""
        n = b - a - w + 1
        if n <= 0:
            return np.zeros((0, d - c))
        cols = dst.ids[dst.starts[c] : dst.starts[d]]
        if not len(cols):
            return np.zeros((n, d - c))
        used, col = np.unique(cols, return_inverse=True)
        # P over used terms
        s0, s1 = src.starts[a], src.starts[b]
        ids = src.ids[s0:s1]
        unit = np.repeat(np.arange(b - a), np.diff(src.starts[a : b + 1]))
        counts = table.starts[ids + 1] - table.starts[ids]
        tot = counts.sum()
        at = np.arange(tot) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(table.starts[ids], counts)
        place = np.full(len(dst.vocabulary), -1)
        place[used] = np.arange(len(used))
        target = place[table.targets[at]]
        ok = target >= 0
        key = np.repeat(unit, counts)[ok] * len(used) + target[ok]
        P = np.bincount(key, table.chances[at][ok], (b - a) * len(used)).reshape(b - a, len(used))
        size = np.diff(src.starts[a : b + 1]).astype(float)
        if w > 1:
            P = sum(P[s : s + n] for s in range(w))
            size = sum(size[s : s + n] for s in range(w))
        P = P / np.maximum(size, 1)[:, None]
        lam = trust[used][None, :]
        llr = np.log((1 - lam) + lam * P / p[used][None, :])
        gathered = llr[:, col]
        st = dst.starts[c : d + 1] - dst.starts[c]
        sums = np.concatenate((np.zeros((n, 1)), np.cumsum(gathered, axis=1)), axis=1)
        return sums[:, st[1:]] - sums[:, st[:-1]]


def _runs(values, w):
    n = len(values) - w + 1
    return sum(values[s : s + n] for s in range(w)) if n > 0 else np.zeros(0)


def _background(side: Side, vocabulary, counts):
    local = np.bincount(side.ids, minlength=len(side.vocabulary)).astype(float)
    known = np.array([counts[vocabulary[t]] if t in vocabulary else 0 for t in side.vocabulary], float)
    total = local.sum() + counts.sum()
    return (local + known + 0.5) / (total + 1)


def _links(e: Side, k: Side, d: Dictionary):
    """Local sparse tables in both directions."""
    ge = np.array([d.english.get(t, -1) for t in e.vocabulary], np.int64)
    gk = np.array([d.korean.get(t, -1) for t in k.vocabulary], np.int64)
    known_k = {t: i for i, t in enumerate(k.vocabulary)}
    same = [(i, known_k[t]) for i, t in enumerate(e.vocabulary) if t in known_k]
    by_sound: dict[str, list[int]] = {}
    for i, t in enumerate(k.vocabulary):
        if "가" <= t[0] <= "힣" and len(t) > 1:
            s = skeleton(t)
            if len(s) >= 3:
                by_sound.setdefault(s[:3], []).append(i)
    sound = []
    for i, t in enumerate(e.vocabulary):
        if len(t) >= 4 and t.isalpha() and t.isascii():
            s = skeleton(t)
            if len(s) >= 3:
                for j in by_sound.get(s[:3], ()):
                    o = skeleton(k.vocabulary[j])
                    if s.startswith(o) or o.startswith(s):
                        sound.append((i, j))
    extra = np.array(same + sound, np.int64).reshape(-1, 2)
    value = np.array([_SAME] * len(same) + [_SOUND] * len(sound))
    return (
        _local(ge, gk, len(d.korean), d.forward, extra[:, 0], extra[:, 1], value, len(k.vocabulary)),
        _local(gk, ge, len(d.english), d.backward, extra[:, 1], extra[:, 0], value, len(e.vocabulary)),
    )


def _local(src: Ints, dst: Ints, size: int, table: Table, extra_s, extra_t, value, ncols) -> Table:
    place = np.full(size + 1, -1)
    place[dst[dst >= 0]] = np.nonzero(dst >= 0)[0]
    known = np.nonzero(src >= 0)[0]
    g = src[known]
    counts = table.starts[g + 1] - table.starts[g] if len(g) else np.zeros(0, np.int64)
    at = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(table.starts[g], counts)
    target = place[table.targets[at]] if len(at) else np.zeros(0, np.int64)
    ok = target >= 0
    s = np.concatenate((np.repeat(known, counts)[ok], extra_s))
    t = np.concatenate((target[ok], extra_t))
    v = np.concatenate((table.chances[at][ok] if len(at) else np.zeros(0), value))
    key = s * ncols + t
    order = np.lexsort((-v, key))
    key, s, t, v = key[order], s[order], t[order], v[order]
    first = np.concatenate(([True], key[1:] != key[:-1])) if len(key) else np.zeros(0, bool)
    s, t, v = s[first], t[first], v[first]
    starts = np.concatenate(([0], np.cumsum(np.bincount(s, minlength=len(src)))))
    return Table(starts.astype(np.int64), t, v)


_K: Final = float(os.environ.get("KNOW", 2))
_PLAIN: Final = float(os.environ.get("PLAIN", 0.3))
_RARE: Final = float(os.environ.get("RARE", 0.02))


def _trust(side: Side, vocabulary, counts):
    known = np.array([counts[vocabulary[t]] if t in vocabulary else 0 for t in side.vocabulary], float)
    korean = len(side.passages) and side.passages[0].lang == "ko"
    plain = np.array([(_PLAIN if (korean or t[:1].isdigit() or t[:1] == "[") and not "가" <= t[0] <= "힣" else _RARE) for t in side.vocabulary])
    return np.maximum(_TRUST * known / (known + _K), plain)
