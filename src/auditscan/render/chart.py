"""Bars of block characters: a row for a table, and the timeline of weeks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from rich.text import Text

from auditscan.policy.words import VERDICTS
from auditscan.render.style import GLYPHS, STYLES
from auditscan.text import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HEIGHT = 7
"""Lines of a timeline at most."""

_WEEK = timedelta(days=7)


def legend() -> Text:
    """Return which glyph stands for which verdict."""
    line = Text()
    for verdict in VERDICTS:
        line.append(GLYPHS[verdict], STYLES[verdict])
        line.append(f" {verdict}   ")
    return line


def bar(counts: Mapping[str, int], largest: int, width: int) -> Text:
    """Return a bar of verdicts, `width` cells long where the counts add up to `largest`."""
    total = sum(counts.get(verdict, 0) for verdict in VERDICTS)
    line = Text()
    if total and largest and width > 0:
        for verdict, cells in _shares(counts, max(1, round(width * total / largest))).items():
            line.append(GLYPHS[verdict] * cells, STYLES[verdict])
    return line


def _shares(counts: Mapping[str, int], cells: int) -> dict[str, int]:
    """Part cells among the verdicts as their counts are.

    The worst verdict that occurs gets a cell, however rare it is: a barred transfer must not vanish
    among thousands that pass.
    """
    total = sum(counts.get(verdict, 0) for verdict in VERDICTS)
    exact = {verdict: cells * counts.get(verdict, 0) / total for verdict in VERDICTS}
    parts = {verdict: int(value) for verdict, value in exact.items()}
    by_rest = sorted(VERDICTS, key=lambda verdict: parts[verdict] - exact[verdict])
    for verdict in by_rest[: cells - sum(parts.values())]:
        parts[verdict] += 1
    worst = next(verdict for verdict in VERDICTS if counts.get(verdict, 0))
    if not parts[worst]:
        parts[max(VERDICTS, key=lambda verdict: parts[verdict])] -= 1
        parts[worst] = 1
    return parts


@dataclass(frozen=True, slots=True)
class Mark:
    """A day to be shown on the timeline."""

    day: date
    text: str
    what: str
    """What happened on it to what `text` names."""
    line: bool
    """Whether it gets a line through the bars: what a court did changes the verdicts."""


class Timeline:
    """Weeks side by side, each a column of verdicts; more weeks than cells share columns."""

    def __init__(
        self,
        weeks: Mapping[date, Mapping[str, Mapping[str, int]]],
        marks: Sequence[Mark],
        width: int,
        height: int = HEIGHT,
    ) -> None:
        """`weeks`: Monday -> `then` and `now` -> verdict -> transfers; at least one of them. `height` in lines."""
        self._first, last = min(weeks), max(weeks)
        count = (last - self._first) // _WEEK + 1
        largest = max(sum(by["now"].values()) for by in weeks.values())
        room = max(10, width - len(f"{largest * height:,}") - 3)
        self.weeks_a_column = -(-count // room)
        """How many weeks share a column."""
        self._columns = -(-count // self.weeks_a_column)
        self._cells = max(1, min(3, room // self._columns))
        self._counts: list[dict[str, Counter[str]]] = [
            {"then": Counter(), "now": Counter()} for _ in range(self._columns)
        ]
        for week, by in weeks.items():
            for when in ("then", "now"):
                self._counts[self._column(week)][when].update(by[when])
        largest = max(sum(column["now"].values()) for column in self._counts)
        self.unit = -(-largest // height)
        """How many transfers one block stands for."""
        self._height = max(2, -(-largest // self.unit))
        self._top = f"{self.unit * self._height:,}"
        self._label = len(self._top)
        self.marks = [
            (chr(ord("A") + place), mark)
            for place, mark in enumerate(mark for mark in marks if self._first <= mark.day and mark.day - last < _WEEK)
        ]
        """Letter and mark, those within the weeks shown."""

    def _column(self, day: date) -> int:
        return (day - self._first) // _WEEK // self.weeks_a_column

    def picture(self, when: str) -> list[Text]:
        """Return the bars as judged `then` or `now`, with their axis."""
        stacks = [self._stack(column[when]) for column in self._counts]
        marked = {self._column(mark.day) for _, mark in self.marks if mark.line}
        lines = []
        for level in range(self._height, 0, -1):
            top = self._top if level == self._height else ""
            line = Text(f"{top:>{self._label}} │", style="dim")
            for place, stack in enumerate(stacks):
                if level <= len(stack):
                    verdict = stack[level - 1]
                    line.append(GLYPHS[verdict] * self._cells, f"not dim {STYLES[verdict]}")
                else:
                    line.append(("┊" if place in marked else " ").ljust(self._cells))
            lines.append(line)
        axis = "".join(("┴" if place in marked else "─").ljust(self._cells, "─") for place in range(self._columns))
        lines.append(Text(f"{'0':>{self._label}} └{axis}", style="dim"))
        return lines

    def _stack(self, counts: Counter[str]) -> list[str]:
        """Return the verdicts of a column from the ground up, worst first."""
        total = sum(counts.values())
        if not total:
            return []
        parts = _shares(counts, -(-total // self.unit))
        return [verdict for verdict in VERDICTS for _ in range(parts[verdict])]

    def scale(self) -> list[Text]:
        """Return the lines under the axis: letters of the marks, months, years."""
        pad = " " * (self._label + 2)
        lines = [Text(pad + row, style="bold") for row in self._letters()]
        months, years = self._months()
        return [*lines, Text(pad + months, style="dim"), Text(pad + years, style="dim")]

    def _letters(self) -> list[str]:
        """Return the letters under their columns, in as many rows as they need."""
        rows: list[dict[int, str]] = []
        for letter, mark in self.marks:
            at = self._column(mark.day) * self._cells
            for row in rows:
                if at not in row:
                    row[at] = letter
                    break
            else:
                rows.append({at: letter})
        return ["".join(row.get(at, " ") for at in range(max(row) + 1)) for row in rows]

    def _months(self) -> tuple[str, str]:
        """Return a row of month names and one of years, as many of each as there is room for."""
        days = [self._first + _WEEK * self.weeks_a_column * place for place in range(self._columns)]
        months = "" if self.weeks_a_column > 8 else self._labels([f"{day:%b}" for day in days])
        return months, self._labels([str(day.year) for day in days])

    def _labels(self, words: Sequence[str]) -> str:
        """Return words under the columns where they change, those left out that would touch."""
        row, before = "", None
        for place, word in enumerate(words):
            at = place * self._cells
            fits = at + len(word) <= max(self._columns * self._cells, len(word))
            if word != before and fits and (not at or len(row) < at):
                row = f"{row:<{at}}{word}"
            before = word
        return row

    def explained(self) -> str:
        """Return what a column and a block stand for."""
        weeks = "a week" if self.weeks_a_column == 1 else f"{self.weeks_a_column} weeks"
        up_to = "one transfer" if self.unit == 1 else f"up to {counted(self.unit, 'transfer')}"
        return f"A column is {weeks}, a block {up_to}."
