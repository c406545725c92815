"""`auditscan verify`: whether receipts, ledger, answers and logs are what they were."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditscan.cli import streams
from auditscan.cli.options import LedgerFolder, Logs, Policies, Queries, Suppressions, Threads  # noqa: TC001 -- typer reads them
from auditscan.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from auditscan.ledger.receipts.verify import Verified

Receipt = Annotated[
    Path | None, typer.Option("--receipt", metavar="FILE", help="Check this receipt alone, without a ledger.")
]
Manifest = Annotated[
    Path | None,
    typer.Option("--manifest", metavar="FILE", help="Check the files that this manifest names, without a ledger."),
]
Answers = Annotated[
    Path | None,
    typer.Option("--answers", metavar="FILE", help="With --receipt: check that these are the answers it names."),
]
Tables = Annotated[
    Path | None,
    typer.Option("--tables", metavar="FOLDER", help="With --receipt: check the tables that --write-tables left."),
]
PublicKey = Annotated[
    Path | None, typer.Option("--public-key", metavar="FILE", help="Check signatures with this minisign public key.")
]
Head = Annotated[
    str | None,
    typer.Option("--head", metavar="SHA256", help="Hash of a receipt, published earlier: it must be in the chain."),
]
Replay = Annotated[
    bool, typer.Option("--replay", help="Also scan all logs again, and compare every answer. Takes as long as that.")
]
AllowMissing = Annotated[
    bool, typer.Option("--allow-missing", help="Logs that are not at hand do not make the result incomplete.")
]
WriteAnswers = Annotated[
    Path | None,
    typer.Option("--write-answers", metavar="FILE", help="Write the answers that the last receipt names, as .ndjson."),
]
WriteTables = Annotated[
    Path | None,
    typer.Option("--write-tables", metavar="FOLDER", help="Write the tables that the last receipt names, as JSON."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write what came out as JSON.")]

LABELS = {"holds": "holds", "differs": "DIFFERS", "unchecked": "NOT CHECKED", "left out": "left out"}

SHOWN = 20
"""How many details of one check are listed; the JSON has all of them."""

WIDTH = 80


def verify(
    ledger: LedgerFolder = None,
    logs: Logs = None,
    receipt: Receipt = None,
    manifest: Manifest = None,
    answers: Answers = None,
    tables: Tables = None,
    public_key: PublicKey = None,
    head: Head = None,
    replay: Replay = False,
    allow_missing: AllowMissing = False,
    write_answers: WriteAnswers = None,
    write_tables: WriteTables = None,
    policies: Policies = None,
    queries: Queries = None,
    suppressions: Suppressions = None,
    threads: Threads = None,
    as_json: AsJson = False,
) -> int:
    """Check a ledger, one receipt or a manifest against what is at hand. Changes nothing.

    Exit code: 0 all holds, 21 something is not what it was, 20 something could not be looked at.
    """
    if receipt is None and (answers is not None or tables is not None):
        raise UsageError("--answers and --tables go with --receipt", hint="name the receipt that names them")
    if replay and receipt is not None:
        raise UsageError("--replay needs the ledger, not one receipt", hint="leave out --receipt")
    if manifest is not None and (receipt is not None or replay):
        raise UsageError("--manifest is checked alone", hint="leave out --receipt and --replay")
    from auditscan.library import Library
    from auditscan.policy import load

    if manifest is not None:
        from auditscan.ledger.receipts.manifest import verify_manifest

        found = verify_manifest(manifest, allow_missing=allow_missing)
    elif receipt is not None:
        from auditscan.ledger.receipts.third_party import AtHand, verify_receipt

        at_hand = AtHand(Library.shipped(queries or ()), load(policies or ()), tuple(logs or ()), allow_missing)
        found = verify_receipt(receipt, answers, tables, public_key=public_key, head=head, at_hand=at_hand)
    else:
        if ledger is None:
            raise UsageError(
                "there is nothing to verify",
                hint="name the folder of a ledger with --ledger, or a file with --receipt or --manifest",
            )
        from auditscan.ledger.receipts.replay import replayed
        from auditscan.ledger.receipts.third_party import write_answers as write_the_answers
        from auditscan.ledger.receipts.third_party import write_tables as write_the_tables
        from auditscan.ledger.receipts.verify import Request, verify_ledger

        request = Request(
            ledger=ledger,
            library=Library.shipped(queries or ()),
            policy=load(policies or ()),
            logs=tuple(logs or ()),
            suppressions=suppressions,
            public_key=public_key,
            head=head,
            allow_missing=allow_missing,
            threads=threads,
            extra=(replayed,) if replay else (),
        )
        with streams.progress("verifying"):
            found = verify_ledger(request)
            if write_answers is not None:
                write_the_answers(request, write_answers)
            if write_tables is not None:
                write_the_tables(request, write_tables)
    if as_json:
        streams.write_json(found.as_json())
    else:
        _tell(found, chain=receipt is None)
    return found.exit_code


def _tell(found: Verified, *, chain: bool) -> None:
    for check in found.checks:
        label = f"{LABELS[check.outcome]:<12}{check.subject:<14}"
        for line in textwrap.wrap(check.message, WIDTH, initial_indent=label, subsequent_indent=" " * 26):
            streams.write(streams.printable(line))
        for detail in check.details[:SHOWN]:
            _write_indented(detail)
        if len(check.details) > SHOWN:
            _write_indented(f"and {len(check.details) - SHOWN:,} more: --json has them all")
    if found.head is not None:
        streams.write()
        of_scan = "" if found.scan_id is None else f" of scan {found.scan_id}"
        streams.write(f"sha256 of the receipt{of_scan}{', the head of the chain' if chain else ''}:")
        streams.write(f"  {found.head}")
    streams.write()
    streams.write(_VERDICT[found.exit_code])


_VERDICT = {
    ExitCode.CLEAN: "All that was looked at is what it was.",
    ExitCode.INCOMPLETE: "What was looked at is what it was; not everything could be looked at.",
    ExitCode.DIFFERS: "NOT WHAT IT WAS: see above.",
}


def _write_indented(text: str) -> None:
    # Paths and hashes are never broken: somebody copies them.
    for line in textwrap.wrap(
        streams.printable(text),
        WIDTH,
        initial_indent=" " * 14,
        subsequent_indent=" " * 16,
        break_long_words=False,
        break_on_hyphens=False,
    ):
        streams.write(line)
