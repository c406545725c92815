"""Sheets of a workbook that hold a row a thing: what a column says, how it looks, and what a sheet cannot hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_rowcol_to_cell

from auditscan.output.workbook import MOST_CHARACTERS, MOST_DIGITS, MOST_ROWS, size_of, time_of
from auditscan.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from auditscan.questions.report import Row

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
        self.text: Format = book.add_format(top)
        self.touchy: Format = book.add_format({**top, "quote_prefix": True})
        self.count: Format = book.add_format({**top, "num_format": "#,##0"})
        self.day: Format = book.add_format({**top, "num_format": "yyyy-mm-dd", "align": "left"})
        self.moment: Format = book.add_format({**top, "num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"})
        self.head: Format = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E8E8E8"}
        )
        self.verdicts: dict[str, Format] = {
            verdict: book.add_format({**top, "bg_color": fill, "font_color": letters, "bold": verdict == "enjoined"})
            for verdict, (fill, letters) in FILLS.items()
        }


@dataclass(slots=True)
class Sheet:
    """A sheet of rows below a head that stays; it goes on in another where Excel has no more rows."""

    book: Workbook
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
    _at: int = 0

    def __post_init__(self) -> None:
        self._begin()

    def add(self, row: Row) -> None:
        """Write a row; cells of nothing stay empty."""
        if self._at == MOST_ROWS:
            self._begin()
        self._at += 1
        self.rows += 1
        put = self._put
        for place, column in enumerate(self.columns):
            value = row[column.key]
            if value is not None and value != "":
                put(place, column.kind, value)

    def end(self) -> None:
        """Let each column be filtered."""
        self._sheet.autofilter(0, 0, max(1, self._at), len(self.columns) - 1)

    def _begin(self) -> None:
        if self.names:
            self.end()
        self._at = 0
        self.names.append(f"{self.name} ({len(self.names) + 1})" if self.names else self.name)
        self._sheet = sheet = self.book.add_worksheet(self.names[-1])
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        laid_out(sheet)
        last = xl_rowcol_to_cell(MOST_ROWS, len(self.columns) - 1)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{last}"})
        for place, column in enumerate(self.columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.head, self.looks.head)
            told = " ".join(filter(None, (self.notes.get(name) for name in (column.note or column.key).split())))
            if told:
                sheet.write_comment(0, place, told, {"x_scale": 2.5, "y_scale": 1 + len(told) / 150, "author": ""})

    def _put(self, place: int, kind: str, value: Any) -> None:  # noqa: ANN401 -- whatever a query gives
        sheet, row, looks = self._sheet, self._at, self.looks
        if kind == "count" and abs(value) < 10**MOST_DIGITS:
            sheet.write_number(row, place, value, looks.count)
        elif kind == "time" and (when := time_of(str(value).removesuffix("Z"))) is not None:
            sheet.write_datetime(row, place, when, looks.moment if len(str(value)) > len("2026-01-06") else looks.day)
        elif kind == "verdict":
            sheet.write_string(row, place, value.replace("_", " "), looks.verdicts.get(value, looks.text))
        elif kind == "yes":
            sheet.write_string(row, place, "yes" if value else "no", looks.text)
        elif kind == "words":
            if value:
                self._text(row, place, "; ".join(map(printable, value)))
        else:
            self._text(row, place, printable(str(value)))

    def _text(self, row: int, place: int, text: str) -> None:
        looks = self.looks
        self._sheet.write_string(row, place, fitting(text), looks.touchy if text.startswith(_TOUCHY) else looks.text)


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
