"""The linking of made-up traces against a plain reading of its rules."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditscan.scanning import SINCE
from auditscan.store import open_store, prepare
from oracle.linking import Trace, linked
from scanning import EXAMPLES, LIBRARY, POLICY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditscan.store import Store

BEGIN = datetime(2026, 1, 7, tzinfo=UTC)
RECIPIENTS = (None, "ICE", "USCIS")
OUTCOMES = ("success", "failure")


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
                "insert into disclosures (disclosure_id, recipient_agency, sender_side, element_basis) "
                "values ($1, $2, 'unknown', 'unknown')",
                [number, agency],
            )
        for number, outcome in enumerate(OUTCOMES):
            opened.rows("insert into contexts (context_id, action) values ($1, 'x')", [number])
            opened.rows("insert into context_meanings (context_id, outcome) values ($1, $2)", [number, outcome])
        yield opened


def text_of(time: datetime | None) -> str | None:
    return None if time is None else time.strftime("%Y-%m-%dT%H:%M:%SZ")


def put(store: Store, given_traces: list[Trace]) -> None:
    for table in ("records", "traces"):
        store.rows(f"delete from {table}")
    for trace in given_traces:
        moment = "moment_unknown()" if trace.began is None else "moment_of_instant($2::timestamp)"
        if trace.day_only and trace.began is not None:
            moment = "moment_of_day($2::timestamp::date)"
        store.rows(
            "insert into records (record_key, occurred_at, moment_id, disclosure_id, context_id) "
            f"values ($1, $2::timestamp, {moment}, $3, $4)",
            [trace.key, text_of(trace.began), RECIPIENTS.index(trace.recipient), int(trace.failed)],
        )
        store.rows(
            "insert into traces (record_key, log, link_key, file_name, bytes, occurred_until, event_count) "
            "values ($1, $2, $3, $4, $5, $6, $7)",
            [
                trace.key,
                trace.log,
                trace.link_key,
                f"/out/{trace.name.upper()}{trace.packing}" if trace.name else None,
                trace.size,
                text_of(trace.until),
                trace.count,
            ],
        )


@given(given_traces=traces())
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
