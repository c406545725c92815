"""Logs that are emptied, filled, broken and mended, night after night: `verify` accuses nobody of what was told."""

from __future__ import annotations

import random

import pytest

from auditscan.ledger.receipts.verify import Request, verify_ledger
from ledger.keeping import Keeper, lines, record
from scans import LIBRARY, POLICY

NIGHTS = 7
LOGS = "abcdefghijkl"


@pytest.fixture
def keeper(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Keeper()


def accused(keeper):
    request = Request(keeper.ledger, LIBRARY, POLICY, allow_missing=True, threads=2)
    return [(check.subject, check.details) for check in verify_ledger(request).checks if check.outcome == "differs"]


def test_a_log_that_is_emptied_twice_accuses_nobody(keeper):
    path = keeper.logs / "a.ndjson"
    told = []
    for text in (lines(record(1)), "", lines(record(2)), "", "no log\n", lines(record(1)), "no log\n"):
        path.write_text(text)
        told.append(keeper.changes().get("a.ndjson"))
        assert accused(keeper) == []
    assert told == ["new", "rewritten", "rewritten", "restored", "rewritten", "restored", "restored"]


def test_whatever_a_log_becomes_verify_accuses_nobody(keeper):
    draw = random.Random(13)
    for _ in range(NIGHTS):
        for name in LOGS:
            path = keeper.logs / f"{name}.ndjson"
            becomes = draw.choice(("empty", "junk", "first", "second", "new", "grown", "gone", "same", "blank", "copy"))
            texts = {
                "empty": "",
                "junk": "no log\n",
                "blank": "\n",
                "first": lines(record(f"{name}1")),
                "second": lines(record(f"{name}2", states=["CA"])),
                "new": lines(record(f"{name}{draw.random()}")),
                "copy": lines(record("a1")),
            }
            if becomes in texts:
                path.write_text(texts[becomes])
            elif becomes == "gone":
                path.unlink(missing_ok=True)
            elif becomes == "grown" and path.exists():
                with path.open("a") as file:
                    file.write(lines(record(f"{name}{draw.random()}")))
        keeper.night()
    assert accused(keeper) == []
