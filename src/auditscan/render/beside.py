"""The sections beside the transfers: the logs themselves, records that are no transfers, changes to the policy."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from auditscan.render.style import GLYPHS, STYLES, counted, number, shortened
from auditscan.text import printable

if TYPE_CHECKING:
    from auditscan.render.page import Page
    from auditscan.report import Report

__all__ = ["logs", "others", "overlays"]


def logs(report: Report, page: Page, *, full: bool) -> None:
    """Write what rules found about the logs themselves; nothing where they found nothing."""
    rows = report.tables["log_findings"]
    if not rows:
        return
    page.heading("The logs themselves")
    for name, group in groupby(rows, key=lambda row: row["rule"]):
        rule, shown = report.rules.get(name), list(group)
        severity = shown[0]["severity"]
        title = Text(f"{GLYPHS.get(severity, '·')} {rule.title if rule else name}", STYLES[severity])
        if not full:
            title.append(f": {shortened(report.shown(shown[0]['subject']), 120)}", "default")
            title.append(f" and {number(len(shown) - 1)} more" if len(shown) > 1 else "", "default")
            page.say(title, hang=2)
            continue
        title.append(f" ({severity}): {' '.join((rule.why or '').split()) if rule else ''}", "default")
        page.say(title, hang=2)
        for row in shown:
            line = Text(shortened(report.shown(row["subject"]), 120), "cyan")
            line.append(f"  {shortened(row['evidence'])}", "default")
            page.say(line, indent=4, hang=2)
    if not full:
        page.say(f"{counted(rows[0]['in_all'], 'finding')}: `--section logs` tells what and why.", "dim")
    elif rest := rows[0]["in_all"] - len(rows):
        page.say(f"And {counted(rest, 'finding')} more: all are in `source_findings` of a database made with --db.")


def others(report: Report, page: Page, *, full: bool) -> None:
    """Write why records are no transfers; nothing where all of them are."""
    rows = report.tables["records_set_aside"]
    if not rows:
        return
    page.heading("Records that are no transfers")
    if not full:
        most = "; ".join(f"{number(row['records'])} {shortened(row['reason'], 60)}" for row in rows[:3])
        rest = f"; {counted(len(rows) - 3, 'reason')} more" if len(rows) > 3 else ""
        page.say(f"{counted(sum(row['records'] for row in rows), 'record')}: {most}{rest}. `--section others` has all.")
        return
    for row in rows:
        line = Text(f"{number(row['records'])}  {shortened(row['reason'])}")
        line.append(f"  first {report.shown(row['first_file'])}, {row['first_place']}", "dim")
        page.say(line, hang=4)


def overlays(report: Report, page: Page, *, full: bool) -> None:
    """Write what overlays changed in the policy that ships; nothing where none was laid on, unless asked."""
    if not report.overlays and not full:
        return
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
