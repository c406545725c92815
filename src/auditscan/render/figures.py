"""The sections that count: verdicts, flags, states, categories, recipients."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.text import Text

from auditscan.policy.words import VERDICTS
from auditscan.render.chart import bar
from auditscan.render.page import table
from auditscan.render.style import MEANINGS, STYLES, listed, number, share, shortened
from auditscan.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditscan.questions.report import Report, Row
    from auditscan.render.page import Page

WIDEST = 120
"""Cells a table of bars takes at most: beyond, the eye loses the line."""

LEAST_FOR_SHARES = 64
"""Cells a line from which on there is room for shares."""

LEAST_FOR_TWO = 78
"""Cells a line from which on states stand in two columns."""

MOST_BARRED = 6
"""Kinds of content that a short report lists."""

MOST_RECIPIENTS = 12
"""Recipients."""

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


def verdicts(report: Report, page: Page, *, full: bool) -> None:  # noqa: ARG001 -- as every section
    """Write the verdicts then, in rows, by the verdicts now, in columns."""
    page.heading("Then and now")
    if nothing_judged(report, page):
        return
    cells = {(row["verdict_then"], row["verdict_now"]): row["transfers"] for row in report.tables["then_and_now"]}
    whole = sum(cells.values())
    # At 60 columns there is no room for the shares.
    shares = page.width >= LEAST_FOR_SHARES
    shown = table("then \\ now", *VERDICTS, "total", *([""] if shares else []), left=("then \\ now",))
    for then in VERDICTS:
        total = sum(cells[then, now] for now in VERDICTS)
        shown.add_row(
            Text(then, STYLES[then]),
            *(figure(cells[then, now], STYLES[min(then, now, key=VERDICTS.index)]) for now in VERDICTS),
            figure(total, "bold"),
            *([share(total, whole)] if shares else []),
        )
    shown.add_section()
    sums = [sum(cells[then, now] for then in VERDICTS) for now in VERDICTS]
    shown.add_row(Text("total", "bold"), *(figure(total, "bold") for total in sums), figure(whole, "bold"))
    page.table(shown)
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
            for verdict, words in (("review", "to review"), ("permitted", "permitted"), ("outside", "outside"))
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


_GROUPS = {
    (True, True): "barred data of a plaintiff state",
    (True, False): "barred data, no plaintiff state",
    (False, True): "a plaintiff state, no barred data",
    (False, False): "neither",
}
"""What the two flags make of a transfer."""


def flags(report: Report, page: Page, *, full: bool) -> None:  # noqa: ARG001 -- as every section
    """Write the four groups that the two flags make, and how many of each the order bars."""
    page.heading("Barred data and plaintiff states, under the order in force")
    if nothing_judged(report, page):
        return
    whole = report.headline["judged"]
    groups = {(row["flag_category"], row["flag_state"]): row for row in report.tables["flag_groups"]}
    shown = table("", "transfers", "", "barred now", "to review", left=("",))
    shown.columns[2].no_wrap = True
    for key, words in _GROUPS.items():
        row = groups[key]
        shown.add_row(
            words,
            figure(row["transfers"], "bold"),
            share(row["transfers"], whole),
            figure(row["barred_now"], STYLES["enjoined"]),
            figure(row["review_now"], STYLES["review"]),
        )
    page.table(shown, most=WIDEST)
    flagged = whole - groups[False, False]["transfers"]
    page.say(
        f"Flagged: {number(flagged)} of {number(whole)}, {share(flagged, whole)}. "
        "What is not flagged and needs review is not cleared."
    )


def states(report: Report, page: Page, *, full: bool) -> None:
    """Write the plaintiff states, in two columns where they fit, the unsettled ones apart, and the rest in a line."""
    page.heading("Plaintiff states")
    if nothing_judged(report, page):
        return
    rows = report.tables["by_state"]
    standing = {
        word: [row for row in rows if row["standing"] == word] for word in ("covered", "unsettled", "other", "unknown")
    }
    if standing["covered"]:
        _states(standing["covered"], page)
    else:
        page.say("The regime in force on the as-of date protects no state for certain.")
    if standing["unsettled"]:
        named = ", ".join(
            f"{row['state']} ({counted(row['transfers'], 'transfer')}, {number(row['enjoined'])} barred now, "
            f"{number(row['barred_then'])} then)"
            if row["transfers"]
            else f"{row['state']} (no transfer)"
            for row in standing["unsettled"]
        )
        page.say(Text.assemble(("No source settles whether the order protects ", "bold"), f"{named}."))
    said = [
        f"{counted(row['transfers'], 'transfer')} about a state the log does not tell." for row in standing["unknown"]
    ]
    if full and standing["other"]:
        names = listed(sorted(row["state"] for row in standing["other"]), 60)
        said.insert(0, f"No plaintiffs, and out of the order's reach where no other state is named: {names}.")
    elif standing["other"]:
        said.insert(0, f"{counted(len(standing['other']), 'state')} of no plaintiff: `--section states`.")
    page.say(" ".join([*said, "A transfer about several states counts in each."]), "dim")


def _states(rows: Sequence[Row], page: Page) -> None:
    some = [row for row in rows if row["transfers"]]
    columns = 2 if page.side_by_side and page.width >= LEAST_FOR_TWO and len(some) > 1 else 1
    half = -(-len(some) // columns)
    heads = ("state", "all", "barred\nnow", "barred\nthen")
    shown = table(*heads * columns, left=("state",))
    for lines in zip_longest(*(some[place * half : (place + 1) * half] for place in range(columns))):
        shown.add_row(
            *(
                cell
                for row in lines
                for cell in (
                    (
                        Text(f"{row['state']} {row['name'] if row['name'] != row['state'] else ''}".rstrip()),
                        figure(row["transfers"]),
                        figure(row["enjoined"], STYLES["enjoined"]),
                        figure(row["barred_then"]),
                    )
                    if row
                    else ("",) * len(heads)
                )
            )
        )
    if some:
        page.table(shown)
    without = sorted(row["state"] for row in rows if not row["transfers"])
    if without:
        page.say(f"No transfer about {listed(without, 60)}.", "dim")


def _fill(bars: Sequence[Text], rows: Sequence[Row], largest: int, room: int) -> None:
    """Draw the bars of a table's rows, once the room its other columns leave is known."""
    for empty, row in zip(bars, rows, strict=True):
        empty.append_text(bar(row, largest, room))


_KINDS = {"category": "data", "population": "people", "program": "program"}


def content(report: Report, page: Page, *, full: bool) -> None:
    """Write the data, people and programs that the order bars, with the words of the logs."""
    page.heading("Data, people and programs the order bars")
    if nothing_judged(report, page):
        return
    rows = report.tables["barred_content"]
    if not rows:
        page.say("No transfer holds anything that the regime in force bars.")
        return
    worst = sorted(rows, key=lambda row: (-row["barred_now"], -row["transfers"]))
    kept = rows if full else worst[:MOST_BARRED]
    shown = table("", "what it is", "transfers", "barred now", "logged as", left=("", "what it is", "logged as"))
    for row in kept:
        key = row["key"].replace("_", " ")
        logged = [word for word in row["logged_as"] or () if word.replace("_", " ") != key]
        words = listed(logged, 4) if full else shortened(listed(logged, 2), max(12, page.width - 52))
        shown.add_row(
            _KINDS[row["kind"]],
            Text(key),
            figure(row["transfers"]),
            figure(row["barred_now"], STYLES["enjoined"]),
            Text(words, "dim"),
        )
    page.table(shown, most=WIDEST)
    if len(kept) < len(rows):
        more = worst[MOST_BARRED : 2 * MOST_BARRED]
        few = ", ".join(
            f"{row['key'].replace('_', ' ')} {number(row['barred_now'])}" for row in more if row["barred_now"]
        )
        rest = f"{number(len(rows) - len(kept))} more{f', among them {few}' if few else ''}"
        page.say(f"{rest}. `--section content` has all.", hang=2)
    page.say("A transfer counts in each of these; the state decides whether it is barred.", "dim")


def recipients(report: Report, page: Page, *, full: bool) -> None:
    """Write who received, by verdict now."""
    page.heading("Recipients, by verdict now")
    if nothing_judged(report, page):
        return
    shown = table("recipient", "transfers", *VERDICTS, "", left=("recipient", ""))
    every = report.tables["by_recipient"]
    rows = every if full else every[:MOST_RECIPIENTS]
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
    if len(rows) < len(every):
        rest = counted(len(every) - len(rows), "recipient")
        page.say(f"And {rest} more: `--section recipients` has all.", "dim")
