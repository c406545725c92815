"""A scan says of the sample logs what their README says.

UPDATE_GOLDEN=1 writes the figures of the README's tables anew; their words stay.
"""

from __future__ import annotations

import contextlib
import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from auditscan.library import Library
from auditscan.policy import load
from auditscan.questions.summary import summarize
from auditscan.scanning.scan import ScanResult, scan
from auditscan.store import Store, open_store
from oracle import Record, evaluate
from tools import make_samples, sample_events, sample_files

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLES = make_samples.ROOT
PAGE = SAMPLES / "README.md"

AS_OF, FIRST_ORDER = date(2026, 11, 22), date(2025, 10, 15)


def table(first: str, second: str) -> list[dict[str, str]]:
    """The rows of the README's table that begins with these two columns, without backquotes."""
    lines = iter(PAGE.read_text(encoding="utf-8").splitlines())
    head = next(line for line in lines if line.startswith(f"| {first} | {second} |"))
    next(lines)
    names = [cell.strip() for cell in head.strip("|").split("|")]
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        cells = [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        rows.append(dict(zip(names, cells, strict=True)))
    return rows


def renew(first: str, second: str, found: list[dict[str, Any]]) -> None:
    """Where that is asked for, put what was found into the page's table, row by row."""
    if not os.environ.get("UPDATE_GOLDEN"):
        return
    assert len(table(first, second)) == len(found), (first, second)
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    head = next(n for n, line in enumerate(lines) if line.startswith(f"| {first} | {second} |"))
    names = [cell.strip() for cell in lines[head].strip("|").split("|")]
    for place, row in enumerate(found, head + 2):
        cells = [cell.strip() for cell in lines[place].strip("|").split("|")]
        cells = [
            cell if cell.strip("`") == str(row.get(name, cell.strip("`"))) else str(row[name])
            for name, cell in zip(names, cells, strict=True)
        ]
        lines[place] = f"| {' | '.join(cells)} |"
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")


@contextlib.contextmanager
def scanned(path: Path, as_of: date, *more: Path) -> Iterator[tuple[Store, ScanResult]]:
    with open_store(None, Library.shipped(), threads=2) as store:
        yield store, scan(store, [path, *more], load(), as_of)


@pytest.fixture(scope="module")
def sample(judged_samples: tuple[Path, ScanResult]) -> Iterator[tuple[Store, ScanResult]]:
    path, result = judged_samples
    with open_store(path, Library.shipped(), threads=2, read_only=True) as store:
        assert store.one("select as_of from settings") == AS_OF
        yield store, result


@pytest.fixture(scope="module")
def first_order() -> Iterator[tuple[Store, ScanResult]]:
    # What the page says of that day leaves the logs of other systems out.
    left_out = (make_samples.OTHERS, make_samples.NO_LOGS)
    first, *more = sorted(path for path in SAMPLES.iterdir() if path.name not in left_out)
    with scanned(first, FIRST_ORDER, *more) as found:
        yield found


def below(path: str) -> str:
    return Path(path).relative_to(SAMPLES).as_posix()


def is_other(path: str) -> bool:
    return below(path).startswith(f"{make_samples.OTHERS}/")


def test_every_table_names_every_file() -> None:
    files = [*make_samples.texts(), make_samples.PARQUET, make_samples.CUT]
    for second in ("Format", "Status", "Now enjoined"):
        assert sorted(row["File"] for row in table("File", second)) == sorted(files)


def test_accounting(sample: tuple[Store, ScanResult]) -> None:
    store, result = sample
    transfers = counts(store, "select source_file, count(*) from answers group by all")
    duplicates = counts(
        store,
        "select s.path, count(*) from duplicates d "
        "join sources s on s.source_id = d.record_key // 68719476736 group by all",
    )
    found = [
        {
            "File": below(file.path),
            "Status": file.status,
            "Records": file.records,
            "Transfers": transfers.get(below(file.path), 0),
            "Duplicates": duplicates.get(below(file.path), 0),
            "Quarantined": len(file.quarantined),
        }
        for file in result.files
        if file.status not in ("skipped", "no_log") and not is_other(file.path)
    ]
    renew("File", "Status", found)
    expected = [
        {"File": row["File"], "Status": row["Status"]}
        | {name: int(row[name]) for name in ("Records", "Transfers", "Duplicates", "Quarantined")}
        for row in table("File", "Status")
    ]
    for row in expected:
        assert row["Records"] == row["Transfers"] + row["Duplicates"] + row["Quarantined"], row
    assert found == expected


def test_what_is_no_log_is_named_by_kind_and_missing_from_nothing(sample: tuple[Store, ScanResult]) -> None:
    store, result = sample
    expected = {f"{make_samples.NO_LOGS}/{row['File']}": row["Kind"] for row in table("File", "Kind")}
    assert {below(file.path): file.note for file in result.files if file.status == "no_log"} == expected
    assert len(expected) == len(sample_files.no_logs())
    files = [file for file in result.files if file.status == "no_log"]
    assert not any("no-logs" in why for why in summarize(store, load(), files).incomplete_because)


def test_accounting_of_the_other_systems(sample: tuple[Store, ScanResult]) -> None:
    """Each file is taken for what the page says; what stands in another log too is counted there."""
    store, result = sample
    transfers = counts(store, "select source_file, count(*) from answers group by all")
    elsewhere = counts(
        store,
        "select path, count(*) from sources join links on record_key // 68719476736 = source_id "
        "where record_key <> kept_key group by all",
    )
    found = [
        {
            "File": below(file.path).removeprefix(f"{make_samples.OTHERS}/"),
            "Taken for": file.format.split(".")[0],
            "Records": file.records,
            "Transfers": transfers.get(below(file.path), 0),
            "Elsewhere": elsewhere.get(below(file.path), 0),
            "No transfers": file.not_transfers,
        }
        for file in result.files
        if is_other(file.path)
    ]
    found.sort(key=lambda row: str(row["File"]))
    renew("File", "Taken for", found)
    columns = ("Records", "Transfers", "Elsewhere", "No transfers")
    expected = [
        {"File": row["File"], "Taken for": row["Taken for"]} | {name: int(row[name]) for name in columns}
        for row in table("File", "Taken for")
    ]
    assert {row["File"].split(".zip/")[0] for row in expected} == {
        name.removesuffix(".zip") for name in make_samples.others()
    }
    assert found == expected
    for row in found:
        assert row["Records"] == row["Transfers"] + row["Elsewhere"] + row["No transfers"], row
    assert not any(file.quarantined for file in result.files if is_other(file.path))


def test_every_sample_has_a_format_and_most_formats_a_sample() -> None:
    """What has no file here has its examples in the cases of its source, and stands on the page of formats."""
    shown = {row["Taken for"] for row in table("File", "Taken for")}
    formats = {query.name for query in Library.shipped().of("source")} - {"canonical_json", "canonical_csv"}
    assert shown <= formats
    page = (SAMPLES.parent / "docs" / "log-formats.md").read_text(encoding="utf-8")
    assert {name for name in formats - shown if f"`{name}`" not in page} == set()


def test_the_story_is_one_transfer(sample: tuple[Store, ScanResult]) -> None:
    """What twelve records of eleven logs tell is counted once, under the query that says what was disclosed."""
    store, _ = sample
    told = [(f"{make_samples.OTHERS}/{row['Log']}", row["Place"]) for row in table("Log", "Place")]
    (key,) = {key for key, path, place in traces(store) if (path, place) == told[0]}
    assert sorted((path, place) for one, path, place in traces(store) if one == key) == sorted(told)
    assert store.rows(
        "select a.place, a.states, a.record_count, a.verdict_now, a.recipient_agency from answers a "
        "join transfer_traces t using (transfer_id) where t.record_key = $1 and t.record_key = t.transfer_key",
        [key],
    ) == [("line 3", ["CA", "IL"], 1_250_000, "enjoined", "ICE")]


def traces(store: Store) -> list[tuple[int, str, str]]:
    rows = store.rows("select transfer_key, source_file, place from transfer_traces")
    return [(key, below(path), place) for key, path, place in rows]


def test_what_is_shown_of_each_way_to_know(sample: tuple[Store, ScanResult]) -> None:
    """Not attributed, counted only, empty, by deduction, without a purpose, over days."""
    store, _ = sample
    for row in table("Transfer", "Where"):
        found = store.rows(
            "select source_file, place, verdict_now, verdict_then, verdict_basis, list_contains(reasons, $2) "
            "from answers_wide where transfer_id = $1",
            [row["Transfer"], row["Rule"]],
        )
        where = f"{below(found[0][0])}, {found[0][1]}"
        assert (where, *found[0][2:], len(found)) == (
            *(row[name] for name in ("Where", "Now", "Then", "Basis")),
            True,
            1,
        ), row["Transfer"]


def test_what_is_linked_passed_on_and_left_open(sample: tuple[Store, ScanResult]) -> None:
    store, _ = sample
    assert {
        below(path)
        for (path,) in store.rows(
            "select path from ambiguous_links join sources on source_id in "
            "(record_key // 68719476736, other_key // 68719476736)"
        )
    } == set()  # what two accounts fetched is no possible link
    onward = store.rows("select source_file from onward_transfers where source_file like '%/other-systems/%'")
    assert sorted({below(path).rpartition("/")[2] for (path,) in onward}) == [
        "box-events.json",
        "drive-activity.json",
        "purview-audit.csv",
        "sharepoint-audit.json",
    ]


def counts(store: Store, sql: str) -> dict[str, int]:
    return {below(path): count for path, count in store.rows(sql)}


def test_verdicts(sample: tuple[Store, ScanResult]) -> None:
    store, _ = sample
    found: dict[tuple[str, str, str], int] = {}
    for path, now, then, count in store.rows(
        "select source_file, verdict_now, verdict_then, count(*) from answers group by all"
    ):
        for column in {f"Now {now}", f"Then {then}"}:
            key = (below(path), *column.split(maxsplit=1))
            found[key] = found.get(key, 0) + count
    verdicts = ("enjoined", "review", "permitted", "outside")
    rows: list[dict[str, Any]] = [
        {"File": row["File"]}
        | {f"{when} {word}": found.get((row["File"], when, word), 0) for when in ("Now", "Then") for word in verdicts}
        | {"Out of scope": found.get((row["File"], "Now", "out_of_scope"), 0)}
        for row in table("File", "Now enjoined")
    ]
    renew("File", "Now enjoined", rows)
    assert [{name: str(cell) for name, cell in row.items()} for row in rows] == table("File", "Now enjoined")
    assert all(sum(row[f"Now {word}"] for row in rows) for word in verdicts)


def test_quarantine(sample: tuple[Store, ScanResult]) -> None:
    _, result = sample
    assert [(below(file.path), f"line {bad.source_record}") for file in result.files for bad in file.quarantined] == [
        (row["File"], row["Place"]) for row in table("File", "Place")
    ]


def test_misspelled_fields_are_named(sample: tuple[Store, ScanResult]) -> None:
    _, result = sample
    named = {below(file.path): set(file.unknown_fields) for file in result.files}
    assert named["broken.ndjson"] == {"elments"}
    assert named["broken.csv"] == {"puprose"}


def test_every_rule_hits_and_the_examples_show_it(
    sample: tuple[Store, ScanResult], first_order: tuple[Store, ScanResult]
) -> None:
    rows = table("Rule", "As of")
    assert [row["Rule"] for row in rows] == sorted(q.name for q in Library.shipped().of("rule") if q.reads != "sources")
    for as_of, store in ((AS_OF, sample[0]), (FIRST_ORDER, first_order[0])):
        runs = {
            rule: (outcome, hits) for rule, outcome, hits in store.rows("select rule, outcome, hits from rule_runs")
        }
        new = [
            row | ({"Hits": runs[row["Rule"]][1]} if row["As of"] == as_of.isoformat() else {})
            for row in table("Rule", "As of")
        ]
        renew("Rule", "As of", new)
        for row in table("Rule", "As of"):
            if row["As of"] != as_of.isoformat():
                continue
            assert runs[row["Rule"]] == ("ran", int(row["Hits"])), row["Rule"]
            assert int(row["Hits"]) > 0, row["Rule"]
            assert store.one(
                "select count(*) from findings where rule = $1 and transfer_id = $2",
                [row["Rule"], row["Example"]],
            ), row["Rule"]


def test_every_as_of_day_of_the_rules_is_scanned() -> None:
    assert {row["As of"] for row in table("Rule", "As of")} == {
        AS_OF.isoformat(),
        FIRST_ORDER.isoformat(),
    }


def test_the_oracle_says_the_same(sample: tuple[Store, ScanResult]) -> None:
    made: dict[str, list[dict[str, Any]]] = {
        "01-idr-queries.ndjson": sample_events.idr_queries(),
        "02-eft-pushes.csv": sample_events.eft_pushes(),
        "03-shares.json": sample_events.shares(),
        "04-archive-2026.parquet": sample_events.archive_2026(),
        "archive/2025-q4/idr-queries-2025-q4.ndjson.gz": sample_events.packed_queries(),
        "archive/2026-q2/eft-pushes-2026-q2.csv.zst": sample_events.packed_pushes(),
        "archive/re-export-2025-08.csv": sample_events.re_export(),
        "clean.ndjson": sample_events.clean(),
        "reported-transfers.ndjson": sample_events.reported(),
    }
    # The header of a table is its first line.
    records = [
        Record(plain(name), number, event)
        for name, events in made.items()
        for number, event in enumerate(events, 2 if plain(name).endswith(".csv") else 1)
    ]
    columns = ("verdict_now", "verdict_then", "flagged", "regime_then", "place")
    expected = {
        (row["transfer_id"], row["source_file"]): tuple(row[name] for name in columns)
        for row in evaluate(records, AS_OF)
    }
    found = {
        (transfer_id, plain(below(path))): tuple(rest)
        for transfer_id, path, *rest in sample[0].rows(
            "select transfer_id, source_file, verdict_now, verdict_then, flagged, regime_then, place from answers"
        )
        if below(path) in made
    }
    assert found == expected


def plain(path: str) -> str:
    return path.removesuffix(".gz").removesuffix(".zst")


def test_clean_log_has_nothing_to_look_at() -> None:
    with scanned(SAMPLES / "clean.ndjson", AS_OF) as (store, result):
        assert [file.status for file in result.files] == ["read"]
        assert store.one("select count(*) from answers where flagged") == 0
        assert store.rows("select distinct unnest(reasons) as r from answers order by r") == [
            ("before_since",),
            ("onward_sharing",),
            ("parties",),
        ]


def test_reported_transfers_say_what_the_policy_says(sample: tuple[Store, ScanResult]) -> None:
    store, _ = sample
    policy = store.rows(
        "select day::varchar, list_sort(states), list_sort(elements) from policy_reported_transfers order by day"
    )
    logged = store.rows(
        "select occurred_at, states, elements from transfers "
        "where source_file like '%/reported-transfers.ndjson' order by occurred_at"
    )
    assert len(policy) == len(logged) == 2
    assert logged == [(day, states or ["unknown"], elements or []) for day, states, elements in policy]
