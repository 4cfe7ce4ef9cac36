"""What was found: passages with their matches marked, and how a word is rendered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.text import Text

from indexer.lexicon import Known
from indexer.model.results import AlsoResults, DocumentHits, Reason, SearchResults, Snippet, Style
from indexer.model.text import Span
from indexer.query import NOTICES
from indexer.terminal.console import CELLS, dated, indent, open_console, plural

__all__ = ["print_results", "print_terms"]

_MARK: Final = "bold black on yellow"
_PLAIN_MARKS: Final = ("**", "**")
"""Around a match where there are no colours, so that a piped snippet still shows it."""
_PLAIN_RENDERINGS: Final = ("_", "_")
"""The same around what renders a word of the query."""
_STYLES: Final[dict[Style, str]] = {"": "", "match": _MARK, "renders": "underline"}
_HOW: Final = {
    "word": "as a word",
    "part": "by a part of it",
    "syllables": "by its syllables",
    "form": "in another form",
    "phrase": "as a phrase",
    "beginning": "by its beginning",
    "nearby": "words side by side",
    "common": "words that the best hits share",
}


def print_results(results: SearchResults, reasons: Sequence[tuple[Reason, ...]] = ()) -> None:
    """Shows hits with marked snippets and addresses, and for each the `reasons` that are given."""
    console = open_console()
    for notice in results.notices:
        console.print(NOTICES[notice], style="italic")
    also = results.also if results.also and results.also.total else None
    if not results.text.strip() and not results.total:
        console.print("Name a word to search for, such as: hanyeong search ceasefire")
        return
    if not results.total and also is None:
        console.print(
            "Nothing found. Try fewer or shorter words, a beginning with a star (정전*), or no filter."
        )
        return
    if also is None or not also.whole:
        _print_direct(console, results, reasons)
    if also is not None:
        _print_also(console, also, beside=results.total > 0)


def _print_direct(console: Console, results: SearchResults, reasons: Sequence[tuple[Reason, ...]]) -> None:
    """What the words find as they were typed."""
    if not results.total:
        console.print("Nothing found by these words themselves.\n")
        return
    console.print(f"{plural(results.total, 'passage')} in {plural(results.documents, 'document')}\n")
    _print_groups(console, results.groups, reasons)
    _print_rest(console, results.total - len(results.hits), "--limit")


def _print_also(console: Console, also: AlsoResults, *, beside: bool) -> None:
    """What is found in the other language, `beside` direct hits or without any, and by which words."""
    name = "Korean" if also.lang == "ko" else "English"
    heading = f"Also in {name}" if beside else f"Found in {name}"
    console.print(Text(f"{heading}: {plural(also.total, 'passage')}", "bold"))
    for word in also.words:
        console.print(Text(f"  {word.text} → {', '.join(word.renderings)}"))
    console.print()
    _print_groups(console, also.groups)
    _print_rest(console, also.total - len(also.hits), "--limit" if also.whole else "--also")


def _print_rest(console: Console, left: int, option: str) -> None:
    """How many passages are not shown, and what shows them."""
    if left > 0:
        console.print(Text(f"… and {left:,} more: {option} shows them\n", "dim"))


def _print_groups(
    console: Console, groups: Sequence[DocumentHits], reasons: Sequence[tuple[Reason, ...]] = ()
) -> None:
    whys = iter(reasons)
    for group in groups:
        for hit in group.hits:
            _, title = group.document.titles.prefer(hit.passage.lang)
            head = Text.assemble(
                (hit.passage.address, "cyan"),
                "  ",
                (title or group.document.id, "bold"),
                dated(group.document),
            )
            console.print(head)
            indent(console, _shown(hit.snippet, plain=not console.is_terminal))
            if hit.pair is not None:
                side = _shown(hit.pair.shown, plain=not console.is_terminal)
                indent(console, _dimmed(side))
            if brought := next(whys, ()):
                indent(console, Text(", ".join(map(_reason, brought)), "italic"))
            console.print()


def _reason(reason: Reason) -> str:
    title = " (in the title too)" if reason.in_title else ""
    return f"{reason.word} {_HOW[reason.kind]}{title} {reason.share:.0%}".strip()


def _marked(text: str, highlights: Sequence[Span], renderings: Sequence[Span], *, plain: bool) -> Text:
    """The text with its matches in colour, or between stars; the cells of a table row apart."""
    marked = Text()
    for part, style in Snippet(text, tuple(highlights), renderings=tuple(renderings)).styled():
        shown = part.replace("\t", CELLS)
        if style and plain:
            around = _PLAIN_MARKS if style == "match" else _PLAIN_RENDERINGS
            shown = f"{around[0]}{shown}{around[1]}"
        marked.append(shown, _STYLES[style])
    return marked


def _shown(snippet: Snippet, *, plain: bool) -> Text:
    """A snippet with its matches, and dots where text was left out."""
    before, after = "… " if snippet.starts_inside else "", " …" if snippet.ends_inside else ""
    return Text.assemble(
        before, _marked(snippet.text, snippet.highlights, snippet.renderings, plain=plain), after
    )


def _dimmed(text: Text) -> Text:
    """The text in the background, its marks as they are."""
    dimmed = Text(style="dim")
    dimmed.append_text(text)
    return dimmed


def print_terms(asked: str, found: Sequence[tuple[str, tuple[Known, ...]]]) -> None:
    """Prints the renderings of each term, with the pairs of passages that speak for them."""
    console = open_console()
    if not found:
        console.print(Text(f"The archive's pairs do not say how {asked} is rendered."))
        return
    for text, renderings in found:
        console.print(Text(text))
        for known in renderings:
            evidence = (
                "the glossary says so"
                if known.given
                else f"in {known.together} of {plural(known.pairs, 'pair')} with {known.word}"
            )
            console.print(Text(f"  {known.text}   {evidence}"))
