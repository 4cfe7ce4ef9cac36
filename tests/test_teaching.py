"""What the pairs teach follows the archive: changed, added and removed documents, the glossary, crashes."""

import errno
import io
import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from test_lexicon import invented

from indexer import learning
from indexer import teaching as room
from indexer.changes import Failed, Learned, Postponed, Unused
from indexer.cli import main
from indexer.engine.whoosh import WhooshEngine
from indexer.errors import IndexWriteError
from indexer.learning import postponed
from indexer.lexicon import Lexicon
from indexer.lexicon.following import Following
from indexer.lexicon.lessons import Lesson
from indexer.reindex import reindex
from indexer.teaching import Teaching


def letters(number, seed, size=40):
    """Documents in two languages, by name and language."""
    pairs = list(invented(number * size, seed))
    for at in range(number):
        sides = list(zip(*pairs[at * size : (at + 1) * size], strict=True))
        for lang, texts in zip(("en", "ko"), sides, strict=True):
            yield f"letter{at}.{lang}", "\n\n".join(f"{text}." for text in texts)


@pytest.fixture
def archive(small):
    small.write(**dict(letters(5, seed=7)))
    small.reindex()
    return small


def tables(small):
    """The lexicon without what it was learned from, byte for byte."""
    lexicon = Lexicon(small.settings.lexicon)
    names = ("en-ko.tsv", "ko-en.tsv", "sounds-en.tsv", "sounds-ko.tsv", "likeness.tsv")
    return {name: list(lexicon._file.table(name).beginning_with("")) for name in names}


def learned_anew(small):
    """What the same index would teach if nothing of it had been kept."""
    small.settings.lessons.unlink()
    small.settings.lexicon.unlink()
    small.reindex()
    return tables(small)


def learned(changes):
    return [change for change in changes if isinstance(change, Learned | Postponed)]


def test_the_lexicon_after_each_change_is_the_one_that_the_whole_archive_teaches(archive):
    before = tables(archive)
    archive.write(**dict(letters(1, seed=8)))  # letter0 is another one
    assert learned(archive.reindex())
    assert tables(archive) != before
    assert tables(archive) == learned_anew(archive)
    archive.write(added="The ceasefire holds.")
    archive.reindex()
    assert tables(archive) == learned_anew(archive)
    archive.remove("letter3.en")
    archive.remove("letter3.ko")
    assert learned(archive.reindex())
    assert tables(archive) == learned_anew(archive)


def test_a_removed_document_stops_teaching(archive):
    texts = dict(letters(1, seed=9, size=60))
    archive.write(**{name.replace("0", "9"): text.replace("war", "armistice").replace("전쟁", "정전")
                     for name, text in texts.items()})  # fmt: skip
    archive.reindex()
    assert archive.archive.terms("armistice")
    archive.remove("letter9.en")
    archive.remove("letter9.ko")
    archive.reindex()
    assert not archive.archive.terms("armistice")
    assert "armistice" not in archive.settings.lessons.read_text(encoding="utf-8")


def test_a_reindex_that_finds_no_change_learns_nothing(archive):
    written = archive.settings.lexicon.stat().st_mtime_ns
    assert not learned(archive.reindex())
    assert archive.settings.lexicon.stat().st_mtime_ns == written


def test_the_glossary_alone_takes_effect(archive):
    glossary = archive.settings.glossary
    for rendering in ("분쟁", "싸움"):
        glossary.write_text(f"war\t{rendering}\n", encoding="utf-8")
        archive.reindex()
        assert [known.text for _, several in archive.archive.terms("war") for known in several] == [rendering]
    glossary.unlink()
    archive.reindex()
    assert [known.text for _, several in archive.archive.terms("war") for known in several] == ["전쟁"]


def test_a_glossary_teaches_where_there_are_no_pairs(small):
    small.write(a="The ceasefire holds.")
    small.reindex()
    assert not small.settings.lexicon.exists()
    small.settings.glossary.write_text("ceasefire\t정전\n", encoding="utf-8")
    small.reindex()
    assert small.archive.terms("ceasefire")
    small.settings.glossary.unlink()
    small.reindex()
    assert not small.settings.lexicon.exists()


def test_what_cannot_be_used_of_the_glossary_is_told_and_the_rest_is_used(archive):
    archive.settings.glossary.write_text("war\nwar\t분쟁\n", encoding="utf-8")
    (unused,) = [change for change in archive.reindex() if isinstance(change, Failed | Unused)]
    assert isinstance(unused, Unused)
    assert (unused.path, "line 1" in unused.reason, unused.lines) == ("glossary.tsv", True, 1)
    assert [known.text for _, several in archive.archive.terms("war") for known in several] == ["분쟁"]


def test_of_many_lines_that_cannot_be_used_all_are_counted(archive):
    archive.settings.glossary.write_text("war\n" * 50, encoding="utf-8")
    unused = [change for change in archive.reindex() if isinstance(change, Unused)]
    assert len(unused) < 50
    assert sum(change.lines for change in unused) == 50


@pytest.mark.parametrize(
    ("content", "kind", "number"),
    [("war\nwar\t분쟁\n\t전쟁\n".encode(), Unused, 2), (b"\0\1\2\3" * 50, Failed, 1)],
)
def test_a_broken_glossary_is_told_until_it_is_mended(archive, content, kind, number):
    archive.settings.glossary.write_bytes(content)
    told = [[change for change in archive.reindex() if isinstance(change, Failed | Unused)] for _ in range(3)]
    assert [type(change) for change in told[0]] == [kind] * number
    assert told[0] == told[1] == told[2]
    archive.write(**dict(letters(1, seed=8)))
    again = [change for change in archive.reindex() if isinstance(change, kind)]
    assert len(again) == number, "learning it again tells each once"
    archive.settings.glossary.write_text("war\t분쟁\n", encoding="utf-8")
    for _ in range(2):
        assert not [change for change in archive.reindex() if isinstance(change, Failed | Unused)]


def test_a_lexicon_of_former_versions_is_removed(archive):
    former = archive.settings.lexicon.with_suffix("")
    former.mkdir()
    (former / "en-ko.tsv").write_text("war\n", encoding="utf-8")
    archive.write(**dict(letters(1, seed=8)))
    archive.reindex()
    assert not former.exists()


def test_a_large_archive_is_learned_from_again_when_enough_has_changed(archive, monkeypatch):
    monkeypatch.setattr(learning, "_AT_ONCE", 10)
    monkeypatch.setattr(learning, "_POSTPONED", 0.3)
    before = tables(archive)
    archive.write(**dict(letters(1, seed=8)))
    assert learned(archive.reindex()) == [Postponed(200, 40)]
    assert tables(archive) == before
    assert learned(archive.reindex()) == [Postponed(200, 40)]
    told = CliRunner().invoke(main, ["--data", str(archive.settings.data), "info", "--json"])
    assert json.loads(told.output)["postponed"] == {"pairs": 200, "changed": 40}
    told = CliRunner().invoke(main, ["--data", str(archive.settings.data), "info"])
    assert "--rebuild" in told.output
    more = {name.replace("0", "9"): text for name, text in letters(1, seed=9)}
    archive.write(**more)
    (again,) = learned(archive.reindex())
    assert (type(again), again.pairs) == (Learned, 240)
    assert postponed(archive.settings) is None
    assert tables(archive) == learned_anew(archive)
    for name in more:
        archive.remove(name)
    assert isinstance(learned(archive.reindex())[0], Learned), "what is removed stops teaching at once"


def test_of_very_many_pairs_an_even_sample_teaches_and_is_kept_when_the_archive_shrinks(archive, monkeypatch):
    for module in (room, learning):
        monkeypatch.setattr(module, "MOST_PAIRS", 60)
    archive.reindex(rebuild=True)
    whole = archive.settings.lessons.read_text(encoding="utf-8")
    kept = [len(json.loads(line)["texts"]) for line in whole.splitlines()[1:]]
    assert sum(kept) < 200
    for at in range(1, 5):
        archive.remove(f"letter{at}.en")
        archive.remove(f"letter{at}.ko")
    archive.reindex()
    (line,) = archive.settings.lessons.read_text(encoding="utf-8").splitlines()[1:]
    assert len(json.loads(line)["texts"]) == 40


def test_lessons_that_are_behind_the_index_are_made_anew(archive, monkeypatch):
    """As when the plug is pulled between the commit and the lessons."""
    archive.write(**dict(letters(1, seed=8)))
    with monkeypatch.context() as patch:
        patch.setattr(Teaching, "finish", lambda self: iter(()))
        archive.reindex()
    analysed = []
    make_anew = Teaching._make_anew
    monkeypatch.setattr(
        Teaching, "_make_anew", lambda self, *args: (analysed.append(args[1]), make_anew(self, *args))
    )
    assert learned(archive.reindex())
    assert analysed == ["letter0"]
    monkeypatch.undo()
    assert tables(archive) == learned_anew(archive)


def test_the_old_lexicon_stays_whole_when_the_new_one_cannot_be_written(archive, monkeypatch):
    before = tables(archive)
    archive.write(**dict(letters(1, seed=8)))

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("indexer.lexicon.storage.write_whole_bytes", full)
    with pytest.raises(IndexWriteError, match="No space left"):
        archive.reindex()
    assert tables(archive) == before
    monkeypatch.undo()
    assert learned(archive.reindex())
    assert tables(archive) == learned_anew(archive)


class FullDisk(io.RawIOBase):
    """A file to which nothing can be written any more."""

    def readable(self):
        return True

    def writable(self):
        return True

    def seekable(self):
        return True

    def seek(self, _offset, _whence=0):
        return 0

    def write(self, _content):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_told_as_such_and_no_file_stays_open(archive, monkeypatch):
    opened = []

    def full_disk(**_options):
        opened.append(io.BufferedRandom(FullDisk(), 1 << 24))
        return opened[-1]

    monkeypatch.setattr(room, "tempfile", SimpleNamespace(TemporaryFile=full_disk))
    checked = room.Lines.checked
    monkeypatch.setattr(room.Lines, "checked", lambda lines: opened.append(lines._file) or checked(lines))
    archive.write(**dict(letters(1, seed=8)))
    with pytest.raises(IndexWriteError, match="No space left"):
        archive.reindex()
    assert [file.closed for file in opened] == [True, True]


@pytest.mark.parametrize("damage", ["lexicon", "lessons"])
@pytest.mark.parametrize("content", [b"", b"something else\n", b"PK\x03\x04" + b"\0" * 200])
def test_a_damaged_file_is_made_anew_by_the_next_reindex(archive, damage, content):
    before = tables(archive)
    getattr(archive.settings, damage).write_bytes(content)
    archive.reindex()
    assert tables(archive) == before
    assert not learned(archive.reindex())


def flipped(content):
    """Some bytes in the middle of a line are others."""
    middle = len(content) // 2
    return content[:middle] + b"\0\1\2\3" + content[middle + 4 :]


def cut(content):
    """The head and the first two lessons, whole."""
    return b"".join(content.splitlines(keepends=True)[:3])


def miscounted(content):
    return content.replace(b'"changed": ', b'"changed": 1', 1)


@pytest.mark.parametrize("damage", [flipped, cut, miscounted])
def test_lessons_that_are_not_as_they_were_written_are_not_learned_from(archive, damage):
    whole = archive.settings.lessons.read_bytes()
    damaged = damage(whole)
    assert damaged != whole
    archive.settings.lessons.write_bytes(damaged)
    archive.settings.glossary.write_text("war\t분쟁\n", encoding="utf-8")
    assert [one.pairs for one in learned(archive.reindex())] == [200]
    assert archive.settings.lessons.read_bytes().splitlines()[1:] == whole.splitlines()[1:]
    assert tables(archive) == learned_anew(archive)


def test_lessons_that_cannot_be_read_are_told_in_one_line(archive):
    archive.settings.lessons.unlink()
    archive.settings.lessons.mkdir()  # whoever may read everything may not read a folder as a file
    with pytest.raises(
        IndexWriteError, match=r"lessons\.jsonl: cannot be read: .*; make it readable"
    ) as told:
        archive.reindex()
    assert "\n" not in str(told.value)


def test_a_damaged_lexicon_is_told_and_what_was_typed_is_found_all_the_same(archive):
    path = archive.settings.lexicon
    content = bytearray(path.read_bytes())
    content[200] ^= 1
    path.write_bytes(content)
    results = archive.archive.passages("war")
    assert results.total
    assert results.also is None
    assert results.notices == ("no-lexicon",)
    archive.reindex()
    assert archive.archive.passages("war").notices == ()


def test_a_running_server_sees_what_was_learned(archive):
    assert archive.archive.passages("war").hits[0].pair.renderings
    version = archive.archive.version
    archive.settings.glossary.write_text("war\t분쟁\n", encoding="utf-8")
    list(reindex(archive.settings, WhooshEngine(archive.settings.index)))
    assert archive.archive.version != version
    assert not archive.archive.passages("war").hits[0].pair.renderings


def test_an_archive_in_one_language_learns_nothing_and_then_as_much_as_one_read_at_once(small, monkeypatch):
    made = []
    lesson_of = room.lesson_of
    monkeypatch.setattr(room, "lesson_of", lambda *given: made.append(given[0]) or lesson_of(*given))
    small.write(zelensky="Zelensky came to Kyiv.", kyiv="젤렌스키는 키이우로 갔다.")
    small.reindex()
    assert not made
    small.write(zelensky="Zelensky went to Kyiv and to Odesa.")
    small.reindex()
    assert not made
    small.write(**dict(letters(2, seed=7)))
    small.reindex()
    assert set(made) == {"zelensky", "kyiv", "letter0", "letter1"}
    before = tables(small)
    assert before == learned_anew(small)


def test_passages_without_pairs_teach_once_a_glossary_is_there(small):
    small.write(one="Zelensky came to Kyiv.")
    small.reindex()
    assert small.settings.lessons.read_text(encoding="utf-8").count("\n") == 1
    small.settings.glossary.write_text("armistice\t정전\n", encoding="utf-8")
    small.reindex()
    assert "kyiv" in small.settings.lessons.read_text(encoding="utf-8").casefold()


@pytest.mark.parametrize("kept", [0, room._MOST_PASSED_OVER])
def test_documents_read_before_the_first_pair_teach_too(small, monkeypatch, kept):
    monkeypatch.setattr(room, "_MOST_PASSED_OVER", kept)
    english, korean = dict(letters(1, seed=7)).values()
    small.write(a="Zelensky came to Kyiv.", both=f"{english}\n\n{korean}")
    small.reindex()
    lessons = small.settings.lessons.read_text(encoding="utf-8")
    assert {json.loads(line)["document"] for line in lessons.splitlines()[1:]} == {"a", "both"}
    assert tables(small) == learned_anew(small)


def test_of_a_new_archive_no_lesson_is_read_again(small, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(learning, "read_lessons", lambda path: pytest.fail("they have been taken up"))
        small.write(**dict(letters(5, seed=7)))
        assert learned(small.reindex())
    assert tables(small) == learned_anew(small)


def lesson(document):
    return Lesson(document, "", {}, {"en": (), "ko": ()}, ())


@pytest.mark.parametrize(
    ("documents", "knows"), [(["a", "b"], True), (["b", "a"], False), (["a", "a"], False), (["a"], False)]
)
def test_a_teacher_follows_lessons_only_in_the_order_in_which_they_are_read(documents, knows):
    following = Following()
    for document in documents:
        following.add(lesson(document), as_written=True)
    assert (following.teacher(2) is not None) == knows


def test_a_lesson_that_is_read_otherwise_than_it_was_made_is_not_followed():
    following = Following()
    following.add(lesson("a"), as_written=False)
    assert following.teacher(1) is None
    assert following.teacher(0) is None


def test_a_teacher_that_gave_up_knows_nothing():
    following = Following()
    following.add(lesson("a"), as_written=True)
    following.give_up()
    following.add(lesson("b"), as_written=True)
    assert following.teacher(1) is None
