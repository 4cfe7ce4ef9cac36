"""What does the present index know: its sources, and addresses that their own file has lost?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from indexer.addresses import Registry
from indexer.engine import Engine
from indexer.errors import AddressesError, IndexMissingError, IndexOutdatedError
from indexer.plan import Known
from indexer.settings import Settings

__all__ = [
    "adopt",
    "catch_up",
    "lack_of",
    "restore",
    "revive",
    "save",
    "sources_known",
    "to_be_written_anew",
    "written_anew",
]


def sources_known(engine: Engine, *, rebuild: bool, whole: bool = False) -> Known:
    """The sources of the present index, by document; with `whole`, it is looked through for damage.

    Raises:
        IndexOutdatedError: the index is of another version, or is damaged, and this is no rebuild.
    """
    try:
        snapshot = engine.snapshot()
        if whole and not rebuild:
            snapshot.check()
        return snapshot.sources()
    except IndexMissingError:
        return {}
    except IndexOutdatedError:
        if not rebuild:
            raise
        return {}  # an index that cannot be read cannot tell what it had from outside the archive


def adopt(engine: Engine, registry: Registry, known: Known) -> bool:
    """Registers the addresses that the index knows and the registry has lost, so that no link breaks.

    Returns:
        Whether there were any.
    """
    lost = [document for document in known if not registry.knows(document)]
    _adopt(engine, registry, lost)
    return bool(lost)


def restore(settings: Settings, engine: Engine, registry: Registry, known: Known) -> None:
    """As `adopt`; what was registered is saved.

    Raises:
        AddressesError: it cannot be written.
    """
    if adopt(engine, registry, known):
        save(registry, settings)


def written_anew(settings: Settings, lack: str) -> str:
    """What is said where the addresses are gone and the index is not; `lack` as `lack_of` told it before."""
    return (
        f"{settings.addresses}: was {lack}, and has been written anew from the index; where addresses of "
        "deleted, merged and moved passages led is known no more: put a copy of the file back, if there is "
        "one, and reindex"
    )


def to_be_written_anew(settings: Settings, lack: str) -> str:
    """As `written_anew`, before a reindex."""
    return (
        f"{settings.addresses}: is {lack}; a reindex writes it anew from the index, which does not know "
        "where addresses of deleted, merged and moved passages led: put a copy of the file back, if there "
        "is one"
    )


def lack_of(settings: Settings) -> str:
    """What is wrong where nothing is in the file of the addresses; empty where something is."""
    try:
        return "" if settings.addresses.stat().st_size else "empty"
    except FileNotFoundError:
        return "not there"


def catch_up(engine: Engine, registry: Registry, known: Known) -> frozenset[str]:
    """Registers what the index calls passages of known documents, where the file has lost that.

    So it is where lines were lost, or a copy of the file was put back: what has been given since leads on.

    Returns:
        The documents whose passages go by other addresses in the index: they are to be indexed anew.
    """
    if registry.as_noted or not known:
        return frozenset()
    snapshot = engine.snapshot()
    korean = snapshot.columns.korean
    others: dict[str, Sequence[int]] = {}
    for document in known:
        _, numbers = snapshot.document(document)
        langs = ("ko" if one else "en" for one in korean[numbers].tolist())
        if set(zip(snapshot.addresses(numbers), langs, strict=True)) != registry.living(document):
            others[document] = numbers
    if others:
        registry.catch_up((document, snapshot.passages(numbers)) for document, numbers in others.items())
    return frozenset(others)


def revive(engine: Engine, registry: Registry, staying: Iterable[str]) -> bool:
    """Lets documents live again of which the registry says that they are gone, and that stay in the index.

    So it says after a pull from a clone where they were deleted, or never were as they are from elsewhere.

    Returns:
        Whether there were any.
    """
    if registry.as_noted:
        return False
    living = set(registry.documents())
    dead = [document for document in staying if document not in living]
    _adopt(engine, registry, dead)
    return bool(dead)


def _adopt(engine: Engine, registry: Registry, documents: Sequence[str]) -> None:
    if documents:
        snapshot = engine.snapshot()
        registry.adopt((one, snapshot.passages(snapshot.document(one)[1])) for one in documents)


def save(registry: Registry, settings: Settings) -> None:
    """Writes the registry if anything has changed.

    Raises:
        AddressesError: it cannot be written; nothing has been changed.
    """
    try:
        registry.save()
    except OSError as error:
        raise AddressesError(
            f"{settings.addresses}: cannot be written: {error.strerror or error}; nothing has been changed"
        ) from error
