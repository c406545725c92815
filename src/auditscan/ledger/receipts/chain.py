"""The chain of receipts: every file of it, in order, each naming the bytes of the one before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditscan.ledger.receipts import canonical, signature
from auditscan.ledger.receipts.receipt import FOLDER, file_name, signed_comment
from auditscan.text import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from auditscan.ledger.receipts.canonical import Receipt
    from auditscan.store import Store


@dataclass(frozen=True, slots=True)
class Check:
    """What came of one thing that was looked at."""

    subject: str
    outcome: str
    """holds | differs | unchecked (asked for, and not possible) | left out (not asked for)."""
    message: str
    details: tuple[str, ...] = ()
    """What differs, or could not be looked at, one by one."""


def held(subject: str, wrong: Sequence[str], differs: str, holds: str) -> Check:
    """Return what came of one thing: it differs where anything is `wrong`, else it holds."""
    return Check(subject, "differs", differs, tuple(wrong)) if wrong else Check(subject, "holds", holds)


def told_of(
    subject: str,
    whole: str,
    differ: tuple[Sequence[str], str],
    missing: tuple[Sequence[str], str],
    *,
    allow_missing: bool,
    holds: str = "",
) -> Check:
    """Return what came of files that were looked for: some differ, else some are missing, else all hold.

    `whole` says how many are as they were, `holds` the same where all are. The files that differ or are missing stand
    beside what is to be said of them behind their number.
    """
    (differing, differs), (lacking, lacks) = differ, missing
    if differing:
        return Check(subject, "differs", f"{len(differing):,} {differs}; {whole}", (*differing, *lacking))
    if lacking:
        outcome = "left out" if allow_missing else "unchecked"
        return Check(subject, outcome, f"{len(lacking):,} {lacks}; {whole}", tuple(lacking))
    return Check(subject, "holds", holds or whole)


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """One receipt that could be read."""

    scan_id: int
    """0 for a scan without a ledger."""
    sha256: str
    data: bytes
    receipt: Receipt
    path: Path

    @property
    def scan(self) -> str:
        """The scan in words."""
        return f"scan {self.scan_id}" if self.scan_id else "a scan without a ledger"


def read_shelf(ledger: Path) -> tuple[list[Link], list[str]]:
    """Return the receipts in the folder of a ledger, by number, and a sentence for each file that is none."""
    shelf = ledger / FOLDER
    links: list[Link] = []
    problems: list[str] = []
    names = sorted(path for path in shelf.iterdir() if not path.name.startswith(".")) if shelf.is_dir() else []
    for path in names:
        if path.suffix == signature.suffix:
            if not path.with_suffix("").exists():
                problems.append(f"{path.name} is a signature without its receipt")
            continue
        try:
            data = path.read_bytes()
            found = canonical.read(data)
        except OSError as error:
            problems.append(f"{path.name} cannot be read: {error.strerror}")
        except canonical.NotCanonical as error:
            problems.append(f"{path.name} is no receipt: {error}")
        else:
            scan_id = int(found["scan_id"])
            if path.name != file_name(scan_id):
                problems.append(f"{path.name} is the receipt of scan {scan_id}")
            links.append(Link(scan_id, canonical.sha256(data), data, found, path))
    return sorted(links, key=lambda link: (link.scan_id, link.path)), problems


def check_chain(links: Sequence[Link], problems: Sequence[str]) -> Check:
    """Check that the receipts are those of scans 1, 2, 3 and so on, each naming the one before."""
    broken = list(problems)
    before: Link | None = None
    for number, link in enumerate(links, start=1):
        if link.scan_id != number:
            broken.append(f"the receipt of scan {number} is not there: scan {link.scan_id} stands in its place")
            break
        expected = None if before is None else {"scan_id": before.scan_id, "sha256": before.sha256}
        if link.receipt.get("previous") != expected:
            broken.append(f"{link.path.name} does not name the receipt before it as it is")
        before = link
    if not links:
        broken.append("there is no receipt")
    holds = f"{counted(len(links), 'receipt')}, each naming the one before"
    return held("receipts", broken, "the chain of receipts is broken", holds)


def table_of(store: Store) -> list[tuple[int, str, str]]:
    """Return the receipts that a ledger holds: (scan_id, sha256, body), by number."""
    return store.rows("select scan_id, sha256, body from receipts order by scan_id")


def check_table(links: Sequence[Link], table: Sequence[tuple[int, str, str]]) -> Check:
    """Check the files against the receipts that the ledger holds: (scan_id, sha256, body)."""
    wrong: list[str] = []
    files: Mapping[int, Link] = {link.scan_id: link for link in links}
    seen: set[int] = set()
    for scan_id, sha256, body in table:
        if scan_id in seen or canonical.sha256(body) != sha256:
            wrong.append(f"the receipt of scan {scan_id} in the ledger is not what its hash says")
        seen.add(scan_id)
        link = files.get(scan_id)
        if link is None:
            wrong.append(f"the ledger holds a receipt of scan {scan_id}, of which there is no file")
        elif link.data != body.encode("utf-8"):
            wrong.append(f"{link.path.name} is not the receipt that the ledger holds")
    wrong += [f"{link.path.name} is a receipt of which the ledger knows nothing" for link in links
              if link.scan_id not in seen]  # fmt: skip
    differ = "files and ledger hold different receipts"
    return held("same in both", wrong, differ, "files and ledger hold the same receipts")


def check_head(links: Sequence[Link], head: str | None) -> Check:
    """Check that a receipt whose hash was published is in the chain."""
    if head is None:
        return Check("head", "left out", "no published hash was named: --head")
    wanted = head.strip().lower()
    for link in links:
        if link.sha256 == wanted:
            return Check("head", "holds", f"the published hash is that of {link.scan}")
    return Check("head", "differs", "no receipt has the published hash", ("the chain was rolled back, or made anew",))


def check_signatures(links: Sequence[Link], public_key: Path | None) -> Check:
    """Check the signature beside each receipt. Raises UsageError where the key cannot be used."""
    beside = {link: link.path.with_name(link.path.name + signature.suffix) for link in links}
    if public_key is None:
        there = sum(path.exists() for path in beside.values())
        signed = f"{counted(there, 'receipt is', 'receipts are')} signed; --public-key checks that"
        return Check("signatures", "left out", signed if there else "no receipt is signed")
    wrong = []
    for link, path in beside.items():
        why = "there is no signature"
        if path.exists():
            why = signature.check(link.data, path.read_bytes(), public_key, signed_comment(link.scan_id, link.sha256))
        if why:
            wrong.append(f"{link.path.name}: {why}")
    differ = f"{counted(len(wrong), 'signature does', 'signatures do')} not hold"
    return held("signatures", wrong, differ, f"{counted(len(links), 'signature')} of this key")
