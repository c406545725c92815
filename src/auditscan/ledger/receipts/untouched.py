"""Before a night writes: whether the ledger is as the last night left it.

A night hashes anew all that it may change, and its receipt would cover what somebody else changed in between. So it
first holds the ledger against the last receipt, and writes nothing where that differs. What takes as long as the whole
ledger (records, findings on single transfers, repeats) is not looked at: those hashes stay in the receipts of the
nights that wrote them, and `verify` finds such a change however many nights later.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from auditscan.errors import ChangedError
from auditscan.ledger.receipts import canonical
from auditscan.ledger.receipts.chain import Check, Link, check_chain, held, table_of
from auditscan.ledger.receipts.checks import check_history, check_state, differs
from auditscan.ledger.receipts.facts import check_facts
from auditscan.ledger.receipts.receipt import FOLDER, file_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from auditscan.store import Store

MOST_TOLD = 12
"""Lines of what differs: `verify` lists all."""

MOST_NAMED = 5
"""The same in the sentence on a ledger of another version."""


def hold(store: Store, folder: Path, last_scan: int) -> list[str]:
    """Hold a ledger that was opened, and nothing written to, against its last receipt, that of `last_scan`.

    Returns a sentence where the receipt is of another version, so that nobody can tell whether something was changed.
    Raises ChangedError where something was.
    """
    checks = list(_checks(store, folder, last_scan))
    wrong = [f"{check.subject}: {detail}" for check in checks if check.outcome == "differs" for detail in check.details]
    if wrong:
        more = [f"and {len(wrong) - MOST_TOLD:,} more"] if len(wrong) > MOST_TOLD else []
        raise ChangedError(
            "the ledger is not as the last scan left it: somebody, or a disk, changed it since",
            where=str(folder),
            why="\n".join([*wrong[:MOST_TOLD], *more]),
            hint=f"nothing was written; keep the folder as it is, for it is evidence, and look at it with "
            f"`auditscan verify --ledger {folder}`; then put back a copy from before the change, or name a new folder "
            "in `ledger` (`auditscan help nightly`, When the ledger was changed)",
        )
    return [
        f"not held against the receipt of scan {last_scan}: {check.message}; {'; '.join(check.details[:MOST_NAMED])}"
        for check in checks
        if check.outcome == "unchecked"
    ]


def _checks(store: Store, folder: Path, last_scan: int) -> Iterator[Check]:
    """Look at one thing after the other: what cannot be read differs, and the others are looked at all the same."""
    try:
        table = table_of(store)
    except duckdb.Error as error:
        yield Check("receipts", "differs", "", (f"those of the ledger cannot be read: {_first_line(error)}",))
        return
    links, problems = _links(table)
    yield check_chain(links, problems)
    yield _files(folder, table)
    if not links:
        return
    if links[-1].scan_id != last_scan:
        yield Check("receipts", "differs", "", (f"the last scan is {last_scan}, and has no receipt",))
    look: tuple[Callable[[], Check], ...] = (
        partial(check_state, store, links[-1]),
        partial(check_history, store, links, events=False),
        partial(check_facts, store, links, all_scans=False),
    )
    for check in look:
        try:
            yield check()
        except duckdb.Error as error:
            # The tables of another version may lack what is asked for here.
            said = "the ledger cannot be read to its end"
            yield differs("ledger", said, [f"{said}: {_first_line(error)}"], store, links[-1:])


def refuse_receipts_alone(folder: Path) -> None:
    """Raise ChangedError where receipts lie in a folder whose ledger is gone: a new one would not go on from them."""
    if left := sorted((folder / FOLDER).glob("[0-9]*.json")):
        raise ChangedError(
            "there is no ledger here, but receipts of one",
            where=str(folder / FOLDER),
            why=f"{left[0].name} to {left[-1].name} are of scans that no database here knows of",
            hint="put back the ledger that they belong to; to begin a new one, put the receipts aside, and keep them",
        )


def _links(table: Sequence[tuple[int, str, str]]) -> tuple[list[Link], list[str]]:
    """The receipts that the ledger holds, and a sentence for each row that is none."""
    links, problems = [], []
    for scan_id, sha256, body in table:
        data = str(body).encode("utf-8")
        try:
            found = canonical.read(data)
        except canonical.NotCanonical as error:
            problems.append(f"what the ledger holds for scan {scan_id} is no receipt: {error}")
            continue
        if (scan_id, sha256) != (found["scan_id"], canonical.sha256(data)):
            problems.append(f"the receipt of scan {scan_id} in the ledger is not what its hash says")
        links.append(Link(int(found["scan_id"]), canonical.sha256(data), data, found, Path(file_name(scan_id))))
    return links, problems


def _files(folder: Path, table: Sequence[tuple[int, str, str]]) -> Check:
    """Check the files of receipts that are there; one that a stopped run did not write is written later on."""
    known = {file_name(scan_id): sha256 for scan_id, sha256, _ in table}
    wrong = []
    for path in sorted((folder / FOLDER).glob("[0-9]*.json")):
        if path.name not in known:
            wrong.append(f"{path.name} is a receipt of which the ledger knows nothing")
            continue
        # One that cannot be read is told when receipts are written: it says nothing of the ledger.
        with suppress(OSError):
            if canonical.sha256(path.read_bytes()) != known[path.name]:
                wrong.append(f"{path.name} is not the receipt that the ledger holds")
    return held("same in both", wrong, "", "")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
