"""Everything that can go wrong, as one tree.  Each message is one line that says what to do."""

from __future__ import annotations

TYPE_CHECKING = False  # see indexer.versions
if TYPE_CHECKING:
    from typing import Final

__all__ = [
    "REBUILD",
    "REINDEX",
    "AddressesError",
    "AnalysisError",
    "DamagedFileError",
    "HanyeongError",
    "IndexLockedError",
    "IndexMissingError",
    "IndexOutdatedError",
    "IndexWriteError",
    "LexiconError",
    "ReadError",
    "SettingsError",
    "UnknownAddressError",
    "UnknownDocumentError",
]

REINDEX: Final = ("reindex",)
"""What makes an index where there is none, and what stands beside it."""
REBUILD: Final = ("reindex", "--rebuild")
"""What mends an index that cannot be read."""


class HanyeongError(Exception):
    """The root: catch this to catch whatever Hanyeong raises on purpose."""

    def __init__(self, message: str = "", *, remedy: tuple[str, ...] = ()) -> None:
        """Says in one line what is wrong.

        Args:
            message: what is wrong, and what to do where no command does it.
            remedy: the words of the `hanyeong` command that mends it, where there is one.
        """
        super().__init__(message)
        self.wrong = message
        self.remedy = remedy

    def told(self, folder: str = "") -> str:
        """The whole line.

        Args:
            folder: of the archive, if the remedy has to name it.

        >>> HanyeongError("it is damaged", remedy=("reindex", "--rebuild")).told("~/my archive")
        "it is damaged; run: hanyeong --data '~/my archive' reindex --rebuild"
        """
        if not self.remedy:
            return self.wrong
        named = f"--data {_quoted(folder)} " if folder else ""
        return f"{self.wrong}; run: hanyeong {named}{' '.join(self.remedy)}"

    def __str__(self) -> str:
        return self.told()


def _quoted(folder: str) -> str:
    from shlex import quote  # noqa: PLC0415 - seldom needed

    return quote(folder)


class SettingsError(HanyeongError):
    """The archive's folder or its `hanyeong.toml` cannot be used as it stands."""


class ReadError(HanyeongError):
    """One source file cannot be read; the rest of the archive is not concerned."""


class AddressesError(HanyeongError):
    """`addresses.jsonl` has a line that cannot be understood; nothing has been overwritten."""


class AnalysisError(HanyeongError):
    """Kiwi says nothing more about some texts."""


class IndexMissingError(HanyeongError):
    """There is no index yet."""


class IndexOutdatedError(HanyeongError):
    """The index was written by another version of the schema, the analysis or Kiwi's model, or is damaged."""


class LexiconError(IndexOutdatedError):
    """What the pairs taught cannot be read; what was typed is found all the same."""


class DamagedFileError(IndexOutdatedError):
    """A file of the index is not whole, or is none of ours."""

    def __init__(self, what: str) -> None:
        """Says `what` is wrong, and what to do about it."""
        super().__init__(f"the index is damaged: {what}", remedy=REBUILD)


class IndexLockedError(HanyeongError):
    """Another process is writing to the index."""


class IndexWriteError(HanyeongError):
    """The index or the addresses cannot be written; what was there before is untouched."""


class UnknownDocumentError(HanyeongError):
    """No document of the archive has this id."""


class UnknownAddressError(HanyeongError):
    """No passage of the archive has this address."""
