"""A small judged database, for tests that ask it something."""

from __future__ import annotations

import json
from contextlib import chdir
from typing import TYPE_CHECKING

from auditscan.cli import run

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = "2026-03-01"
RECORD = {
    "transfer_id": "T-1",
    "occurred_at": "2026-02-11T05:30:00Z",
    "sender": "CMS",
    "recipient": "ICE",
    "programs": ["medicaid"],
    "states": ["OR"],
    "elements": ["address"],
    "populations": ["not_lawfully_residing"],
    "record_count": 1204,
    "outcome": "success",
}
RECORDS = [
    RECORD,
    {**RECORD, "transfer_id": "T-2", "elements": ["diagnosis"], "states": ["OR", "TX"]},
    {**RECORD, "transfer_id": "T-3", "states": ["TX"], "record_count": None},
    {**RECORD, "transfer_id": "=1+1 | <b>", "states": []},
]


def transfer(number: int, **more: object) -> dict[str, object]:
    """A transfer that the order in force on AS_OF bars, unless `more` says otherwise: a diagnosis from Oregon."""
    own = {
        "transfer_id": f"T-{number}",
        "occurred_at": f"2026-02-{number:02}T12:00:00Z",
        "elements": ["diagnosis"],
        "record_count": 10 * number,
    }
    return RECORD | own | more


def kept_in(folder: Path) -> Path:
    """Scan the records into a database in the folder, and return its file."""
    (folder / "a.ndjson").write_text("".join(json.dumps(record) + "\n" for record in RECORDS))
    with chdir(folder):
        assert run(["scan", "a.ndjson", "--as-of", AS_OF, "--db", "kept.duckdb"]) == 12
    return folder / "kept.duckdb"
