"""The command over a small archive."""

import pytest
from click.testing import CliRunner

from indexer.cli import main

from .command import TEXT


@pytest.fixture
def run(small):
    """Runs the command over a small archive."""

    def run(*arguments, data=small.settings.data):
        return CliRunner().invoke(main, ["--data", str(data), *map(str, arguments)])

    return run


@pytest.fixture
def indexed(small):
    small.write(war=TEXT)
    small.reindex()
    return small
