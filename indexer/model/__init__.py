"""The words of the project as frozen values.  Imports little but the standard library.

`text` has languages, spans, documents and passages; `terms` what these are searched by; `query` what a
person typed; `results` what was found; `archive` whole documents, tombstones and counts.
"""
