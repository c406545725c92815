"""The linking of made-up traces against a plain reading of its rules."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from auditscan.scanning.scan import SINCE
from auditscan.store import open_store, prepare
from oracle.linking import Trace, linked
from scans import EXAMPLES, LIBRARY, POLICY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditscan.store import Store

BEGIN = datetime(2026, 1, 7, tzinfo=UTC)
RECIPIENTS = (None, "ICE", "USCIS")
OUTCOMES = ("success", "failure")
FETCHERS = ((None, None), ("a", "192.0.2.1"), ("b", "192.0.2.1"), ("a", "192.0.2.2"))
"""Who fetched a file from a server, and from where."""
CONTEXTS = [(outcome, fetcher) for outcome in OUTCOMES for fetcher in FETCHERS]
DAY = BEGIN.replace(hour=0)


@st.composite
def traces(draw: st.DrawFn) -> list[Trace]:
    """Traces of few names, sizes and days, so that many of them nearly fit."""
    made = []
    for key in range(1, draw(st.integers(2, 14)) + 1):
        began = BEGIN + timedelta(hours=draw(st.sampled_from((0, 1, 24, 48, 49, 72, 73, 96, 144))))
        day_only = draw(st.integers(0, 5)) == 0
        took = draw(st.sampled_from((None, None, None, 0, 5, 48, 24 * 40)))
        made.append(
            Trace(
                key,
                draw(st.sampled_from("ABCD")),
                None if draw(st.integers(0, 9)) == 0 else began.replace(hour=0) if day_only else began,
                None if took is None else began + timedelta(hours=took),
                draw(st.sampled_from((None, None, None, "id:1", "id:2"))),
                draw(st.sampled_from(("f.csv", "f.csv", "g.csv", ""))),
                draw(st.sampled_from(("", "", "", ".gz", ".zip.pgp"))),
                draw(st.sampled_from((None, 0, 7, 7, 8))),
                draw(st.sampled_from(RECIPIENTS)),
                day_only,
                draw(st.integers(0, 5)) == 0,
                draw(st.sampled_from((None, None, None, 1, 3))),
                *draw(st.sampled_from((*FETCHERS[:1] * 4, *FETCHERS))),
            )
        )
    return made


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with open_store(None, LIBRARY, threads=1) as opened:
        prepare(opened, POLICY, date(2026, 3, 1), SINCE)
        opened.rows("insert into sources (source_id, path, zone) values (0, 'a', 'UTC')")
        for step in ("find_parties", "look_up"):
            opened.run(step)
        for number, agency in enumerate(RECIPIENTS):
            opened.rows(
                "insert into disclosure_parties (disclosure_id, recipient_agency, sender_side, element_basis) "
                "values ($1, $2, 'unknown', 'unknown')",
                [number, agency],
            )
        for number, (outcome, (account, _)) in enumerate(CONTEXTS):
            opened.rows(
                "insert into contexts (context_id, action, actor) values ($1, 'download', $2)", [number, account]
            )
            opened.rows("insert into context_meanings (context_id, outcome) values ($1, $2)", [number, outcome])
        yield opened


def text_of(time: datetime | None) -> str | None:
    return None if time is None else time.strftime("%Y-%m-%dT%H:%M:%SZ")


def put(store: Store, given_traces: list[Trace]) -> None:
    for table in ("records", "trace_rows"):
        store.rows(f"delete from {table}")
    for trace in given_traces:
        context = OUTCOMES[trace.failed], (trace.account, trace.address)
        moment = "moment_unknown()" if trace.began is None else "moment_of_instant($2::timestamp)"
        if trace.day_only and trace.began is not None:
            moment = "moment_of_day($2::timestamp::date)"
        store.rows(
            "insert into records (record_key, occurred_at, moment_id, disclosure_id, context_id) "
            f"values ($1, $2::timestamp, {moment}, $3, $4)",
            [trace.key, text_of(trace.began), RECIPIENTS.index(trace.recipient), CONTEXTS.index(context)],
        )
        store.rows(
            "insert into trace_rows (record_key, log, link_key, file_name, bytes, occurred_until, event_count, peer) "
            "values ($1, $2, $3, $4, $5, $6, $7, $8)",
            [
                trace.key,
                trace.log,
                trace.link_key,
                f"/out/{trace.name.upper()}{trace.packing}" if trace.name else None,
                trace.size,
                text_of(trace.until),
                trace.count,
                trace.address,
            ],
        )


@given(given_traces=traces())
# Whom an id is linked with has its word, though it names another file.
@example(
    given_traces=[
        Trace(1, "A", DAY, name="f.csv"),
        Trace(2, "B", DAY, link_key="id:1", name="f.csv", recipient="ICE"),
        Trace(3, "A", DAY, link_key="id:1", name="g.csv", recipient="USCIS", failed=True),
    ]
)
# A query, and two who fetched what it wrote: no chain has two ends.
@example(
    given_traces=[
        Trace(1, "A", DAY, name="f.csv"),
        Trace(2, "B", DAY, name="f.csv", account="a", address="192.0.2.1"),
        Trace(3, "C", DAY, name="f.csv", account="b", address="192.0.2.1"),
    ]
)
@settings(max_examples=EXAMPLES * 2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_linked_follows_from_the_rules(store: Store, given_traces: list[Trace]) -> None:
    put(store, given_traces)
    for step in ("pair_traces", "find_links"):
        store.run(step)
    found = defaultdict(set)
    for key, kept in store.rows("select record_key, kept_key from new_links"):
        found[kept].add(key)
    assert all(kept in held for kept, held in found.items())
    unmade = set(store.rows("select record_key, other_key from new_ambiguous"))
    assert ({frozenset(held) for held in found.values()}, unmade) == linked(given_traces)
