"""What a ledger's folder remembers of the messages that were sent and of those that were not."""

from __future__ import annotations

import json


def lines(folder):
    return [json.loads(line) for line in (folder / "deliveries.ndjson").read_text().splitlines()]


def kept(folder):
    return sorted(path.name for path in (folder / "outbox").glob("*"))
