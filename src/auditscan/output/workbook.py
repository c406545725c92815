"""A result as an Excel workbook: one sheet, text as text, and no number that Excel would round.

Excel has neither zones, nor infinities, nor more than 15 digits; what it cannot hold as a number or a moment
stands there as the text that CSV has for it.
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from auditscan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from auditscan.session.results import Result

MOST_ROWS = 1_048_575
"""Of a sheet, the header apart."""
MOST_COLUMNS = 16_384
MOST_CHARACTERS = 32_767
"""Of a cell."""
MOST_DIGITS = 15

FIRST_DAY = date(1900, 3, 1)
"""Excel takes 1900 for a leap year: days before this one would be other days."""

_ELSEWHERE = "write it as .csv or .parquet, which hold everything"


def write(result: Result, path: Path) -> None:
    """Write a result as a workbook; raises UsageError for what a sheet cannot hold."""
    if len(result.columns) > MOST_COLUMNS:
        raise UsageError(f"a sheet holds {MOST_COLUMNS:,} columns and no more", hint=_ELSEWHERE)
    # A fixed day, for the same result shall be the same bytes.
    book = begun(path, datetime(2000, 1, 1, tzinfo=UTC))
    try:
        sheet = book.add_worksheet("result")
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for column, name in enumerate(result.columns):
            put_text(sheet, 0, column, name, bold)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        writers = [_writer(kind.id, day, moment) for kind in result.kinds]
        row = 0
        for frame in result.texts():
            for cells in frame.rows():
                row += 1
                if row > MOST_ROWS:
                    raise UsageError(f"a sheet holds {MOST_ROWS:,} rows and no more", hint=_ELSEWHERE)
                for column, (put, text) in enumerate(zip(writers, cells, strict=True)):
                    if text is not None:
                        put(sheet, row, column, text)
    finally:
        book.close()


def begun(path: Path, created: datetime) -> Workbook:
    """Return an empty workbook that becomes the file when it is closed, and takes text for text."""
    import xlsxwriter

    options = {
        # Row by row: a sheet in memory takes a hundred times its size.
        "constant_memory": True,
        "tmpdir": str(path.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"created": created})
    return book


def _writer(kind: str, day: Format, moment: Format) -> Callable[[Worksheet, int, int, str], None]:
    """Return what writes a value of a type, given as text, into a cell."""
    from auditscan.session.results import NUMBERS

    def number(sheet: Worksheet, row: int, column: int, text: str) -> None:
        value = float(text)
        digits = sum(map(str.isdigit, text.partition("e")[0].lstrip("-0.")))
        if math.isfinite(value) and (digits <= MOST_DIGITS or kind in ("float", "double")):
            sheet.write_number(row, column, value)
        else:
            put_text(sheet, row, column, text)

    def boolean(sheet: Worksheet, row: int, column: int, text: str) -> None:
        sheet.write_boolean(row, column, text == "true")

    def time(sheet: Worksheet, row: int, column: int, text: str) -> None:
        value = time_of(text)
        if value is None:
            put_text(sheet, row, column, text)
        else:
            sheet.write_datetime(row, column, value, day if kind == "date" else moment)

    if kind in NUMBERS:
        return number
    if kind == "boolean":
        return boolean
    return time if kind in ("date", "timestamp", "timestamp_s", "timestamp_ms") else put_text


def time_of(text: str) -> datetime | None:
    """Return a day, or a moment without its zone, as Excel can hold it; None for one that it cannot."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        return None
    return value if value.date() >= FIRST_DAY else None


def put_text(sheet: Worksheet, row: int, column: int, text: str, style: Format | None = None) -> None:
    """Write text into a cell as text; raises UsageError where it is too long."""
    if size_of(text) > MOST_CHARACTERS:
        raise UsageError(
            f"a cell holds {MOST_CHARACTERS:,} characters and no more",
            why=f"row {row:,}, column {column + 1} has {len(text):,}",
            hint=_ELSEWHERE,
        )
    sheet.write_string(row, column, text, style)


def size_of(text: str) -> int:
    """Return how many characters Excel counts in a text: it takes those beyond 16 bits for two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
