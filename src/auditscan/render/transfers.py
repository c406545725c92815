"""The sections on single transfers: when they happened, and the most serious of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from rich.text import Text

from auditscan.render.chart import HEIGHT, Mark, Timeline, legend
from auditscan.render.figures import nothing_judged
from auditscan.render.style import GLYPHS, STYLES, SURE, listed, number, short_day, shortened, suppression
from auditscan.render.traces import BASES
from auditscan.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from auditscan.questions.report import Report, Row
    from auditscan.render.page import Page

LOW = 4
"""Lines of a timeline in a short report."""

REASONED = 3
"""Transfers of which a short report tells the reasons: of the others only the facts."""

CHART = 160
"""Cells a timeline takes at most."""


def of_weeks(rows: Iterable[Row]) -> tuple[dict[date, dict[str, Counter[str]]], int]:
    """Return the verdicts `then` and `now` of each week of `by_week`, and how many transfers have no time."""
    counts: dict[date, dict[str, Counter[str]]] = defaultdict(lambda: {"then": Counter(), "now": Counter()})
    undated = 0
    for row in rows:
        if row["week"] is None:
            undated += row["transfers"]
            continue
        counts[row["week"]]["then"][row["verdict_then"]] += row["transfers"]
        counts[row["week"]]["now"][row["verdict_now"]] += row["transfers"]
    return counts, undated


def weeks(report: Report, page: Page, *, full: bool) -> None:
    """Write the timeline twice over the same weeks: as judged then, and as judged now."""
    page.heading("When the transfers happened")
    if nothing_judged(report, page):
        return
    counts, undated = of_weeks(report.tables["by_week"])
    if counts:
        marks = [
            Mark(row["day"], row["title"], row["what"], row["author"] == "court")
            for row in report.tables["orders_and_agreements"]
            if full or row["author"] == "court"
        ]
        chart = Timeline(counts, marks, min(page.width, CHART) - 2, HEIGHT if full else LOW)
        if full:
            page.say("Judged then, under the order in force at the time", "bold")
            page.lines(chart.picture("then"))
        page.say("Judged now" if full else "Judged now; `--section weeks` has it as judged then too", "bold")
        page.lines([*chart.picture("now"), *chart.scale()])
        page.say(legend())
        page.say(chart.explained(), "dim")
        _marks(chart, page, full=full)
    if undated:
        page.say(f"{counted(undated, 'transfer')} without a time: not on the timeline, and to review then.")


def _marks(chart: Timeline, page: Page, *, full: bool) -> None:
    """Write what the letters of a timeline stand for: a line a day, or a line a document."""
    if full:
        for letter, mark in chart.marks:
            page.say(f"{letter}  {mark.day}  {mark.text}: {mark.what}", hang=15)
        return
    documents: dict[str, list[str]] = defaultdict(list)
    for letter, mark in chart.marks:
        documents[mark.text].append(f"{letter} {mark.day} {mark.what}")
    for title, days in documents.items():
        page.say(f"{title}: {'; '.join(days)}", hang=2)


def serious(report: Report, page: Page, *, full: bool) -> None:
    """Write a block a transfer: what, from whom to whom, where in the logs, and why the order bars it."""
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
        f"{number(sum(row['like_it'] for row in rows))} of {number(whole)}: barred now and then, barred now, barred "
        "then, to review; within each the largest first, equal ones once.",
        "dim",
    )
    shared = shared_reasons(report.findings, [row["record_key"] for row in rows])
    if shared and not full:
        named = ", ".join(f"{report.title_of(rule)} ({number(count)})" for rule, count in shared.items())
        page.say(f"Of these {number(len(rows))} most also meet, not said again below: {named}.", hang=2)
    sources: dict[tuple[str, str], int] = {}
    for place, row in enumerate(rows, start=1):
        _transfer(report, page, place, row, shared, sources, full=full)
    _sources(sources, page, full=full)
    if not full:
        page.say("`--section serious` tells every reason, `auditscan explain ID` each line.", "dim")


def shared_reasons(findings: Mapping[int, Sequence[Row]], keys: Sequence[int]) -> dict[str, int]:
    """Return the rules to review that more than half of these transfers meet, and how many do."""
    of_all = [finding for key in keys for finding in findings[key]]
    met = Counter(finding["rule"] for finding in of_all if finding["severity"] == "review")
    # What is suppressed is said with each.
    own = {finding["rule"] for finding in of_all if finding["suppressed_until"]}
    return {rule: count for rule, count in met.most_common() if count * 2 > len(keys) > 1 and rule not in own}


def _transfer(
    report: Report,
    page: Page,
    place: int,
    row: Row,
    shared: dict[str, int],
    sources: dict[tuple[str, str], int],
    *,
    full: bool,
) -> None:
    title = Text(f"{place:>2}. {shortened(row['transfer_id'], 80)}", "bold")
    told = full or place <= REASONED
    facts = Text(f", {party(row['sender'])} to {party(row['recipient'])}, {when(row, clock=told)}: ")
    now, then = row["verdict_now"], row["verdict_then"]
    if now == then:
        facts.append(f"{now} now and then", STYLES[now])
    else:
        facts.append(f"{now} now", STYLES[now]).append(", ").append(f"{then} then", STYLES[then])
    facts.append(", by deduction only" if row["verdict_basis"] == "deduced" else "")
    findings = report.findings[row["record_key"]]
    # Where it was barred then, the finding below names the states.
    if full or not told or all(finding["rule"] != "barred_then" for finding in findings):
        facts.append(f"; {listed(row['states'] or ['no state logged'])}")
    facts.append(f"; {count_of(row)}")
    facts.append(f"; outcome {row['outcome']}" if row["outcome"] != "success" else "")
    facts.append(f"; {report.shown(row['source_file'])}, {printable(row['place'])}", "cyan")
    if row["like_it"] > 1:
        facts.append(f"; the same {number(row['like_it'])} times{_days(row)}", "bold")
    page.say(Text.assemble(title, facts), indent=0, hang=4)
    if full:
        for label in ("programs", "populations", "elements"):
            basis = ""
            if label == "elements" and row["element_basis"] in ("accessed", "inferred", "aggregate"):
                basis = f" ({BASES[row['element_basis']]})"
            page.say(f"{label:<12} {listed(row[label] or ['none logged'])}{basis}", indent=4, hang=13)
    if not told:
        return
    grave = [finding for finding in findings if full or finding["severity"] == "grave"]
    for finding in grave:
        _finding(report, page, finding, sources)
    rest = [
        report.title_of(finding["rule"]) + suppression(finding["suppressed_until"], finding["suppressed_by"])
        for finding in findings
        if finding not in grave and finding["severity"] == "review" and finding["rule"] not in shared
    ]
    if rest and not grave:
        page.say(f"{GLYPHS['review']} {'; '.join(rest)}", STYLES["review"], indent=4, hang=2)


def _days(row: Row) -> str:
    first, last = row["first_day"], row["last_day"]
    if first is None:
        return ""
    return f", all on {first}" if first == last else f", from {first} to {last}"


def count_of(row: Row) -> str:
    """Return how many people, or rows, or only records, for the log need not say of what."""
    count = row["record_count"]
    if count is None:
        return "no count logged"
    if row["counts"] == "people":
        return counted(count, "person", "people")
    return counted(count, "row" if row["counts"] == "rows" else "record")


def _finding(report: Report, page: Page, finding: Row, sources: dict[tuple[str, str], int]) -> None:
    cited = (finding["citation"].rstrip("."), finding["certainty"])
    severity = finding["severity"]
    line = Text(f"{GLYPHS.get(severity, '·')} {report.title_of(finding['rule'])}", STYLES[severity])
    line.append(f": {evidence_of(finding)}", "not bold not dim default")
    # Where a rule rests on the log alone, its citation says "None".
    if severity != "note" and not cited[0].startswith("None"):
        line.append(f" [{sources.setdefault(cited, len(sources) + 1)}]", "not bold dim")
    page.say(line, indent=4, hang=2)


def evidence_of(finding: Row) -> str:
    """Return what gave a transfer away, and whether that is suppressed."""
    said = shortened(finding["evidence"] or "no evidence given")
    return said + suppression(finding["suppressed_until"], finding["suppressed_by"])


def _sources(sources: dict[tuple[str, str], int], page: Page, *, full: bool) -> None:
    """Write what the numbers in brackets stand for, each text once; in short the name of the document alone."""
    told: dict[str, int] = {}
    for (citation, certainty), mark in sources.items():
        text = f"as [{told[citation]}]" if citation in told else citation if full else citation.split(": ")[0]
        told.setdefault(citation, mark)
        page.say(f"[{mark}] {text}. {certainty}: {SURE.get(certainty, 'not graded')}.", "dim", hang=4)


def when(row: Row, *, clock: bool) -> str:
    """Return the day of a transfer in the court's zone, and with `clock` the time in UTC, to the minute."""
    time = row["occurred_at"]
    if time is None:
        return "no time logged"
    if len(time) == 10:
        return short_day(row["court_day"])
    day = f"{short_day(row['court_day'])} in California"
    return f"{day} ({time[:10]} {time[11:16]} UTC)" if clock else day


def party(name: str | None) -> str:
    """Return a sender or recipient fit to be shown."""
    return "nobody named" if name is None else shortened(name, 60)
