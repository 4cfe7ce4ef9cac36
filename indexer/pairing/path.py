"""Which passages are paired, given how much speaks for each pair: sums over all ways in order.  Pure."""

from __future__ import annotations

import numpy as np

NEG = -1e30


def forward(n, m, scores, prior):
    """alpha[i][j] for i in 0..n, j in 0..m (log sums over all ways to reach the place)."""
    g10, g01 = prior[1, 0], prior[0, 1]
    steps = [(s, t) for (s, t) in scores]
    A = np.full((n + 1, m + 1), NEG)
    slope = g01 * np.arange(m + 1)
    for i in range(n + 1):
        row = np.full(m + 1, NEG)
        if i == 0:
            row[0] = 0
        else:
            row = A[i - 1] + g10
            for (s, t) in steps:
                if i >= s and m >= t:
                    row[t:] = np.logaddexp(row[t:], A[i - s, : m + 1 - t] + scores[s, t][i - s] + prior[s, t])
        A[i] = np.logaddexp.accumulate(row - slope) + slope
    return A


def posteriors(n, m, scores, prior):
    A = forward(n, m, scores, prior)
    flipped = {k: v[::-1, ::-1] for k, v in scores.items()}
    B = forward(n, m, flipped, prior)[::-1, ::-1]
    Z = A[n, m]
    out = {}
    for (s, t), v in scores.items():
        if v.size:
            out[s, t] = np.exp(A[: n + 1 - s, : m + 1 - t] + v + prior[s, t] + B[s:, t:] - Z)
    return out
