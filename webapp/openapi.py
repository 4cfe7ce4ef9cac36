"""The description of the JSON interface, as an OpenAPI 3.1 document."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from indexer.model.text import LANGS, BlockKind
from webapp.params import DEFAULT_LIMIT, LONGEST_RENDERING, MAX_LIMIT, MAX_PAGE, MOST_WITHOUT

__all__ = ["openapi_document"]

_Schema = dict[str, Any]

_TEXT: Final[_Schema] = {"type": "string"}
_URL: Final[_Schema] = {"type": "string", "format": "uri"}
_URL_OR_PATH: Final[_Schema] = {"type": "string", "format": "uri-reference"}
_LANG: Final[_Schema] = {"type": "string", "enum": list(LANGS)}
_CHOICE: Final[_Schema] = {"type": "string", "enum": [*LANGS, "both"]}
_KIND: Final[_Schema] = {"type": "string", "enum": [kind.value for kind in BlockKind]}
_DATE: Final[_Schema] = {
    "type": ["string", "null"],
    "pattern": r"^\d{4}(-\d\d){0,2}$",
    "description": "YYYY-MM-DD, or YYYY-MM or YYYY where no more is known",
}
_COUNT: Final[_Schema] = {"type": "integer", "minimum": 0}
_SPAN: Final[_Schema] = {"type": "array", "items": _COUNT, "minItems": 2, "maxItems": 2}
_HIGHLIGHTS: Final[_Schema] = {
    "type": "array",
    "items": _SPAN,
    "description": "Sorted, disjoint ranges [start, end) in code points of the text.",
}

_RENDERINGS: Final[_Schema] = {
    **_HIGHLIGHTS,
    "description": "What renders words of the query: ranges as in highlights, and apart from them.",
}


def _object(**properties: _Schema) -> _Schema:
    """An object that has all of these properties and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: _Schema) -> _Schema:
    return {"type": "array", "items": items}


def _or_null(schema: _Schema) -> _Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _ref(name: str) -> _Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _counts(description: str) -> _Schema:
    return {
        "type": "object",
        "additionalProperties": {"type": "integer", "minimum": 0},
        "description": description,
    }


def openapi_document(server: str) -> dict[str, Any]:
    """The OpenAPI document of the interface that is mounted at `server`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Hanyeong",
            "version": _version(),
            "description": "Search an archive in English and Korean, passage by passage. Read only.",
        },
        "servers": [{"url": server}],
        "paths": _paths(),
        "components": {"schemas": _schemas()},
    }


def _version() -> str:
    try:
        return version("hanyeong")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"


def _paths() -> dict[str, Any]:
    return {
        "/api/search": _get(
            "The passages that a query finds, best first", "Search", _search_parameters(), refused=True
        ),
        "/api/documents/{document}": _get(
            "A whole document in reading order",
            "Document",
            [_in_path("document", "The document's id; it may contain slashes."), _query("q", _TEXT, _MARKED)],
            moved="The document is called otherwise now",
            missing=True,
            gone="GoneDocument",
            refused=True,
        ),
        "/api/passages/{address}": _get(
            "One passage",
            "PassageInDocument",
            [
                _in_path("address", "The passage's permanent address."),
                _query("lang", _LANG, "Which side of a pair."),
            ],
            moved="The address was typed otherwise, as in capitals",
            missing=True,
            gone="GonePassage",
            refused=True,
        ),
    }


_MARKED: Final = "A query whose matches are given as highlights."


def _search_parameters() -> list[_Schema]:
    page = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": 1}
    limit = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
    sort = {"type": "string", "enum": ["relevance", "date"], "default": "relevance"}
    year = {"type": "string", "pattern": r"^\d{1,4}(\.\.\d{1,4})?$", "examples": ["2023", "2020..2023"]}
    syntax = (
        'Words, "phrases", -word, OR, prefix*, lang:ko, lang:both, title:, author:, year:2023, '
        "year:2020..2023."
    )
    return [
        _query("q", _TEXT, syntax),
        _query(
            "lang", _CHOICE, "Only passages in this language; both: only passages that have another side."
        ),
        _query("year", year, "Only documents of this year or of these years."),
        _query("sort", sort, "Best first, or newest first."),
        _query("page", page, "Which page of the hits."),
        _query("limit", limit, "Hits on a page."),
        _query(
            "also",
            {"type": "string", "enum": ["1", "off"]},
            "What is found in the other language: 1 for all of it, page by page, and no direct hits; or off.",
        ),
        _query(
            "without",
            {**_list({**_TEXT, "maxLength": LONGEST_RENDERING}), "maxItems": MOST_WITHOUT},
            "Renderings that are not searched; may be repeated.",
        ),
    ]


def _query(name: str, schema: _Schema, description: str) -> _Schema:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def _in_path(name: str, description: str) -> _Schema:
    return {"name": name, "in": "path", "required": True, "schema": _TEXT, "description": description}


def _get(
    summary: str,
    schema: str,
    parameters: list[_Schema],
    *,
    moved: str = "",
    missing: bool = False,
    gone: str = "",
    refused: bool = False,
) -> _Schema:
    responses = {
        "200": _json(summary, schema),
        "503": _json("There is no usable index, or Korean words are to be tried again", "Error"),
    }
    if refused:
        responses["400"] = _json("There is no such argument, or an argument has no such value", "Error")
    if missing:
        responses["404"] = _json("There is nothing of that name", "Error")
    if moved:
        responses["301"] = {"description": moved, "headers": {"Location": {"schema": _URL_OR_PATH}}}
    if gone:
        responses["410"] = _json("It is no longer in the archive: what is left of it", gone)
    return {
        "get": {
            "summary": summary,
            "operationId": f"get{schema}",
            "parameters": parameters,
            "responses": dict(sorted(responses.items())),
        }
    }


def _json(description: str, schema: str) -> _Schema:
    return {"description": description, "content": {"application/json": {"schema": _ref(schema)}}}


def _schemas() -> dict[str, _Schema]:
    info: dict[str, _Schema] = {"id": _TEXT, "titles": _ref("Titles"), "date": _DATE, "url": _URL}
    passage: dict[str, _Schema] = {"address": _TEXT, "lang": _LANG, "kind": _KIND, "text": _TEXT, "url": _URL}
    details: dict[str, _Schema] = {
        "level": _COUNT,
        "marker": _TEXT,
        "label": _TEXT,
        "continues": {"type": "boolean"},
        "references": _list(_object(label=_TEXT, span=_SPAN)),
        "partners": {
            **_list(_object(address=_TEXT, lang=_LANG, text=_TEXT, url=_URL)),
            "description": "The passages that say the same in the other language.",
        },
    }
    return {
        "Search": _object(
            query=_TEXT,
            total=_COUNT,
            documents=_COUNT,
            page=_COUNT,
            pages=_COUNT,
            hits=_list(_ref("Hit")),
            facets=_ref("Facets"),
            notices=_list(_TEXT),
            also=_or_null(_ref("Also")),
        ),
        "Also": {
            **_object(
                lang=_LANG,
                total=_COUNT,
                documents=_COUNT,
                page=_COUNT,
                pages=_COUNT,
                words=_list(_object(text=_TEXT, renderings=_list(_TEXT))),
                without=_list(_TEXT),
                hits=_list(_ref("Hit")),
            ),
            "description": "What the renderings of the query's words find in the other language.",
        },
        "Hit": _object(
            **passage,
            document=_object(**info, title=_TEXT, title_lang=_LANG),
            highlights=_HIGHLIGHTS,
            renderings=_RENDERINGS,
            score={"type": "number"},
            pair=_or_null(
                _object(lang=_LANG, text=_TEXT, highlights=_HIGHLIGHTS, renderings=_RENDERINGS, url=_URL)
            ),
        ),
        "Facets": _object(
            lang=_counts("Passages by language."),
            paired={**_COUNT, "description": "Passages that have another side; both sides count once."},
            year=_counts("Passages by the document's year."),
        ),
        "Titles": {"type": "object", "properties": {"en": _TEXT, "ko": _TEXT}, "additionalProperties": False},
        "Document": _object(**info, authors=_list(_TEXT), passages=_list(_ref("Passage"))),
        "Passage": _object(**passage, **details, highlights=_HIGHLIGHTS, renderings=_RENDERINGS),
        "PassageInDocument": _object(**passage, **details, document=_object(**info, authors=_list(_TEXT))),
        "GoneDocument": _object(
            error=_object(status=_COUNT, message=_TEXT),
            gone=_object(
                document=_TEXT,
                begins={
                    **_ref("Titles"),
                    "description": "What its first passages said last; empty where several had its id.",
                },
                elsewhere={
                    **_list(_object(**info, authors=_list(_TEXT))),
                    "description": "Documents that had its id once, or that have passages of it.",
                },
            ),
        ),
        "GonePassage": _object(
            error=_object(status=_COUNT, message=_TEXT),
            gone=_object(
                address=_TEXT,
                lang=_LANG,
                text=_TEXT,
                document=_TEXT,
                nearest=_or_null(_object(address=_TEXT, lang=_LANG, url=_URL)),
            ),
        ),
        "Error": _object(error=_object(status=_COUNT, message=_TEXT)),
    }
