"""`auditscan scan`: read logs, judge every transfer, and say by exit code what matters most."""

from __future__ import annotations

import re
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditscan.cli import streams
from auditscan.cli.judging import Reading, set_up, with_options
from auditscan.cli.options import AllowQuarantined, Database, ExitZero, KeepBytes, Paths, SignKey, scanned
from auditscan.cli.proof import Manifest, Receipt, asked_for
from auditscan.errors import ExitCode

if TYPE_CHECKING:
    from auditscan.questions.summary import Summary

Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE",
        help="Write one answer a transfer: FILE ends in .ndjson, .jsonl, .csv or .parquet.",
    ),
]
Parts = Annotated[
    list[Path] | None,
    typer.Option(
        "--part",
        metavar="FILE",
        help="Take over what another scan read into FILE with --db, and judge all of it together. May be repeated.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write the counts and the accounting as JSON.")]


@with_options
def scan(
    context: typer.Context,
    how: Reading,
    paths: Paths = None,
    out: Out = None,
    database: Database = None,
    parts: Parts = None,
    as_json: AsJson = False,
    keep_bytes: KeepBytes = False,
    allow_quarantined: AllowQuarantined = 0,
    exit_zero: ExitZero = False,
    receipt: Receipt = None,
    manifest: Manifest = None,
    sign_key: SignKey = None,
) -> int:
    """Read logs and judge every transfer, now and when it happened.

    Exit code: 0 nothing flagged, 10 flagged, 11 something to review, 12 something enjoined now, 20 not
    everything could be looked at. Without paths, what --db holds is judged again.
    """
    from auditscan.scanning.judged import keep_apart

    setup = set_up(paths, database, how, keep_bytes=keep_bytes, parts=parts or ())
    proof = asked_for(context, receipt, manifest, sign_key)
    keep_apart(setup, {"--out": out, "--db": database, **proof.written})
    from auditscan.questions.answers import AnswerFile
    from auditscan.questions.summary import summarize

    written = None
    with ExitStack() as stack:
        # Entered first, so that it takes its name last: a database that could not be kept has no answers.
        answers = None if out is None else stack.enter_context(AnswerFile(out))
        store, result = stack.enter_context(scanned(setup))
        summary = summarize(store, setup.policy, result.files, allow_quarantined=allow_quarantined)
        if answers is not None:
            with streams.progress("writing answers"):
                written = answers.write(store)
        if receipt or manifest:
            proof.take(store, setup.policy, summary)
    proof.write([out] if out else [])
    if as_json:
        streams.write_json(summary.as_json())
    else:
        _tell(summary)
        if written is not None:
            streams.note(f"{written:,} answers in {streams.printable(str(out))}")
    code = summary.exit_code
    return ExitCode.CLEAN if exit_zero and code != ExitCode.INCOMPLETE else code


def _tell(summary: Summary) -> None:
    """Say in a few lines on standard error what came out."""
    from auditscan.questions.left_aside import kinds_told
    from auditscan.questions.summary import doubtful_text
    from auditscan.render.style import shortened

    counts = summary.counts
    totals = summary.totals
    streams.note(
        f"{totals['records']:,} records: {totals['transfers']:,} transfers, "
        f"{totals['not_transfers']:,} others, {totals['duplicates']:,} duplicates, "
        f"{totals['quarantined']:,} in the quarantine"
    )
    regime = summary.regime_now or "no regime"
    streams.note(f"{'':14}{'now (' + regime + ')':>14}{'then':>14}")
    for name in counts.now:
        streams.note(f"{name.replace('_', ' '):<14}{counts.now[name]:>14,}{counts.then[name]:>14,}")
    streams.note(f"{'transfers':<14}{counts.transfers:>14,}{counts.transfers:>14,}")
    streams.note(
        f"{counts.flagged:,} flagged, {counts.not_cleared:,} more not cleared; "
        f"{counts.deduced:,} of the enjoined only by what was deduced"
    )
    if summary.onward:
        streams.note(f"{summary.onward:,} onward, out of scope: see `auditscan query onward`")
    aside = doubtful_text(summary.set_aside_naming, summary.unknown_operations)
    if aside:
        streams.note(f"{aside}: look at them, see `auditscan query records_set_aside`")
    _tell_unknown(summary)
    _tell_said(summary)
    if summary.unknown_outcomes:
        words = ", ".join(
            f'"{shortened(word, 36)}" {count:,}' for word, count in list(summary.unknown_outcomes.items())[:5]
        )
        streams.note(f"how these ended no table knows, they count as disclosed; add the words to outcomes.csv: {words}")
    _tell_notes(summary)
    if summary.left_aside:
        streams.note(
            f"no logs, left aside: {kinds_told(summary.left_aside)}; "
            "`auditscan report` with `--section files` names each"
        )
    if not summary.complete:
        streams.note("INCOMPLETE:")
        for sentence in summary.incomplete_because:
            streams.note(f"  {streams.printable(sentence)}")


def _tell_said(summary: Summary) -> None:
    """Name the overlays and mappings in force: they turn answers, and may be somebody else's."""
    if summary.overlays:
        overlays = ", ".join(str(overlay["folder"]) for overlay in summary.overlays)
        streams.note(f"overlays: {streams.printable(overlays)}")
    mappings = {found[1] for line in summary.files if (found := _MAPPED.search(line.note))}
    if mappings:
        streams.note(f"mapped by: {streams.printable(', '.join(sorted(mappings)))}")


_MAPPED = re.compile(r"read by the mapping ([^;]+)")

MOST_NOTES = 5
"""Notes on files that a scan tells; a report has them all."""


def _tell_notes(summary: Summary) -> None:
    """Say what was assumed of files that were read: which way round their days stand, how they are written."""
    noted = [line for line in summary.files if line.status == "read" and line.note]
    for line in noted[:MOST_NOTES]:
        streams.note(f"{streams.printable(line.path)}: {streams.printable(line.note)}")
    if len(noted) > MOST_NOTES:
        streams.note(f"notes on {len(noted) - MOST_NOTES:,} more files: see `auditscan query summary_files`")


def _tell_unknown(summary: Summary) -> None:
    """Say which parties no table knows, the most frequent first."""
    from auditscan.render.style import shortened

    count, listed = summary.unknown_parties_in_all, summary.unknown_parties
    if not count:
        return
    these, them = ("this party is", "it") if count == 1 else (f"these {count:,} parties are", "them")
    streams.note(f"{these} unknown; add {them} to parties.csv in an overlay (--policy):")
    for party in listed:
        text = shortened(party.text, 36)
        streams.note(f"  {text:<36} {party.role:<10}{party.transfers:>9,}  {streams.printable(party.first_file)}")
    if count > len(listed):
        streams.note(f"  and {count - len(listed):,} more: see `auditscan query unknown_parties`")
