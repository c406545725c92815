"""What a scan went by beside its logs: query files, policy tables, overlays, suppressions; each with its hash."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from auditscan import policy as policy_package
from auditscan.library import FOLDERS
from auditscan.policy.effective import FILES
from auditscan.policy.problems import Problems

if TYPE_CHECKING:
    from auditscan.library import Library
    from auditscan.policy import Policy


def of_scan(library: Library, policy: Policy, suppressions: Path | None) -> dict[str, dict[str, object]]:
    """Return name -> hash and size of every query, policy table and overlay, and of the file of suppressions.

    Names begin with `query:`, `policy:`, `overlay:` and `suppressions:` and say where in its folder a file lies, not
    where the folder is: the same files give the same names anywhere. A file that cannot be read has no hash.
    """
    found = of_queries(library)
    base = Path(policy_package.__file__).parent
    found |= {f"policy:{name}": _of_file(base / name) for name in FILES}
    for place, overlay in enumerate(policy.laid, start=1):
        for source, content in overlay.sources(place, Problems()):
            told = _of(content.encode("utf-8")) if isinstance(content, str) else _of_file(content)
            found[f"overlay:{place}/{source.name}"] = told | {"of": overlay.name}
    if suppressions is not None:
        found[f"suppressions:{suppressions.name}"] = _of_file(suppressions)
    return found


def of_queries(library: Library) -> dict[str, dict[str, object]]:
    """Return the same of the queries alone."""
    folders = {kind: folder for folder, kind in FOLDERS.items()}
    return {
        f"query:{folders[query.kind]}/{query.path.name}": _of(query.sql.encode("utf-8")) for query in library.queries
    }


def _of(data: bytes) -> dict[str, object]:
    return {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def _of_file(path: Path) -> dict[str, object]:
    try:
        return _of(path.read_bytes())
    except OSError:
        return {"sha256": None, "bytes": None}
