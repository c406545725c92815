"""One record that the oracle judges, changed a field at a time, for examples worked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from oracle import Policy, Record, evaluate, load_policy

POLICY = load_policy()
# Days under regimes: R0 to 11 Aug 2025, R1 to 5 Jan 2026, R2 from 6 Jan 2026.
R0, R1, R2 = date(2025, 7, 1), date(2025, 10, 1), date(2026, 3, 1)

# Permitted under R2 in a plaintiff state: every part of it is.
PLAIN: dict[str, Any] = {
    "transfer_id": "T-1",
    "occurred_at": "2026-02-03T12:00:00Z",
    "sender": "CMS",
    "recipient": "ICE",
    "programs": ["medicaid"],
    "states": ["OR"],
    "elements": ["phone"],
    "populations": ["not lawfully residing"],
}


def rows(*changes: dict[str, Any], as_of: date = R2, **options: Any) -> list[dict[str, Any]]:
    """Judge one record for each change to `PLAIN`; a value `...` takes the field away."""
    records = []
    for number, change in enumerate(changes, 1):
        fields = {name: value for name, value in (PLAIN | change).items() if value is not ...}
        records.append(Record("log.ndjson", number, fields))
    return evaluate(records, as_of, **options)


def judge(as_of: date = R2, *, policy: Policy = POLICY, **change: Any) -> dict[str, Any]:
    """Judge one record."""
    return rows(change, as_of=as_of, policy=policy)[0]


def now(as_of: date = R2, *, policy: Policy = POLICY, **change: Any) -> str:
    """Return the verdict under the regime of `as_of`."""
    return str(judge(as_of, policy=policy, **change)["verdict_now"])


def with_regime(regime_id: str, **change: Any) -> Policy:
    """Return the shipped policy with one regime changed, for what the shipped tables cannot show."""
    regimes = tuple(replace(regime, **change) if regime.regime_id == regime_id else regime for regime in POLICY.regimes)
    return replace(POLICY, regimes=regimes)
