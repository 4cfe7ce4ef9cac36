"""Many sources at once: in order, each within its own limits, whatever one of them does."""

import hashlib
import itertools
import sys
import threading

import pytest
from test_readers_bounds import HASTY, LIMITS, file

from indexer.analysis import analyze
from indexer.analysis.heard import SpellingHearer
from indexer.children import start
from indexer.errors import ReadError
from indexer.readers import Cut, Source, SourceFile, batches, bounds, read, read_all
from indexer.readers.analysed import texts_of


def sources(*paths):
    return [Source(path.stem, (SourceFile(path, None),)) for path in paths]


def said(answers):
    """By answer, the text of its last passage, or why there is none."""
    return [one.passages[-1].text if isinstance(one, Cut) else str(one) for one in answers]


def test_more_than_a_batch_comes_in_order(tmp_path):
    paths = [file(tmp_path, f"{number}.txt", f"Text {number}.") for number in range(2 * batches._MOST + 3)]
    assert said(read_all(sources(*paths), LIMITS)) == [f"Text {number}." for number in range(len(paths))]


def test_it_is_told_what_the_files_were_that_were_read(tmp_path):
    path = file(tmp_path, "a.txt", "정전 협상")
    (answer,) = read_all(sources(path), LIMITS)
    (state,) = answer.files
    status = path.stat()
    assert (state.size, state.mtime_ns) == (status.st_size, status.st_mtime_ns)
    assert state.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert state.seen_ns >= state.mtime_ns
    assert answer.info.id == "a"


def test_a_broken_file_fails_alone_and_in_its_place(tmp_path):
    paths = [file(tmp_path, f"{n}.txt", "" if n == 1 else f"Text {n}.") for n in range(4)]
    found = said(read_all(sources(*paths, tmp_path / "gone.txt"), LIMITS))
    assert [found[0], *found[2:4]] == ["Text 0.", "Text 2.", "Text 3."]
    assert "is empty" in found[1]
    assert "cannot be opened" in found[4]


@pytest.mark.parametrize("before", [0, 3, batches._MOST])
def test_a_file_that_takes_too_long_is_named_and_those_around_it_are_read(tmp_path, before):
    paths = [file(tmp_path, f"{number:03}.txt", f"Text {number}.") for number in range(before + 3)]
    paths[before] = file(tmp_path, "slow.html", "<div>" * 100_000 + "x")
    found = said(read_all(sources(*paths), HASTY))
    assert found[before].startswith(f"{paths[before]}: takes more than 1 s to read")
    assert [*found[:before], *found[before + 1 :]] == [
        f"Text {number}." for number in range(before + 3) if number != before
    ]


def test_a_reading_process_that_dies_between_two_answers_is_started_again(tmp_path):
    paths = [file(tmp_path, f"{number}.txt", f"Text {number}.") for number in range(3 * batches._MOST)]
    answers = read_all(sources(*paths), LIMITS)
    first = said(itertools.islice(answers, 5))
    bounds.worker()._process.kill()
    assert first + said(answers) == [f"Text {number}." for number in range(len(paths))]


@pytest.mark.parametrize("before", [5, batches._MOST, batches._MOST + 5])
def test_what_a_dead_process_owed_is_not_mixed_up_with_what_the_next_one_says(tmp_path, before):
    paths = [file(tmp_path, f"{number}.txt", f"Text {number}.") for number in range(3 * batches._MOST + 9)]
    answers = read_all(sources(*paths), LIMITS)
    first = said(itertools.islice(answers, before))
    child = bounds.worker()._process
    child.kill()
    child.wait()  # it is known to be dead before anything more is asked
    assert first + said(answers) == [f"Text {number}." for number in range(len(paths))]


def test_a_process_whose_death_is_seen_late_is_not_replaced_before_what_it_owed_is_missed(
    tmp_path, monkeypatch
):
    paths = [file(tmp_path, f"{number}.txt", f"Text {number}.") for number in range(4 * batches._MOST)]
    answers = read_all(sources(*paths), LIMITS)
    first = said(itertools.islice(answers, batches._MOST))
    child = bounds.worker()._process
    child.kill()
    child.wait()
    looks = iter([None])  # it dies between the first look at it and the second
    monkeypatch.setattr(child, "poll", lambda: next(looks, -9))
    assert first + said(answers) == [f"Text {number}." for number in range(len(paths))]


def test_who_wants_no_more_gets_the_answer_to_the_next_question(tmp_path):
    paths = [file(tmp_path, f"{number}.txt", f"Text {number}.") for number in range(3 * batches._MOST)]
    answers = read_all(sources(*paths), LIMITS)
    next(answers)
    answers.close()
    assert read(sources(paths[7])[0], LIMITS).blocks[0].text == "Text 7."


def test_after_breaking_off_nothing_more_is_read(tmp_path):
    paths = [file(tmp_path, f"{number}.txt", f"Text {number}.") for number in range(3 * batches._MOST)]
    answers = read_all(sources(*paths), LIMITS)
    next(answers)
    bounds.break_off()
    rest = list(answers)
    assert isinstance(rest[-1], ReadError)
    assert said(read_all(sources(paths[0]), LIMITS)) == ["Text 0."]


def test_long_paths_make_small_batches(tmp_path):
    paths = [tmp_path / ("x" * 200) / f"{number}.txt" for number in range(100)]
    made = list(batches._batches(sources(*paths)))
    assert [one for batch in made for one in batch] == sources(*paths)
    assert all(
        sum(len(str(f.path)) for one in batch for f in one.files) <= batches._LONGEST for batch in made
    )


def heard(answers, hearer=None):
    """By answer, whether its tokens were told; they are those that each of its texts has alone."""
    hearer = hearer or SpellingHearer()
    for one in answers:
        if one.told is not None:
            assert list(hearer.hear(one.told)) == [analyze(text) for text in texts_of(one.info, one.passages)]
        yield one.told is not None


def test_documents_without_korean_are_analysed_where_they_are_read(tmp_path):
    paths = [file(tmp_path, f"{n}.txt", f"Title {n}\n\nWar[{n}] and peace-talks {n}.") for n in range(150)]
    assert all(heard(read_all(sources(*paths), LIMITS, analysed=True)))
    assert not any(heard(read_all(sources(*paths), LIMITS)))


def test_from_the_first_document_with_korean_on_nothing_is_analysed_where_it_is_read(tmp_path):
    paths = [file(tmp_path, f"{n:03}.txt", f"Text {n}.") for n in range(3 * batches._MOST)]
    at = batches._MOST + 3
    paths[at] = file(tmp_path, paths[at].name, "정전 협상")
    told = list(heard(read_all(sources(*paths), LIMITS, analysed=True)))
    assert told == sorted(told, reverse=True)
    assert any(told)
    assert not any(told[at:])
    assert all(heard(read_all(sources(*paths[:at]), LIMITS, analysed=True)))  # the next one begins anew


def test_tokens_are_those_of_their_texts_when_another_process_goes_on(tmp_path):
    paths = [file(tmp_path, f"{n:03}.txt", f"Title {n}\n\nText {n}.") for n in range(3 * batches._MOST)]
    answers = read_all(sources(*paths), LIMITS, analysed=True)
    hearer = SpellingHearer()
    assert all(heard(itertools.islice(answers, 5), hearer))
    bounds.worker()._process.kill()
    assert sum(heard(answers, hearer)) > batches._MOST


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets the size of a pipe be set")
def test_with_the_smallest_pipes_neither_side_waits_for_the_other(tmp_path, monkeypatch):
    fcntl = pytest.importorskip("fcntl")

    def small(module):
        process = start(module)
        for pipe in (process.stdin, process.stdout):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 4096)
        return process

    monkeypatch.setattr(bounds, "start", small)
    worker = bounds.Worker()
    monkeypatch.setattr(bounds, "worker", lambda: worker)
    long = "A sentence that fills the pipe. " * 2000
    paths = [file(tmp_path, f"{n:03}-{'x' * 100}.txt", f"{long}\n\nText {n}.") for n in range(200)]
    asked = (batches._MOST * len(str(paths[0]))) > 4096
    assert asked, "a request must be larger than a pipe"
    killer = threading.Timer(60, worker.break_off)
    killer.start()
    try:
        found = said(read_all(sources(*paths), LIMITS))
    finally:
        killer.cancel()
        worker.close()
    assert found == [f"Text {n}." for n in range(len(paths))]
