"""The child processes of this one: how they are started, spoken to by pipes, and ended."""

from __future__ import annotations

import atexit
import os
import pickle
import struct
import subprocess
import sys
import zlib
from contextlib import suppress

TYPE_CHECKING = False  # see indexer.versions
if TYPE_CHECKING:
    from typing import IO, Any, Final

__all__ = ["begin", "end", "environment", "receive", "send", "start"]

_begun: dict[str, subprocess.Popen[bytes]] = {}
"""By module, a child process that nobody has asked for yet."""
_HEAD: Final = struct.Struct("<QI")
"""The length of a message and its CRC-32."""


def begin(module: str) -> None:
    """Starts a child process for whoever is the first to `start` one of this module.

    It can load while this process still loads what will ask it.
    """
    if module in _begun:
        return
    with suppress(OSError):  # told to whoever asks
        _begun[module] = _started(module)


def start(module: str) -> subprocess.Popen[bytes]:
    """A child process that runs this module, to be spoken to by its standard input and output.

    Raises:
        OSError: the system allows no other process.
    """
    begun = _begun.pop(module, None)
    return begun if begun is not None and begun.poll() is None else _started(module)


def _started(module: str) -> subprocess.Popen[bytes]:
    # -P: no module is ever taken from the folder the user happens to stand in.
    return subprocess.Popen(  # noqa: S603 - a module of this program
        [sys.executable, "-P", "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
    )


@atexit.register
def _end_unasked() -> None:
    while _begun:
        end(_begun.popitem()[1])


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a child process at once."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):  # what was still to be sent has no one to read it any more
                pipe.close()


def send(pipe: IO[bytes], message: object) -> None:
    """Writes one message."""
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    pipe.write(_HEAD.pack(len(data), zlib.crc32(data)) + data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Any:
    """The next message.

    Raises:
        EOFError: the other side is gone, or what it says has been damaged on the way.
    """
    head = pipe.read(_HEAD.size)
    if len(head) != _HEAD.size:
        raise EOFError
    length, checksum = _HEAD.unpack(head)
    try:
        data = pipe.read(length)
    except (MemoryError, OverflowError) as error:  # what stands there is no length
        raise EOFError from error
    if len(data) != length or zlib.crc32(data) != checksum:
        raise EOFError
    return pickle.loads(data)  # noqa: S301 - from our own child process


def environment() -> dict[str, str]:
    """The environment of a child process that is started with `-P`, and runs the very code that runs here.

    An empty entry of `sys.path` means the folder the user stands in, from which no module is ever taken,
    unless this program itself lies there.
    """
    folders = [folder for folder in sys.path if folder]
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - no pathlib
    if "" in sys.path and own not in folders:
        folders.insert(0, own)
    return {**os.environ, "PYTHONPATH": os.pathsep.join(folders)}
