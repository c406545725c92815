"""The SQL engine and the oracle, a second reading in plain Python, must say the same."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import oracle
import strategies
from auditscan.ingest import Reads
from auditscan.scanning.scan import SINCE, scan
from auditscan.store import Store, open_store
from oracle import Record
from scans import EXAMPLES, LIBRARY, POLICY, Answer, answers, place, scanned
from strategies.files import write_each_format

if TYPE_CHECKING:
    from collections.abc import Iterator

# Both sides of the law's changes, and an ordinary day of each regime.
AS_OF = [
    date(2025, 7, 1),
    date(2025, 8, 12),
    date(2025, 10, 1),
    date(2026, 1, 6),
    date(2026, 3, 1),
    date(2026, 6, 1),  # after the reported pause
]
R1, R2 = date(2025, 10, 1), date(2026, 3, 1)

# What each scan costs is mostly opening a database, so an example has many records. The same
# examples every time: a build that fails must fail again when it is looked into.
few = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

ENJOINED = {"enjoined_category", "enjoined_program", "other_program", "protected_population"}
"""Rules that say why the content of a transfer is enjoined now."""
REVIEW = {
    "name_present",
    "other_purpose",
    "unclassified_element",
    "unknown_agency",
    "unknown_population",
    "unknown_program",
    "unknown_purpose",
    "unknown_state",
    "unsettled_category",
    "unsettled_population",
    "unsettled_program",
    "unsettled_state",
}
"""Rules that say why a transfer has to be reviewed now."""
RULES = {rule.name: rule for rule in LIBRARY.of("rule")}
RANK = {"grave": 0, "review": 1, "note": 2}


def agree(store: Store, records: list[Record], as_of: date, *, since: date = SINCE, zone: str = "UTC") -> list[Answer]:
    """Return the answers of a database, which are the oracle's, their named reasons and their own sense included."""
    found = answers(store)
    rows, allowed = oracle.evaluate_with_reasons(records, as_of, since=since, zone=zone)
    wanted = sorted(rows, key=place)
    assert [place(answer) for answer in found] == [place(answer) for answer in wanted]
    different = [
        (place(want), column, want[column], have[column])
        for have, want in zip(found, wanted, strict=True)
        for column in want
        if have[column] != want[column]
    ]
    # The first few: whole lists of answers are no help.
    assert different[:5] == []
    unreasoned = [
        (place(answer), sorted(must - given), sorted(given - may))
        for answer in found
        for must, may in [allowed[place(answer)]]
        for given in [oracle.NAMED & set(answer["reasons"])]
        if not must <= given <= may
    ]
    assert unreasoned[:5] == []
    assert store.one("select count(*) - count(distinct record_key) from answers") == 0
    reasons_explain(found)
    return found


# --- the same answers ---------------------------------------------------------------------------


@few
@given(strategies.records(max_size=20), strategies.as_of_days(), strategies.zones())
def test_few_records(records: list[Record], as_of: date, zone: str) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        scanned(Path(folder), records, as_of, zone=zone) as store,
    ):
        agree(store, records, as_of, zone=zone)


@pytest.fixture(scope="module", params=["UTC", "America/New_York"])
def crowd(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, list[Record], str]]:
    """A database with thousands of made-up records, read in one zone or another."""
    records = strategies.many(5000, seed=len(request.param))
    folder = tmp_path_factory.mktemp("crowd")
    with scanned(folder, records, AS_OF[0], zone=request.param) as store:
        yield store, records, request.param


@pytest.mark.parametrize("as_of", AS_OF, ids=str)
def test_many_records(crowd: tuple[Store, list[Record], str], as_of: date) -> None:
    store, records, zone = crowd
    scan(store, [], POLICY, as_of)
    found = agree(store, records, as_of, zone=zone)
    assert len({answer["verdict_then"] for answer in found}) == 6
    unknown_is_never_passed(found)
    if as_of == R2:
        counts_agree(store)


def test_another_first_day(tmp_path: Path) -> None:
    records = strategies.many(1500, seed=5)
    since = date(2025, 8, 12)
    with scanned(tmp_path, records, R2, since=since) as store:
        agree(store, records, R2, since=since)


def test_every_format_and_its_places(tmp_path: Path) -> None:
    records = write_each_format(strategies.Seeded(8), tmp_path, strategies.many(800, seed=8))
    with open_store(None, LIBRARY, threads=2) as store:
        scan(store, sorted(tmp_path.iterdir()), POLICY, R2)
        agree(store, records, R2)


# --- what must hold whatever the records --------------------------------------------------------


def reasons_explain(found: list[Answer]) -> None:
    """Every verdict and flag has its reason, and no reason contradicts them."""
    for answer in found:
        reasons = answer["reasons"]
        shown = f"{answer['transfer_id']}: {answer['verdict_now']} because of {reasons}"
        order = [(RANK[str(RULES[name].severity)], name) for name in reasons]
        assert order == sorted(set(order)), shown
        given = set(reasons)
        outside = answer["verdict_now"] == "out_of_scope"
        assert outside == bool(given & {"parties", "before_since"}), shown
        assert not outside or all(RULES[name].scope == "any" for name in reasons), shown
        if outside or answer["verdict_now"] == "unattributed":
            assert answer["verdict_then"] == answer["verdict_now"], shown
            assert not answer["flagged"], shown
            continue
        unknown_party = bool({answer["sender_agency"], answer["recipient_agency"]} & {None, "PALANTIR"})
        # One word of a longer name settles nothing either.
        assert unknown_party <= ("unknown_agency" in given) <= (unknown_party or "inferred_party" in given), shown
        assert ("unknown_time" in given) == (answer["occurred_at"] is None), shown
        assert ("attempt" in given) == answer["attempt"], shown
        assert ("barred_then" in given) == (answer["verdict_then"] == "enjoined"), shown
        assert ("plaintiff_state" in given) == answer["flag_state"], shown
        assert bool(given & ENJOINED) == answer["flag_category"], shown
        assert ("enjoined_category" in given) == bool(answer["enjoined_categories"]), shown
        if answer["verdict_now"] == "enjoined":
            assert answer["flag_category"], shown
            assert answer["flag_state"], shown
        elif answer["verdict_now"] == "review":
            assert given & REVIEW, shown
        elif answer["verdict_now"] == "permitted":
            # Permitted content of an unsettled state is permitted whichever way that is settled.
            assert not given & (ENJOINED | REVIEW - {"unsettled_state"}), shown


def counts_agree(store: Store) -> None:
    """Findings, reasons and counts are different ways to the same rows."""
    findings = store.rows("select record_key, rule from findings")
    reasons = store.rows("select record_key, unnest(reasons) from reasons")
    assert sorted(findings) == sorted(reasons)
    found = Counter(rule for _, rule in findings)
    found.update(rule for (rule,) in store.rows("select rule from source_findings"))
    hits = dict(store.rows("select rule, hits from rule_runs"))
    assert {rule: found[rule] for rule in hits} == hits
    assert store.one("select count(*) from rule_runs where outcome <> 'ran'") == 0
    of_transfers = store.rows(
        "select in_scope, verdict_now, verdict_then, count(*), sum(record_count) "
        "from verdicts group by all order by all"
    )
    of_tallies = store.rows(
        """
        with judged as (
            select
                t.in_scope,
                case
                    when t.unattributed then 'unattributed'
                    when not t.in_scope then 'out_of_scope'
                    when d.unknown_agency then 'review'
                    else coalesce(n.verdict, 'outside')
                end as verdict_now,
                case
                    when t.unattributed then 'unattributed'
                    when not t.in_scope then 'out_of_scope'
                    when d.unknown_agency or not t.timed then 'review'
                    else coalesce(j.verdict, 'outside')
                end as verdict_then,
                t.transfers,
                t.people
            from tallies t
            inner join disclosures d on t.disclosure_id = d.disclosure_id
            cross join settings s
            left join judgments n
                on t.disclosure_id = n.disclosure_id and s.regime_now = n.regime_id
            left join judgments j
                on t.disclosure_id = j.disclosure_id and t.regime_then = j.regime_id
        )

        select in_scope, verdict_now, verdict_then, sum(transfers), sum(people)
        from judged
        group by all
        order by all
        """
    )
    assert of_tallies == of_transfers
    assert store.one("select sum(transfers) from week_tallies") == store.one("select count(*) from kept_records")


def unknown_is_never_passed(found: list[Answer]) -> None:
    """What the tables do not know is never called permitted or outside where an order reaches."""
    regime = found[0]["regime_now"]
    cases = {"a party": [answer for answer in found if "unknown_agency" in answer["reasons"]]}
    if regime in ("R1", "R2"):
        cases["a state"] = [answer for answer in found if "unknown" in answer["states"]]
        cases["a program"] = [a for a in found if "unknown" in a["programs"] and a["flag_state"]]
    if regime == "R2":
        cases["the people"] = [a for a in found if "unknown" in a["populations"] and a["flag_state"]]
        cases["an element"] = [a for a in found if "unclassified" in a["categories"] and a["flag_state"]]
        cases["the purpose"] = [a for a in found if "unknown_purpose" in a["reasons"] and a["flag_state"]]
    for what, answers_about in cases.items():
        assert answers_about, what
        passed = [place(a) for a in answers_about if a["verdict_now"] in ("permitted", "outside")]
        assert passed == [], what


# --- no line is lost ----------------------------------------------------------------------------

BROKEN = [
    b"transfer a2 from CMS to ICE",
    b"{",
    b"}",
    b"{}",
    b"[]",
    b"null",
    b"7",
    b'"text"',
    b'{"id": 1}',
    b'{"transfer_id": "x"',
    b'{"transfer_id": "x"} {"transfer_id": "y"}',
    b'{"transfer_id": "x"},',
    b'{"transfer_id": "x", "transfer_id": "y"}',
    b"{'transfer_id': 'x'}",
    b'{"transfer_id": NaN}',
    b'{"transfer_id": "\xff\xfe"}',
    b'{"transfer_id": "\\ud800"}',
    b'{"transfer_id": "a\x00b"}',
    b'{"transfer_id": "a\tb"}',
    b'{"transfer_id": "x"} // a comment',
    b"[" * 5000,
]
BLANK = [b"", b" ", b"\t", b"\r", b" \r"]


def junk() -> st.SearchStrategy[bytes]:
    noise = st.binary(max_size=40).map(lambda line: line.replace(b"\n", b"\\"))
    return st.sampled_from(BROKEN) | st.sampled_from(BLANK) | noise


@few
@given(
    strategies.records(max_size=12),
    st.lists(st.tuples(st.integers(0, 12), junk()), max_size=12),
    st.sampled_from([b"\n", b"\r\n"]),
    st.booleans(),
)
def test_every_line_is_accounted_for(
    records: list[Record], thrown_in: list[tuple[int, bytes]], end: bytes, last_end: bool
) -> None:
    """Records are transfers, duplicates or quarantined, each under the number of its line."""
    good = "".join(strategies.ndjson(records).values()).encode().splitlines()
    fields = [record.fields for record in sorted(records, key=lambda record: record[:2])]
    lines = [(line, number) for number, line in enumerate(good)]
    for at, line in thrown_in:
        # Never first: what a file begins with may tell its encoding.
        lines.insert(1 + at % len(lines), (line, -1))
    content = end.join(line for line, _ in lines) + (end if last_end else b"")
    readable = [
        Record("log.ndjson", place, fields[number]) for place, (_, number) in enumerate(lines, start=1) if number >= 0
    ]
    bad = [(place, line) for place, (line, number) in enumerate(lines, start=1) if number < 0 and line.strip()]
    blank = sum(not line.strip() for line, _ in lines)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log.ndjson")
        log.write_bytes(content)
        with open_store(None, LIBRARY, threads=2) as store:
            scan(store, [log], POLICY, R2, reads=Reads(keep_bytes=True))
            found = agree(store, readable, R2)
            duplicates = int(store.one("select count(*) from duplicates"))
            source = store.rows("select status, records, quarantined, blank_lines from sources")
            quarantine = store.rows(
                "select source_record, bytes, byte_offset, byte_length from quarantine order by all"
            )
    assert source == [("read", len(readable) + len(bad), len(bad), blank)]
    assert len(found) + duplicates + len(bad) == source[0][1]
    assert [(place, kept.rstrip(b"\r")) for place, kept, _, _ in quarantine] == [
        (place, line.rstrip(b"\r")) for place, line in bad
    ]
    assert all(content[at : at + length] == kept for _, kept, at, length in quarantine)
