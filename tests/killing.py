"""Kills a reindex, with SIGKILL, before each of its steps on the disk, and looks at what is left.

Run by `test_reindex_killed.py` in a process of its own: `killing.py FOLDER SCENARIO`.  It loads everything
once and forks a child for each kill, so that a hundred kills take seconds.  Tells one JSON object a kill.

A step is a call that changes the disk: fsync, rename, replace, unlink, rmdir, mkdir, and opening a file to
write.
"""

import builtins
import io
import json
import os
import pathlib
import re
import shutil
import signal
import sys
import time

from indexer import ingest
from indexer import reindex as room
from indexer.addresses import PastAddresses, load_registry
from indexer.engine.whoosh import WhooshEngine
from indexer.errors import HanyeongError, IndexMissingError
from indexer.readers import worker
from indexer.search import open_archive
from indexer.settings import Settings
from indexer.statcache import Look

OLD = {
    "kept": "Kept title\n\nThe ceasefire holds.\n\nThis stays as it is.\n",
    "changed": "Changed title\n\nThe ceasefire was old.\n\nThis sentence stays.\n",
    "removed": "Removed title\n\nThe ceasefire goes away.\n",
    "named": "Named title\n\nThe ceasefire has a name that stays.\n\nThis sentence stays here too.\n",
}
NEW = {
    "kept": OLD["kept"],
    "changed": "Changed title\n\nThe ceasefire is new.\n\nThis sentence stays.\n",
    "added": "Added title\n\nThe ceasefire comes in.\n",
    "renamed": OLD["named"].replace("that stays", "that stayed"),
}
STEPS = ("fsync", "rename", "replace", "unlink", "remove", "rmdir", "mkdir")


def run(settings, *, rebuild):
    return list(room.reindex(settings, WhooshEngine(settings.index), rebuild=rebuild))


def write(settings, files):
    settings.documents.mkdir(parents=True, exist_ok=True)
    for path in settings.documents.iterdir():
        path.unlink()
    for name, text in files.items():
        (settings.documents / f"{name}.txt").write_text(text, encoding="utf-8")


def state(settings):
    """What a reader sees: document, text and address of every passage, by reading and by searching."""
    archive = open_archive(settings)
    try:
        documents = [archive.document(info.id) for info in archive.documents()]
    except IndexMissingError:
        return None
    read = sorted(
        (m.passage.document, m.passage.text, m.passage.address) for d in documents for m in d.passages
    )
    hits = archive.passages("ceasefire OR title OR sentence OR stays", limit=1000).hits
    found = sorted((hit.passage.document, hit.passage.text, hit.passage.address) for hit in hits)
    assert found == read, "what is searched is what is read"
    return read


def kill_at(number):
    """Kills this process right before its `number`-th step."""
    left = [number]

    def counted(call):
        def step(*args, **more):
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **more)

        return step

    for name in STEPS:
        setattr(os, name, counted(getattr(os, name)))
    opened, stepped = builtins.open, counted(builtins.open)

    def open_(file, mode="r", *args, **more):
        return (stepped if set(mode) & set("wax+") else opened)(file, mode, *args, **more)

    builtins.open = io.open = open_


def in_child(work, delay=None):
    """Whether a child that does `work` came to its end before it was killed."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - the parent tells
            sys.stderr.write(f"child: {error!r}\n")
            os._exit(1)
        os._exit(0)
    if delay is not None:
        time.sleep(delay)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return False
    assert os.WEXITSTATUS(status) == 0
    return True


def tell(kill):
    sys.stdout.write(json.dumps(kill) + "\n")
    sys.stdout.flush()


def prepare(folder, scenario):
    """An archive as it is before the reindex that will be killed."""
    settings = Settings(folder)
    if scenario != "first":
        write(settings, OLD)
        run(settings, rebuild=False)
    if scenario != "little":
        write(settings, NEW)
    return folder


def start(prepared, folder, scenario):
    """A copy of the prepared archive, and what readers see of it."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(prepared, folder)
    settings = Settings(folder)
    if scenario == "little":
        run(settings, rebuild=False)  # it sees other files than those that were copied
        write(settings, NEW)
        assert Look(os.fspath(folder)).other, "what has changed is known at a glance"
    return settings, state(settings)


EXPECTED = re.compile(
    r"addresses\.jsonl|documents/.*|index/(CURRENT|addresses\.sha256|translations\.npz|lessons\.jsonl|lexicon\.zip|reindex\.lock|stat-cache|generation-\w+/(versions\.json|MAIN_WRITELOCK|.*\.seg|_MAIN_\d+\.toc(\.[\d.]+)?))"
)
"""A TOC that was not published yet, which has the time in its name, goes with the commit after the next."""


def left_behind(settings):
    """Files that no clean run leaves; and folders of the index but one."""
    files = [
        path.relative_to(settings.data).as_posix() for path in settings.data.rglob("*") if not path.is_dir()
    ]
    folders = sorted(path.name for path in settings.index.glob("generation-*"))
    return [name for name in files if not EXPECTED.fullmatch(name)] + folders[1:]


def judge(settings, before, expected, *, rebuild):
    """What is wrong after a kill: a list of lines, empty where nothing is."""
    wrong = []
    left = None
    try:
        left = state(settings)
        texts = None if left is None else [row[:2] for row in left]
        if left != before and texts != expected:
            wrong.append(f"neither old nor new: {texts}")
        known = load_registry(settings.addresses).registrations()
        if strangers := {row[2] for row in left or []} - {one.address for one in known}:
            wrong.append(f"the registry does not know {strangers}")
        run(settings, rebuild=rebuild)
        after = state(settings)
        living = sorted(
            (one.document, one.text, one.address)
            for one in load_registry(settings.addresses).registrations()
            if one.lives
        )
        if living != after:
            wrong.append(f"the registry has {living}, the index {after}")
        past = PastAddresses(settings.addresses)
        for _, text, address in left or []:
            if (
                address not in {row[2] for row in after}
                and not past.grave(address)
                and not past.leads_to(address)
            ):
                wrong.append(f"{address} ({text}) leads nowhere")
        if [row[:2] for row in after] != expected:
            wrong.append(f"the next run gives {after}")
        if seen := {row[:2]: row[2] for row in [*(before or []), *(left or [])]}:
            addresses = {row[:2]: row[2] for row in after}
            changed = [key for key in seen.keys() & addresses if seen[key] != addresses[key]]
            wrong.extend(f"another address after the next run: {key}" for key in changed)
        wrong.extend(f"left behind: {name}" for name in left_behind(settings))
    except (HanyeongError, AssertionError, OSError) as error:
        wrong.append(f"{type(error).__name__}: {error}")
    return wrong, ("none" if left is None else "old" if left == before else "new")


def main():
    folder, scenario = pathlib.Path(sys.argv[1]), sys.argv[2]
    rebuild = scenario == "rebuild"
    # Reading happens in a child process of its own otherwise, which would take a second for each kill.
    ingest.read_all = lambda sources, limits, **_: (worker._cut(source, limits) for source in sources)
    expected = sorted(
        (name, line)
        for name, text in NEW.items()
        for line in text.split("\n\n")
        for line in [line.strip()]
        if line
    )
    prepared = prepare(folder / "prepared", scenario)
    settings, before = start(prepared, folder / "killed", scenario)
    began = time.monotonic()
    assert in_child(lambda: run(settings, rebuild=rebuild))
    whole = time.monotonic() - began
    step, done = 0, False
    while not done:
        settings, before = start(prepared, folder / "killed", scenario)

        def work(number=step, settings=settings):
            kill_at(number)
            run(settings, rebuild=rebuild)

        done = in_child(work)
        wrong, seen = judge(settings, before, expected, rebuild=rebuild)
        tell({"kind": "step", "at": step, "killed": not done, "seen": seen, "wrong": wrong})
        step += 1
    for number in range(6):
        settings, before = start(prepared, folder / "killed", scenario)
        done = in_child(
            lambda settings=settings: run(settings, rebuild=rebuild), delay=whole * (number + 0.5) / 6
        )
        wrong, seen = judge(settings, before, expected, rebuild=rebuild)
        tell({"kind": "time", "at": number, "killed": not done, "seen": seen, "wrong": wrong})


if __name__ == "__main__":
    main()
