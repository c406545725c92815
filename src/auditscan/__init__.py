"""Judge past transfers of health data from CMS to DHS against the court orders in force.

    import auditscan

    with auditscan.connect("logs/", as_of="2026-03-01") as session:
        session.sql("select verdict_now, count(*) as transfers from answers group by all")

Names are imported when they are used: `import auditscan` loads neither the engine nor polars.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.version import __version__

if TYPE_CHECKING:
    from auditscan import errors
    from auditscan.api import IncompleteWarning, Session, connect, sample_logs, scan
    from auditscan.errors import (
        AuditscanError,
        LibraryError,
        LimitError,
        NoInputError,
        SqlError,
        StoreError,
        UsageError,
    )
    from auditscan.policy import Policy, PolicyError
    from auditscan.questions.explanation import Explanation
    from auditscan.questions.summary import Summary
    from auditscan.questions.what_if import Difference, Sweep
else:
    _HOMES = {
        "AuditscanError": "auditscan.errors",
        "Difference": "auditscan.questions.what_if",
        "Explanation": "auditscan.questions.explanation",
        "IncompleteWarning": "auditscan.api",
        "LibraryError": "auditscan.errors",
        "LimitError": "auditscan.errors",
        "NoInputError": "auditscan.errors",
        "Policy": "auditscan.policy",
        "PolicyError": "auditscan.policy",
        "Session": "auditscan.api",
        "SqlError": "auditscan.errors",
        "StoreError": "auditscan.errors",
        "Summary": "auditscan.questions.summary",
        "Sweep": "auditscan.questions.what_if",
        "UsageError": "auditscan.errors",
        "connect": "auditscan.api",
        "sample_logs": "auditscan.api",
        "scan": "auditscan.api",
    }

    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name == "errors":
            return import_module("auditscan.errors")
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_HOMES[name]), name)

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})


__all__ = [
    "AuditscanError",
    "Difference",
    "Explanation",
    "IncompleteWarning",
    "LibraryError",
    "LimitError",
    "NoInputError",
    "Policy",
    "PolicyError",
    "Session",
    "SqlError",
    "StoreError",
    "Summary",
    "Sweep",
    "UsageError",
    "__version__",
    "connect",
    "errors",
    "sample_logs",
    "scan",
]
