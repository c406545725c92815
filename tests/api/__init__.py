"""The Python library from outside: a small log, and what is left of it."""

from __future__ import annotations

import json

from asking import AS_OF, transfer

__all__ = ["AS_OF", "LOG", "left", "transfer", "verdicts", "write"]

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
