"""The sample archive, indexed once a run; and small archives of a few files, indexed as a test needs them."""

import os
import pickle
import shutil
import time
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import hypothesis
import pytest
from small import Small

from indexer import kiwi
from indexer.analysis import tokenizer
from indexer.engine.whoosh import WhooshEngine
from indexer.locked import LockedError, locked
from indexer.reindex import reindex
from indexer.search import open_archive
from indexer.settings import Settings

ROOT = Path(__file__).parents[1]

# Nothing is judged by the clock: whoever runs the tests may be doing other things, too.
hypothesis.settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("untimed")


@pytest.fixture(scope="module", autouse=True)
def kiwi_is_as_it_was():
    """What a server among the tests of a module began for Kiwi ends with them, and nobody else asks it."""
    begun, waiting = kiwi._Begun, tokenizer._Waiting
    before = begun.kiwi, begun.may, begun.kept, waiting.visitors
    yield
    if begun.kiwi is not None and begun.kiwi is not before[0]:
        begun.kiwi.close()
    begun.kiwi, begun.may, begun.kept, waiting.visitors = before


@pytest.fixture(scope="session")
def root():
    """The checkout's folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared():
    """The folder with real texts beside the checkout, which not everybody has."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs the real texts in ../shared, which are not here")
    return folder


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """The sample archive in a folder of its own: its settings, what reindexing yielded, the archive."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # which all processes of this run have in common
    settings, changes = Settings(folder / "sample"), folder / "sample.changes"
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(locked(folder / "sample.lock"))
                break
            except LockedError:
                time.sleep(0.1)
        if not changes.exists():
            shutil.copytree(ROOT / "data" / "documents", settings.documents)
            seen = tuple(reindex(settings, WhooshEngine(settings.index)))
            changes.write_bytes(pickle.dumps(seen))
    return SimpleNamespace(
        settings=settings, changes=pickle.loads(changes.read_bytes()), archive=open_archive(settings)
    )


@pytest.fixture(scope="session")
def sample_archive(sample):
    """The sample archive, opened.  Nobody writes to it."""
    return sample.archive


@pytest.fixture
def small(tmp_path):
    """An empty archive to be filled."""
    return Small(tmp_path / "data")


@pytest.fixture(scope="module")
def small_module(tmp_path_factory):
    """An empty archive that the tests of one module share."""
    return Small(tmp_path_factory.mktemp("small") / "data")
