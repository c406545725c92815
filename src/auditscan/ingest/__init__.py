"""One log file into the database: recognized, hashed, mapped, staged and accounted for.

Names are imported when they are used: most questions read no log, and to load what reads any takes long. So no module
of this folder may be called as one of them is.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditscan.ingest.aside import log_teller
    from auditscan.ingest.detection import detect
    from auditscan.ingest.formats import Format, format_named, formats_of
    from auditscan.ingest.load import load_file
    from auditscan.ingest.reads import NOTHING_SAID, Reads
    from auditscan.ingest.tail import TAILED, NotGrown, Tail
    from auditscan.ingest.waiting import write_waiting
else:
    _HOMES = {
        "Format": "formats",
        "NOTHING_SAID": "reads",
        "NotGrown": "tail",
        "Reads": "reads",
        "TAILED": "tail",
        "Tail": "tail",
        "detect": "detection",
        "format_named": "formats",
        "formats_of": "formats",
        "load_file": "load",
        "log_teller": "aside",
        "write_waiting": "waiting",
    }

    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


__all__ = [
    "NOTHING_SAID", "TAILED", "Format", "NotGrown", "Reads", "Tail", "detect", "format_named", "formats_of",
    "load_file", "log_teller", "write_waiting",
]  # fmt: skip
