"""The file of a segment, byte by byte: what its writer and its readers must agree on.

header     magic, format version, where the directory is, checksums of the directory and of the header
arrays     one after the other, little-endian, each beginning at a multiple of 8 bytes
checksums  one CRC-32 for every page of 4 KiB of what comes before
directory  JSON: by name, the type, place and length of each array
"""

from __future__ import annotations

import struct
from typing import Final

__all__ = ["ALIGNED", "HEADER", "MAGIC", "PAGE"]

MAGIC: Final = b"hanyeong"
HEADER: Final = struct.Struct("<8sIIQII")
"""Magic, version, bytes of the directory, its offset, its checksum, the checksum of all these."""
PAGE: Final = 1 << 12
"""Bytes that are checked together; what is read in vain beside the few that are wanted should be little."""
ALIGNED: Final = 8
"""Bytes: each array begins at a multiple of so many."""
