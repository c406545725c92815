"""What somebody can check who has a receipt and files that it names, and no ledger; and how they get such files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditscan.disk.private import open_private
from auditscan.errors import NoInputError, UsageError
from auditscan.ledger.receipts import canonical, digests
from auditscan.ledger.receipts.alone import check_documents, check_rests_on
from auditscan.ledger.receipts.chain import Check, Link, check_head, check_signatures, held, read_shelf
from auditscan.ledger.receipts.checks import answers_of, check_accounting, first_record
from auditscan.ledger.receipts.logs_at_hand import check_logs
from auditscan.ledger.receipts.verify import Request, Verified, rules_at_hand
from auditscan.ledger.setup import DATABASE
from auditscan.questions.answers import AnswerFile
from auditscan.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from auditscan.library import Library
    from auditscan.policy import Policy

SUFFIX = ".lines"


@dataclass(frozen=True, slots=True)
class AtHand:
    """What the receipt of a scan without a ledger is held against."""

    library: Library
    policy: Policy
    logs: tuple[Path, ...] = ()
    """Where logs may lie that are not where the scan found them."""
    allow_missing: bool = False
    """Whether logs and documents that are not at hand are passed over."""


def verify_receipt(
    receipt: Path,
    answers: Path | None = None,
    tables: Path | None = None,
    *,
    public_key: Path | None = None,
    head: str | None = None,
    at_hand: AtHand | None = None,
) -> Verified:
    """Check one receipt, the answers it names, and the tables that `write_tables` left in a folder.

    That of a scan without a ledger is held against what is `at_hand`: logs, documents, query and policy files. Raises
    NoInputError for a file that is not there, and UsageError where the key cannot be used.
    """
    data = _read(receipt)
    try:
        found = canonical.read(data, of_ledger=False)
    except canonical.NotCanonical as error:
        return Verified((Check("receipt", "differs", "this is no receipt", (str(error),)),), None, None)
    link = Link(int(found.get("scan_id", 0)), canonical.sha256(data), data, found, receipt)
    checks = [
        Check("receipt", "holds", f"the receipt of {link.scan} is written as receipts are"),
        check_head([link], head),
        check_signatures([link], public_key),
        check_accounting([link]),
    ]
    if not link.scan_id:
        if answers is not None or tables is not None:
            raise UsageError(
                "this receipt is of a scan without a ledger: it names its answers and documents as files",
                where=str(receipt),
                hint="leave out --answers and --tables",
            )
        checks.append(check_rests_on(link))
        if at_hand is not None:
            checks += [
                check_logs([link], at_hand.logs, allow_missing=at_hand.allow_missing),
                check_documents(link, allow_missing=at_hand.allow_missing),
                rules_at_hand(link, at_hand.library, at_hand.policy),
            ]
        return Verified(tuple(checks), None, link.sha256)
    if answers is not None:
        checks.append(_answer_file(answers, link))
    if tables is not None:
        checks.append(_table_files(tables, link))
    return Verified(tuple(checks), link.scan_id, link.sha256)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NoInputError("this file cannot be read", where=str(path), why=error.strerror) from error


def _answer_file(path: Path, link: Link) -> Check:
    told = answers_of(link)
    digest, lines = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
                lines += piece.count(b"\n")
    except OSError as error:
        raise NoInputError("this file cannot be read", where=str(path), why=error.strerror) from error
    if digest.hexdigest() != told.get("sha256"):
        return Check(
            "answers", "differs", "these are not the answers that the receipt names",
            (f"{told.get('answers')} answers by the receipt, {lines} lines in {path.name}",),
        )  # fmt: skip
    return Check("answers", "holds", f"{lines:,} answers, the very bytes that the receipt names")


def write_answers(request: Request, path: Path) -> int:
    """Write the answers that the last receipt of a ledger names; return how many there are.

    Raises UsageError for a name that does not end in .ndjson.
    """
    if path.suffix != ".ndjson":
        raise UsageError("a receipt names answers as .ndjson", where=str(path), hint="give the file that ending")
    links, _ = read_shelf(request.ledger)
    with (
        AnswerFile(path) as file,
        open_store(request.ledger / DATABASE, request.library, threads=request.threads, read_only=True) as store,
    ):
        return file.write(store, first_record(links[-1]) if links else None)


def write_tables(request: Request, folder: Path) -> int:
    """Write what the last scan of a ledger added, and all that it may have changed, a file a table; return how many.

    Each line is a row as JSON, in the order in which the receipt hashes them. Raises UsageError where the folder
    is there already.
    """
    try:
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise UsageError("this folder cannot be made", where=str(folder), why=error.strerror) from error
    links, _ = read_shelf(request.ledger)
    last = links[-1]
    count = 0
    with open_store(request.ledger / DATABASE, request.library, threads=request.threads, read_only=True) as store:
        for (_, part), lines in digests.lines_of_parts(store, last.scan_id):
            count += _write_lines(folder / f"added.{part}{SUFFIX}", lines)
        for table, lines in digests.lines_of_state(store, first_record(last)):
            count += _write_lines(folder / f"state.{table}{SUFFIX}", lines)
    return count


def _write_lines(path: Path, lines: Iterable[str]) -> int:
    with open(path, "w", encoding="utf-8", newline="", opener=open_private) as file:
        file.writelines(line + "\n" for line in lines)
    return 1


def _table_files(folder: Path, link: Link) -> Check:
    """Check the tables in a folder; those that are not there were not handed on."""
    products = link.receipt["products"]
    wrong, whole = [], 0
    try:
        files = sorted(folder.iterdir())
    except OSError as error:
        raise NoInputError("this folder cannot be read", where=str(folder), why=error.strerror) from error
    for path in files:
        named = products.get(path.name.removesuffix(SUFFIX).replace(".", ":", 1))
        try:
            found = digests.of_lines(_lines_of(path)).as_json()
        except (OSError, ValueError) as error:
            wrong.append(f"{path.name} is no table: {error}")
            continue
        if found == named:
            whole += 1
        else:
            wrong.append(f"{path.name} is not the table that the receipt names")
    differ = f"{len(wrong)} of {len(files)} files are not what they were"
    return held("tables", wrong, differ, f"{whole} tables, the very bytes that the receipt names")


def _lines_of(path: Path) -> Iterator[str]:
    """Yield the lines of a file without their line feeds; raises ValueError where the last has none, or is no UTF-8."""
    with path.open("r", encoding="utf-8", newline="\n") as file:
        for line in file:
            if not line.endswith("\n"):
                raise ValueError("its last line is cut")
            yield line[:-1]
