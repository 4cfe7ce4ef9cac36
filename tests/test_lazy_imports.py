"""What is heavy is loaded late: Kiwi costs two seconds and 500 MB, the rest tenths of a second."""

import json
import shutil
import subprocess
import sys
from tempfile import TemporaryDirectory

import pytest

HEAVY = {
    "kiwipiepy",
    "whoosh",
    "numpy",
    "flask",
    "rich",
    "Stemmer",
    "docx",
    "pypdfium2",
    "selectolax",
    "markdown_it",
    "waitress",
}


def loaded(code, *arguments):
    """The top modules that a new Python has loaded after running `code`."""
    report = "\nimport json, sys; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    done = subprocess.run(
        [sys.executable, "-c", code + report, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("module", ["indexer", "indexer.model.results", "indexer.settings", "indexer.cli"])
def test_importing_the_library_or_the_command_loads_nothing_heavy(module):
    assert loaded(f"import {module}") & HEAVY == set()


@pytest.mark.parametrize(
    "module", ["indexer.search", "indexer.reindex", "indexer.analysis", "webapp", "webapp.server"]
)
def test_importing_anything_loads_neither_kiwi_nor_the_readers_of_formats(module):
    assert (
        loaded(f"import {module}") & {"kiwipiepy", "kiwipiepy_model", "docx", "pypdfium2", "selectolax"}
        == set()
    )


def test_asking_for_help_loads_nothing_heavy():
    code = "import sys\nfrom indexer.cli import main\nmain(['search', '--help'], standalone_mode=False)"
    assert loaded(code) & HEAVY == set()


SEARCH = """
import sys
from pathlib import Path
from indexer.search import open_archive
from indexer.settings import Settings
archive = open_archive(Settings(Path(sys.argv[1])))
for query in sys.argv[2:]:
    archive.search(query)
    archive.document(archive.documents()[0].id, text=query)
"""


def test_an_english_query_never_loads_kiwi_even_over_a_korean_archive(sample):
    queries = [
        "ceasefire",
        '"peace process" -war',
        "negot*",
        "title:history lang:ko year:2020..2024",
        "U.S. OR F-16",
    ]
    assert "kiwipiepy" not in loaded(SEARCH, sample.settings.data, *queries)


def test_a_page_of_results_loads_nothing_of_indexing_and_reports(sample):
    code = """
import sys
from pathlib import Path
from indexer.search import open_archive
from indexer.settings import Settings
from webapp import create_app
import webapp.server
settings = Settings(Path(sys.argv[1]))
settings.lexicon.unlink(missing_ok=True)
page = create_app(open_archive(settings)).test_client().get("/search?q=ceasefire")
assert page.status_code == 200, page.status
vain = "addresses.recognition report explanation lexicon reindex readers engine.whoosh.writer".split()
assert not [name for name in vain if f"indexer.{name}" in sys.modules]
"""
    with TemporaryDirectory() as folder:
        shutil.copytree(sample.settings.data, folder, dirs_exist_ok=True)
        assert not loaded(code, folder) & {"kiwipiepy", "rapidfuzz"}


def test_a_korean_query_loads_kiwi(sample):
    assert "kiwipiepy" in loaded(SEARCH, sample.settings.data, "정전")


def test_indexing_english_alone_never_loads_kiwi(tmp_path):
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.txt").write_text("Title\n\nThe ceasefire holds.\n", encoding="utf-8")
    code = """
import sys
from pathlib import Path
from indexer.engine.whoosh import WhooshEngine
from indexer.reindex import reindex
from indexer.settings import Settings
settings = Settings(Path(sys.argv[1]))
print(list(reindex(settings, WhooshEngine(settings.index))))
"""
    assert "kiwipiepy" not in loaded(code, tmp_path)
