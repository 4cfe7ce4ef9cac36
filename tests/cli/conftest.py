"""The command over a small archive."""

import signal

import pytest
from click.testing import CliRunner

from indexer.cli import main

from .command import TEXT


@pytest.fixture
def run(small):
    """Runs the command over a small archive."""

    def run(*arguments, data=small.settings.data):
        # A server decides what this signal does, and elsewhere its process ends with it.
        before = signal.getsignal(signal.SIGTERM)
        try:
            return CliRunner().invoke(main, ["--data", str(data), *map(str, arguments)])
        finally:
            signal.signal(signal.SIGTERM, before)

    return run


@pytest.fixture
def indexed(small):
    small.write(war=TEXT)
    small.reindex()
    return small
