"""What a scan tells while it works."""

from __future__ import annotations

from datetime import date

from auditscan.scanning.scan import scan
from auditscan.store import open_store
from scans import LIBRARY, POLICY

LINE = '{"transfer_id":"%s","occurred_at":"2026-01-05","sender":"CMS","recipient":"ICE","elements":["ssn"]}\n'


class Told:
    """A bar that keeps what it is told."""

    def __init__(self):
        self.amount = 0
        self.said = []

    def advance(self, amount=1):
        self.amount += amount

    def say(self, description):
        self.said.append(description)


def test_a_scan_counts_bytes_and_names_what_it_does(tmp_path):
    logs = {"a.ndjson": LINE % "T-1", "b.ndjson": LINE % "T-2", "c.ndjson": "broken\n" + LINE % "T-3", "d.txt": "none"}
    for name, text in logs.items():
        (tmp_path / name).write_text(text)
    told = Told()
    with open_store(None, LIBRARY, threads=1) as store:
        scan(store, [tmp_path], POLICY, date(2026, 3, 1), bar=told)
    assert told.amount == sum(map(len, logs.values()))
    assert told.said[:4] == [f"reading {number} of 4: {name}" for number, name in enumerate(logs, start=1)]
    assert "judging: judge every disclosure under every regime" in told.said
    assert told.said[-1] == "judging: the rules"
