"""`auditscan verify`: receipts against each other, the ledger against its receipts, files against both.

Nothing here writes to a ledger. What is looked at comes back as checks: what differs is named, and so is what
could not be looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditscan.answers import hash_answers
from auditscan.errors import AuditscanError, ExitCode
from auditscan.ledger import digests, inputs
from auditscan.ledger.chain import (
    Check,
    Link,
    check_chain,
    check_head,
    check_signatures,
    check_table,
    read_shelf,
)
from auditscan.ledger.logs_at_hand import check_logs
from auditscan.ledger.setup import database_of
from auditscan.store import KEYS_A_SOURCE, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from auditscan.library import Library
    from auditscan.policy import Policy
    from auditscan.store import Store

__all__ = ["Request", "Verified", "answers_of", "check_accounting", "verify_ledger"]

ANSWERS = "answers.ndjson"

ACCOUNTED = ("transfers", "not_transfers", "duplicates", "quarantined")
"""What the records of a file are, each of them one."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of all that was looked at."""

    checks: tuple[Check, ...]
    scan_id: int | None
    """The last scan that has a receipt."""
    head: str | None
    """The hash of its receipt: what to publish, and what to compare with what was published."""

    @property
    def exit_code(self) -> ExitCode:
        """DIFFERS where anything differs, INCOMPLETE where something could not be looked at, else CLEAN."""
        outcomes = {check.outcome for check in self.checks}
        if "differs" in outcomes:
            return ExitCode.DIFFERS
        return ExitCode.INCOMPLETE if "unchecked" in outcomes else ExitCode.CLEAN

    def as_json(self) -> dict[str, object]:
        """Return it as JSON takes it."""
        return {
            "scan_id": self.scan_id,
            "head": self.head,
            "exit_code": int(self.exit_code),
            "checks": [check.as_json() for check in self.checks],
        }


@dataclass(frozen=True, slots=True)
class Request:
    """What of a ledger is to be verified, and with what."""

    ledger: Path
    library: Library
    policy: Policy
    logs: tuple[Path, ...] = ()
    """Where logs may lie that are not where the scans found them."""
    suppressions: Path | None = None
    public_key: Path | None = None
    head: str | None = None
    allow_missing: bool = False
    """Whether logs that are not at hand are passed over."""
    threads: int | None = None
    extra: tuple[Callable[[Request, Store, Sequence[Link]], Check], ...] = field(default=())
    """What else to check with the ledger open."""


def verify_ledger(request: Request) -> Verified:
    """Check a ledger and everything around it; raises NoInputError where there is none."""
    database = database_of(request.ledger)
    links, problems = read_shelf(request.ledger)
    checks = [check_chain(links, problems), check_head(links, request.head)]
    checks.append(check_signatures(links, request.public_key))
    checks.append(check_accounting(links))
    checks += _of_database(request, database, links)
    checks.append(check_logs(links, request.logs, allow_missing=request.allow_missing))
    if links:
        checks.append(_rules_at_hand(links[-1], request))
    last = links[-1] if links else None
    return Verified(tuple(checks), last.scan_id if last else None, last.sha256 if last else None)


def _of_database(request: Request, database: Path, links: Sequence[Link]) -> list[Check]:
    """Check the ledger itself; one that cannot be read to its end differs from what was written."""
    import duckdb

    checks: list[Check] = []
    try:
        with open_store(database, request.library, threads=request.threads, read_only=True) as store:
            table = store.rows("select scan_id, sha256, body from receipts order by scan_id")
            checks.append(check_table(links, table))
            checks.append(_added(store, links))
            checks.append(_records(store, links))
            checks.append(_repeats(store))
            if links:
                checks.append(_state(store, links[-1]))
                checks.append(_answers(store, links[-1]))
            checks += [check(request, store, links) for check in request.extra]
    except (duckdb.Error, AuditscanError, UnicodeError) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        checks.append(Check("ledger", "differs", "the database cannot be read to its end", (why,)))
    return checks


def check_accounting(links: Sequence[Link]) -> Check:
    """Check that the records of each file add up, by what its receipt says."""
    wrong = []
    files = 0
    for link in links:
        for name, told in _logs_of(link):
            if "records" not in told:
                continue
            files += 1
            parts = sum(
                int(str(told.get(part, 0))) for part in ("transfers", "not_transfers", "duplicates", "quarantined")
            )
            if parts != told["records"]:
                wrong.append(f"scan {link.scan_id}: {name}: {told['records']} read, {parts} accounted for")
    if wrong:
        return Check("accounting", "differs", "records do not add up", tuple(wrong))
    return Check("accounting", "holds", f"the records of {files:,} {'file' if files == 1 else 'files'} add up")


def _logs_of(link: Link) -> list[tuple[str, dict[str, object]]]:
    materials = link.receipt.get("materials")
    if not isinstance(materials, dict):
        return []
    return [(name.removeprefix("log:"), told) for name, told in sorted(materials.items()) if name.startswith("log:")]


def _products(link: Link, kind: str) -> dict[str, dict[str, object]]:
    """Return the products of a receipt whose names begin so, by the rest of their names."""
    products = link.receipt.get("products")
    found = products if isinstance(products, dict) else {}
    return {name.removeprefix(kind): told for name, told in found.items() if name.startswith(kind)}


def _added(store: Store, links: Sequence[Link]) -> Check:
    """Check what each scan added, whatever came later."""
    found = {key: digest.as_json() for key, digest in digests.of_parts(store).items()}
    named: dict[tuple[int | None, str], dict[str, object]] = {}
    for link in links:
        named |= {(link.scan_id, part): told for part, told in _products(link, "added:").items()}
    wrong = [
        f"scan {key[0]}, {key[1]}: {_compared(named.get(key), found.get(key))}"
        for key in sorted(named.keys() | found.keys(), key=lambda key: (key[0] or 0, key[1]))
        if named.get(key) != found.get(key)
    ]
    if wrong:
        return Check("history", "differs", "what the scans added is not what their receipts say", tuple(wrong))
    return Check("history", "holds", f"what {len(links):,} scans added is what their receipts say")


def _compared(named: dict[str, object] | None, found: dict[str, object] | None) -> str:
    if named is None:
        return f"{(found or {}).get('rows')} rows that no receipt names"
    if found is None:
        return f"{named.get('rows')} rows are not there"
    if named.get("rows") != found["rows"]:
        return f"{named.get('rows')} rows by the receipt, {found['rows']} in the ledger"
    return f"other content in {found['rows']} rows"


def _records(store: Store, links: Sequence[Link]) -> Check:
    """Check the records of every file, and that there are no others."""
    named: dict[int, tuple[str, dict[str, object]]] = {}
    wrong = []
    for link in links:
        for path, told in _logs_of(link):
            kept = told.get("kept_records")
            if isinstance(kept, dict):
                source_id = int(str(told["source_id"]))
                if source_id in named:
                    wrong.append(f"two receipts name the records of source {source_id}")
                named[source_id] = (path, kept)
    last_of_each = "select max(record_key) from records group by record_key // $1"
    last_keys = [key for (key,) in store.rows(last_of_each, [KEYS_A_SOURCE])]
    found = digests.of_records(store, last_keys)
    for source_id in sorted(named.keys() | found.keys()):
        path, kept = named.get(source_id, (f"source {source_id}", None))
        digest = found.get(source_id)
        if digest is None or digest.as_json() != kept:
            wrong.append(f"{path}: {_compared(kept, digest.as_json() if digest else None)}")
    total = sum(digest.rows for digest in found.values())
    if wrong:
        return Check("records", "differs", "records are not as they were read", tuple(wrong))
    return Check("records", "holds", f"{total:,} records of {len(found):,} files are as they were read")


def _repeats(store: Store) -> Check:
    """Find again which records repeat others, or contradict them: nights only hash what they added to that."""
    store.run("repeats_begin")
    store.run("repeats")
    store.run("settle")
    found = store.run("repeats_differ")
    wrong = tuple(f"{name}: {differ:,} rows are not what the records say" for name, differ, _ in found if differ)
    if wrong:
        return Check("repeats", "differs", "which records repeat others is not what the records say", wrong)
    duplicates, conflicts = (held for _, _, held in found)
    return Check("repeats", "holds", f"{duplicates:,} duplicates and {conflicts:,} conflicts, found again")


def _state(store: Store, last: Link) -> Check:
    """Check all that a scan may change, against the last receipt."""
    named = _products(last, "state:")
    first = answers_of(last).get("first_record")
    found = {
        name: digest.as_json()
        for name, digest in digests.of_state(store, None if first is None else int(str(first))).items()
    }
    wrong = [
        f"{name}: {_compared(named.get(name), found.get(name))}"
        for name in sorted(named.keys() | found.keys())
        if named.get(name) != found.get(name)
    ]
    if wrong:
        return Check("tables", "differs", f"tables are not as scan {last.scan_id} left them", tuple(wrong))
    return Check("tables", "holds", f"{len(found)} tables, and all definitions, are as scan {last.scan_id} left them")


def answers_of(link: Link) -> dict[str, object]:
    """Return what a receipt says of its answers."""
    return _products(link, "").get(ANSWERS, {})


def _answers(store: Store, last: Link) -> Check:
    """Make the answers of the last scan again."""
    told = answers_of(last)
    first = told.get("first_record")
    sha256, count = hash_answers(store, None if first is None else int(str(first)))
    if (sha256, count) != (told.get("sha256"), told.get("answers")):
        return Check(
            "answers", "differs", f"the answers of scan {last.scan_id} come out otherwise",
            (f"{told.get('answers')} answers by the receipt, {count} made again",),
        )  # fmt: skip
    if not count:
        said = f"nothing new to check: scan {last.scan_id} judged no new transfer; --replay checks all"
        return Check("answers", "holds", said)
    return Check("answers", "holds", f"{count:,} answers of scan {last.scan_id} made again: the same bytes")


def _rules_at_hand(last: Link, request: Request) -> Check:
    """Compare the query and policy files at hand with those of the last scan."""
    materials = last.receipt.get("materials") or {}
    named = {name: told.get("sha256") for name, told in materials.items() if not name.startswith("log:")}
    at_hand = {
        name: told["sha256"]
        for name, told in inputs.of_scan(request.library, request.policy, request.suppressions).items()
    }
    if request.suppressions is None:
        named = {name: sha256 for name, sha256 in named.items() if not name.startswith("suppressions:")}
    other = sorted(name for name in named.keys() | at_hand.keys() if named.get(name) != at_hand.get(name))
    if other:
        return Check("rules", "unchecked", f"query or policy files are not those of scan {last.scan_id}", tuple(other))
    return Check("rules", "holds", f"{len(named)} query and policy files are those of scan {last.scan_id}")
