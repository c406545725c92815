"""The Python library from outside: a small log, and what is left of it."""

from __future__ import annotations

import json

AS_OF = "2026-03-01"


def transfer(number, **more):
    return {
        "transfer_id": f"T-{number}",
        "occurred_at": f"2026-02-{number:02}T12:00:00Z",
        "sender": "CMS",
        "recipient": "ICE",
        "programs": ["medicaid"],
        "states": ["OR"],
        "elements": ["diagnosis"],
        "populations": ["not_lawfully_residing"],
        "record_count": 10 * number,
        **more,
    }


LOG = [
    transfer(1),
    transfer(2, elements=["address"]),
    transfer(3, states=["TX"]),
    transfer(4, transfer_id="名前 <b>'; drop table answers; --", states=[], outcome="failure"),
    transfer(5, elements=["name"]),
]


def write(path, *records):
    path.write_text("".join(record if isinstance(record, str) else json.dumps(record) + "\n" for record in records))
    return path


def left(tmp_path):
    return sorted(entry.name for entry in (tmp_path / "temporary").iterdir())


def verdicts(session):
    return dict(session.sql("select transfer_id, verdict_now from answers order by all").rows())
