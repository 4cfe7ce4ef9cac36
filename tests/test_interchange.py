import datetime as dt
import json
from dataclasses import replace

import pytest

from indexer.interchange import (
    Paths,
    document_json,
    passage_json,
    search_json,
    stats_json,
    tallies_json,
)
from indexer.model.archive import MarkedDocument, MarkedPassage, Stats, Tally
from indexer.model.dates import Date
from indexer.model.results import DocumentHits, Facets, Hit, PairedText, SearchResults, Snippet
from indexer.model.text import Bilingual, BlockKind, DocumentInfo, Passage, Reference, Span

INFO = DocumentInfo("guide/제1장", Bilingual("Chapter", "장"), ("Kim",), Date(1953, 7, 27))
PASSAGE = Passage(
    "guide/제1장",
    3,
    BlockKind.PARAGRAPH,
    "ko",
    "😀 정전 협상 [1]",
    references=(Reference("1", Span(8, 11)),),
    address="7eyrj5fpm",
)
HIT = Hit(PASSAGE, 1.23456, (Span(2, 4),), Snippet(PASSAGE.text, (Span(2, 4),)))


def results(*hits):
    groups = tuple(DocumentHits(INFO, (hit,)) for hit in hits)
    facets = Facets({"en": 0, "ko": len(hits)}, {2023: 2, 1953: 1})
    return SearchResults("정전", len(hits), 1, groups, facets, ("too-long",), page=1, pages=2)


def test_a_search_has_the_shape_that_the_design_names():
    value = search_json(results(HIT), Paths())
    assert {"query", "total", "hits", "facets"} <= value.keys()
    (hit,) = value["hits"]
    assert {"address", "lang", "document", "text", "highlights", "score", "url", "pair"} <= hit.keys()
    assert {"id", "title", "url"} <= hit["document"].keys()
    assert value["query"] == "정전"
    assert hit["address"] == "7eyrj5fpm"
    assert hit["document"]["title"] == "장"
    assert hit["pair"] is None


@pytest.mark.parametrize("date", ["1990", "1990-06", "1990-06-05"])
def test_a_date_is_written_as_far_as_it_is_known(date):
    found = results(HIT)
    info = replace(INFO, date=Date.fromisoformat(date))
    (hit,) = search_json(replace(found, groups=(DocumentHits(info, (HIT,)),)), Paths())["hits"]
    assert hit["document"]["date"] == date


def test_highlights_are_code_points_of_the_text():
    (hit,) = search_json(results(HIT), Paths())["hits"]
    assert [hit["text"][start:end] for start, end in hit["highlights"]] == ["정전"]


def test_the_other_side_of_a_pair_has_its_own_highlights_and_link():
    pair = PairedText("en", "armistice talks", (Span(0, 9),))
    value = search_json(results(Hit(PASSAGE, 1.0, (), Snippet(PASSAGE.text), pair)), Paths())
    assert value["hits"][0]["pair"] == {
        "lang": "en", "text": "armistice talks", "highlights": [[0, 9]],
            "renderings": [], "url": "/p/7eyrj5fpm?lang=en",
    }  # fmt: skip


def test_everything_is_plain_json():
    marked = MarkedDocument(INFO, (MarkedPassage(PASSAGE, (Span(2, 4),)),))
    stats = Stats(1, {"en": 2, "ko": 3}, dt.datetime(2024, 1, 1, tzinfo=dt.UTC), "g")
    for value in (
        search_json(results(HIT), Paths()),
        document_json(marked, Paths()),
        passage_json(PASSAGE, INFO, Paths()),
        stats_json(stats),
        stats_json(Stats(0, {}, None, "")),
    ):
        assert json.loads(json.dumps(value)) == value


def test_a_document_has_its_passages_in_reading_order_with_kind_and_references():
    marked = MarkedDocument(INFO, (MarkedPassage(PASSAGE, (Span(2, 4),)),))
    value = document_json(marked, Paths())
    assert value["date"] == "1953-07-27"
    (passage,) = value["passages"]
    assert passage["kind"] == "paragraph"
    assert passage["references"] == [{"label": "1", "span": [8, 11]}]
    assert passage["highlights"] == [[2, 4]]


def test_an_undated_document_has_no_date():
    value = passage_json(PASSAGE, DocumentInfo("d", Bilingual()), Paths())
    assert value["document"]["date"] is None


def test_hits_come_in_the_order_of_the_results():
    better = Hit(PASSAGE, 9.0, (), Snippet(PASSAGE.text))
    assert [hit["score"] for hit in search_json(results(HIT, better), Paths())["hits"]] == [1.2346, 9.0]


def test_years_are_keys_newest_first():
    assert list(search_json(results(), Paths())["facets"]["year"]) == ["2023", "1953"]


@pytest.mark.parametrize("document", ["a b", "제1장", "a?b", "a#b", "a%b", "a&b"])
def test_links_hold_nothing_that_an_address_bar_would_misread(document):
    url = Paths().document(document)
    assert url.isascii()
    assert not set(url) & set(" ?#&")


def test_a_passage_names_its_partners():
    english = replace(PASSAGE, ordinal=0, lang="en", text="armistice talks", partners=(3,))
    korean = replace(PASSAGE, partners=(0,))
    marked = MarkedDocument(INFO, (MarkedPassage(english), MarkedPassage(korean)))
    first, second = document_json(marked, Paths())["passages"]
    assert [one["lang"] for one in first["partners"]] == ["ko"]
    assert second["partners"] == [
        {
            "address": "7eyrj5fpm",
            "lang": "en",
            "text": "armistice talks",
            "url": "/p/7eyrj5fpm?lang=en",
        }
    ]
    assert passage_json(korean, INFO, Paths(), marked.partners(korean))["partners"] == second["partners"]


def test_what_there_is_to_check_is_summed_up():
    value = tallies_json([(INFO, Tally(unpaired=2, numbers=1)), (replace(INFO, id="b"), Tally())])
    assert (value["unpaired"], value["footnotes"], value["numbers"]) == (2, 0, 1)
    assert list(value["documents"]) == [INFO.id]
