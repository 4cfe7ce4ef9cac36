"""Runs one measurement; each is a module here with a function `run(options) -> exit code`."""

from __future__ import annotations

import sys
from importlib import import_module

from .options import parse_options


def main() -> int:
    """Measures what the command line says."""
    options = parse_options(sys.argv[1:])
    code: int = import_module(f".{options.measurement}", __package__).run(options)
    return code


if __name__ == "__main__":
    sys.exit(main())
