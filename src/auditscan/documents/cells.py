"""Sheets of a workbook that hold a row a thing: what a column says, how it looks, and what a sheet cannot hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from auditscan.output.poured import letters
from auditscan.output.workbook import FIRST_DAY, MOST_CHARACTERS, MOST_DIGITS, MOST_ROWS, size_of
from auditscan.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from auditscan.output.poured import Cell, Poured, Rows
    from auditscan.questions.report import Row

__all__ = ["FILLS", "Column", "Looks", "Sheet", "fitting", "laid_out"]

FILLS = {
    "enjoined": ("#8C1A1A", "#FFFFFF"),
    "review": ("#E0A83C", "#000000"),
    "permitted": ("#C9E8C9", "#000000"),
    "outside": ("#F4F4F4", "#000000"),
}
"""Verdict -> color of the cell and of the letters in it: printed in gray, the darker, the worse."""

_TOUCHY = ("=", "+", "-", "@")
"""What a spreadsheet would take for a formula when somebody goes into the cell and out again."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet."""

    key: str
    """In the rows."""
    head: str
    width: int
    """In characters."""
    kind: str = "text"
    """text, words (a list of them), count, time (a day, or a moment in UTC), verdict or yes."""
    note: str = ""
    """Column whose comment tells what it holds, where that is not `key`; several, parted by a blank."""


class Looks:
    """The formats of a workbook."""

    def __init__(self, book: Workbook) -> None:
        top = {"valign": "top"}
        self.head: Format = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E8E8E8"}
        )
        self.rows: dict[str, Format] = {
            "text": book.add_format(top),
            "touchy": book.add_format({**top, "quote_prefix": True}),
            "count": book.add_format({**top, "num_format": "#,##0"}),
            "day": book.add_format({**top, "num_format": "yyyy-mm-dd", "align": "left"}),
            "moment": book.add_format({**top, "num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"}),
            **{
                verdict: book.add_format({**top, "bg_color": fill, "font_color": ink, "bold": verdict == "enjoined"})
                for verdict, (fill, ink) in FILLS.items()
            },
        }


_TEXT, _TOUCHED, _COUNT, _DAY, _MOMENT = range(5)
_VERDICTS = {verdict: place for place, verdict in enumerate(FILLS, start=5)}
"""The places of looks among those of rows."""

_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 -- Excel knows no zones


@dataclass(slots=True)
class Sheet:
    """A sheet of rows below a head that stays; it goes on in another where Excel has no more rows."""

    poured: Poured
    looks: Looks
    name: str
    columns: Sequence[Column]
    notes: Mapping[str, str]
    """Column -> what it holds."""
    rows: int = 0
    """In all of its sheets."""
    names: list[str] = field(default_factory=list)
    """Of its sheets."""
    _sheet: Worksheet = None
    _rows: Rows = field(init=False)

    def __post_init__(self) -> None:
        self._begin()

    def add(self, row: Row) -> None:
        """Write a row; cells of nothing stay empty."""
        if self._rows.count == MOST_ROWS:
            self._begin()
        self.rows += 1
        self._rows.add([_cell(column.kind, row[column.key]) for column in self.columns])

    def end(self) -> None:
        """Let each column be filtered."""
        self._sheet.autofilter(0, 0, max(1, self._rows.count), len(self.columns) - 1)

    def _begin(self) -> None:
        if self.names:
            self.end()
        self.names.append(f"{self.name} ({len(self.names) + 1})" if self.names else self.name)
        self._sheet = sheet = self.poured.book.add_worksheet(self.names[-1])
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        laid_out(sheet)
        last = len(self.columns) - 1
        sheet.ignore_errors({"number_stored_as_text": f"A1:{letters(last)}{MOST_ROWS + 1}"})
        for place, column in enumerate(self.columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.head, self.looks.head)
            told = " ".join(filter(None, (self.notes.get(name) for name in (column.note or column.key).split())))
            if told:
                sheet.write_comment(0, place, told, {"x_scale": 2.5, "y_scale": 1 + len(told) / 150, "author": ""})
        self._rows = self.poured.rows(sheet, [*self.looks.rows.values()], len(self.columns))


def _cell(kind: str, value: Any) -> Cell:  # noqa: ANN401 -- whatever a query gives
    if value is None or value == "" or value == []:
        return None
    if kind == "count" and abs(value) < 10**MOST_DIGITS:
        return _COUNT, value
    if kind == "time" and (when := _when(value)):
        return when
    if kind == "verdict":
        return _VERDICTS.get(value, _TEXT), value.replace("_", " ")
    if kind == "yes":
        return _TEXT, "yes" if value else "no"
    text = fitting("; ".join(map(printable, value)) if kind == "words" else printable(str(value)))
    return (_TOUCHED if text.startswith(_TOUCHY) else _TEXT), text


def _when(value: date | str) -> Cell:
    """Return a day, or a moment in UTC, as Excel has them: days since that of its number 0; None for one too early."""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value.removesuffix("Z"))
        except ValueError:
            return None
    if isinstance(value, datetime):
        return (_MOMENT, (value - _ZERO) / timedelta(days=1)) if value.date() >= FIRST_DAY else None
    return (_DAY, (value - _ZERO.date()).days) if value >= FIRST_DAY else None


def fitting(text: str) -> str:
    """Return text as a cell can hold it: where it is too long, its begin and a sentence that says so."""
    if len(text) * 2 <= MOST_CHARACTERS or size_of(text) <= MOST_CHARACTERS:
        return text
    all_of_it = f"The record in its file has all {len(text):,}."
    said = f" […cut here: a cell of Excel holds {MOST_CHARACTERS:,} characters. {all_of_it}]"
    room = MOST_CHARACTERS - len(said)
    kept = text[:room]
    while size_of(kept) > room:
        kept = kept[: len(kept) - (size_of(kept) - room + 1) // 2]
    return kept + said


def laid_out(sheet: Worksheet) -> None:
    """Have a sheet printed across Letter pages, as wide as one of them."""
    sheet.set_landscape()
    sheet.set_paper(1)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&RPage &P of &N")
