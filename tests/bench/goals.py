"""What is to be reached, and whether it was; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import geometric_mean, median
from typing import Final

from tests.bench.engines import HANYEONG, Job
from tests.bench.figures import exponent
from tests.bench.files import Files
from tests.bench.pages import Served
from tests.bench.queries import Measured
from tests.bench.writing import Written

__all__ = ["Goal", "by_kind", "of_files", "of_pages", "of_queries", "of_writing", "times", "total"]


_FINISHING: Final[tuple[tuple[Job, str], ...]] = (
    ("finished", "finished page"),
    ("marked", "ten marked passages"),
)


@dataclass(frozen=True, slots=True)
class Goal:
    """One line of what must be reached."""

    name: str
    wanted: str
    value: float
    reached: bool


def at_least(name: str, value: float, bound: float, unit: str = "×") -> Goal:
    """A goal that a value must not be below."""
    return Goal(name, f"≥ {bound:g}{unit}", value, value >= bound)


def at_most(name: str, value: float, bound: float, unit: str = "×") -> Goal:
    """A goal that a value must not be above."""
    return Goal(name, f"≤ {bound:g}{unit}", value, value <= bound)


def by_kind(measured: Measured, peer: str, *, job: Job) -> dict[str, float]:
    """How many times Hanyeong's time a peer takes, by kind: medians over the queries that both answered."""
    theirs = measured.of(peer, job=job)
    ratios = {}
    for kind, ours in measured.of(HANYEONG, job=job).items():
        if kind in theirs:
            both = [
                (mine, other)
                for mine, other in zip(ours.seconds, theirs[kind].seconds, strict=True)
                if mine is not None and other is not None
            ]
            ratios[kind] = median(other for _, other in both) / median(mine for mine, _ in both)
    return ratios


def times(measured: Measured, peer: str, *, job: Job) -> float:
    """How many times Hanyeong's time a peer takes: the geometric mean over the kinds that both answer."""
    return geometric_mean(by_kind(measured, peer, job=job).values())


def slowest(measured: Measured, engine: str) -> float:
    """The seconds of an engine's slowest finished page."""
    return max(max(timed.answered) for timed in measured.of(engine, job="finished").values())


def total(measured: Measured, engine: str, *, job: Job) -> float:
    """The geometric mean over the kinds of an engine's median seconds."""
    return geometric_mean(median(timed.answered) for timed in measured.of(engine, job=job).values())


def of_queries(sizes: Sequence[Measured]) -> Iterator[Goal]:
    """The goals about queries, for the sizes and the peers that were measured."""
    for measured in sizes:
        yield from _of_size(measured)
    if len(sizes) > 1:
        medians = [total(measured, HANYEONG, job="finished") for measured in sizes]
        spread = f"{sizes[0].size:,} to {sizes[-1].size:,}"
        growth = exponent([measured.size for measured in sizes], medians)
        yield at_most(f"growth of the median, {spread}: exponent", growth, 0.8, "")


def _of_size(measured: Measured) -> Iterator[Goal]:
    large = measured.size > 200_000
    at = f"at {measured.size:,}"
    peers = measured.engines[1:]
    for job, what in _FINISHING:
        if "whoosh" in peers:
            yield at_least(f"{what}, against stock Whoosh, {at}", times(measured, "whoosh", job=job), 30)
        if "fts5" in peers:
            bound = 10 if large else 5
            yield at_least(f"{what}, against FTS5, {at}", times(measured, "fts5", job=job), bound)
        if "tantivy" in peers:
            bound = 1.5 if large else 1
            yield at_most(f"{what}, in tantivy's time, {at}", 1 / times(measured, "tantivy", job=job), bound)
    if "fts5" in peers:
        worst = slowest(measured, "fts5") / slowest(measured, HANYEONG)
        yield at_least(f"slowest query, against FTS5's slowest, {at}", worst, 20 if large else 10)
    if "tantivy" in peers:
        ids = 1 / times(measured, "tantivy", job="ids")
        yield at_most(f"ten ids, in tantivy's time, {at}", ids, 3 if large else 2)
    yield at_most(
        f"index, in sizes of the text, {at}", measured.built[HANYEONG].bytes / measured.text_bytes, 2
    )


def of_pages(served: Served) -> Iterator[Goal]:
    """The goals about pages over HTTP."""
    large = served.size > 200_000
    at = f"at {served.size:,}"
    middle, high = served.ratios(1)
    yield at_most(f"page, in times of one from hits at hand, median, {at}", middle, 2.5 if large else 1.5)
    yield at_most(f"the same, 95th percentile, {at}", high, 5 if large else 3)
    yield at_most(f"start of serve to the first English answer, {at}", served.first, 1, " s")
    if served.size >= 1_000_000:
        yield at_most(f"serving, with Kiwi, at most, {at}", served.peak / 1e9, 1.2, " GB")


def of_writing(written: Sequence[Written]) -> Iterator[Goal]:
    """The goals about reindexing whole folders."""
    for one in written:
        if one.lang == "ko":
            yield at_least("reindex of Korean, speed as a part of Kiwi's alone", one.alone / one.seconds, 0.8)
        else:
            yield at_most("reindex of English, in tantivy's time", one.seconds / one.alone, 4)


def of_files(files: Files) -> Iterator[Goal]:
    """The goals about folders where little has changed."""
    name = f"{files.files:,} files"
    yield at_most(f"{name}, nothing changed, in times of git status", files.unchanged / files.git_status, 3)
    bound = 3 * files.git_status + files.kiwi + 0.5
    yield at_most(f"{name}, an English one changed", files.english, round(bound, 2), " s")
    yield at_most(f"{name}, a Korean one changed", files.korean, round(bound, 2), " s")
