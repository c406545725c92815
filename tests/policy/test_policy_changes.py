"""A change of policy changes the transfers it is about, and a kept database is never stale."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import oracle
import strategies
from auditscan.policy import Policy, load
from auditscan.scanning.scan import scan
from auditscan.store import Store, open_store
from oracle import Record
from scans import COLUMNS, EXAMPLES, LIBRARY, POLICY, Answer, answers, place, scanned, write_logs

R1, R2 = date(2025, 10, 1), date(2026, 3, 1)

PLAIN: dict[str, Any] = {
    "occurred_at": "2025-10-10T12:00:00Z",
    "sender": "CMS",
    "recipient": "ICE",
    "programs": ["medicaid"],
    "states": ["OR"],
    "elements": ["phone"],
    "populations": ["not lawfully residing"],
}

TRANSFERS: dict[str, dict[str, Any]] = {
    "oregon": {},
    "wisconsin": {"states": ["WI"]},
    "wisconsin-and-oregon": {"states": ["WI", "OR"]},
    "wisconsin-chip": {"states": ["WI"], "programs": ["chip"]},
    "wisconsin-audit": {"states": ["WI"], "purpose": "audit"},
    "wisconsin-to-irs": {"states": ["WI"], "recipient": "IRS"},
    "wisconsin-unknown-party": {"states": ["WI"], "recipient": "Palantir"},
    "texas": {"states": ["TX"]},
    "all": {"states": ["ALL"]},
    "name": {"elements": ["first name"], "occurred_at": "2026-02-10"},
    "name-and-diagnosis": {"elements": ["name", "diagnosis"], "occurred_at": "2026-02-10"},
    "name-of-citizens": {
        "elements": ["name"],
        "populations": ["citizens"],
        "occurred_at": "2026-02-10",
    },
    "name-and-alias": {"elements": ["name", "aka"], "occurred_at": "2026-02-10"},
    "name-from-texas": {"elements": ["name"], "states": ["TX"], "occurred_at": "2026-02-10"},
    "from-hca": {"sender": "HCA", "occurred_at": "2026-02-10"},
    "from-hca-to-irs": {"sender": "HCA", "recipient": "IRS", "occurred_at": "2026-02-10"},
    "own-field": {"elements": ["HOME_GEO"], "occurred_at": "2026-02-10"},
    "own-field-and-city": {"elements": ["HOME_GEO", "city"], "occurred_at": "2026-02-10"},
    "june": {"occurred_at": "2026-06-15", "elements": ["diagnosis"]},
    "no-time": {"occurred_at": None, "states": ["WI"]},
}

WISCONSIN = """
[[regimes]]
id = "R1"
states = [
    "AZ", "CA", "CO", "CT", "DE", "HI", "IL", "MA", "MD", "ME", "MI",
    "MN", "NJ", "NM", "NV", "NY", "OR", "RI", "VT", "WA", "WI",
]
states_unsettled = []
"""
NAMES = """
[[regimes]]
id = "R2"
[regimes.categories]
name = "permitted"
"""
NO_SECOND_ORDER = """
[[regimes]]
id = "R2"
enabled = false
"""
PAUSE = """
[[regimes]]
id = "R2"
last_day = 2026-05-31
[[regimes]]
id = "R3"
enabled = true
first_day = 2026-06-01
states = ["TX"]
default_category = "enjoined"
default_population = "enjoined"
[regimes.programs]
default = "enjoined"
unknown = "enjoined"
"""

Change = Callable[[oracle.Policy], oracle.Policy]


def records_of(transfers: dict[str, dict[str, Any]]) -> list[Record]:
    return [
        Record("a.ndjson", number, PLAIN | {"transfer_id": name} | change)
        for number, (name, change) in enumerate(transfers.items(), start=1)
    ]


def overlaid(folder: Path, files: dict[str, str]) -> Policy:
    """The shipped policy under an overlay of these files."""
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text.lstrip("\n"), encoding="utf-8")
    return load([folder])


def regime(regime_id: str, **change: Any) -> Change:
    """The same change for the oracle: one regime with other terms."""
    return lambda policy: replace(
        policy,
        regimes=tuple(replace(one, **change) if one.regime_id == regime_id else one for one in policy.regimes),
    )


SHIPPED = oracle.load_policy()
TWENTY = SHIPPED.regimes[1].states

CHANGES: dict[str, tuple[dict[str, str], list[Change], date, set[str]]] = {
    # What: the overlay, the same for the oracle, the as-of date, whose answers change.
    "Wisconsin counts under the first order": (
        {"regimes.toml": WISCONSIN},
        [regime("R1", states=TWENTY | {"WI"}, unsettled=frozenset())],
        R1,
        # The one for an audit gets its flag. The ones that cannot be judged stay at review, and
        # get theirs; out of scope, the state is still listed as a plaintiff's.
        {
            "wisconsin",
            "wisconsin-and-oregon",
            "wisconsin-chip",
            "wisconsin-audit",
            "wisconsin-to-irs",
            "wisconsin-unknown-party",
            "all",
            "no-time",
        },
    ),
    "Wisconsin counts, asked under the second order": (
        {"regimes.toml": WISCONSIN},
        [regime("R1", states=TWENTY | {"WI"}, unsettled=frozenset())],
        R2,
        # Only what was barred then: the second order is as it was, and so is the whole country,
        # which has Oregon in it.
        {"wisconsin"},
    ),
    "names may pass": (
        {"regimes.toml": NAMES},
        [regime("R2", categories=SHIPPED.regimes[2].categories | {"name": "permitted"})],
        R2,
        # A diagnosis, citizens or an alias beside the name decide as before.
        {"name"},
    ),
    "a sender of our own": (
        {"agencies.csv": "alias,agency,side\nHCA,CMS,sender\n"},
        [lambda policy: replace(policy, agencies=policy.agencies | {"hca": ("CMS", "sender")})],
        R2,
        {"from-hca", "from-hca-to-irs"},
    ),
    "a field of our own": (
        {"elements.csv": "element,category\nHOME_GEO,address\n"},
        [lambda policy: replace(policy, elements=policy.elements | {"home_geo": "address"})],
        R2,
        # The city is implied by the address that it now stands beside.
        {"own-field", "own-field-and-city"},
    ),
    "the second order is switched off": (
        {"regimes.toml": NO_SECOND_ORDER},
        [regime("R2", enabled=False)],
        R2,
        # Everything is judged under no order, and loses its flags and its plaintiffs.
        set(TRANSFERS),
    ),
    "the reported pause reaches Texas": (
        {"regimes.toml": PAUSE},
        [
            regime("R2", last_day=date(2026, 5, 31)),
            regime(
                "R3",
                enabled=True,
                first_day=date(2026, 6, 1),
                states=frozenset({"TX"}),
                default_category="enjoined",
                default_population="enjoined",
                default_program="enjoined",
                programs={"unknown": "enjoined"},
            ),
        ],
        R2,
        # Asked under the second order, only the transfer of June has another regime then.
        {"june"},
    ),
}


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, list[Record], dict[date, list[Answer]]]]:
    """A database, the records in it, and by the day what it answers under the policy that ships, as the oracle does."""
    records = [*records_of(TRANSFERS), *strategies.many(600, seed=13)]
    numbered = [
        record._replace(source_file="a.ndjson", source_record=number) for number, record in enumerate(records, start=1)
    ]
    before: dict[date, list[Answer]] = {}
    with scanned(tmp_path_factory.mktemp("judged"), numbered, R1) as store:
        for as_of in (R1, R2):
            scan(store, [], POLICY, as_of)
            before[as_of] = without_reasons(answers(store))
            assert before[as_of] == by_oracle(numbered, as_of, SHIPPED)
        yield store, numbered, before


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_changes_what_it_is_about(
    what: str, judged: tuple[Store, list[Record], dict[date, list[Answer]]], tmp_path: Path
) -> None:
    files, changes, as_of, about = CHANGES[what]
    policy, their_policy = overlaid(tmp_path / "overlay", files), SHIPPED
    for change in changes:
        their_policy = change(their_policy)
    store, records, before = judged
    scan(store, [], policy, as_of)
    after = without_reasons(answers(store))
    changed = {
        new["transfer_id"]
        for old, new in zip(before[as_of], after, strict=True)
        if old != new and new["transfer_id"] in TRANSFERS
    }
    assert changed == about
    assert after == by_oracle(records, as_of, their_policy)


def without_reasons(found: list[Answer]) -> list[Answer]:
    return [{name: answer[name] for name in COLUMNS} for answer in found]


def by_oracle(records: list[Record], as_of: date, policy: oracle.Policy) -> list[Answer]:
    return sorted(oracle.evaluate(records, as_of, policy=policy), key=place)


def test_the_way_back(tmp_path: Path) -> None:
    """Taking an overlay away again leaves no trace of it."""
    policy = overlaid(tmp_path / "overlay", {"regimes.toml": WISCONSIN})
    with scanned(tmp_path / "logs", records_of(TRANSFERS), R1) as store:
        before = everything(store)
        scan(store, [], policy, R1)
        assert everything(store) != before
        scan(store, [], POLICY, R1)
        assert everything(store) == before


# --- a kept database ----------------------------------------------------------------------------

OVERLAYS = [WISCONSIN, NAMES, NO_SECOND_ORDER, PAUSE]


def everything(store: Store) -> list[Any]:
    """All that a report could say: answers with their reasons, findings, how rules ended."""
    return [
        answers(store),
        store.rows("select * exclude (disclosure_id) from findings order by all"),
        store.rows("select * from rule_runs order by all"),
        store.rows("select * exclude (policy_sha256) from settings"),
    ]


@settings(
    max_examples=max(1, EXAMPLES // 5),
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    st.integers(0, 1000),
    st.lists(
        st.tuples(strategies.as_of_days(), st.sampled_from([None, *OVERLAYS])),
        min_size=1,
        max_size=2,
    ),
)
@example(21, [(date(2025, 9, 1), PAUSE), (R2, None)])
def test_a_kept_database_is_judged_as_a_fresh_one(seed: int, visits: list[tuple[date, str | None]]) -> None:
    """Whatever dates and policies it was asked under before, it answers as if never asked."""
    records = strategies.many(150, seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        logs = write_logs(folder / "logs", records)
        kept = folder / "kept.duckdb"
        with open_store(kept, LIBRARY, threads=2) as store:
            scan(store, logs, POLICY, R2)
        for number, (as_of, text) in enumerate(visits):
            policy = POLICY
            if text is not None:
                policy = overlaid(folder / f"overlay-{number}", {"regimes.toml": text})
            with open_store(kept, LIBRARY, threads=2) as store:
                scan(store, [], policy, as_of)
        with open_store(kept, LIBRARY, threads=2, read_only=True) as store:
            again = everything(store)
        with open_store(None, LIBRARY, threads=2) as store:
            scan(store, logs, policy, as_of)
            assert again == everything(store)


def test_logs_that_come_later_are_as_if_they_had_been_there(tmp_path: Path) -> None:
    """Duplicates and conflicts across files, too: which file came first must not show."""
    logs = write_logs(tmp_path / "logs", strategies.many(300, seed=21))
    with open_store(None, LIBRARY, threads=2) as store:
        scan(store, logs, POLICY, R2)
        at_once = everything(store)
    for first in (0, 1):
        kept = tmp_path / f"{first}.duckdb"
        for read in ([logs[first]], [logs[1 - first]], logs):
            with open_store(kept, LIBRARY, threads=2) as store:
                scan(store, read, POLICY, R2)
        with open_store(kept, LIBRARY, threads=2, read_only=True) as store:
            piecemeal = everything(store)
        # Numbers of files differ with their order, and with them the keys of records.
        assert piecemeal[0] == at_once[0], first
        assert [row[:5] for row in piecemeal[2]] == [row[:5] for row in at_once[2]], first
