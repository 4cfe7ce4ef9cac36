"""Hostile and broken files: each fails as one `ReadError` within the bounds, and the next file is read."""

import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import docx
import pytest
from pdfs import Text, pdf

from indexer.errors import ReadError
from indexer.readers import Limits, Source, SourceFile, bounds, read

ROOT = Path(__file__).parents[2]
LIMITS = Limits(max_bytes=8 << 20, max_seconds=20)
HASTY = Limits(max_bytes=8 << 20, max_seconds=1)


def source(*paths):
    langs = ["en", "ko"] if len(paths) == 2 else [None]
    return Source("x", tuple(SourceFile(path, lang) for path, lang in zip(paths, langs, strict=True)))


def file(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def fails(path, limits=LIMITS):
    """The message of the error, which is one line that names the file; the next file must be read."""
    with pytest.raises(ReadError) as error:
        read(source(path), limits)
    message = str(error.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    good = file(path.parent, "good.txt", "The next file is read.")
    assert read(source(good), LIMITS).blocks[0].text == "The next file is read."
    return message.removeprefix(f"{path}: ")


def word(*, extra=(), document=None):
    """A .docx file with further parts, or with another document part."""
    data, target = io.BytesIO(), io.BytesIO()
    docx.Document().save(data)
    with zipfile.ZipFile(data) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in archive.namelist():
            content = archive.read(name)
            out.writestr(name, document if document is not None and name == "word/document.xml" else content)
        for name, content in extra:
            out.writestr(name, content)
    return target.getvalue()


def test_a_good_file_is_read_and_a_second_one_by_the_same_process(tmp_path):
    first = read(source(file(tmp_path, "a.txt", "정전 협상")), LIMITS)
    process = bounds.worker()._process
    assert first.blocks[0].text == "정전 협상"
    assert read(source(file(tmp_path, "b.md", "# Peace")), LIMITS).titles.en == "Peace"
    assert bounds.worker()._process is process


def test_two_files_become_one_document_english_first(tmp_path):
    pair = source(
        file(tmp_path, "x.en.md", "# Peace\n\nText."), file(tmp_path, "x.ko.txt", "평화\n\n글이다.")
    )
    document = read(pair, LIMITS)
    assert (document.titles.en, document.titles.ko) == ("Peace", "평화")
    assert [block.lang for block in document.blocks] == ["en", "en", "ko", "ko"]


def test_an_empty_file(tmp_path):
    assert "is empty" in fails(file(tmp_path, "x.txt", ""))


def test_a_file_that_vanished(tmp_path):
    assert "cannot be opened" in fails(tmp_path / "gone.txt")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="nothing is forbidden to the superuser")
def test_a_file_that_may_not_be_read(tmp_path):
    path = file(tmp_path, "x.txt", "secret")
    path.chmod(0)
    assert "cannot be opened" in fails(path)


def test_a_pipe_in_place_of_a_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "x.txt")
    assert "not a regular file" in fails(tmp_path / "x.txt")


def test_a_file_that_is_hardly_too_large_is_told_as_larger(tmp_path):
    path = tmp_path / "x.txt"
    path.write_bytes(b"x" * ((8 << 20) + 1))
    assert "has 8.1 MB, more than 8.0 MB" in fails(path)


def test_a_file_of_200_megabytes_is_not_even_read(tmp_path):
    path = tmp_path / "x.txt"
    with path.open("wb") as huge:
        huge.truncate(200 << 20)
    start = time.monotonic()
    assert "more than 8.0 MB" in fails(path)
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("name", ["x.txt", "x.md", "x.html"])
def test_one_line_as_long_as_a_file_may_be_is_no_trap(tmp_path, name):
    path = file(tmp_path, name, "가나다 abc. " * (LIMITS.max_bytes // 20))
    assert len(read(source(path), LIMITS).blocks[0].text) > 1_000_000


@pytest.mark.parametrize("name", ["x.txt", "x.md", "x.html", "x.pdf", "x.docx"])
def test_bytes_that_mean_nothing(tmp_path, name):
    fails(file(tmp_path, name, bytes(range(256)) * 40))


def test_html_that_is_nested_too_deeply(tmp_path):
    assert "takes more than 1 s" in fails(file(tmp_path, "x.html", "<div>" * 100_000 + "x"), HASTY)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.html", "<b><p>" * 20_000 + "x"),
        ("x.html", "<table><tr><td>" * 3_000 + "x"),
        ("x.html", "<a href='#fn1'>1</a>" * 20_000),
        ("x.md", ">" * 50_000 + "x"),
        ("x.md", "[" * 50_000),
        ("x.md", "*a " * 30_000),
        ("x.md", "- " * 20_000),
        ("x.md", "`" * 100_000),
        ("x.txt", "- a\n" * 200_000),
        ("x.txt", "a\n" * 500_000),
        ("x.txt", "-\n" * 500_000),
        ("x.txt", "x" + "[1]" * 300_000 + "x"),
        ("x.txt", "x" + '"' * 1_000_000 + "x"),
        ("x.md", " **b" * 10_000),
        ("x.txt", "[1] a\n\n" * 100_000),
        ("x.txt", "A, B & C, 2023 7 8\n\n" * 50_000),
    ],
)
def test_what_is_made_to_be_slow_ends_in_time(tmp_path, name, content):
    path = file(tmp_path, name, content)
    start = time.monotonic()
    with suppress(ReadError):
        read(source(path), HASTY)
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    "content", ["a\n" * 500_000, "x" + "[1]" * 300_000 + "x", "x" + '"' * 1_000_000 + "x"]
)
def test_a_hostile_megabyte_of_plain_text_is_read_all_the_same(tmp_path, content):
    blocks = read(source(file(tmp_path, "x.txt", content)), LIMITS).blocks
    assert [len(block.text) for block in blocks] == [len(content.strip())]


@pytest.mark.parametrize(
    ("content", "counted"), [("a\n\n" * 50_001, "50,001 blocks"), ("a" * 8_000_001, "8,000,001 characters")]
)
def test_a_document_that_nobody_could_bear_is_refused(tmp_path, content, counted):
    message = fails(file(tmp_path, "x.txt", content))
    assert counted in message
    assert message.endswith("split it")


def test_markdown_keeps_what_is_nested_deeply_and_refuses_what_is_nested_too_deeply(tmp_path):
    deep = read(source(file(tmp_path, "x.md", "- " * 100 + "정전")), LIMITS)
    assert [(block.text, block.level) for block in deep.blocks] == [("정전", 100)]
    assert "nested too deeply" in fails(file(tmp_path, "y.md", "- " * 3000 + "정전"))


def test_front_matter_made_of_references_to_references(tmp_path):
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    path = file(tmp_path, "x.md", f"---\n{bomb}title: T\n---\nText\n")
    assert read(source(path), HASTY).titles.en == "T"


def test_a_word_document_that_unpacks_to_far_more_than_it_is(tmp_path):
    assert "unpacks to more than 8.0 MB" in fails(
        file(tmp_path, "x.docx", word(extra=[("word/x.bin", bytes(64 << 20))]))
    )


def test_a_word_document_that_lies_about_what_it_unpacks_to(tmp_path):
    data = word(extra=[("word/x.bin", bytes(64 << 20))])
    lying = data.replace((64 << 20).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lying != data
    assert "damaged" in fails(file(tmp_path, "x.docx", lying))


def test_a_word_document_of_too_many_parts(tmp_path):
    assert "parts" in fails(
        file(tmp_path, "x.docx", word(extra=[(f"word/{n}.xml", b"") for n in range(6000)]))
    )


@pytest.mark.parametrize(
    "entities",
    [
        '<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;">',
        '<!ENTITY b SYSTEM "file:///etc/passwd">',
        '<!ENTITY % b SYSTEM "http://localhost/x">',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_word_document_with_entities(tmp_path, entities, encoding):
    xml = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [{entities}]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>Text &b;</w:t></w:r></w:p></w:body></w:document>"
    )
    message = fails(file(tmp_path, "x.docx", word(document=xml.encode(encoding))))
    assert "entities" in message or "damaged" in message


def test_an_old_or_encrypted_word_document(tmp_path):
    assert "without a password" in fails(
        file(tmp_path, "x.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    )


def test_an_encrypted_pdf(tmp_path):
    encryption = (
        f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{'ab' * 32}> /U <{'cd' * 32}> /P -4 >> /ID [<00> <00>]"
    )
    assert "is encrypted" in fails(
        file(tmp_path, "x.pdf", pdf([[Text(72, 700, "secret")]], trailer=encryption))
    )


def test_a_pdf_without_a_text_layer(tmp_path):
    assert "no text layer" in fails(file(tmp_path, "x.pdf", pdf([[]])))


def test_a_pdf_that_claims_a_million_pages(tmp_path):
    data = pdf([[Text(72, 700, "one")]]).replace(b"/Count 1 ", b"/Count 1000000 ")
    fails(file(tmp_path, "x.pdf", data), HASTY)


def test_a_pdf_whose_pages_contain_each_other(tmp_path):
    data = pdf([[Text(72, 700, "one")]]).replace(b"/Kids [9 0 R]", b"/Kids [2 0 R]")
    assert b"/Kids [2 0 R]" in data
    fails(file(tmp_path, "x.pdf", data), HASTY)


def test_a_reader_that_dies_is_started_again(tmp_path):
    path = file(tmp_path, "x.txt", "정전 협상")
    read(source(path), LIMITS)
    bounds.worker()._process.kill()
    bounds.worker()._process.wait()
    assert read(source(path), LIMITS).blocks[0].text == "정전 협상"


def test_modules_in_the_folder_where_the_user_stands_are_not_run(tmp_path, monkeypatch):
    file(tmp_path, "yaml.py", "raise SystemExit('hijacked')")
    monkeypatch.chdir(tmp_path)
    bounds.worker().close()
    assert read(source(file(tmp_path, "x.md", "# Peace")), LIMITS).titles.en == "Peace"


def test_the_children_run_the_code_that_runs_here(tmp_path):
    another = tmp_path / "another" / "indexer"
    another.mkdir(parents=True)
    (another / "__init__.py").touch()
    code = """if True:
        import os, subprocess, sys
        sys.path = ["", *(one for one in sys.path if one and not os.path.exists(f"{one}/indexer"))]
        sys.path.append(os.environ["ANOTHER"])
        from indexer.children import environment
        ask = [sys.executable, "-P", "-c", "import indexer; print(indexer.__file__)"]
        print(subprocess.run(ask, env=environment(), check=True, capture_output=True, text=True).stdout)"""
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "ANOTHER": str(another.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(found.stdout.strip()) == ROOT / "indexer" / "__init__.py"


def test_the_reading_process_loads_neither_kiwi_nor_whoosh_nor_flask():
    names = ("kiwipiepy", "whoosh", "flask")
    code = f"import sys, indexer.readers.worker; print([name for name in {names} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes through /proc")
@pytest.mark.parametrize("busy", [False, True])
def test_the_reading_process_ends_when_its_parent_is_killed(tmp_path, busy):
    path = file(tmp_path, "x.html", "<div>" * 100_000 + "x")
    good = file(tmp_path, "a.txt", "Text")
    code = f"""if True:
        import time
        from pathlib import Path
        from indexer.readers import Limits, Source, SourceFile, bounds, read
        def source(path):
            return Source("x", (SourceFile(Path(path), None),))
        read(source({str(good)!r}), Limits(1000, 5))
        child = bounds.worker()._process
        if {busy}:  # asked, but the parent will not be there to end it in time
            bounds.send(child.stdin, (source({str(path)!r}), Limits(10**6, 0.5)))
        print(child.pid, flush=True)
        time.sleep(60)"""
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with parent:
        child = int(parent.stdout.readline())
        time.sleep(0.3)
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 15
    while is_running(child) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not is_running(child)


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
