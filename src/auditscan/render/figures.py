"""The sections that count: verdicts, flags, states, categories, recipients."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from auditscan.render.chart import bar, legend
from auditscan.render.page import table
from auditscan.render.style import (
    MEANINGS,
    STYLES,
    VERDICTS,
    counted,
    listed,
    number,
    share,
    shortened,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditscan.render.page import Page
    from auditscan.report import Report, Row

WIDEST = 120
"""Cells a table of bars takes at most: beyond, the eye loses the line."""

NOTHING = "No transfer in scope was disclosed."


def figure(value: int, style: str = "") -> Text:
    """Return a count for a table: a zero recedes."""
    return Text(number(value), style=style if value else "dim")


def nothing_judged(report: Report, page: Page) -> bool:
    """Say so where there is nothing to count."""
    if report.headline["judged"]:
        return False
    page.say(NOTHING if not report.selection else "No transfer in this selection.")
    return True


def matrix(report: Report, page: Page) -> None:
    """Write the verdicts then, in rows, by the verdicts now, in columns."""
    page.heading("Then and now")
    if nothing_judged(report, page):
        return
    cells = {(row["verdict_then"], row["verdict_now"]): row["transfers"] for row in report.tables["then_and_now"]}
    whole = sum(cells.values())
    shown = table("then \\ now", *VERDICTS, "total", "", left=("then \\ now",))
    for then in VERDICTS:
        total = sum(cells[then, now] for now in VERDICTS)
        shown.add_row(
            Text(then, STYLES[then]),
            *(figure(cells[then, now], STYLES[_worse(then, now)]) for now in VERDICTS),
            figure(total, "bold"),
            share(total, whole),
        )
    shown.add_section()
    sums = [sum(cells[then, now] for then in VERDICTS) for now in VERDICTS]
    shown.add_row(Text("total", "bold"), *(figure(total, "bold") for total in sums), figure(whole, "bold"), "")
    shown.add_row("", *(share(total, whole) for total in sums), "", "")
    page.table(shown)
    page.blank()
    for line in _changes(cells):
        page.say(line)
    words = Text()
    for verdict in VERDICTS:
        words.append(verdict, STYLES[verdict])
        words.append(f": {MEANINGS[verdict]}{'.' if verdict == 'outside' else '; '}")
    page.say(words)


def _changes(cells: dict[tuple[str, str], int]) -> list[str]:
    """Return in words how many transfers the law since made better or worse."""
    lines = []
    now = sum(cells[then, "enjoined"] for then in VERDICTS)
    newly = now - cells["enjoined", "enjoined"]
    if now:
        were = "was" if newly == 1 else "were"
        lines.append(f"Of the {number(now)} barred now, {_some(newly)} {were} not barred then.")
    then = sum(cells["enjoined", now] for now in VERDICTS)
    if then:
        others = [
            f"{number(cells['enjoined', verdict])} {words}"
            for verdict, words in (
                ("review", "to review"),
                ("permitted", "permitted"),
                ("outside", "outside"),
            )
            if cells["enjoined", verdict]
        ]
        kept = cells["enjoined", "enjoined"]
        lines.append(
            f"Of the {number(then)} barred then, {_some(kept)} would be barred again"
            + (f"; now {', '.join(others)}." if others else ".")
        )
    return lines


def _some(count: int) -> str:
    return number(count) if count else "none"


def _worse(one: str, other: str) -> str:
    return min(one, other, key=VERDICTS.index)


def flags(report: Report, page: Page) -> None:
    """Write the four groups that the two flags make, as a square."""
    page.heading("Barred data and plaintiff states, under the order in force")
    if nothing_judged(report, page):
        return
    whole = report.headline["judged"]
    groups = {(row["flag_category"], row["flag_state"]): row for row in report.tables["flag_groups"]}
    square = Table(box=box.SQUARE, show_lines=True, header_style="bold", border_style="dim")
    square.add_column("")
    square.add_column("a plaintiff state", ratio=1)
    square.add_column("no plaintiff state", ratio=1)
    for barred, label in ((True, "barred data\nor people"), (False, "neither")):
        square.add_row(Text(label, "bold"), *(_group(groups[barred, state], whole) for state in (True, False)))
    page.table(square, most=100)
    flagged = whole - groups[False, False]["transfers"]
    page.say(f"Flagged: {counted(flagged, 'transfer')}, {share(flagged, whole)} of {number(whole)}.")
    uncounted = whole - report.headline["counted"]
    page.say(
        "People are counted as the logs count them: one person may be in many transfers"
        + (f", and {counted(uncounted, 'transfer')} gave no count." if uncounted else "."),
        "dim",
    )


def _group(row: Row, whole: int) -> Text:
    """Return one quarter of the square."""
    style = "bold red" if row["barred_now"] else "yellow" if row["review_now"] else "bold"
    cell = Text(number(row["transfers"]), style if row["transfers"] else "dim")
    if row["transfers"]:
        cell.append(f"  {share(row['transfers'], whole)}", "not bold default")
        cell.append(f"\n{counted(row['people'], 'person', 'people')}", "not bold default")
        if row["barred_now"]:
            cell.append(f"\n{number(row['barred_now'])} barred", "bold red")
        if row["review_now"]:
            cell.append(f"\n{number(row['review_now'])} to review", "not bold yellow")
    cell.append(f"\n{row['meaning']}", "not bold italic default")
    return cell


def states(report: Report, page: Page) -> None:
    """Write the plaintiff states, the unsettled ones apart, and the rest in a line."""
    page.heading("Plaintiff states")
    if nothing_judged(report, page):
        return
    rows = report.tables["by_state"]
    standing = {
        word: [row for row in rows if row["standing"] == word] for word in ("covered", "unsettled", "other", "unknown")
    }
    bars = _Bars([row for word in ("covered", "unsettled") for row in standing[word]], page)
    if standing["covered"]:
        bars.write(standing["covered"])
    else:
        page.say("The regime in force on the as-of date protects no state for certain.")
    if standing["unsettled"]:
        page.blank()
        page.say("Unsettled: no source settles whether the order protects these.", "bold")
        bars.write(standing["unsettled"])
    page.blank()
    if standing["covered"] or standing["unsettled"]:
        page.say(legend())
        page.say("A transfer about several states counts in each, with the verdict of the whole.", "dim")
    if standing["other"]:
        names = listed(sorted(row["state"] for row in standing["other"]), 60)
        page.say(f"No plaintiffs, and out of the order's reach where no other state is named: {names}.")
    for row in standing["unknown"]:
        page.say(f"{counted(row['transfers'], 'transfer')} about a state the log does not tell.")


class _Bars:
    """Tables of states with bars of one scale, names of one width."""

    def __init__(self, rows: Sequence[Row], page: Page) -> None:
        self._page = page
        self._largest = max((row["transfers"] for row in rows), default=0)
        self._name = max((len(self._place(row)) for row in rows), default=0)

    @staticmethod
    def _place(row: Row) -> str:
        name = row["name"] if row["name"] != row["state"] else ""
        return f"{row['state']} {name}".rstrip()

    def write(self, rows: Sequence[Row]) -> None:
        """Write some of the states; those without a transfer are named in a line below."""
        shown = table("state", "transfers", "barred\nnow", "barred\nthen", "", left=("state", ""))
        some = [row for row in rows if row["transfers"]]
        bars = [Text() for _ in some]
        for row, empty in zip(some, bars, strict=True):
            shown.add_row(
                Text(self._place(row).ljust(self._name)),
                figure(row["transfers"]),
                figure(row["enjoined"], STYLES["enjoined"]),
                figure(row["barred_then"]),
                empty,
            )
        if some:
            _fill(bars, some, self._largest, self._page.room(shown, WIDEST))
            self._page.table(shown)
        without = sorted(row["state"] for row in rows if not row["transfers"])
        if without:
            self._page.say(f"No transfer about {listed(without, 60)}.", "dim")


def _fill(bars: Sequence[Text], rows: Sequence[Row], largest: int, room: int) -> None:
    """Draw the bars of a table's rows, once the room its other columns leave is known."""
    for empty, row in zip(bars, rows, strict=True):
        empty.append_text(bar(row, largest, room))


_KINDS = {"category": "data", "population": "people", "program": "programs"}


def barred(report: Report, page: Page) -> None:
    """Write the data, people and programs that the order bars, with the words of the logs."""
    page.heading("Data, people and programs the order bars")
    if nothing_judged(report, page):
        return
    rows = report.tables["barred_content"]
    if not rows:
        page.say("No transfer holds anything that the regime in force bars.")
        return
    shown = table("", "transfers", "barred\nnow", "logged as", left=("", "logged as"))
    shown.columns[0].no_wrap = True
    for kind, group in groupby(rows, key=lambda row: row["kind"]):
        shown.add_row(Text(_KINDS[kind], "bold"))
        for row in group:
            key = row["key"].replace("_", " ")
            logged = [word for word in row["logged_as"] or () if word.replace("_", " ") != key]
            shown.add_row(
                Text(f"  {key}"),
                figure(row["transfers"]),
                figure(row["barred_now"], STYLES["enjoined"]),
                Text(shortened(listed(logged, 4), 100), "dim"),
            )
    page.table(shown, most=WIDEST)
    page.say(
        "A transfer with several of these counts in each; the state decides whether it is barred.",
        "dim",
    )


def recipients(report: Report, page: Page) -> None:
    """Write who received, by verdict now."""
    page.heading("Recipients, by verdict now")
    if nothing_judged(report, page):
        return
    shown = table("recipient", "transfers", *VERDICTS, "", left=("recipient", ""))
    rows = report.tables["by_recipient"]
    bars = [Text() for _ in rows]
    for row, empty in zip(rows, bars, strict=True):
        shown.add_row(
            Text(shortened(row["recipient"], 30)),
            figure(row["transfers"], "bold"),
            *(figure(row[verdict], STYLES[verdict]) for verdict in VERDICTS),
            empty,
        )
    _fill(bars, rows, max(row["transfers"] for row in rows), page.room(shown, WIDEST))
    page.table(shown)
