"""The one file that comes from elsewhere: which version of htmx, from where, and what it must be."""

from __future__ import annotations

from typing import Final

__all__ = ["HTMX_CONFIG", "HTMX_INTEGRITY", "HTMX_URL", "HTMX_VERSION"]

HTMX_VERSION: Final = "2.0.11"

HTMX_URL: Final = f"https://cdn.jsdelivr.net/npm/htmx.org@{HTMX_VERSION}/dist/htmx.min.js"

HTMX_INTEGRITY: Final = "sha384-2OatzQy1H+Zd/IIrjr1TcuDGqLXeHhbooAyJY1KdQMKnr4LZ22k31GBLdYKHmVjg"
"""Of `dist/htmx.min.js` in the npm package `htmx.org` of the same version; a browser runs nothing else."""

HTMX_CONFIG: Final = {
    # The Content-Security-Policy allows neither inline styles nor eval; htmx must not try.
    "includeIndicatorStyles": False,
    "allowEval": False,
    "allowScriptTags": False,
    "selfRequestsOnly": True,
    # Back asks the server (an ETag makes it cheap) instead of keeping pages in the browser's storage.
    "historyCacheSize": 0,
    "refreshOnHistoryMiss": True,
}
"""Read by htmx from `<meta name="htmx-config">`."""
