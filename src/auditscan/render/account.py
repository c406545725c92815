"""The sections on what was read: what became of every record, and what could not be read."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from auditscan.questions.folders import folder_of
from auditscan.questions.left_aside import kinds_told
from auditscan.questions.summary import COUNTS
from auditscan.render.figures import figure
from auditscan.render.page import folded, table
from auditscan.render.style import listed, number, shortened
from auditscan.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from auditscan.questions.report import Report, Row
    from auditscan.render.page import Page

WHAT_TO_DO = {
    "damaged": "What came before the damage was judged. Get the file again for the rest.",
    "unrecognized": "Nothing of it was judged. If it is a log: `auditscan sources` lists the formats for --log-format.",
    "unreadable": "Nothing of it was judged. Get the file again, or the right to read it.",
}
"""By the status of a file that was not read whole."""

ASIDE = ("no_log", "empty", "skipped")
"""The status of files that hold no records and lack none."""

WHOLE_HASHES = 180
"""Cells a line from which on there is room for whole hashes."""

FIGURES = 42
"""Cells that the figures of a file take of its line."""

MOST_UNREAD = 8
"""How many files a short report names."""

MOST_DAMAGES = 4
"""How many kinds of damage."""

MOST_FOLDERS = 30
"""How many folders."""

_MOST_NOTES = 5
"""What was assumed of files, in a short report."""

_HEADS = ("records", "trans-\nfers", "others", "dupli-\ncates", "quaran-\ntined")


def files(report: Report, page: Page, *, full: bool) -> None:
    """Write what became of every record, by folder, or by file where something is odd or all is asked for."""
    page.heading("Every file, every record")
    rows = report.tables["files_accounted"]
    if not rows:
        page.say("No file was read.")
        return
    shown = _by_file(report, rows, page) if full else _by_folder(report, rows, page)
    shown.add_section()
    sums = {key: sum(row[key] for row in rows) for key in COUNTS}
    shown.add_row(
        Text(counted(len(rows), "file"), "bold"),
        *(figure(sums[key], "bold") for key in COUNTS),
        *("" for _ in shown.columns[len(COUNTS) + 1 :]),
    )
    page.table(shown)
    off = [row["path"] for row in rows if row["records"] != sum(row[key] for key in COUNTS[1:])]
    if off:
        page.say(f"THE SUMS DO NOT HOLD: {listed(off)}. Do not rely on this report.", "bold red")
    else:
        more = (
            " Others are entries that are no transfer; a duplicate says again, under the same id, what another record "
            "said, or is one more trace of a transfer that is counted there."
        )
        # The first screen of the short report has said it.
        aside = f" No logs, left aside: {kinds_told(report.no_logs)}." if report.no_logs and full else ""
        page.say(
            "For every file records = transfers + others + duplicates + quarantined."
            f"{more if full else ''}{aside}{'' if full else ' `--section files` has each.'}",
            "dim",
        )
    if not full:
        # In what letters a file is written changes nothing of what it says.
        noted = [row for row in rows if row["status"] == "read" and row["note"] and row["note"][:4] != "UTF-"]
        for row in noted[:_MOST_NOTES]:
            page.say(f"{report.shown(row['path'])}: {printable(row['note'])}", hang=2)
        if len(noted) > _MOST_NOTES:
            page.say(f"Notes on {counted(len(noted) - _MOST_NOTES, 'file')} more: `--section files --full`.", "dim")
        return
    for skipped in report.skipped:
        page.say(f"Not read: {report.shown(skipped.path)} ({printable(skipped.note)}).", "dim", hang=2)


def _by_file(report: Report, rows: Sequence[Row], page: Page) -> Table:
    wide, digits = page.width >= 110, None if page.width >= WHOLE_HASHES else 12
    shown = table("file", *_HEADS, *(("format", "SHA-256") if wide else ()), left=("file", "format", "SHA-256"))
    for row in rows:
        more = (row["format"] or "", (row["sha256"] or "")[:digits]) if wide else ()
        shown.add_row(_name(report, row, page, full=True), *_figures(row), *more)
    return shown


def _by_folder(report: Report, rows: Sequence[Row], page: Page) -> Table:
    """One row a folder; files that were not read whole, or have records that were not, have rows of their own."""
    groups: dict[str, list[Row]] = defaultdict(list)
    alone, unread, aside = [], [], []
    for row in rows:
        if row["records"] and (row["status"] in WHAT_TO_DO or row["quarantined"]):
            alone.append(row)
        elif row["status"] in WHAT_TO_DO:
            unread.append(row)
        else:
            groups[folder_of(row["path"].removeprefix(report.folder))].append(row)
    for folder in [folder for folder, group in groups.items() if all(row["status"] in ASIDE for row in group)]:
        aside += groups.pop(folder)
    shown = table("folder, or odd file", *_HEADS, left=("folder, or odd file",))
    room = page.width - FIGURES
    ordered = sorted(groups.items(), key=lambda group: -sum(row["records"] for row in group[1]))
    for folder, group in sorted(ordered[:MOST_FOLDERS]):
        shown.add_row(*_folder_row(folded(printable(folder), room) or "at the top", group))
    if ordered[MOST_FOLDERS:]:
        rest = [row for _, group in ordered[MOST_FOLDERS:] for row in group]
        shown.add_row(*_folder_row(f"{counted(len(ordered) - MOST_FOLDERS, 'folder')} more", rest))
    for row in alone[:MOST_UNREAD]:
        shown.add_row(_name(report, row, page, full=False), *_figures(row))
    if alone[MOST_UNREAD:]:
        shown.add_row(*_folder_row("more files like these", alone[MOST_UNREAD:]))
    if unread:
        shown.add_row(*_folder_row("could not be read", unread))
    if aside:
        shown.add_row(*_folder_row("folders without logs", aside))
    return shown


def _folder_row(name: str, rows: Sequence[Row]) -> Iterator[Text]:
    formats = Counter(row["format"] for row in rows if row["format"])
    aside = sum(row["status"] in ASIDE for row in rows)
    said = [counted(len(rows), "file")]
    said.append(f"{len(formats):,} formats" if len(formats) > 1 else "".join(formats))
    said.append(f"{number(aside)} no logs" if 0 < aside < len(rows) else "")
    cell = Text(name)
    cell.append(f"  {', '.join(filter(None, said))}", "dim")
    yield cell
    yield from _figures({key: sum(row[key] for row in rows) for key in COUNTS})


def _name(report: Report, row: Row, page: Page, *, full: bool) -> Text:
    name = Text(folded(report.shown(row["path"]), page.width - FIGURES))
    if row["status"] in WHAT_TO_DO:
        name.append(f"\n{row['status'].upper()}", "bold red")
    elif row["status"] != "read":
        name.append(f"\n{row['status'].replace('_', ' ')}", "dim")
    if row["note"] and full:
        name.append(f"{chr(10) if row['status'] == 'read' else ': '}{printable(row['note'])}", "dim")
    return name


def _figures(row: Row) -> Iterator[Text]:
    return (figure(row[key], "red" if key == "quarantined" else "") for key in COUNTS)


def unread(report: Report, page: Page, *, full: bool) -> None:
    """Write what could not be read, with what to do about it, and the fields no transfer has."""
    page.heading("What could not be read")
    rows = report.tables["quarantined_records"]
    broken = [row for row in report.tables["files_accounted"] if row["status"] in WHAT_TO_DO]
    if not rows and not broken:
        page.say("Every record could be read.")
    for status, what_to_do in WHAT_TO_DO.items():
        alike: dict[object, list[Row]] = defaultdict(list)
        for row in broken:
            if row["status"] == status:
                alike[row["path"] if full else row["note"]].append(row)
        for named in list(alike.values())[: None if full else MOST_UNREAD]:
            line = Text(report.shown(named[0]["path"]), "cyan")
            line.append(f" and {number(len(named) - 1)} more" if named[1:] else "", "default")
            line.append(f"  {status}: {printable(named[0]['note'])}", "default")
            page.say(line, hang=2)
        if not full and len(alike) > MOST_UNREAD:
            rest = sum(map(len, list(alike.values())[MOST_UNREAD:]))
            page.say(f"and {number(rest)} more that are {status}", indent=4)
        if full and alike:
            page.say(what_to_do, "dim", indent=4)
    if full:
        _all_damages(report, page, rows)
    else:
        _damages(report, page, rows)
    if rows and full:
        page.say("`auditscan show` prints a record as it stands in its file: `auditscan show 'FILE, line 13'`.", "dim")
    unknown = report.tables["unknown_fields"]
    for row in unknown if full else unknown[:MOST_UNREAD]:
        near = f"; did you mean {row['nearest']}?" if row["nearest"] else ", and it was left out of the judging."
        path = report.shown(row["path"])
        page.say(f"`{shortened(row['unknown_field'], 60)}` in {path}: not a field of a transfer{near}", hang=2)
    if not full and (broken or rows):
        page.say("`--section unread` has all, with what to do about each.", "dim")


def _damages(report: Report, page: Page, rows: Sequence[Row]) -> None:
    """Write one line a kind of damage."""
    kinds: dict[str, list[list[Row]]] = defaultdict(list)
    for (_, what_to_do), group in groupby(rows, key=lambda row: (row["path"], row["what_to_do"])):
        kinds[what_to_do].append(list(group))
    worst = sorted(kinds.items(), key=lambda kind: -sum(group[0]["like_it"] for group in kind[1]))
    for _, groups in worst[:MOST_DAMAGES]:
        places = [
            f"{report.shown(group[0]['path'])}, {printable(group[0]['place'])}"
            + (f" and {group[0]['like_it'] - 1:,} more" if group[0]["like_it"] > 1 else "")
            for group in groups
        ]
        count = sum(group[0]["like_it"] for group in groups)
        line = Text(f"{counted(count, 'record')}: {shortened(groups[0][0]['reason'], 80)}: ")
        line.append("; ".join(places[:3]), "cyan")
        line.append(f"; {counted(len(places) - 3, 'file')} more" if places[3:] else "", "default")
        page.say(line, hang=2)


def _all_damages(report: Report, page: Page, rows: Sequence[Row]) -> None:
    for (path, what_to_do), group in groupby(rows, key=lambda row: (row["path"], row["what_to_do"])):
        shown = list(group)
        for row in shown:
            line = Text(f"{report.shown(path)}, {printable(row['place'])}", "cyan")
            line.append(f"  {shortened(row['reason'])}", "default")
            page.say(line, hang=2)
        rest = shown[0]["like_it"] - len(shown)
        more = f"And {counted(rest, 'record')} more of this file like it. " if rest else ""
        page.say(more + what_to_do, "dim", indent=4)
