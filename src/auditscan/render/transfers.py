"""The sections on single transfers: when they happened, and the most serious of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from rich.text import Text

from auditscan.render.chart import Mark, Timeline, legend
from auditscan.render.figures import nothing_judged
from auditscan.render.style import GLYPHS, STYLES, SURE, counted, listed, number, shortened
from auditscan.render.traces import BASES
from auditscan.text import printable

if TYPE_CHECKING:
    from datetime import date

    from auditscan.render.page import Page
    from auditscan.report import Report, Row

CHART = 160
"""Cells a timeline takes at most."""


def weeks(report: Report, page: Page) -> None:
    """Write the timeline twice over the same weeks: as judged then, and as judged now."""
    page.heading("When the transfers happened")
    if nothing_judged(report, page):
        return
    counts: dict[date, dict[str, Counter[str]]] = defaultdict(lambda: {"then": Counter(), "now": Counter()})
    undated = 0
    for row in report.tables["by_week"]:
        if row["week"] is None:
            undated += row["transfers"]
            continue
        counts[row["week"]]["then"][row["verdict_then"]] += row["transfers"]
        counts[row["week"]]["now"][row["verdict_now"]] += row["transfers"]
    if counts:
        marks = [
            Mark(row["day"], f"{row['title']}: {row['what']}", row["author"] == "court")
            for row in report.tables["orders_and_agreements"]
        ]
        chart = Timeline(counts, marks, min(page.width, CHART) - 2)
        page.say("Judged then, under the order in force at the time", "bold")
        page.lines(chart.picture("then"))
        page.say("Judged now", "bold")
        page.lines([*chart.picture("now"), *chart.scale()])
        page.say(legend())
        page.say(chart.explained(), "dim")
        for letter, mark in chart.marks:
            page.say(f"{letter}  {mark.day}  {mark.text}", hang=15)
    if undated:
        page.say(f"{counted(undated, 'transfer')} without a time: not on the timeline, and to review then.")


def serious(report: Report, page: Page) -> None:
    """Write a block a transfer: what, from whom to whom, where in the logs, and why."""
    page.heading("The most serious transfers")
    if nothing_judged(report, page):
        return
    rows = report.tables["most_serious"]
    if not rows:
        none = "None is barred or to review, now or then."
        page.say(none if report.limit else "None is listed: --limit is 0.")
        return
    whole = sum(
        row["transfers"]
        for row in report.tables["then_and_now"]
        if {"enjoined", "review"} & {row["verdict_now"], row["verdict_then"]}
    )
    page.say(
        f"{number(len(rows))} of {number(whole)} that are barred or to review, now or then: those "
        "barred now and then first, then barred now, barred then, to review; within each the "
        "largest first. Numbers in brackets are the sources below.",
        "dim",
    )
    sources: dict[tuple[str, str], int] = {}
    for place, row in enumerate(rows, start=1):
        page.blank()
        _transfer(report, page, place, row, sources)
    page.blank()
    for (citation, certainty), mark in sources.items():
        page.say(f"[{mark}] {citation}. {certainty}: {SURE.get(certainty, 'not graded')}.", "dim", hang=4)


def _transfer(report: Report, page: Page, place: int, row: Row, sources: dict[tuple[str, str], int]) -> None:
    title = Text(f"{place:>2}. {shortened(row['transfer_id'], 80)}", "bold")
    title.append(f"  {_when(row)}  {_party(row['sender'])} to {_party(row['recipient'])}", "not bold default")
    page.say(title, indent=0, hang=4)
    verdict = Text()
    for when in ("now", "then"):
        word = row[f"verdict_{when}"]
        verdict.append(f"{word} {when}", STYLES[word])
        verdict.append(", " if when == "now" else "; ")
    people = row["record_count"]
    verdict.append("no count of people logged" if people is None else counted(people, "person", "people"))
    verdict.append(f"; outcome {row['outcome']}" if row["outcome"] != "success" else "")
    page.say(verdict, indent=4)
    page.say(printable(f"{row['source_file']}, {row['place']}"), "cyan", indent=4)
    for label in ("states", "programs", "populations", "elements"):
        basis = ""
        if label == "elements" and row["element_basis"] in ("accessed", "inferred"):
            basis = f" ({BASES[row['element_basis']]})"
        page.say(f"{label:<12} {listed(row[label] or ['none logged'])}{basis}", indent=4, hang=13)
    for finding in report.findings[row["record_key"]]:
        _finding(report, page, finding, sources)


def _finding(report: Report, page: Page, finding: Row, sources: dict[tuple[str, str], int]) -> None:
    cited = (finding["citation"].rstrip("."), finding["certainty"])
    rule = report.rules.get(finding["rule"])
    severity = finding["severity"]
    line = Text(f"{GLYPHS.get(severity, '·')} {rule.title if rule else finding['rule']}", STYLES[severity])
    line.append(f": {shortened(finding['evidence'] or 'no evidence given')}", "not bold not dim default")
    # Where a rule rests on the log alone, its citation says "None".
    if severity != "note" and not cited[0].startswith("None"):
        line.append(f" [{sources.setdefault(cited, len(sources) + 1)}]", "not bold dim")
    page.say(line, indent=4, hang=2)


def _when(row: Row) -> str:
    """Return the time of a transfer as logged, in UTC, to the minute."""
    time = row["occurred_at"]
    if time is None:
        return "no time logged"
    return f"{time[:10]} {time[11:16]} UTC" if len(time) > 10 else str(time)


def _party(name: str | None) -> str:
    return "nobody named" if name is None else shortened(name, 60)
