"""The sections on rules: how often each was met, why it asks, which could not run, and what a ledger suppresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from auditscan.render.figures import figure
from auditscan.render.page import table
from auditscan.render.style import GLYPHS, STYLES, listed, number, short_day, shortened
from auditscan.text import counted, printable

if TYPE_CHECKING:
    from auditscan.questions.report import Report
    from auditscan.render.page import Page

MOST_NAMED = 6
"""Rules of a severity that a short report names."""


def rules(report: Report, page: Page, *, full: bool) -> None:
    """Write what the rules found, worst and most frequent first, and why; those without a hit in one line."""
    page.heading("The rules that ran")
    rows = report.tables["rule_outcomes"]
    ended = {word: [row for row in rows if row["outcome"] == word] for word in ("ran", "not applicable", "failed")}
    page.say(
        f"{counted(len(rows), 'rule')}: {number(len(ended['ran']))} ran, "
        f"{number(len(ended['not applicable']))} not applicable, "
        f"{number(len(ended['failed']))} failed. A transfer may meet several."
    )
    for row in ended["failed"]:
        page.say(f"FAILED  {row['rule']}: {shortened(row['message'])}", "bold red", hang=2)
    for row in ended["not applicable"]:
        page.say(f"not applicable  {row['rule']}: {printable(row['message'])}", hang=2)
    hit = [row for row in ended["ran"] if row["hits"]]
    wide = max((len(number(row["hits"])) for row in hit), default=0)
    for row in hit if full else [row for row in hit if row["severity"] == "grave"]:
        rule = report.rules.get(row["rule"])
        line = Text(f"{number(row['hits']).rjust(wide)} ")
        line.append(
            f"{GLYPHS.get(row['severity'], '·')} {rule.title if rule else row['rule']}", STYLES[row["severity"]]
        )
        line.append(f" ({row['severity']}, {row['rule']})", "dim")
        if full:
            line.append(f": {' '.join((rule.why or '').split()) if rule else ''}")
        page.say(line, hang=wide + 3)
    for severity in () if full else ("review", "note"):
        rest = [f"{row['rule']} {number(row['hits'])}" for row in hit if row["severity"] == severity]
        if rest:
            more = f" and {number(len(rest) - MOST_NAMED)} more" if rest[MOST_NAMED:] else ""
            named = f"{', '.join(rest[:MOST_NAMED])}{more}"
            page.say(
                Text.assemble((f"{GLYPHS.get(severity, '·')} {severity}: ", STYLES[severity]), f"{named}."), hang=2
            )
    if hit and not full:
        page.say("`--section rules` has all, and why each asks.", "dim")
        return
    quiet = [row["rule"] for row in ended["ran"] if not row["hits"]]
    if quiet:
        page.say(f"Without a hit: {listed(quiet, 100)}.", "dim", hang=2)


def suppressed(report: Report, page: Page, *, full: bool) -> None:  # noqa: ARG001 -- as every section
    """Write what a ledger suppresses, until when, by whom and why; nothing where it suppresses nothing."""
    rows = report.tables["by_suppression"]
    if not rows:
        return
    page.heading("What the ledger suppresses")
    whole = counted(sum(row["findings"] for row in rows), "finding")
    page.say(f"{whole}, by the last nightly scan. All of them are shown and counted in this report.")
    shown = table("rule", "findings", "about", "until", "by, and why", left=("rule", "about", "until", "by, and why"))
    for row in rows:
        about = [*(row["transfer_id"] or ()), *(row["subject"] or ())]
        more = row["findings"] - len(about)
        named = shortened(listed(about), 120) + (f" and {number(more)} more" if more else "")
        until = short_day(row["suppressed_until"])
        shown.add_row(
            report.title_of(row["rule"]),
            figure(row["findings"]),
            Text(named),
            until,
            Text(shortened(row["suppressed_by"])),
        )
    page.table(shown)
