"""The sections on who stands behind the texts of the logs: what DHS passed on, and whom no table knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from auditscan.render.figures import figure
from auditscan.render.page import folded, table
from auditscan.render.style import number, shortened
from auditscan.text import counted

if TYPE_CHECKING:
    from auditscan.questions.report import Report
    from auditscan.render.page import Page


def onward(report: Report, page: Page, *, full: bool) -> None:  # noqa: ARG001 -- as every section
    """Write what DHS passed on, and to whom; nothing where the logs tell of none."""
    rows = report.tables["onward"]
    if not rows:
        return
    page.heading("Passed on by DHS: out of scope, and not in the figures above")
    total = sum(row["transfers"] for row in rows)
    page.say(
        f"{counted(total, 'onward transfer')}: inside of DHS, to a vendor or to somebody unknown. No order judged here "
        "speaks of them, and what was passed on need not have come from CMS."
    )
    shown = table("month", "from", "to", "in", "transfers", "records", left=("month", "from", "to", "in"))
    for row in rows:
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
    page.say("`auditscan query onward` has every line, the view `onward_transfers` every transfer.", "dim")


MOST_PARTIES = 5
"""Unknown parties of a short report."""


def parties(report: Report, page: Page, *, full: bool) -> None:
    """Write the texts behind which no table knows an agency, those that hold most verdicts first; nothing if none."""
    rows = report.tables["unknown_parties"]
    if rows:
        _unknown(report, page, full=full)
    outcomes = report.tables["unknown_outcomes"]
    if not outcomes:
        return
    page.heading("How it ended, in words that no table knows")
    listed = outcomes if full else outcomes[:MOST_PARTIES]
    for row in listed:
        page.say(f"{number(row['transfers'])}  {shortened(row['word'], 60)}", hang=4)
    if outcomes[len(listed) :]:
        page.say(f"{counted(len(outcomes) - len(listed), 'word')} more: `auditscan query unknown_outcomes` has all.")
    page.say("They count as disclosed. Whoever knows better adds the word to outcomes.csv of an overlay.", "dim")


def _unknown(report: Report, page: Page, *, full: bool) -> None:
    rows = report.tables["unknown_parties"]
    page.heading("Parties that no table knows")
    shown = table("text", "as", "transfers", "held at review", left=("text", "as"))
    listed = rows if full else [row for row in rows if row["in_scope"]][:MOST_PARTIES]
    for row in sorted(listed, key=lambda row: -row["in_scope"]):
        text = Text(shortened(row["text"], 60))
        if full:
            text.append(f"\n{folded(report.shown(row['first_file']), page.width - 40)}", "dim")
        shown.add_row(text, row["role"], figure(row["transfers"]), figure(row["in_scope"]))
    if listed:
        page.table(shown, most=110)
    rest = rows[0]["in_all"] - len(listed)
    if rest:
        page.say(f"{counted(rest, 'text')} more: `auditscan query unknown_parties` has all.")
    if rows[0]["redacted"]:
        page.say(
            f"{counted(rows[0]['redacted'], 'transfer')} with a party that is blacked out: nobody can say here whom "
            "that names."
        )
    page.say(
        "Whoever knows the agency adds the text, its mail domain or account to parties.csv of an overlay (`auditscan "
        "policy new`).",
        "dim",
    )
