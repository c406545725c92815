"""The sections on the scan itself: files, what was not read, rules, open questions, overlays."""

from __future__ import annotations

from itertools import groupby
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from rich.text import Text

from auditscan.render.figures import figure
from auditscan.render.page import table
from auditscan.render.style import GLYPHS, STYLES, counted, listed, number, shortened
from auditscan.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditscan.render.page import Page
    from auditscan.report import Report

_WHAT_TO_DO = {
    "damaged": "What came before the damage was judged. Get the file again for the rest.",
    "unrecognized": "Nothing of it was judged. If it is a log: `auditscan sources` lists the formats for --log-format.",
    "unreadable": "Nothing of it was judged. Get the file again, or the right to read it.",
}
"""By the status of a file that was not read whole."""

MOST_REASONS = 12
"""How many reasons are listed why records are no transfers."""

_COUNTS = ("records", "transfers", "not_transfers", "duplicates", "quarantined")


def files(report: Report, page: Page) -> None:
    """Write what became of every record of every file, with sums."""
    page.heading("Every file, every record")
    rows = report.tables["files_accounted"]
    if not rows:
        page.say("No file was read.")
        return
    wide = page.width >= 110
    heads = ["file", "records", "transfers", "others", "dupli-\ncates", "quaran-\ntined"]
    shown = table(*heads, *(("format", "SHA-256") if wide else ()), left=("file", "format", "SHA-256"))
    folder = common_folder([row["path"] for row in rows])
    if folder:
        page.say(f"In {printable(folder)}")
    for row in rows:
        name = Text(printable(row["path"][len(folder) :]))
        if row["status"] not in ("read", "copy", "empty"):
            name.append(f"\n{row['status'].upper()}", "bold red")
        elif row["status"] != "read":
            name.append(f"\n{row['status']}", "dim")
        if row["note"]:
            joint = "\n" if row["status"] == "read" else ": "
            name.append(f"{joint}{printable(row['note'])}", "dim")
        more = (row["format"] or "", (row["sha256"] or "")[:12]) if wide else ()
        shown.add_row(
            name,
            *(figure(row[key], "red" if key == "quarantined" else "") for key in _COUNTS),
            *more,
        )
    shown.add_section()
    sums = {key: sum(row[key] for row in rows) for key in _COUNTS}
    shown.add_row(
        Text(counted(len(rows), "file"), "bold"),
        *(figure(sums[key], "bold") for key in _COUNTS),
        *(("", "") if wide else ()),
    )
    page.table(shown)
    off = [row["path"] for row in rows if row["records"] != sum(row[key] for key in _COUNTS[1:])]
    if off:
        page.say(f"THE SUMS DO NOT HOLD: {listed(off)}. Do not rely on this report.", "bold red")
    else:
        page.say(
            "For every file records = transfers + others + duplicates + quarantined. Others are "
            "entries that are no transfer; a duplicate says again, under the same id, what another "
            "record said, or is one more trace of a transfer that is counted there.",
            "dim",
        )
    for skipped in report.skipped:
        page.say(f"Not read: {printable(skipped.path)} ({skipped.note}).", "dim", hang=2)


def common_folder(paths: Sequence[str]) -> str:
    """Return the folder, with its slash, that all of several files lie below; else nothing."""
    if len(paths) < 2:
        return ""
    shared: list[str] = []
    for parts in zip(*(PurePosixPath(path).parent.parts for path in paths), strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    folder = "/".join(shared).replace("//", "/")
    return f"{folder}/" if folder and all(path.startswith(f"{folder}/") for path in paths) else ""


def others(report: Report, page: Page) -> None:
    """Write why records are no transfers; nothing where all of them are."""
    rows = report.tables["records_set_aside"]
    if not rows:
        return
    page.heading("Records that are no transfers")
    for row in rows[:MOST_REASONS]:
        line = Text(f"{number(row['records'])}  {shortened(row['reason'])}")
        line.append(f"  first {printable(row['first_file'])}, {printable(row['first_place'])}", "dim")
        page.say(line, hang=4)
    if len(rows) > MOST_REASONS:
        page.say(f"And {counted(len(rows) - MOST_REASONS, 'reason')} more: `auditscan query records_set_aside`.", "dim")


def unread(report: Report, page: Page) -> None:
    """Write the records in the quarantine, and the fields no transfer has."""
    page.heading("What could not be read")
    rows = report.tables["quarantined_records"]
    broken = [row for row in report.tables["files_accounted"] if row["status"] in _WHAT_TO_DO]
    if not rows and not broken:
        page.say("Every record could be read.")
    for row in broken:
        line = Text(f"{printable(row['path'])}", "cyan")
        line.append(f"  {row['status']}: {printable(row['note'])}", "default")
        page.say(line, hang=2)
        page.say(_WHAT_TO_DO[row["status"]], "dim", indent=4)
    for (path, what_to_do), group in groupby(rows, key=lambda row: (row["path"], row["what_to_do"])):
        shown = list(group)
        for row in shown:
            line = Text(f"{printable(path)}, {printable(row['place'])}", "cyan")
            line.append(f"  {shortened(row['reason'])}", "default")
            page.say(line, hang=2)
        rest = shown[0]["like_it"] - len(shown)
        more = f"And {counted(rest, 'record')} more of this file like it. " if rest else ""
        page.say(more + what_to_do, "dim", indent=4)
    if rows:
        page.say("`auditscan show` prints a record as it stands in its file: `auditscan show 'FILE, line 13'`.", "dim")
    for row in report.tables["unknown_fields"]:
        near = f"; did you mean {row['nearest']}?" if row["nearest"] else ", and it was left out of the judging."
        page.say(
            f"`{shortened(row['unknown_field'], 60)}` in {printable(row['path'])}: not a field of a transfer{near}",
            hang=2,
        )


def logs(report: Report, page: Page) -> None:
    """Write what rules found about the logs themselves; nothing where they found nothing."""
    rows = report.tables["log_findings"]
    if not rows:
        return
    page.heading("The logs themselves")
    for name, group in groupby(rows, key=lambda row: row["rule"]):
        rule, shown = report.rules.get(name), list(group)
        severity = shown[0]["severity"]
        title = Text(f"{GLYPHS.get(severity, '·')} {rule.title if rule else name}", STYLES[severity])
        title.append(f" ({severity}): {' '.join((rule.why or '').split()) if rule else ''}", "default")
        page.say(title, hang=2)
        for row in shown:
            line = Text(shortened(row["subject"], 120), "cyan")
            line.append(f"  {shortened(row['evidence'])}", "default")
            page.say(line, indent=4, hang=2)
    rest = rows[0]["in_all"] - len(rows)
    if rest:
        page.say(f"And {counted(rest, 'finding')} more: all are in `source_findings` of a database made with --db.")


def rules(report: Report, page: Page) -> None:
    """Write how every rule ended."""
    page.heading("The rules that ran")
    rows = report.tables["rule_outcomes"]
    ended = {word: [row for row in rows if row["outcome"] == word] for word in ("ran", "not applicable", "failed")}
    page.say(
        f"{counted(len(rows), 'rule')}: {number(len(ended['ran']))} ran, "
        f"{number(len(ended['not applicable']))} not applicable, "
        f"{number(len(ended['failed']))} failed."
    )
    for row in ended["failed"]:
        page.say(f"FAILED  {row['rule']}: {shortened(row['message'])}", "bold red", hang=2)
    for row in ended["not applicable"]:
        page.say(f"not applicable  {row['rule']}: {row['message']}", hang=2)
    hit = [row for row in ended["ran"] if row["hits"]]
    if hit:
        shown = table("", "rule", "hits", "what it looks for", left=("", "rule", "what it looks for"))
        for row in hit:
            rule = report.rules.get(row["rule"])
            shown.add_row(
                Text(f"{GLYPHS.get(row['severity'], '·')} {row['severity']}", STYLES[row["severity"]]),
                Text(row["rule"]),
                figure(row["hits"]),
                rule.title if rule else "",
            )
        page.table(shown, most=110)
    quiet = [row["rule"] for row in ended["ran"] if not row["hits"]]
    if quiet:
        page.say(f"Without a hit: {listed(quiet, 100)}.", "dim", hang=2)


def unsettled(report: Report, page: Page) -> None:
    """Write what a person has to settle, and why the text or the log does not."""
    page.heading("What is unsettled, and why")
    rows = report.tables["unsettled_questions"]
    if not rows:
        page.say("No transfer raised a question that the tables leave open.")
    for row in rows:
        rule = report.rules.get(row["rule"])
        line = Text(f"{rule.title if rule else row['rule']}", STYLES["review"])
        line.append(f" ({counted(row['hits'], 'transfer')})", "default")
        line.append(f": {' '.join((rule.why or '').split()) if rule else ''}", "default")
        page.say(line, hang=2)


def overlays(report: Report, page: Page) -> None:
    """Write what overlays changed in the policy that ships."""
    page.heading("Changes to the policy that ships")
    if not report.overlays:
        page.say("None: no overlay was laid on.")
    for overlay in report.overlays:
        page.say(
            f"Overlay {printable(overlay.name)}: {counted(len(overlay.changes), 'change')}",
            "bold",
        )
        for change in overlay.changes:
            page.say(printable(str(change)), indent=4, hang=2)
