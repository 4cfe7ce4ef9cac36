"""Everything that can go wrong, as one tree.  Each message is one line that says what to do."""

__all__ = [
    "AddressesError",
    "AnalysisError",
    "HanyeongError",
    "IndexLockedError",
    "IndexMissingError",
    "IndexOutdatedError",
    "IndexWriteError",
    "ReadError",
    "SettingsError",
    "UnknownAddressError",
    "UnknownDocumentError",
]


class HanyeongError(Exception):
    """The root: catch this to catch whatever Hanyeong raises on purpose."""


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


class IndexLockedError(HanyeongError):
    """Another process is writing to the index."""


class IndexWriteError(HanyeongError):
    """The index or the addresses cannot be written; what was there before is untouched."""


class UnknownDocumentError(HanyeongError):
    """No document of the archive has this id."""


class UnknownAddressError(HanyeongError):
    """No passage of the archive has this address."""
