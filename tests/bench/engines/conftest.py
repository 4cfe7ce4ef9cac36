"""Modules of peers that are not installed cannot be imported, so pytest looks for no doctests in them."""

from tests.bench.engines import PEERS, installed

collect_ignore = [f"{name}_engine.py" for name in PEERS if name not in installed(PEERS)]
