"""The sample archive: what it holds, and that what a reader looks for is found in it."""

import random
import unicodedata

import copied
import pytest

from indexer.changes import Failed, Indexed
from indexer.check import check
from indexer.model.text import BlockKind
from indexer.settings import Settings


@pytest.fixture(scope="module")
def passages(sample_archive):
    return copied.passages(sample_archive)


@pytest.fixture(scope="module")
def files(root):
    folder = root / "data" / "documents"
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


# --- what it holds -------------------------------------------------------------------------------------


def test_no_file_fails(sample, files):
    assert [change for change in sample.changes if isinstance(change, Failed)] == []
    indexed = [change for change in sample.changes if isinstance(change, Indexed)]
    assert len(indexed) == len(sample.archive.documents())


def test_there_are_at_least_twelve_documents_eight_of_them_in_both_languages(sample_archive):
    infos = sample_archive.documents()
    assert len(infos) >= 12
    assert len([info for info in infos if info.titles.en and info.titles.ko]) >= 8


def test_there_are_about_three_hundred_passages_or_more_in_both_languages(sample_archive):
    counts = sample_archive.stats().passages
    assert sum(counts.values()) >= 300
    assert min(counts.values()) >= 100


def test_every_format_and_every_arrangement_is_there(files, root):
    names = [path.relative_to(root / "data" / "documents").as_posix() for path in files]
    assert {path.suffix for path in files} >= {".txt", ".md", ".html", ".pdf", ".docx"}
    assert [name for name in names if name.endswith(".en.html") and name.replace(".en.", ".ko.") in names]
    assert [name for name in names if "en/" in name and name.replace("en/", "ko/") in names]


def test_a_document_holds_both_languages_in_one_file(sample_archive, files):
    alone = {
        path.stem
        for path in files
        if path.stem.partition(".")[2] not in ("en", "ko") and path.parent.name == "documents"
    }
    both = {info.id for info in sample_archive.documents() if info.titles.en and info.titles.ko}
    assert alone & both


def test_one_text_is_decomposed_and_one_is_in_cp949(files):
    texts = {path: path.read_bytes() for path in files if path.suffix in (".txt", ".md", ".html")}
    decoded = {}
    cp949 = []
    for path, data in texts.items():
        try:
            decoded[path] = data.decode("utf-8")
        except UnicodeDecodeError:
            assert data.decode("cp949")
            cp949.append(path)
    assert cp949
    assert [path for path, text in decoded.items() if unicodedata.normalize("NFC", text) != text]


def test_every_passage_is_composed_and_has_an_address(passages):
    assert all(unicodedata.normalize("NFC", passage.text) == passage.text for passage in passages)
    assert len({(passage.address, passage.lang) for passage in passages}) == len(passages)
    assert all(passage.address for passage in passages)


def test_every_passage_of_a_bilingual_document_is_paired(passages):
    documents = {one.document for one in passages}
    langs = {document: {one.lang for one in passages if one.document == document} for document in documents}
    bilingual = {document for document, several in langs.items() if len(several) > 1}
    assert len(bilingual) == 10
    alone = [one.text for one in passages if one.document in bilingual and not one.partners]
    assert alone == []


@pytest.mark.parametrize(
    "kind",
    [
        BlockKind.TITLE,
        BlockKind.HEADING,
        BlockKind.PARAGRAPH,
        BlockKind.LIST_ITEM,
        BlockKind.TABLE_ROW,
        BlockKind.FOOTNOTE,
    ],
)
def test_every_kind_of_passage_is_there(passages, kind):
    assert kind in {passage.kind for passage in passages}


def test_references_lead_to_notes_of_their_document(passages):
    labels = {(p.document, p.label) for p in passages if p.kind is BlockKind.FOOTNOTE}
    references = {(p.document, reference.label) for p in passages for reference in p.references}
    assert len(references) >= 5
    assert references <= labels


def test_there_are_hanja_numbers_and_dates(passages, sample_archive):
    text = "".join(passage.text for passage in passages)
    assert any("\u4e00" <= character <= "\u9fff" for character in text)
    assert any(character.isdigit() for character in text)
    undated = [info.id for info in sample_archive.documents() if not info.date]
    assert undated == ["museum-labels"]  # a Word document without a line that says when it was written


def test_every_document_has_a_title_and_is_written_in_the_language_of_its_title(sample_archive):
    for info in sample_archive.documents():
        langs = {marked.passage.lang for marked in sample_archive.document(info.id).passages}
        assert {lang for lang, _ in info.titles.items()} == langs


# --- what is found -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "document"),
    [
        ("정전 협상", "armistice-1953"),
        ("정전협정", "armistice-1953"),
        ("armistice", "armistice-1953"),
        ("ceasefire", "glossary-of-diplomacy"),
        ("훈민정음", "hangul-history"),
        ("訓民正音", "hangul-history"),
        ("한글", "hangul-history"),
        ("alphabet king", "hangul-history"),
        ("해녀", "haenyeo"),
        ("밭담", "jeju-stone-walls"),
        ("성벽", "seoul-city-walls"),
        ("movable type", "printing-jikji"),
        ("직지", "printing-jikji"),
        ("콜롬비아", "peace-processes/colombia"),
        ("벨파스트", "peace-processes/northern-ireland"),
        ("museum label", "museum-labels"),
        ("비무장지대", "dmz-ecology"),
        ("translator style", "style-guide-translation"),
    ],
)
def test_a_known_query_finds_the_right_document_on_the_first_page(sample_archive, query, document):
    results = sample_archive.search(query)
    assert document in [group.document.id for group in results.groups[:3]]
    assert all(hit.highlights for group in results.groups for hit in group.hits)


@pytest.mark.parametrize(
    ("together", "apart"), [("정전협상", "정전 협상"), ("평화협정", "평화 협정"), ("금속활자", "금속 활자")]
)
def test_spacing_makes_no_difference(sample_archive, together, apart):
    one, other = sample_archive.passages(together, limit=1000), sample_archive.passages(apart, limit=1000)
    assert one.total > 0
    if together == "정전협상":
        assert [hit.passage.address for hit in one.hits] == [hit.passage.address for hit in other.hits]
    else:
        assert {hit.passage.address for hit in one.hits} <= {hit.passage.address for hit in other.hits}


def test_an_english_word_copied_from_a_passage_finds_it(sample_archive, passages):
    places = copied.words(passage for passage in passages if passage.lang == "en")
    words = [word for word in sorted(places) if word.isascii() and word.isalpha()]
    chosen = random.Random(1).sample(words, 500)
    assert copied.missed(sample_archive, {word: places[word] for word in chosen}) == []


def test_a_korean_word_copied_from_a_passage_finds_it_in_nineteen_of_twenty_cases(sample_archive, passages):
    """Kiwi reads a word alone otherwise than in its sentence; syllable pairs find most that it misses."""
    places = copied.words(passage for passage in passages if passage.lang == "ko")
    words = [word for word in sorted(places) if len(word) > 1 and "가" <= word[0] <= "힣"]
    chosen = random.Random(1).sample(words, 600)
    missed = copied.missed(sample_archive, {word: places[word] for word in chosen})
    assert len(missed) <= 0.05 * len(chosen), missed


def test_a_phrase_copied_from_a_passage_finds_it(sample_archive, passages):
    phrases = {}
    for passage in random.Random(2).sample(passages, 150):
        words = passage.text.split()
        if len(words) > 3 and not passage.references and not set('"“”„«»') & set(passage.text):
            phrases[" ".join(words[1:4])] = passage.address
    missed = [p for p, address in phrases.items() if address not in copied.found(sample_archive, f'"{p}"')]
    assert len(phrases) >= 50
    assert len(missed) <= 0.05 * len(phrases), missed


def test_names_are_found_in_every_form(sample_archive, passages):
    """What a reader can see at the beginning of a word is found, whatever particles follow."""
    for name in ("세종", "벨파스트", "콜롬비아", "훈민정음", "판문점", "제주", "직지", "한양도성"):
        having = {p.address for p in passages if f" {name}" in f" {p.text}"}
        assert having
        assert having - copied.found(sample_archive, name) == set()


def test_every_passage_has_its_address_in_the_registry_that_comes_with_it(root):
    """So that a link to the sample archive leads to its passage on every machine."""
    for checked in check(Settings(root / "data")):
        assert (checked.document, checked.comparison.new, checked.comparison.lost) == (
            checked.document,
            (),
            (),
        )
