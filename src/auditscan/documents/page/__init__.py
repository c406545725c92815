"""The report as one page for a browser: no network, no script but its own, and readable without any."""

from auditscan.documents.page.fill import write

__all__ = ["write"]
