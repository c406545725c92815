"""Two scans of a ledger held against each other, in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from auditscan.ledger.telling.partition import SAID, words
from auditscan.render.figures import figure
from auditscan.render.page import Page, table
from auditscan.render.style import STYLES, listed, shortened
from auditscan.text import counted, long_day, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from auditscan.ledger.compare import Comparison, Row

CHANGES = {"new": "bold", "changed": "", "gone": "", "newly suppressed": "dim"}
"""What a finding can have become -> how it is set, in the order they are shown."""


CAUSES = {
    "new log": "a new log",
    "changed log": "a rewritten log",
    "rule changed": "a changed rule",
    "policy changed": "a changed policy",
    "day of now moved": "a later day of now",
    "suppressed": "a suppression",
    "suppression ended": "a suppression that ended",
}


def draw_comparison(found: Comparison, console: Console) -> None:
    """Write what changed between two scans: findings by rule and by cause, some of them, and verdicts that moved."""
    page = Page(console)
    page.say("What changed in the ledger", "bold", indent=0)
    page.blank()
    for name, scan in (("before", found.before), ("after", found.after)):
        _scan(name, scan, page)
    page.say(f"{'differs':<8}{listed(found.differs) or 'nothing that judges'}", indent=0, hang=8)
    _by_rule(found.rules, page)
    _by_cause(found.causes, page)
    _findings(found, page)
    _moves(found.moves, page)


def _scan(name: str, scan: Row, page: Page) -> None:
    line = Text(f"{name:<8}", "dim")
    line.append(f"scan {scan['scan_id']}", "bold not dim")
    line.append(f" of {long_day(scan['started_at'])}, {scan['started_at']:%H:%M} UTC", "not bold not dim")
    order = f"under {printable(scan['regime_now'])}" if scan["regime_now"] else "under no order"
    line.append(f"; now is {long_day(scan['as_of'])}, {order}", "not bold not dim")
    if not scan["complete"]:
        line.append("; incomplete", "bold red not dim")
    page.say(line, indent=0, hang=8)
    if scan["verdicts_now"]:
        page.say(f"{sum(scan['verdicts_now'].values()):,} transfers: {words(scan['verdicts_now'])}", indent=8)


def _by_rule(rows: Sequence[Row], page: Page) -> None:
    page.heading("Findings by rule")
    if not rows:
        page.say("No finding changed.")
        return
    shown = table("rule", "", "new", "changed", "gone", "newly\nsuppressed", left=("rule", ""))
    for row in rows:
        shown.add_row(
            Text(printable(row["rule"]), STYLES[row["severity"]]),
            Text(row["severity"], "dim"),
            figure(row["new"], "bold"),
            figure(row["changed"]),
            figure(row["gone"]),
            figure(row["newly_suppressed"]),
        )
    page.table(shown)


def _by_cause(rows: Sequence[Row], page: Page) -> None:
    if not rows:
        return
    page.heading("Why")
    for change in CHANGES:
        causes = [f"{row['findings']:,} for {CAUSES[row['cause']]}" for row in rows if row["change"] == change]
        if causes:
            page.say(f"{change:<18}{listed(causes)}", hang=18)


def _findings(found: Comparison, page: Page) -> None:
    if not found.findings:
        return
    title = "One by one"
    if found.changed > len(found.findings):
        title += f": {len(found.findings):,} of {found.changed:,}"
    page.heading(title)
    for row in found.findings:
        line = Text(f"{row['change']} ", CHANGES[row["change"]])
        line.append(printable(row["rule"]), STYLES[row["severity"]])
        line.append(f" {row['finding_id']}", "not bold dim")
        page.say(line, hang=4)
        said = Text(shortened(row["transfer_id"] or row["subject"], 120), "bold")
        said.append(_evidence(row), "not bold")
        page.say(said, indent=6, hang=2)
        page.say(_where(row), "dim", indent=6, hang=2)


def _evidence(row: Row) -> str:
    """Return what gave a finding away, and what did before where that changed."""
    before, after = row["evidence_before"], row["evidence_after"]
    if row["change"] == "changed" and before != after and before and after:
        return f": {shortened(before, 150)} -> {shortened(after, 150)}"
    said = after or before
    return f": {shortened(said, 200)}" if said else ""


def _where(row: Row) -> str:
    """Return cause, place in the log, and since when it is known, in one line."""
    told = [f"for {CAUSES[row['cause']]}"]
    if row["source_file"]:
        told.append(printable(f"{row['source_file']}, {row['place']}"))
    told.append(f"first seen in scan {row['first_seen']}")
    if row["change"] == "gone":
        told.append(f"last in scan {row['last_seen']}")
    if row["suppression_id"]:
        was = "is" if row["is_suppressed"] else "was"
        told.append(f"{was} hidden by {printable(row['suppression_id'])}")
    return "; ".join(told)


def _moves(rows: Sequence[Row], page: Page) -> None:
    if not rows:
        return
    page.heading("Verdicts that moved")
    for row in rows:
        noun = "failed attempt" if row["attempt"] else "transfer"
        line = Text(f"Scan {row['scan_id']}: {counted(row['transfers'], noun)} moved from ")
        for word, verdict in (("", str(row["verdict_before"])), (" to ", str(row["verdict_after"]))):
            line.append(word)
            line.append(SAID.get(verdict, verdict), STYLES.get(verdict, ""))
        line.append(f" {row['time']}")
        page.say(line.append("," if row["because"] else "."), hang=2)
        if row["because"]:
            page.say(f"because {listed(row['because'], 3)}", "dim", indent=4, hang=2)
