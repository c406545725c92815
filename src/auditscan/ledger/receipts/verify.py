"""`auditscan verify`: receipts against each other, the ledger against its receipts, files against both.

Nothing here writes to a ledger. What is looked at comes back as checks: what differs is named, and so is what
could not be looked at.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from auditscan.errors import AuditscanError, ExitCode
from auditscan.ledger.receipts import inputs
from auditscan.ledger.receipts.chain import (
    Check,
    Link,
    check_chain,
    check_head,
    check_signatures,
    check_table,
    read_shelf,
    table_of,
)
from auditscan.ledger.receipts.checks import (
    check_accounting,
    check_answers,
    check_history,
    check_records,
    check_repeats,
    check_state,
)
from auditscan.ledger.receipts.facts import check_facts
from auditscan.ledger.receipts.logs_at_hand import check_logs
from auditscan.ledger.setup import database_of
from auditscan.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from auditscan.library import Library
    from auditscan.policy import Policy
    from auditscan.store import Store


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
            "checks": [asdict(check) for check in self.checks],
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
        checks.append(rules_at_hand(links[-1], request.library, request.policy, request.suppressions))
    last = links[-1] if links else None
    return Verified(tuple(checks), last.scan_id if last else None, last.sha256 if last else None)


def _of_database(request: Request, database: Path, links: Sequence[Link]) -> list[Check]:
    """Check the ledger itself; one that cannot be read to its end differs from what was written."""
    import duckdb

    checks: list[Check] = []
    try:
        with open_store(database, request.library, threads=request.threads, read_only=True) as store:
            checks.append(check_table(links, table_of(store)))
            checks.append(check_history(store, links))
            checks.append(check_records(store, links))
            checks.append(check_repeats(store))
            if links:
                checks.append(check_facts(store, links))
                checks.append(check_state(store, links[-1]))
                checks.append(check_answers(store, links[-1]))
            checks += [check(request, store, links) for check in request.extra]
    except (duckdb.Error, AuditscanError, UnicodeError) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        checks.append(Check("ledger", "differs", "the database cannot be read to its end", (why,)))
    return checks


def rules_at_hand(last: Link, library: Library, policy: Policy, suppressions: Path | None = None) -> Check:
    """Compare the query and policy files at hand with those that a receipt names."""
    materials = last.receipt.get("materials") or {}
    named = {name: told.get("sha256") for name, told in materials.items() if not name.startswith("log:")}
    at_hand = {name: told["sha256"] for name, told in inputs.of_scan(library, policy, suppressions).items()}
    if suppressions is None:
        named = {name: sha256 for name, sha256 in named.items() if not name.startswith("suppressions:")}
    other = sorted(name for name in named.keys() | at_hand.keys() if named.get(name) != at_hand.get(name))
    if other:
        told = [f"{name} {_OTHER[name in named, name in at_hand]}" for name in other]
        return Check("rules", "unchecked", f"query or policy files are not those of {last.scan}", tuple(told))
    return Check("rules", "holds", f"{len(named)} query and policy files are those of {last.scan}")


_OTHER = {(True, True): "is not what it was", (True, False): "is not here", (False, True): "was not there"}
"""Whether the receipt names a file, and whether it is at hand -> what is said of it."""
