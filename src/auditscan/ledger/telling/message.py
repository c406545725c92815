"""What a night is told in: one plain text that a person reads on a phone, worst first.

Every line that begins at the margin is ours. Words of logs, files and queries stand behind a mark or are set in,
with nothing in them that breaks a line, moves a cursor, calls a crowd or makes a link: whoever writes the logs
must not write the message.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len, chop_cells

from auditscan.errors import ExitCode
from auditscan.ledger.telling.partition import SAID, words
from auditscan.questions.left_aside import kinds_told
from auditscan.text import counted, long_day, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

    from auditscan.errors import AuditscanError
    from auditscan.ledger.night import FindingCount, Move, Night, NightFile

WIDTH = 58
"""Cells a line; commands, paths in them and hashes stand whole on a line of their own, to be copied."""

MOST_CHARACTERS = 3_500
"""Of a body: more is cut by the services that carry it, and where they cut nobody knows."""

ITEMS = (8, 5, 3, 2, 1)
"""How many items of a kind are named: the first that makes the message short enough."""

LONGEST_SENTENCE = 260
LONGEST_EXAMPLE = 110
LONGEST_NAME = 90
"""Characters of what others wrote; the rest is cut."""

ENDS = {
    ExitCode.CLEAN: "nothing flagged",
    ExitCode.FLAGGED: "flagged, nothing worse than permitted",
    ExitCode.REVIEW: "something to review",
    ExitCode.ENJOINED: "something enjoined",
    ExitCode.INCOMPLETE: "incomplete",
}

CHANGES = {
    "rewritten": "rewritten, both versions kept",
    "vanished": "vanished, the records kept",
    "unreadable": "unreadable",
    "damaged": "damaged, read as far as it goes",
    "unrecognized": "not recognized as a log",
    "restored": "with an earlier content again",
}
"""Changes of a log that somebody should look at, worst first."""

AGAIN = {
    "policy": "the policy changed",
    "queries": "the queries changed",
    "version": "this is another version of auditscan",
    "regime now": "another order is in force now",
    "since": "the first day asked about changed",
    "traces of one transfer": "new logs may tell more of transfers that are known",
}
"""Why every transfer was judged again."""

CLASSES = {"enjoined": "enjoined", "review": "to review", "unattributed": "not attributed"}
"""Classes of new transfers that the title counts."""


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody is told."""

    title: str
    """One line, to be read where nothing else is shown."""
    body: str


def compose(night: Night, names: Mapping[str, str] | None = None) -> Message:
    """Return what a night has to tell, at most MOST_CHARACTERS; one line where all is as it was.

    `names` says what people call a regime, by its id.
    """
    if not night.matters:
        return Message(f"auditscan {day_of(night)}: all is as it was", _quiet(night))
    body = ""
    for most in ITEMS:
        body = "\n".join(_lines(night, names or {}, most))
        if len(body) <= MOST_CHARACTERS:
            return Message(_title(night), body)
    # Where the closing lines are too long, the folder of the ledger is: its name is no news.
    return Message(_title(night), body[: MOST_CHARACTERS - 2].rstrip() + "\n…")


def refused(error: AuditscanError, ledger: Path, at: datetime) -> Message:
    """Return what a night has to tell that wrote nothing, for its ledger was changed."""
    lines = [
        *_wrapped(f"No log was looked at tonight: {_sentence(error.message)}."),
        *_part("WHAT DIFFERS", [_sentence(line) for line in (error.why or "").splitlines()], ITEMS[0]),
        *_part("DO", [_harmless(error.hint or "")], 1),
        "",
        "LOOK",
        f"auditscan verify --ledger {_argument(ledger)}",
    ]
    return Message(f"auditscan {long_day(at)}: THE LEDGER WAS CHANGED, nothing was scanned", "\n".join(lines))


def day_of(night: Night) -> str:
    """Return the day on which a night began, as 6 January 2026."""
    return long_day(night.started_at)


def _quiet(night: Night) -> str:
    return (
        f"All is as it was after scan {night.scan_id:,}: {counted(night.new_transfers, 'new transfer')}; "
        f"in all {words(night.verdicts_now)}."
    )


def _title(night: Night) -> str:
    changes = [file.change for file in night.files]
    moved = sum(move.transfers for move in night.moves if move.time == "now")
    adjusted = list(dict.fromkeys(each.what.removeprefix("the ") for each in night.adjustments))
    said = [
        "INCOMPLETE" if not night.complete else "",
        *(f"{count:,} new {name}" for verdict, name in CLASSES.items() if (count := night.new_open.get(verdict, 0))),
        f"{' and '.join(adjusted[:2])} changed" if adjusted else "",
        *(
            f"{counted(changes.count(change), 'log')} {change}"
            for change in ("rewritten", "vanished", "unreadable", "damaged", "unrecognized")
            if change in changes
        ),
        f"{counted(moved, 'verdict')} moved" if moved else "",
        f"{counted(night.missed, 'missed night')}" if night.missed else "",
        f"{counted(len(night.suppression_problems), 'stale suppression')}" if night.suppression_problems else "",
    ]
    told = [each for each in said if each][:3] or (
        ["worse than before"] if night.worse_because else ["unreadable records are gone"]
    )
    if told == ["INCOMPLETE"] and not night.worse_because and night.exit_code_before is not None:
        told.append("nothing worse")
    return f"auditscan {day_of(night)}: {', '.join(told)}"


def _lines(night: Night, names: Mapping[str, str], most: int) -> Iterator[str]:
    """The message, naming at most so many of a kind."""
    if night.caption:
        yield from _wrapped(_clean(night.caption, LONGEST_SENTENCE))
        yield ""
    yield from _wrapped(_opening(night, names))
    # Suppressions have their own part; a sentence that stands there need not stand here too.
    apart = set(night.suppression_problems)
    missing = [sentence for sentence in night.incomplete_because if sentence not in apart]
    yield from _part("NOT LOOKED AT", [_sentence(each) for each in missing], most, _advice(night))
    yield from _part("JUDGED BY", [_sentence(each.says) for each in night.adjustments], most)
    yield from _part("WORSE", [_sentence(each) for each in night.worse_because], most)
    yield from _part("NEW FINDINGS", list(_new_findings(night.findings)), most)
    yield from _changed_logs(night.files, most)
    yield from _part("VERDICTS MOVED", [_moved(night, move) for move in night.moves], most)
    yield from _part("QUARANTINE", [_sentence(each) for each in night.quarantine_gone], most)
    yield from _part("SUPPRESSIONS", [_sentence(each) for each in night.suppression_problems], most)
    yield from _part("IN ALL", list(_totals(night)), 99)
    yield from _closing(night)


def _opening(night: Night, names: Mapping[str, str]) -> str:
    """How the night ended, under which order, how long it took, and whether that is news."""
    regime = "no order" if night.regime_now is None else _clean(night.regime_now, 30)
    if name := names.get(night.regime_now or ""):
        regime += f" ({_clean(name, LONGEST_NAME)})"
    before = "" if night.exit_code_before is None else f"; the scan before ended with {int(night.exit_code_before)}"
    calm = night.exit_code_before is not None and not night.worse_because
    first = "First scan" if night.judged_all == "first scan" else f"Scan {night.scan_id:,}"
    why = [AGAIN[each] for each in (night.judged_all or "").split(", ") if each in AGAIN]
    again = f" Every transfer was judged again: {', '.join(why)}." if why else ""
    return (
        f"{first}, {day_of(night)} {night.started_at:%H:%M} UTC, took {_took(night.finished_at - night.started_at)}: "
        f"exit code {int(night.exit_code)}, {ENDS.get(night.exit_code, 'failed')}{before}. "
        f"Now is {night.as_of}, under {regime}.{again}"
        + (" Nothing is worse than after the scan before." if calm else "")
    )


def _advice(night: Night) -> list[str]:
    """What to do about a night that did not see everything."""
    changes = {file.change for file in night.files}
    advice = []
    if "unreadable" in changes:
        advice.append("Make the logs readable for the scan; it takes them up by itself.")
    if changes & {"damaged", "unrecognized"}:
        advice.append("Ask the sender for the damaged or unknown logs again; keep the ones you have.")
    if night.missed:
        advice.append("See why the timer did not run; nothing is lost, this scan made up for it.")
    return advice or ["Set right what is named above; the next scan tries again."]


def _new_findings(findings: Iterable[FindingCount]) -> Iterator[str]:
    """A line a rule with new findings, and one for all the notes on transfers."""
    quiet = [count for count in findings if count.new and count.severity == "note" and count.reads != "sources"]
    for count in findings:
        if not count.new or count in quiet:
            continue
        title = _clean(count.title, LONGEST_NAME)
        example = f", as {_clean(count.examples[0], LONGEST_EXAMPLE)}" if count.examples else ""
        yield f"{_clean(count.severity, 20)}: {count.new:,} × {title} ({_clean(count.rule, 60)}){example}"
    if quiet:
        yield f"note: {sum(count.new for count in quiet):,} of {counted(len(quiet), 'rule')}"


def _changed_logs(files: Sequence[NightFile], most: int) -> Iterator[str]:
    """The part about logs that somebody should look at, the first of each kind by name."""
    parts = {change: [file for file in files if file.change == change] for change in CHANGES}
    if any(parts.values()):
        yield ""
        yield "LOGS NOT AS THEY WERE"
    for change, found in parts.items():
        if found:
            yield f"- {counted(len(found), 'log')} {CHANGES[change]}"
        for file in found[:most]:
            note = f" ({_clean(file.note, LONGEST_EXAMPLE)})" if file.note else ""
            yield from _wrapped(f"{_path(file.path)}{note}", "  * ", "    ")
        if len(found) > most:
            yield f"  * and {len(found) - most:,} more"


def _moved(night: Night, move: Move) -> str:
    """On which day how many transfers changed from what to what, and why."""
    what = counted(move.transfers, "failed attempt" if move.attempt else "transfer")
    because = [_clean(each, LONGEST_EXAMPLE) for each in move.because]
    why = "; ".join(because[:2]) + (f"; and {len(because) - 2:,} more" if len(because) > 2 else "")
    words = "as judged when they happened" if move.time == "then" else "as judged now"
    return (
        f"On {day_of(night)}, {what} changed from {_verdict(move.verdict_before)} to {_verdict(move.verdict_after)}, "
        f"{words}" + (f", because {why}" if why else "")
    )


def _totals(night: Night) -> Iterator[str]:
    """The ledger as it is now."""
    twice = f", {night.in_versions:,} of them in two versions" if night.in_versions else ""
    yield f"{counted(night.totals.get('transfers', 0), 'transfer')}{twice}; {night.new_transfers:,} new"
    yield f"now: {words(night.verdicts_now)}"
    yield f"then: {words(night.verdicts_then)}"
    changes = [file.change for file in night.files]
    kinds = [f"{changes.count(change):,} {change.replace('_', ' ')}" for change in dict.fromkeys(changes)]
    yield f"logs: {', '.join([*kinds, f'{night.files_unchanged:,} as before'])}"
    if night.left_aside:
        yield _clean(f"no logs, left aside: {kinds_told(night.left_aside)}", LONGEST_SENTENCE)
    if sum(night.quarantine.values()):
        yield (
            "records that could not be read: {open:,} to look at, {suppressed:,} suppressed, {gone:,} in contents that "
            "are gone".format(**night.quarantine)
        )
    gone, changed, put_away = (
        sum(getattr(count, name) for count in night.findings) for name in ("gone", "changed", "newly_suppressed")
    )
    if gone or changed or put_away:
        yield f"findings: {gone:,} gone, {changed:,} changed, {put_away:,} newly suppressed"


def _closing(night: Night) -> Iterator[str]:
    """Where to look, and the head of the chain of receipts: whoever has the message holds a copy of it."""
    folder = Path(night.ledger)
    yield ""
    yield "LOOK"
    yield f"auditscan compare --ledger {_argument(folder)}"
    yield f"auditscan report --db {_argument(folder / 'ledger.duckdb')}"
    yield ""
    yield f"RECEIPT {night.scan_id:,}"
    yield _clean(night.receipt_sha256, 64) or "none"
    if night.no_order_read:
        yield ""
        yield from _wrapped(_sentence(night.no_order_read))


def _part(heading: str, items: Sequence[str], most: int, after: Sequence[str] = ()) -> Iterator[str]:
    """A part of the message: nothing without items; the items past `most` are counted."""
    if not items:
        return
    yield ""
    yield heading
    for item in items[:most]:
        yield from _wrapped(item, "- ", "  ")
    if len(items) > most:
        yield f"- and {len(items) - most:,} more"
    for sentence in after:
        yield from _wrapped(sentence, "> ", "  ")


def _wrapped(text: str, first: str = "", rest: str = "") -> Iterator[str]:
    """Text in lines of at most WIDTH cells; a word too long for a line is broken."""
    line, mark = "", first
    for word in text.split():
        room = WIDTH - cell_len(mark)
        for piece in [word] if cell_len(word) <= room else chop_cells(word, room):
            joined = f"{line} {piece}" if line else piece
            if line and cell_len(mark) + cell_len(joined) > WIDTH:
                yield mark + line
                line, mark = piece, rest
            else:
                line = joined
    if line:
        yield mark + line


def _harmless(text: str) -> str:
    """Text of others without what a phone or a chat acts on: breaks, escapes, mentions of everybody, links."""
    return " ".join(
        printable(text).replace("@", "@ ").replace("://", ": //").replace("<", "‹").replace(">", "›").split()
    )


def _clean(text: str, most: int) -> str:
    """Harmless text, cut at its end."""
    text = _harmless(text)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _sentence(text: str) -> str:
    return _clean(text, LONGEST_SENTENCE)


def _path(text: str) -> str:
    """A path, cut at its beginning: what tells two logs apart stands at the end."""
    text = _harmless(text)
    return text if len(text) <= LONGEST_NAME else "…" + text[-LONGEST_NAME + 1 :].lstrip()


def _argument(path: Path) -> str:
    """A path as a shell takes it."""
    return shlex.quote(printable(str(path)))


def _verdict(verdict: str) -> str:
    return _clean(SAID.get(verdict, verdict), 30).replace("_", " ")


def _took(time: timedelta) -> str:
    seconds = max(0, round(time.total_seconds()))
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"
