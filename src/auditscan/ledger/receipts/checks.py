"""A ledger against its receipts: what each scan added, the records, all that may change, what the receipts count.

`verify` looks at all of it; a night looks, before it writes, at what is cheap to look at (`ledger.untouched`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from auditscan.ledger.receipts import digests, inputs
from auditscan.ledger.receipts.canonical import part
from auditscan.ledger.receipts.chain import Check, held
from auditscan.questions.answers import hash_answers
from auditscan.store import KEYS_A_SOURCE
from auditscan.text import counted
from auditscan.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditscan.ledger.receipts.chain import Link
    from auditscan.library import Library
    from auditscan.store import Store

ANSWERS = "answers.ndjson"

ACCOUNTED = ("transfers", "not_transfers", "duplicates", "quarantined")
"""What the records of a file are, each of them one."""


def check_accounting(links: Sequence[Link]) -> Check:
    """Check that the records of each file add up, by what its receipt says."""
    wrong = []
    files = 0
    for link in links:
        for name, told in logs_of(link):
            if "records" not in told:
                continue
            files += 1
            parts = sum(int(str(told.get(name, 0))) for name in ACCOUNTED)
            if parts != told["records"]:
                wrong.append(f"{link.scan}: {name}: {told['records']} read, {parts} accounted for")
    return held("accounting", wrong, "records do not add up", f"the records of {counted(files, 'file')} add up")


def logs_of(link: Link) -> list[tuple[str, dict[str, object]]]:
    """Return the logs that a receipt names, by path, each with what it says of it."""
    materials = sorted(part(link.receipt, "materials").items())
    return [(name.removeprefix("log:"), told) for name, told in materials if name.startswith("log:")]


def _products(link: Link, kind: str) -> dict[str, dict[str, object]]:
    """Return the products of a receipt whose names begin so, by the rest of their names."""
    products = part(link.receipt, "products").items()
    return {name.removeprefix(kind): told for name, told in products if name.startswith(kind)}


def check_history(store: Store, links: Sequence[Link], *, events: bool = True) -> Check:
    """Check what each scan added, whatever came later; without `events`, all but findings on single transfers."""
    found = {key: digest.as_json() for key, digest in digests.of_parts(store, events=events).items()}
    by_scan: dict[int | None, Link] = {link.scan_id: link for link in links}
    named: dict[digests.Part, dict[str, object]] = {}
    for link in links:
        told = _products(link, "added:")
        named |= {(link.scan_id, name): told[name] for name in told if events or not name.startswith("event ")}
    keys = sorted(named.keys() | found.keys(), key=lambda key: (key[0] or 0, key[1]))
    differing = [key for key in keys if named.get(key) != found.get(key)]
    wrong = [f"scan {scan}, {name}: {_compared(named.get((scan, name)), found.get((scan, name)))}"
             for scan, name in differing]  # fmt: skip
    if wrong:
        said = "what the scans added is not what their receipts say"
        return differs("history", said, wrong, store, [by_scan.get(scan) for scan, _ in differing])
    return Check("history", "holds", f"what {len(links):,} scans added is what their receipts say")


def _compared(named: dict[str, object] | None, found: dict[str, object] | None) -> str:
    if named is None:
        return f"{(found or {}).get('rows')} rows that no receipt names"
    if found is None:
        return f"{named.get('rows')} rows are not there"
    if named.get("rows") != found["rows"]:
        return f"{named.get('rows')} rows by the receipt, {found['rows']} in the ledger"
    return f"other content in {found['rows']} rows"


def shape_of(link: Link) -> int:
    """Return how the records are hashed that a receipt names."""
    return 1 if link.receipt.get("receipt_version") == 1 else digests.SHAPE


def check_records(store: Store, links: Sequence[Link]) -> Check:
    """Check the records of every file, and that there are no others."""
    named: dict[int, tuple[str, dict[str, object]]] = {}
    shapes: dict[int, int] = {}
    wrong = []
    for link in links:
        for path, told in logs_of(link):
            if isinstance(kept := told.get("kept_records"), dict):
                source_id = int(str(told["source_id"]))
                if source_id in named:
                    wrong.append(f"two receipts name the records of source {source_id}")
                named[source_id] = (path, kept)
                shapes[source_id] = shape_of(link)
    last_keys: dict[int, list[int]] = {shape: [] for shape in sorted({*shapes.values(), digests.SHAPE})}
    for (key,) in store.rows("select max(record_key) from records group by record_key // $1", [KEYS_A_SOURCE]):
        last_keys[shapes.get(key // KEYS_A_SOURCE, digests.SHAPE)].append(key)
    found: dict[int, digests.Digest] = {}
    for shape, keys in last_keys.items():
        # A span of keys takes in what lies between its files, of another shape too.
        hashed = digests.of_records(store, keys, shape)
        found |= {key // KEYS_A_SOURCE: hashed[key // KEYS_A_SOURCE] for key in keys}
    for source_id in sorted(named.keys() | found.keys()):
        path, told_kept = named.get(source_id, (f"source {source_id}", None))
        digest = found.get(source_id)
        if digest is None or digest.as_json() != told_kept:
            wrong.append(f"{path}: {_compared(told_kept, digest.as_json() if digest else None)}")
    total = sum(digest.rows for digest in found.values())
    holds = f"{total:,} records of {len(found):,} files are as they were read"
    return held("records", wrong, "records are not as they were read", holds)


def check_repeats(store: Store) -> Check:
    """Find again which records repeat others, or contradict them: nights only hash what they added to that."""
    store.run("repeats_begin")
    store.run("repeats")
    store.run("settle")
    found = store.run("repeats_differ")
    wrong = [f"{name}: {differ:,} rows are not what the records say" for name, differ, _ in found if differ]
    duplicates, conflicts = (rows for _, _, rows in found)
    differ = "which records repeat others is not what the records say"
    return held("repeats", wrong, differ, f"{duplicates:,} duplicates and {conflicts:,} conflicts, found again")


def check_state(store: Store, last: Link) -> Check:
    """Check all that a scan may change, against the last receipt."""
    named = _products(last, "state:")
    found = {name: digest.as_json() for name, digest in digests.of_state(store, first_record(last)).items()}
    wrong = [
        f"{name}: {_compared(named.get(name), found.get(name))}"
        for name in sorted(named.keys() | found.keys())
        if named.get(name) != found.get(name)
    ]
    if wrong:
        return differs("tables", f"tables are not as scan {last.scan_id} left them", wrong, store, [last])
    return Check("tables", "holds", f"{len(found)} tables, and all definitions, are as scan {last.scan_id} left them")


def differs(subject: str, message: str, details: Sequence[str], store: Store, links: Sequence[Link | None]) -> Check:
    """Return the check of what differs from these receipts; None is one that should be there.

    Where all of them come from another version nobody can tell whether it differs, or is only hashed otherwise.
    """
    others = [_made_otherwise(link, store.library) if link else [] for link in links]
    if all(others):
        why = dict.fromkeys(reason for reasons in others for reason in reasons)
        return Check(subject, "unchecked", f"{message}, which another version wrote", (*why, *details))
    return Check(subject, "differs", message, tuple(details))


def _made_otherwise(link: Link, library: Library) -> list[str]:
    """Say why the hashes of a receipt may not come out here, on a ledger that nobody touched; nothing: they do."""
    named = part(link.receipt, "environment")
    here = {"auditscan": __version__, "duckdb": duckdb.__version__}
    said = [
        f"{name} is {version} here, and was {named.get(name)}"
        for name, version in here.items()
        if named.get(name) != version
    ]
    materials = part(link.receipt, "materials")
    others = [
        name.removeprefix("query:ledger/")
        for name, told in inputs.of_queries(library).items()
        if name.startswith("query:ledger/receipt_") and materials.get(name, {}).get("sha256") != told["sha256"]
    ]
    return said + ([f"queries that say what is hashed are others: {', '.join(others)}"] if others else [])


def answers_of(link: Link) -> dict[str, object]:
    """Return what a receipt says of its answers."""
    return _products(link, "").get(ANSWERS, {})


def first_record(link: Link) -> int | None:
    """Return the least record_key of the answers that a receipt names; None where they are all there were."""
    first = answers_of(link).get("first_record")
    return None if first is None else int(str(first))


def check_answers(store: Store, last: Link) -> Check:
    """Make the answers of the last scan again."""
    told = answers_of(last)
    sha256, count = hash_answers(store, first_record(last))
    if (sha256, count) != (told.get("sha256"), told.get("answers")):
        return Check(
            "answers", "differs", f"the answers of scan {last.scan_id} come out otherwise",
            (f"{told.get('answers')} answers by the receipt, {count} made again",),
        )  # fmt: skip
    if not count:
        said = f"nothing new to check: scan {last.scan_id} judged no new transfer; --replay checks all"
        return Check("answers", "holds", said)
    return Check("answers", "holds", f"{count:,} answers of scan {last.scan_id} made again: the same bytes")
