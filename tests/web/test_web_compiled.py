"""Templates that were compiled before are not compiled again, and are never taken for others."""

import sys

import pytest
from jinja2 import DictLoader, Environment

from webapp.compiled import KeptBesideModules


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Where compiled templates are kept."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path


def environment(**sources):
    """An environment over these templates that counts what it compiles."""
    env = Environment(loader=DictLoader(sources), bytecode_cache=KeptBesideModules(), autoescape=True)
    env.compiled = []
    env._generate = lambda *args, **kwargs: (
        env.compiled.append(args[1]) or Environment._generate(env, *args, **kwargs)
    )
    return env


def render(env, name="page"):
    return env.get_template(name).render(word="<b>")


def files(folder):
    return [file for file in folder.rglob("*") if file.is_file()]


def test_a_template_is_compiled_once(kept):
    first, second = environment(page="Say {{ word }}"), environment(page="Say {{ word }}")
    assert render(first) == render(second) == "Say &lt;b&gt;"
    assert (first.compiled, second.compiled) == (["page"], [])


def test_a_template_that_has_changed_is_compiled_anew(kept):
    render(environment(page="Say {{ word }}"))
    assert render(environment(page="Tell {{ word }}")) == "Tell &lt;b&gt;"
    assert len(files(kept)) == 1


@pytest.mark.parametrize("left", [0, 4, 20, 60, -1])
def test_a_damaged_file_is_compiled_anew(kept, left):
    render(environment(page="Say {{ word }}"))
    (file,) = files(kept)
    file.write_bytes(file.read_bytes()[:left])
    again = environment(page="Say {{ word }}")
    assert render(again) == "Say &lt;b&gt;"
    assert again.compiled == ["page"]


def test_nothing_is_kept_where_python_keeps_nothing(kept, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert render(environment(page="Say {{ word }}")) == "Say &lt;b&gt;"
    assert files(kept) == []


def test_a_folder_that_cannot_be_written_is_no_failure(kept, monkeypatch):
    (kept / "file").write_text("", encoding="utf-8")
    monkeypatch.setattr(sys, "pycache_prefix", str(kept / "file"))
    assert render(environment(page="Say {{ word }}")) == "Say &lt;b&gt;"
