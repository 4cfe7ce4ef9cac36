"""Where the `hanyeong` command begins: what needs no library is answered before one is loaded."""

from __future__ import annotations

import os
import sys

from indexer.listing import DATA

TYPE_CHECKING = False  # see indexer.versions
if TYPE_CHECKING:
    from indexer.statcache import Look

__all__ = ["main"]


def main() -> None:
    """Runs the command that standard arguments ask for, and ends the program."""
    try:
        _run()
    except KeyboardInterrupt:  # while modules load; a command that runs knows better what it leaves
        sys.stderr.write("hanyeong: stopped\n")
        sys.exit(0 if _serves() else 130)


def _run() -> None:
    data = _plain_reindex(sys.argv[1:])
    look = None
    if data is not None:
        from indexer.glance import prepare, tell_unchanged  # noqa: PLC0415

        look = tell_unchanged(data, as_json="--json" in sys.argv)
        if look is None:
            return
        prepare(look)
    if "reindex" not in sys.argv[1:]:
        if _serves():
            from indexer.stopping import heed_sigterm  # noqa: PLC0415

            heed_sigterm()
        _command(look)
        return
    from indexer.kiwi import may_begin  # noqa: PLC0415 - loads what starts processes
    from indexer.stopping import TERMINATED, Terminated, terminable  # noqa: PLC0415

    may_begin()
    try:
        with terminable():
            _command(look)
    except Terminated:  # as above
        sys.stderr.write("hanyeong: stopped\n")
        sys.exit(TERMINATED)


def _serves() -> bool:
    """Whether a server begins, which is ended by whoever stops it, and ends well by that."""
    arguments = sys.argv[3:] if sys.argv[1:2] == ["--data"] else sys.argv[1:]
    return [one for one in arguments if not one.startswith("--data=")][:1] == ["serve"]


def _command(look: Look | None) -> None:
    from indexer.cli import main as command  # noqa: PLC0415

    command(obj=look)


def _plain_reindex(arguments: list[str]) -> str | None:
    """The archive's folder where a reindex is asked for without further wishes; else the command decides."""
    data = os.environ.get("HANYEONG_DATA") or DATA
    if len(arguments) > 1 and arguments[0] == "--data":
        data, arguments = arguments[1], arguments[2:]
    return data if arguments in (["reindex"], ["reindex", "--json"]) else None


if __name__ == "__main__":
    main()
