"""Templates that were compiled before are not compiled again, and are never taken for others."""

import sys

import pytest
from jinja2 import DictLoader, Environment

from webapp import compiled
from webapp.compiled import KeptBesideModules


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Where compiled templates are kept."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path


def environment(settings=None, **sources):
    """An environment over these templates that counts what it compiles."""
    env = Environment(
        loader=DictLoader(sources), bytecode_cache=KeptBesideModules(), autoescape=True, **(settings or {})
    )
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


def test_a_template_is_compiled_anew_where_the_settings_are_others(kept):
    page = "{% if word %}\nSay{% endif %}"
    assert render(environment(page=page)) == "\nSay"
    assert render(environment({"trim_blocks": True}, page=page)) == "Say"


def test_a_template_is_compiled_anew_by_another_version(kept, monkeypatch):
    render(environment(page="Say {{ word }}"))
    monkeypatch.setattr(compiled, "_versions", lambda: ("4.0", "4.0"))
    again = environment(page="Say {{ word }}")
    assert render(again) == "Say &lt;b&gt;"
    assert again.compiled == ["page"]


@pytest.mark.parametrize("left", [0, 4, 20, 60, -1])
def test_a_damaged_file_is_compiled_anew(kept, left):
    render(environment(page="Say {{ word }}"))
    (file,) = files(kept)
    file.write_bytes(file.read_bytes()[:left])
    again = environment(page="Say {{ word }}")
    assert render(again) == "Say &lt;b&gt;"
    assert again.compiled == ["page"]


def test_a_file_with_other_bytes_in_its_head_is_compiled_anew(kept):
    render(environment(page="Say {{ word }}"))
    (file,) = files(kept)
    whole = file.read_bytes()
    for at in range(60):
        for byte in b"\x00\x80\x8d\xff.Rcjq":
            file.write_bytes(whole[:at] + bytes([byte]) + whole[at + 1 :])
            assert render(environment(page="Say {{ word }}")) == "Say &lt;b&gt;"


def test_nothing_is_left_of_a_file_that_cannot_be_put_in_place(kept, monkeypatch):
    render(environment(page="Say {{ word }}"))
    (file,) = files(kept)
    file.unlink()
    file.mkdir()
    assert render(environment(page="Say {{ word }}")) == "Say &lt;b&gt;"
    assert list(file.parent.glob("template-*")) == [file]


def test_nothing_is_kept_where_python_keeps_nothing(kept, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert render(environment(page="Say {{ word }}")) == "Say &lt;b&gt;"
    assert files(kept) == []


def test_a_folder_that_cannot_be_written_is_no_failure(kept, monkeypatch):
    (kept / "file").write_text("", encoding="utf-8")
    monkeypatch.setattr(sys, "pycache_prefix", str(kept / "file"))
    assert render(environment(page="Say {{ word }}")) == "Say &lt;b&gt;"
