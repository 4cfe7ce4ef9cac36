"""The engine on Whoosh 2.7.4: the only folder that imports it."""

from indexer.engine.whoosh.engine import WhooshEngine

__all__ = ["WhooshEngine"]
