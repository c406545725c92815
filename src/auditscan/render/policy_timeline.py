"""What happened when: regimes, agreements and reported transfers side by side, then one by one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from auditscan.policy.describe import Event, Regime, events, is_overlaid, regimes, settings
from auditscan.render.page import INDENT, Page
from auditscan.render.style import SURE, in_lines
from auditscan.text import joined, long_day, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console

    from auditscan.policy import Policy

_LABEL = 20  # cells of the labels beside the picture at most
_NEAR = 366  # days after everything else within which the as-of date still widens the picture
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 600, 1200, 6000, 12000)
"""Months between two words of the axis."""
_ROOM = 5  # cells a word of the axis takes, with the blank behind it

_LEGEND = (
    ("█", "in force"),
    ("░", "switched off"),
    ("◆", "ordered"),
    ("●", "dated"),
    ("━", "agreement"),
    ("╌", "perhaps still"),
    ("?", "a day that sources name"),
    ("▲", "transfer"),
    ("△", "unverified"),
    ("│", "law changes"),
    ("▼", "as-of date"),
)


def draw(policy: Policy, day: date, console: Console) -> None:
    """Write the time line on the console, at its width; `day` is marked as the as-of date."""
    page = Page(console)
    found = events(policy)
    legal = regimes(policy)
    page.say("Orders, agreements and reported transfers", "bold", indent=0)
    said = settings(policy)
    page.say(printable(said["caption"]), indent=0)
    page.blank()
    page.lines(_picture(found, legal, day, page.width - INDENT))
    page.blank()
    signs = in_lines([f"{glyph} {meaning}   " for glyph, meaning in _LEGEND], page.width - INDENT)
    page.lines(Text(line, "dim") for line in signs)
    page.heading("Day by day")
    cited: set[str | None] = set()
    for event in found:
        if event.kind != "boundary":
            _entry(event, page, cite=event.kind != "regime" or event.subject not in cited)
            cited.update([event.subject] if event.kind == "regime" else [])
    boundaries = [long_day(day) for event in found if event.kind == "boundary" for day in event.days]
    if boundaries:
        page.blank()
        page.say(
            f"The law changed at an hour that is not known on {joined(boundaries)}: "
            "transfers of these days are marked for a person to look at."
        )
    page.blank()
    page.say(printable(said["no_order_read"]), indent=0)
    page.say("An agreement or a notice is not a court's permission. Not legal advice.", "dim", indent=0)


class _Scale:
    """Days on cells: the first month's first day on the left, the last month's last day on the right."""

    def __init__(self, first: date, last: date, cells: int) -> None:
        self.cells = cells
        self._first = first.replace(day=1).toordinal()
        ends = date.max if last.year == 9999 and last.month == 12 else _months_after(last.replace(day=1), 1)
        self._days = max(1, ends.toordinal() - self._first)
        self._months = [first.year * 12 + first.month - 1, ends.year * 12 + ends.month - 1]
        self._step = next((step for step in _STEPS if step * 30 * cells / self._days >= _ROOM), _STEPS[-1])

    def at(self, day: date) -> int:
        """Return the cell of a day; days off the scale are at its ends."""
        place = (day.toordinal() - self._first) * self.cells // self._days
        return min(max(place, 0), self.cells - 1)

    def axis(self) -> tuple[str, str, str]:
        """Return the line of the axis, the months under it, and the years."""
        line, months, years = ["─"] * self.cells, "", ""
        start, end = self._months
        # Years are counted from January, months from where the picture begins.
        for month in range(start + (-start) % (self._step if self._step >= 12 else 1), end, self._step):
            day = date(month // 12, month % 12 + 1, 1)
            line[self.at(day)] = "┬"
            months = _with_word(months, f"{day:%b}" if self._step < 12 else "", self.at(day), self.cells)
        for year in range(start // 12, end // 12 + 1):
            place = self.at(max(date(year, 1, 1), date.fromordinal(self._first)))
            years = _with_word(years, f"{year:04}", place, self.cells)
        return "".join(line), months, years


def _with_word(row: str, word: str, place: int, cells: int) -> str:
    """Return a row with a word at a place, unless it would touch the one before or leave the row."""
    if not word or place + len(word) > cells or (row and len(row) >= place):
        return row
    return f"{row:<{place}}{word}"


def _months_after(day: date, months: int) -> date:
    month = day.year * 12 + day.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)


def _picture(found: Sequence[Event], legal: Sequence[Regime], now: date, width: int) -> list[Text]:
    days = [day for event in found for day in event.days]
    days += [regime.last_day for regime in legal if regime.last_day is not None and regime.last_day.year < 9999]
    first, last = min(days), max(days)
    shown_now = first <= now and (now - last).days <= _NEAR
    if shown_now:
        last = max(last, now)
    names = [regime.regime_id for regime in legal] + [event.subject or "" for event in found]
    label = min(_LABEL, max(cell_len(printable(name)) for name in [*names, "law changes"])) + 2
    scale = _Scale(first, last, max(20, width - label))
    lines = [_line("", _marks(scale, [(now, "▼")]), label)] if shown_now else []
    lines += [_line(regime.regime_id, _bar(scale, regime), label) for regime in legal]
    instruments: dict[str, list[Event]] = {}
    for event in found:
        if event.kind == "instrument":
            instruments.setdefault(event.subject or "", []).append(event)
    lines += [_line(name, _instrument(scale, of_it), label) for name, of_it in instruments.items()]
    reported = (
        (day, "△" if event.uncertain else "▲") for event in found if event.kind == "transfer" for day in event.days
    )
    boundaries = ((day, "│") for event in found if event.kind == "boundary" for day in event.days)
    lines += [
        _line("transfers", _marks(scale, reported), label),
        _line("law changes", _marks(scale, boundaries), label),
    ]
    axis, months, years = scale.axis()
    pad = " " * label
    return [*lines, Text(pad + axis, "dim"), *(Text(pad + row, "dim") for row in (months, years) if row)]


def _line(name: str, cells: str, label: int) -> Text:
    return Text.assemble((set_cell_size(printable(name), label - 2) + "  ", "bold"), cells)


def _marks(scale: _Scale, marks: Iterable[tuple[date, str]]) -> str:
    row = [" "] * scale.cells
    for day, glyph in marks:
        row[scale.at(day)] = glyph
    return "".join(row)


def _bar(scale: _Scale, regime: Regime) -> str:
    if regime.first_day is None:
        return "no day is known"
    row = [" "] * scale.cells
    start, end = scale.at(regime.first_day), scale.at(regime.last_day or date.max)
    row[start : end + 1] = ("█" if regime.enabled else "░") * (end + 1 - start)
    if regime.ordered is not None:
        row[scale.at(regime.ordered)] = "◆"
    return "".join(row)


def _instrument(scale: _Scale, found: Sequence[Event]) -> str:
    """Return the line of an agreement or notice: to its first possible end, perhaps to its last one."""
    row = [" "] * scale.cells
    begins = min((day for event in found if event.what != "ends" for day in event.days), default=None)
    ends = [day for event in found if event.what == "ends" for day in event.days]
    if begins is not None and ends:
        start, first, last = (scale.at(day) for day in (begins, ends[0], ends[-1]))
        row[start : first + 1] = "━" * max(0, first + 1 - start)
        row[first + 1 : last + 1] = "╌" * (last - first)
    # Days that are certain come last: where two share a cell, theirs is the sign that is seen.
    for event in sorted(found, key=lambda event: not event.uncertain):
        for day in event.days:
            row[scale.at(day)] = "?" if event.uncertain else "●"
    return "".join(row)


def _entry(event: Event, page: Page, *, cite: bool) -> None:
    when = joined([long_day(day) for day in event.days], "or") if event.days else "no day known"
    page.say(Text.assemble((when, "bold"), "  ", ": ".join(_said(event))), hang=4)
    if event.uncertain and event.days and event.kind != "transfer":
        differ = "sources differ on the day" if len(event.days) > 1 else "sources name the day, no document does"
        if event.kind == "regime":
            differ = "the day is assumed, for no source names one"
        page.say(f"not certain: {differ}", indent=6)
    if event.citation and cite:
        page.say(printable(event.citation), "dim", indent=6)
    if event.evidence and cite:
        page.say(f"how sure: {event.evidence}, {SURE.get(event.evidence, 'not known')}", "dim", indent=6)
    if event.origin and is_overlaid(event.origin):
        page.say(f"from {printable(event.origin)}", "dim", indent=6)


def _said(event: Event) -> Iterator[str]:
    """Give what happened and the text that goes with it."""
    if event.kind == "regime":
        until = f" through {long_day(event.until)}" if event.until is not None else ""
        yield f"{printable(event.subject or '')} {event.what}{until}"
    elif event.kind == "transfer":
        yield "reported transfer"
    elif event.kind == "compiled":
        yield event.text
        return
    else:
        yield f"{printable(event.form or '')} {event.what}"
    yield printable(event.text)
