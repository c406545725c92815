"""The report in a terminal, section by section.

What a lawyer quotes stands first, what the scan could not see right below it, and the account of
every record behind the figures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from auditscan.render.account import files, logs, others, overlays, rules, unread, unsettled
from auditscan.render.figures import barred, flags, matrix, recipients, states
from auditscan.render.page import Page
from auditscan.render.parties import onward, unknown_parties
from auditscan.render.style import STYLES, SURE, counted, long_day, number
from auditscan.render.traces import linked
from auditscan.render.transfers import serious, weeks
from auditscan.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

    from auditscan.report import Report, Selection

__all__ = ["SECTIONS", "draw"]


def headline(report: Report, page: Page) -> None:
    """Write the figures a lawyer quotes, the law of the day, and what the scan could not see."""
    row = report.headline
    page.say(
        f"CMS to DHS transfers of health data, judged as of {long_day(row['as_of'])}",
        "bold",
        indent=0,
    )
    page.blank()
    were = "was" if row["barred_then"] == 1 else "were"
    they = "it" if row["barred_then"] == 1 else "they"
    first = Text(f"{counted(row['transfers'], 'transfer')} read. ", style="bold")
    first.append(number(row["barred_now"]), STYLES["enjoined"] if row["barred_now"] else "bold")
    first.append(" would be barred now; ")
    first.append(number(row["barred_then"]), STYLES["enjoined"] if row["barred_then"] else "bold")
    first.append(f" {were} barred when {they} happened.")
    page.say(first, indent=0)
    page.say(_beside(report), indent=0)
    page.blank()
    page.say(_in_force(report), indent=0)
    if report.selection:
        page.blank()
        page.say(
            f"Only {_selected(report.selection)}. The rest is left out of every figure, up to and "
            "with the most serious transfers; what DHS passed on, files, rules and open questions after "
            "them are those "
            "of the whole scan.",
            "bold",
            indent=0,
        )
    if report.incomplete_because:
        page.blank()
        page.say("INCOMPLETE: this scan did not see everything.", "bold red", indent=0)
        for reason in report.incomplete_because:
            page.say(f"! {printable(reason)}", "red", hang=2)


def _in_force(report: Report) -> str:
    """Return the law of the as-of date, and how sure it is."""
    row = report.headline
    if row["regime_now"] is None:
        return "In force on that day: no order that the policy tables know."
    text = f"In force on that day: {row['regime_title']} ({row['regime_now']}), "
    text += f"from {long_day(row['regime_first_day'])}"
    text += f" to {long_day(row['regime_last_day'])}. " if row["regime_last_day"] else ". "
    sure = SURE.get(row["certainty"])
    return f"{text}{row['citation']}. Evidence {row['certainty']}" + (f": {sure}." if sure else ".")


def _beside(report: Report) -> str:
    """Return what stands beside the two figures of the headline."""
    row = report.headline
    now = row["review_now"]
    parts = [f"{number(now)} {'needs' if now == 1 else 'need'} review now."]
    if row["attempts"]:
        were = "was an attempt" if row["attempts"] == 1 else "were attempts"
        parts.append(
            f"{number(row['attempts'])} more {were} that failed, judged apart: "
            f"{number(row['attempts_barred_now'])} would be barred now, "
            f"{number(row['attempts_barred_then'])} barred then."
        )
    is_ = "is" if row["out_of_scope"] == 1 else "are"
    parts.append(
        f"{number(row['out_of_scope'])} {is_} out of scope: not from CMS to DHS, or before {long_day(row['since'])}."
    )
    return " ".join(parts)


def _selected(selection: Selection) -> str:
    """Return the filters that are on, in words."""
    parts = []
    if selection.states is not None:
        states = [word if word != "unknown" else "an unknown state" for word in selection.states]
        parts.append(f"transfers about {' or '.join(states)}")
    if selection.recipients is not None:
        names = [word if word != "unknown" else "an agency no table knows" for word in selection.recipients]
        parts.append(f"to {' or '.join(printable(name) for name in names)}")
    if selection.verdicts is not None:
        parts.append(f"with the verdict {' or '.join(selection.verdicts)}, now or then")
    if selection.first_day is not None:
        parts.append(f"from {long_day(selection.first_day)}")
    if selection.last_day is not None:
        parts.append(f"until {long_day(selection.last_day)}")
    if selection.states is None:
        parts.insert(0, "transfers")
    return ", ".join(parts).replace("transfers, ", "transfers ", 1)


def closing(report: Report, page: Page) -> None:
    """Write what no figure above says, and what the report rests on."""
    page.heading("What this report does not say")
    page.say(
        "Outside of an order is not the same as lawful: the Privacy Act, the Social Security Act, "
        "HIPAA and the agreements between the agencies are not decided here. Whether a transfer "
        "was unlawful is for a court to say. This report is no legal advice."
    )
    versions = report.versions
    page.say(
        f"auditscan {versions['auditscan']}, policy {versions['policy'][:12]}, queries "
        f"{versions['queries'][:12]}. The same logs, policy and as-of date give the same report.",
        "dim",
    )


SECTIONS = (
    headline,
    matrix,
    flags,
    states,
    barred,
    recipients,
    weeks,
    serious,
    onward,
    linked,
    files,
    others,
    logs,
    unread,
    unknown_parties,
    rules,
    unsettled,
    overlays,
    closing,
)
"""A whole report. Those up to `serious` are narrowed by a selection."""


def draw(report: Report, console: Console, sections: Sequence[Callable[[Report, Page], None]] = SECTIONS) -> None:
    """Write a report on a console, at its width."""
    page = Page(console)
    for section in sections:
        section(report, page)
