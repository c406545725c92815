"""The sections on who stands behind the texts of the logs: what DHS passed on, and whom no table knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from auditscan.render.figures import figure
from auditscan.render.page import table
from auditscan.render.style import counted, number, shortened
from auditscan.text import printable

if TYPE_CHECKING:
    from auditscan.render.page import Page
    from auditscan.report import Report

ONWARD_ROWS = 12
"""Rows of onward transfers that are shown; the query has all."""


def onward(report: Report, page: Page) -> None:
    """Write what DHS passed on, and to whom; nothing where the logs tell of none."""
    rows = report.tables["onward"]
    if not rows:
        return
    page.heading("Passed on by DHS: out of scope, and not in the figures above")
    shown = table("month", "from", "to", "in", "transfers", "people", left=("month", "from", "to", "in"))
    for row in rows[:ONWARD_ROWS]:
        to = Text(shortened(row["recipient"], 40))
        if not row["recipient_known"]:
            to.append("\nunknown", "dim")
        shown.add_row(
            row["month"] or "no time",
            row["sender_agency"],
            to,
            shortened(row["system"] or "", 24),
            figure(row["transfers"]),
            "" if row["people"] is None else number(row["people"]),
        )
    page.table(shown, most=110)
    rest = rows[ONWARD_ROWS:]
    if rest:
        page.say(f"And {counted(sum(row['transfers'] for row in rest), 'transfer')} more in {len(rest):,} lines.")
    total = sum(row["transfers"] for row in rows)
    page.say(
        f"{counted(total, 'onward transfer')}: inside of DHS, to a vendor or to somebody unknown. No order judged here "
        "speaks of them, and what was passed on need not have come from CMS. `auditscan query onward` has every line, "
        "the view `onward_transfers` every transfer.",
        "dim",
    )


def unknown_parties(report: Report, page: Page) -> None:
    """Write the texts behind which no table knows an agency, the most frequent first; nothing if there are none."""
    rows = report.tables["unknown_parties"]
    if not rows:
        return
    page.heading("Parties that no table knows")
    shown = table(
        "text, and a log that has it", "as", "transfers", "in scope", left=("text, and a log that has it", "as")
    )
    for row in rows:
        text = Text(shortened(row["text"], 60))
        text.append(f"\n  {printable(row['first_file'])}", "dim")
        shown.add_row(text, row["role"], figure(row["transfers"]), figure(row["in_scope"]))
    page.table(shown, most=110)
    rest = rows[0]["in_all"] - len(rows)
    if rest:
        page.say(f"And {counted(rest, 'text')} more: `auditscan query unknown_parties` has all.")
    page.say(
        "Those in scope stay at review until somebody names the agency: add the text, its mail domain, account or "
        "network to parties.csv in an overlay, and only the judging is done again.",
        "dim",
    )
