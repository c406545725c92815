"""A comparison of two policies says what two scans under them would say."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import strategies
from auditscan.policy.spec import read_spec
from auditscan.questions.what_if import Difference, Side, compare, sweep
from auditscan.scanning.scan import scan
from auditscan.store import Store, open_store
from by_hand import PLAIN
from oracle import Record
from scans import LIBRARY, POLICY, answers, write_logs

if TYPE_CHECKING:
    from collections.abc import Iterator

AS_OF = date(2026, 3, 1)
CHANGES = [
    ("base", "names-permitted"),
    ("base", "names-enjoined"),
    ("base", "emergency-only-not-lawfully-residing"),
    ("base", "december-order-from-june"),
    ("base", "wisconsin-from-2025-08-14"),
    ("base", "pause-from-2026-05-20+2026-06-01"),
    ("2025-10-01", "2026-03-01"),
    ("2025-07-01", "base"),
    ("names-permitted", "names-enjoined+2025-12-01"),
    ("base", "R2.add_states=WI,TX+R2.other_purpose=outside"),
    ("base", "R1.enabled=false+R2.enabled=false"),
    ("base", "words"),
    ("words", "base"),
    ("base", "words+R2.categories.name=permitted"),
]

HANGING: list[dict[str, Any]] = [
    {"transfer_id": f"hanging-{number}"} | change
    for number, change in enumerate(
        (
            {"elements": ["phone", "first name"]},
            {"elements": ["alias", "first name"], "outcome": "failure"},
            {"populations": ["emergency only"]},
            {"states": ["TX"], "elements": ["diagnosis"]},
            {"states": ["TX"]},
            {"purpose": "audit", "elements": ["diagnosis"]},
        )
    )
]
"""Each a transfer whose verdict hangs on one point that a what-if settles."""

SPANS = """\
Log no.,Date of disclosure,Date through,Disclosed by,Disclosed to,Program,State,Data elements disclosed,Population
R-1,2025-06-20,2025-09-30,CMS,ICE,Medicaid,CA,name; ssn; home address,unknown
R-2,2025-08-20,2026-01-15,CMS,ICE,Medicaid,WI,home address; phone,not lawfully residing
R-3,2026-05-01,2026-06-30,CMS,ICE,Medicaid,CA,home address,not lawfully residing
R-4,2025-06-20,2025-06-25,CMS,DHS,Medicaid,TX,diagnosis,us citizen
"""
"""Rows of a register that stand for all that moved within some days, in most of which the law changed."""


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    # Of what is made up almost nothing would be permitted but for one open question: so some are written down.
    settled = [Record("a.ndjson", number, PLAIN | change) for number, change in enumerate(HANGING, 10_000)]
    folder = tmp_path_factory.mktemp("logs")
    (folder / "register.csv").write_text(SPANS)
    return [*write_logs(folder, [*strategies.many(1600, seed=11), *settled]), folder / "register.csv"]


@pytest.fixture(scope="module")
def kept(logs: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database judged under the shipped policy."""
    path = tmp_path_factory.mktemp("kept") / "case.duckdb"
    with open_store(path, LIBRARY, threads=2) as store:
        scan(store, logs, POLICY, AS_OF)
    return path


@pytest.fixture(scope="module")
def overlays(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Overlays by name: `words`, in which words of every kind mean something else."""
    texts = {
        "words": {
            "agencies.csv": "alias,agency,side\nIRS,ICE,recipient\nCBP,IRS,elsewhere\n",
            "elements.csv": "element,category\nphone,diagnosis\n",
            "populations.csv": "alias,population\nunknown,us_citizen\n",
            "programs.csv": "alias,program\nchip,medicaid\n",
            "purposes.csv": "alias,purpose\n"
            + "".join(
                f"{word},immigration_enforcement\n" for word in ("audit", "research", "statistics", "public health")
            ),
        },
    }
    folder = tmp_path_factory.mktemp("overlays")
    for name, files in texts.items():
        (folder / name).mkdir()
        for file, text in files.items():
            (folder / name / file).write_text(text)
    return {name: folder / name for name in texts}


@pytest.fixture
def store(kept: Path) -> Iterator[Store]:
    with open_store(kept, LIBRARY, threads=2, read_only=True) as opened:
        yield opened


def side(text: str, overlays: dict[str, Path] | None = None) -> Side:
    spec = read_spec("+".join(str((overlays or {}).get(part, part)) for part in text.split("+")))
    return Side(text, spec.policy, spec.as_of or AS_OF)


@pytest.fixture(scope="module")
def answered(logs: list[Path], overlays: dict[str, Path]) -> Iterator[Any]:
    """What a scan of the logs under a policy answers, by file and record; each policy is scanned for once."""
    known: dict[str, dict[tuple[str, int], dict[str, Any]]] = {}

    def answer(text: str) -> dict[tuple[str, int], dict[str, Any]]:
        if text not in known:
            asked = side(text, overlays)
            scan(own, logs, asked.policy, asked.as_of)
            known[text] = {(found["source_file"], found["source_record"]): found for found in answers(own)}
        return known[text]

    # Of one kept database: that it answers as a fresh one would is what tests/policy/test_policy_changes.py holds.
    with open_store(None, LIBRARY, threads=2) as own:
        yield answer


@pytest.mark.parametrize(("before", "after"), CHANGES)
def test_the_same_as_two_scans(before: str, after: str, store: Store, answered: Any, overlays: dict[str, Path]) -> None:
    found = compare(store, side(before, overlays), side(after, overlays), limit=-1)
    old, new = answered(before), answered(after)
    changed = {
        key: {
            "now_before": old[key]["verdict_now"],
            "now_after": new[key]["verdict_now"],
            "then_before": old[key]["verdict_then"],
            "then_after": new[key]["verdict_then"],
        }
        for key in old
        if any(old[key][name] != new[key][name] for name in ("verdict_now", "verdict_then"))
    }
    listed = {
        (Path(row["source_file"]).name, row["source_record"]): {
            name: row[name] for name in next(iter(changed.values()))
        }
        for row in found.transfers
    }
    assert listed == changed
    assert changed, "a comparison without a change tests nothing"
    assert all(row["causes"] for row in found.transfers)
    counts_add_up(found, old, new)


def counts_add_up(found: Difference, old: dict[Any, Any], new: dict[Any, Any]) -> None:
    """Every table of the comparison counts what the answers say."""
    totals: Counter[Any] = Counter()
    parts: Counter[Any] = Counter()
    kinds = {"state": "states", "category": "categories", "population": "populations", "program": "programs"}
    for key, was in old.items():
        now = new[key]
        for time in ("now", "then"):
            change = (was[f"verdict_{time}"], now[f"verdict_{time}"])
            if change[0] == change[1]:
                continue
            totals[time, *change, now["attempt"]] += 1
            if not now["attempt"]:
                parts.update((time, kind, part, *change) for kind, column in kinds.items() for part in now[column])
    assert (
        Counter(
            {
                (row["time"], row["verdict_before"], row["verdict_after"], row["attempt"]): row["transfers"]
                for row in found.totals
            }
        )
        == totals
    )
    assert parts == {
        (row["time"], row["kind"], row["key"], row["verdict_before"], row["verdict_after"]): row["transfers"]
        for row in found.by_part
    }
    for time in ("now", "then"):
        of_weeks = sum(row["transfers"] for row in found.by_week if row["time"] == time)
        whole = sum(count for key, count in totals.items() if key[0] == time and not key[3])
        assert of_weeks == whole == found.headline[f"changed_{time}"]
    pairs = [(old[key], new[key]) for key in old if not new[key]["attempt"]]
    assert found.headline["newly_flagged"] == sum(now["flagged"] and not was["flagged"] for was, now in pairs)
    assert found.headline["no_longer_flagged"] == sum(was["flagged"] and not now["flagged"] for was, now in pairs)


def test_what_one_category_says_of_another(tmp_path: Path) -> None:
    fields = {"sender": "CMS", "recipient": "ICE", "programs": ["medicaid"], "states": ["CA"]}
    fields |= {"elements": ["name", "address"], "populations": ["not_lawfully_residing"], "occurred_at": "2026-02-01"}
    logs = write_logs(tmp_path / "logs", [Record("a.ndjson", 1, fields | {"transfer_id": "T-1"})])
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "regimes.toml").write_text('[implied_by]\nname = ["address"]\n')
    with open_store(None, LIBRARY, threads=2) as fresh:
        scan(fresh, logs, POLICY, AS_OF)
        found = compare(fresh, side("base"), side(str(tmp_path / "mine")), limit=-1)
    assert [(row["now_before"], row["now_after"]) for row in found.transfers] == [("review", "permitted")]


@pytest.mark.parametrize(
    ("table", "words", "logged", "verdicts"),
    [
        ("programs", "alias,program\nchip,medicaid", {"programs": ["chip"]}, ("enjoined", "permitted")),
        ("elements", "element,category\nphone,diagnosis", {}, ("permitted", "enjoined")),
        ("populations", "alias,population\nunknown,us_citizen", {"populations": ["unknown"]}, ("review", "enjoined")),
    ],
)
def test_a_word_of_one_kind_alone_that_means_something_else(
    table: str, words: str, logged: dict[str, Any], verdicts: tuple[str, str], tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / f"{table}.csv").write_text(words + "\n")
    logs = write_logs(tmp_path / "logs", [Record("a.ndjson", 1, PLAIN | logged)])
    with open_store(None, LIBRARY, threads=1) as fresh:
        scan(fresh, logs, POLICY, AS_OF)
        found = compare(fresh, side("base"), side(str(tmp_path / "mine")), limit=-1)
    assert [(row["now_before"], row["now_after"]) for row in found.transfers] == [verdicts]


def test_weeks_begin_on_monday(store: Store) -> None:
    found = compare(store, side("base"), side("names-enjoined"))
    weeks = {row["week"] for row in found.by_week if row["week"]}
    assert weeks
    assert {week - timedelta(days=week.weekday()) for week in weeks} == weeks


def test_the_same_policy_changes_nothing(store: Store) -> None:
    found = compare(store, side("base"), side("base+base"), limit=-1)
    assert [found.entries, found.totals, found.by_line, found.by_week, found.transfers] == [[]] * 5
    assert found.headline["in_scope"] > 0


def test_back_again_is_the_mirror(store: Store) -> None:
    there = compare(store, side("base"), side("wisconsin-from-2025-08-14"), limit=-1)
    back = compare(store, side("wisconsin-from-2025-08-14"), side("base"), limit=-1)
    assert [(row["transfer_id"], row["now_after"], row["then_after"]) for row in there.transfers] == [
        (row["transfer_id"], row["now_before"], row["then_before"]) for row in back.transfers
    ]
    assert {(row["entry"], row["said_before"], row["said_after"]) for row in there.entries} == {
        (row["entry"], row["said_after"], row["said_before"]) for row in back.entries
    }


def test_the_line_that_did_it(store: Store, overlays: dict[str, Path]) -> None:
    names = compare(store, side("base"), side("R2.categories.name=permitted"))
    assert {row["what"] for row in names.by_line} == {"R2: category name review -> permitted"}
    assert all("R2.categories.name=permitted" in row["origin"] for row in names.by_line)
    overlay = compare(store, side("base"), side("words", overlays))
    origins = {row["origin"] for row in overlay.by_line}
    assert {Path(origin).name.partition(":")[0] for origin in origins} >= {
        "agencies.csv",
        "populations.csv",
        "purposes.csv",
    }


def test_a_policy_other_than_the_kept_one_on_both_sides(store: Store, answered: Any) -> None:
    found = compare(store, side("names-permitted"), side("names-enjoined"), limit=-1)
    old, new = answered("names-permitted"), answered("names-enjoined")
    assert len(found.transfers) == sum(
        old[key]["verdict_now"] != new[key]["verdict_now"] or old[key]["verdict_then"] != new[key]["verdict_then"]
        for key in old
    )


def settled(row: dict[str, Any], way: str) -> str | None:
    """The spec that settles a point one way; None where no setting can say it."""
    severity = {"milder": "permitted", "worse": "enjoined"}[way]
    tables = {"category": "categories", "population": "populations", "program": "programs"}
    if row["kind"] in tables:
        return f"R2.{tables[row['kind']]}.{row['key']}={severity}"
    if row["kind"] == "state":
        return f"R2.add_states={row['key']}" if way == "worse" else f"R2.remove_states_unsettled={row['key']}"
    return "R2.other_purpose=outside" if way == "milder" else None


def test_a_sweep_is_many_comparisons(store: Store) -> None:
    points = sweep(store, side("base")).points
    assert {row["kind"] for row in points} == {"category", "population", "program", "state", "purpose"}
    assert sum(row["transfers"] > 0 for row in points) > 8
    assert [row["transfers"] for row in points] == sorted((row["transfers"] for row in points), reverse=True)
    for place, row in enumerate(points):
        # One way each: a comparison takes a quarter of a second.
        way = ("milder", "worse")[place % 2]
        spec = settled(row, way)
        if spec is not None:
            changed = compare(store, side("base"), side(spec)).headline["changed_now"]
            assert changed == row[way], f"{row['kind']} {row['key']} {way}"
        assert max(row["milder"], row["worse"]) <= row["transfers"] <= row["milder"] + row["worse"]


def test_every_unsettled_line_is_a_point(store: Store) -> None:
    under = side("base")
    open_lines = {
        (kind, key)
        for regime, kind, key, severity, *_ in under.policy.tables["policy_severities"]
        if regime == "R2" and severity == "review"
    }
    states = {
        ("state", state)
        for regime, state, status, *_ in under.policy.tables["policy_regime_states"]
        if regime == "R2" and status == "unsettled"
    }
    found = {(row["kind"], row["key"]) for row in sweep(store, under).points}
    assert found == open_lines | states | {("purpose", "other")}


def test_a_reported_regime_is_a_point_from_its_first_day_on(store: Store) -> None:
    points = {row["key"]: row for row in sweep(store, side("2026-06-01")).points if row["kind"] == "regime"}
    assert list(points) == ["R3"]
    assert (points["R3"]["open_because"], points["R3"]["milder"]) == ("law", 0)
    applied = compare(store, side("2026-06-01"), side("pause-from-2026-05-20+2026-06-01"))
    assert points["R3"]["worse"] == points["R3"]["transfers"] == applied.headline["changed_now"] > 0
    enjoined = [row for row in applied.totals if (row["time"], row["verdict_after"]) == ("now", "enjoined")]
    assert points["R3"]["worse_enjoined"] == sum(row["transfers"] for row in enjoined if not row["attempt"])
    assert not [row for row in sweep(store, side("2026-05-19")).points if row["kind"] == "regime"]


def test_a_day_without_an_order_leaves_nothing_open(store: Store) -> None:
    assert sweep(store, side("2025-06-15")).points == []
    assert sweep(store, side("2020-01-01")).points == []


def test_the_kept_database_stays_as_it_is(kept: Path) -> None:
    before = hashlib.sha256(kept.read_bytes()).hexdigest()
    with open_store(kept, LIBRARY, threads=2, read_only=True) as opened:
        compare(opened, side("base"), side("names-enjoined"), limit=-1)
        sweep(opened, side("base"))
    assert hashlib.sha256(kept.read_bytes()).hexdigest() == before


def test_how_sure_a_line_is_is_compared_by_itself(store: Store) -> None:
    found = compare(store, side("base"), side("R2.certainty.programs.default=B+R2.certainty.states.WI=A"))
    said = {row["entry"]: (row["said_before"], row["said_after"]) for row in found.entries}
    assert said == {"R2.default_program_certainty": ("C", "B"), "R2.WI.certainty": ("C", "A")}
    assert (found.totals, found.transfers) == ([], [])


def test_every_policy_table_is_compared(store: Store) -> None:
    """A table that the comparison left out would be a difference that nobody sees."""
    compare(store, side("base"), side("base"))
    compared = {row[0] for row in store.rows("select distinct policy_table from before.policy_entries")}
    assert compared == {name.removeprefix("policy_") for name in POLICY.tables}
