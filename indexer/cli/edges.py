"""Where every command begins and ends: the archive's settings, exit codes, and errors as one line."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, ParamSpec

import click
from click.core import ParameterSource

from indexer.errors import HanyeongError, SettingsError
from indexer.obeyed import in_json
from indexer.stopping import INTERRUPTED
from indexer.terminal.visible import visible

if TYPE_CHECKING:
    from indexer.settings import Settings

__all__ = ["DONE", "SOME_FAILED", "folder_named", "one_line", "print_json", "settings_of"]

_P = ParamSpec("_P")
DONE: Final = 0
SOME_FAILED: Final = 1
"""Some files failed, or lines of the glossary; the rest is done."""
_COULD_NOT_RUN: Final = 2


def one_line(command: Callable[_P, int | None]) -> Callable[_P, None]:
    """Ends the command with its exit code; what went wrong on purpose is one line, not a trace."""

    @wraps(command)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> None:
        try:
            code = command(*args, **kwargs) or DONE
        except HanyeongError as error:
            click.echo(f"hanyeong: {visible(error.told(folder_named()))}", err=True)
            code = _COULD_NOT_RUN
        except KeyboardInterrupt:
            click.echo("hanyeong: stopped", err=True)
            code = INTERRUPTED
        except BrokenPipeError:
            # The reader of a pipe has gone (hanyeong show … | head); Python must not complain at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = DONE
        except OSError as error:
            # What cannot be read and is not expected to be so: no permission, a disk that fails.
            click.echo(f"hanyeong: {visible(_of_system(error))}", err=True)
            code = _COULD_NOT_RUN
        sys.exit(code)

    return run


def _of_system(error: OSError) -> str:
    """What the system says, in one line, and of which file."""
    reason = error.strerror or str(error) or type(error).__name__
    return f"{os.fsdecode(error.filename)}: {reason}" if isinstance(error.filename, str | bytes) else reason


def folder_named() -> str:
    """The archive that this command was told to work on, as the next one has to be told; else empty."""
    context = click.get_current_context(silent=True)
    root = context and context.find_root()
    if root is None or root.get_parameter_source("data") is not ParameterSource.COMMANDLINE:
        return ""
    return str(root.params["data"])


def settings_of(data: Path, *, new: bool = False) -> Settings:
    """The settings of the archive in this folder.

    Args:
        data: the folder.
        new: whether the archive may be begun now, in a folder that is made for it.

    Raises:
        SettingsError: they make no sense, or there is no such folder.
    """
    from indexer.settings import load_settings  # noqa: PLC0415 - not needed for help, nor for a glance

    if not new:
        _look_for(data)
    return load_settings(data)


def _look_for(data: Path) -> None:
    try:
        data.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise SettingsError(
            f"there is no folder {data}; name the archive's folder with --data, or in HANYEONG_DATA"
        ) from None
    except OSError as error:
        raise SettingsError(f"{data}: cannot be opened: {error.strerror or error}") from error


def print_json(value: Any) -> None:
    """Prints an answer for a program."""
    click.echo(in_json(json.dumps(value, ensure_ascii=False, indent=1)))
