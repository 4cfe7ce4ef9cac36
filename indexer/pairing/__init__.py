"""Experiment."""
from __future__ import annotations
import os
import numpy as np
from indexer.model import Pair
from indexer.pairing.dictionary import EMPTY, Dictionary, learn
from indexer.pairing.evidence import Evidence, Side, side_of
from indexer.pairing.path import posteriors

MOST = int(os.environ.get("MOST", 2))
PSEUDO = float(os.environ.get("PSEUDO", 5))


def links(e: Side, k: Side, d: Dictionary, gap=0.1):
    n, m = len(e.passages), len(k.passages)
    if not n or not m:
        return np.zeros((n, m))
    scores = Evidence(e, k, d).block(0, n, 0, m, MOST)
    many = 0.02
    base = {"gap": gap, "many": many}
    for _ in range(2):
        p = {(1, 0): np.log(gap / 2 + 1e-9), (0, 1): np.log(gap / 2 + 1e-9), (1, 1): np.log(1 - gap - many)}
        for key in scores:
            if key != (1, 1):
                p[key] = np.log(many / 2 / (4 if max(key) > 2 else 1))
        post = posteriors(n, m, scores, p)
        pairs = {key: v.sum() for key, v in post.items()}
        moved = sum(pairs.values())
        gaps = n + m - sum((s + t) * c for (s, t), c in pairs.items())
        multi = moved - pairs.get((1, 1), 0)
        tot = moved + gaps + PSEUDO
        gap = min(0.9, max(0.01, (gaps + PSEUDO * base["gap"]) / tot))
        many = min(0.3, max(0.005, (multi + PSEUDO * base["many"]) / tot))
    link = np.zeros((n, m))
    for (s, t), v in post.items():
        for x in range(s):
            for y in range(t):
                link[x : x + v.shape[0], y : y + v.shape[1]] += v
    return link


def pairs_of(link, bound):
    ii, jj = np.nonzero(link >= bound)
    return [(int(i), int(j), float(link[i, j])) for i, j in zip(ii, jj)]



def archive(docs, rounds=3, discount=None, terms=None):
    discount = float(os.environ.get("DISCOUNT", 0.5)) if discount is None else discount
    K = int(os.environ.get("FOLDS", 4))
    sides = [(side_of(e, terms and terms[0][n]), side_of(k, terms and terms[1][n])) for n, (e, k) in enumerate(docs)]
    ds = [EMPTY] * K
    for r in range(rounds + 1):
        L = [links(e, k, ds[n % K]) for n, (e, k) in enumerate(sides)]
        if r == rounds:
            break
        train = [[] for _ in range(K)]
        for n, ((e, k), link) in enumerate(zip(sides, L)):
            for i, j, c in pairs_of(link, float(os.environ.get("SURE", 0.6))):
                te = [e.vocabulary[x] for x in e.ids[e.starts[i] : e.starts[i + 1]]]
                tk = [k.vocabulary[x] for x in k.ids[k.starts[j] : k.starts[j + 1]]]
                train[n % K].append((te, tk, c))
        ds = [learn([p for o in range(K) if o != x or K == 1 for p in train[o]], discount) for x in range(K)]
    return L, ds[0]
