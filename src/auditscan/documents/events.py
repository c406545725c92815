"""A stream of events for a security team's queue: OCSF 1.5.0, one JSON object a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from auditscan.documents.content import SLICE
from auditscan.errors import UsageError
from auditscan.ledger.compare import find_changes
from auditscan.questions.answers import ordered, slices
from auditscan.render.style import SURE
from auditscan.store import is_ledger

if TYPE_CHECKING:
    from pathlib import Path

    from auditscan.documents.content import Content
    from auditscan.store import Store


def write(content: Content, path: Path) -> None:
    """Write the events of a judged database; of a ledger those of what its last scan changed.

    Raises UsageError for a ledger that is judged otherwise than by its last scan.
    """
    made = {
        "at": int(content.made.at.timestamp() * 1000),
        "command": content.made.command,
        "receipt": content.made.receipt or None,
        "rests_on": content.made.rests_on or None,
        "said": [line.text for line in content.first_screen()],
        "titles": [{"rule": name, "title": query.title} for name, query in content.report.rules.items()],
        "sure": [{"certainty": certainty, "said": said} for certainty, said in SURE.items()],
    }
    store = content.store
    asked = {
        "ocsf_made": json.dumps(made, ensure_ascii=False),
        "ocsf_changes": _changes(store) if is_ledger(store) else None,
    }
    written = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        with ordered(store) as total, content.found_once():
            for number in slices(store, total, SLICE):
                last = (number + 1) * SLICE >= total
                for row in content.asked("ocsf_events", ocsf_class=content.made.ocsf_class, ocsf_logs=last, **asked):
                    file.write(row["event"] + "\n")
                    written += 1
        # It comes last, and says how many there were: a stream that was cut short shows.
        for row in content.asked("ocsf_scan", ocsf_written=written, **asked):
            file.write(row["event"] + "\n")


def _changes(store: Store) -> list[str]:
    """What the last scan of a ledger changed, as `ocsf_events` takes it."""
    found = store.rows(
        "select n.scan_id, n.as_of::varchar, n.as_of = s.as_of, n.policy_sha256 = s.policy_sha256 "
        "and n.queries_sha256 = s.queries_sha256 and not exists (from sources where scan_id is null) "
        "from scans n cross join settings s order by n.scan_id desc limit 1"
    )
    scan_id, as_of, same_day, same_else = found[0]
    if not (same_day and same_else):
        raise UsageError(
            "the events of a ledger are what its last scan changed, and here it is judged otherwise",
            where=".ocsf.ndjson",
            hint=f"name no logs, and judge it as that scan did: --as-of {as_of}"
            if same_else
            else "name no logs, and judge it by the policy and queries of that scan",
        )
    find_changes(store, scan_id - 1, scan_id)
    return [told for (told,) in store.run("queue_changes")]
