"""The sections beside the transfers: the logs themselves, records that are no transfers, changes to the policy."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from auditscan.render.style import GLYPHS, STYLES, number, shortened, suppression
from auditscan.text import counted, printable

if TYPE_CHECKING:
    from auditscan.questions.report import Report
    from auditscan.render.page import Page

BESIDE = ("logs", "others", "onward", "traces")
"""The sections that a short report tells in a line each."""


def beside(report: Report, page: Page) -> None:
    """Write in a line each what there is beside the transfers; nothing where there is nothing."""
    lines = []
    found, aside = report.tables["log_findings"], report.tables["records_set_aside"]
    onward = sum(row["transfers"] for row in report.tables["onward"])
    linked, possible = report.tables["linked_transfers"], report.tables["possible_links"]
    if found:
        counts = Counter(row["rule"] for row in found)
        kinds = ", ".join(f"{report.title_of(rule).lower()} {number(count)}" for rule, count in counts.items())
        lines.append(f"{counted(found[0]['in_all'], 'finding')} about the logs themselves ({kinds}): `--section logs`")
    if aside:
        records = sum(row["records"] for row in aside)
        told = f"{counted(records, 'record')} that {'is no transfer' if records == 1 else 'are no transfers'}"
        first = ", ".join(f"{shortened(row['reason'], 40)} {number(row['records'])}" for row in aside[:2])
        lines.append(f"{told} (most often {first}): `--section others`")
    if onward:
        lines.append(f"{counted(onward, 'transfer')} in which DHS passed data on, out of scope: `--section onward`")
    if linked or possible:
        traces = [f"{counted(linked[0]['in_all'], 'transfer')} told of by several records"] if linked else []
        traces += [f"{counted(possible[0]['in_all'], 'possible link')} not made"] if possible else []
        lines.append(f"{', '.join(traces)}: `--section traces`")
    if lines:
        page.heading("Beside the transfers")
    for line in lines:
        page.say(line, hang=2)


def logs(report: Report, page: Page, *, full: bool) -> None:  # noqa: ARG001 -- as every section
    """Write what rules found about the logs themselves; nothing where they found nothing."""
    rows = report.tables["log_findings"]
    if not rows:
        return
    page.heading("The logs themselves")
    for name, group in groupby(rows, key=lambda row: row["rule"]):
        rule, shown = report.rules.get(name), list(group)
        severity = shown[0]["severity"]
        title = Text(f"{GLYPHS.get(severity, '·')} {report.title_of(name)}", STYLES[severity])
        title.append(f" ({severity}): {' '.join((rule.why or '').split()) if rule else ''}", "default")
        page.say(title, hang=2)
        for row in shown:
            line = Text(shortened(report.shown(row["subject"]), 120), "cyan")
            line.append(
                f"  {shortened(row['evidence'])}{suppression(row['suppressed_until'], row['suppressed_by'])}", "default"
            )
            page.say(line, indent=4, hang=2)
    rest = rows[0]["in_all"] - len(rows)
    if rest:
        page.say(f"And {counted(rest, 'finding')} more: all are in `source_findings` of a database made with --db.")


def others(report: Report, page: Page, *, full: bool) -> None:  # noqa: ARG001 -- as every section
    """Write why records are no transfers; nothing where all of them are."""
    rows = report.tables["records_set_aside"]
    if not rows:
        return
    page.heading("Records that are no transfers")
    for row in rows:
        line = Text(f"{number(row['records'])}  {shortened(row['reason'])}")
        line.append(f"  first {report.shown(row['first_file'])}, {printable(row['first_place'])}", "dim")
        if row["unknown"]:
            line.stylize(STYLES["review"], 0, len(number(row["records"])))
        page.say(line, hang=4)
        if row["naming"]:
            named = Text(f"{number(row['naming'])} of them {'names' if row['naming'] == 1 else 'name'} DHS")
            named.stylize(STYLES["review"])
            named.append(f"  first {report.shown(row['naming_file'])}, {printable(row['naming_place'])}", "dim")
            page.say(named, indent=4, hang=4)


def overlays(report: Report, page: Page, *, full: bool) -> None:
    """Write what overlays changed in the policy that ships; nothing where none was laid on, unless asked."""
    if not report.overlays and not full:
        return
    page.heading("Changes to the policy that ships")
    if not report.overlays:
        page.say("None: no overlay was laid on.")
    for overlay in report.overlays:
        page.say(f"Overlay {printable(overlay.name)}: {counted(len(overlay.changes), 'change')}", "bold")
        for change in overlay.changes:
            page.say(printable(str(change)), indent=4, hang=2)
