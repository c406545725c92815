"""Days, months, quarters and spans as people write them in a register.

A register's day is the day its keeper wrote down: it gets no zone and no hour that are not there. A month is a span
from its first to its last day, and so is whatever else names more than one day.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Order = Literal["us", "european", "iso", "mixed"]
ORDERS: tuple[Order, ...] = ("us", "european", "iso", "mixed")
"""Which of the numbers of `7/1/2025` is the month; under `iso` such a text is no date, nor under `mixed`, where only
those are dates of which one number is above 12."""


@dataclass(frozen=True, slots=True)
class Span:
    """When something happened: one day or moment, or all of the time between two."""

    begin: str
    """`2025-07-01`, or with a time `2025-07-01T14:05:00`, and with a zone where the text has one."""
    end: str | None = None
    """The last day; None where there is but one."""


_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
         "aug august", "sep sept september", "oct october", "nov november", "dec december"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_YEAR = r"(?P<year>\d{4}|'?\d{2})"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_CLOCK = (
    r"(?:\s*[T,]?\s*(?:at\s+)?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2}|[A-Z]{2,4})?)?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_DAYS = (
    _pattern(rf"(?P<year>\d{{4}})[-/.](?P<month_no>\d{{1,2}})[-/.]{_DAY}{_CLOCK}"),
    _pattern(rf"(?P<year>(?:19|20)\d{{2}})(?P<month_no>\d{{2}})(?P<day>\d{{2}}){_CLOCK}"),
    _pattern(rf"{_WEEKDAY}{_MONTH}[\s-]*{_DAY},?[\s-]+(?P<year>\d{{4}}){_CLOCK}"),
    _pattern(rf"{_WEEKDAY}{_DAY}(?:\s+of)?[\s/-]*{_MONTH},?[\s/-]*{_YEAR}{_CLOCK}"),
)
_NUMBERS = _pattern(rf"{_WEEKDAY}(?P<one>\d{{1,2}})(?P<mark>[/.-])(?P<two>\d{{1,2}})(?P=mark){_YEAR}{_CLOCK}")
_MONTH_ONLY = (
    # Of two digits behind a blank nobody can say whether they are a day or a year.
    _pattern(rf"{_MONTH},?(?:[\s/-]*(?P<year>\d{{4}})|\s*[/'-]\s*(?P<short>\d{{2}}))"),
    _pattern(rf"(?P<year>\d{{4}})[\s/-]+{_MONTH}"),
    _pattern(r"(?P<year>\d{4})[-/](?P<month_no>\d{1,2})"),
    _pattern(r"(?P<month_no>\d{1,2})[-/](?P<year>\d{4})"),
)
_QUARTER = (
    _pattern(r"Q\s*(?P<quarter>[1-4])[\s,/-]*(?P<year>\d{4})"),
    _pattern(r"(?P<year>\d{4})[\s,/-]*Q\s*(?P<quarter>[1-4])"),
    _pattern(r"(?P<quarter>[1-4])(?:st|nd|rd|th)\s+quarter,?(?:\s+of)?\s+(?P<year>\d{4})"),
)
_ONE_YEAR = _pattern(r"(?P<year>(?:19|20)\d{2})")
_FISCAL = _pattern(r"FFY\s*'?(?P<year>\d{4})")
_SERIAL = _pattern(r"(?P<days>\d{5})(?:\.(?P<part>\d+))?")
_SERIALS = range(36526, 73051)
"""Days as a spreadsheet counts them, from 2000 to 2099: other numbers of five digits are something else."""
_BETWEEN = _pattern(
    r"(?:from\s+|between\s+)?(?P<left>.+?)(?:\s+(?:-|to|thru|through|until|and|/)\s+|\s*[\u2013\u2014]\s*)(?P<right>.+)"
)
_TIGHT = _pattern(
    r"(?P<left>[^-]*[/ ][^-]*)-(?P<right>[^-]*[/ ][^-]*)|(?P<left2>\d{4}-\d\d-\d\d)/(?P<right2>\d{4}-\d\d-\d\d)"
)
_DAYS_OF_MONTH = _pattern(
    rf"{_MONTH}\s+(?P<day>\d{{1,2}})\s*(?:-|\u2013|to|through)\s*(?P<last>\d{{1,2}}),?\s+(?P<year>\d{{4}})"
)
_ZONES = {"z": "Z", "utc": "Z", "gmt": "Z", "est": "-05:00", "edt": "-04:00", "cst": "-06:00", "cdt": "-05:00",
          "mst": "-07:00", "mdt": "-06:00", "pst": "-08:00", "pdt": "-07:00"}  # fmt: skip
_LONGEST = 120
_FIRST_YEAR, _LAST_YEAR = "1990", "2100"
"""What lies outside of these years is no day of a disclosure: an empty date of a database, or a slip of the pen."""
_PLACEHOLDERS = frozenset(("2000-01-01", "2099-12-31"))
"""Days that stand for no day."""


def read_date(text: str, order: Order = "us") -> Span | None:
    """Return when a cell says that something happened; None where it does not say it for certain.

    Several days in one cell are the span from the first to the last. A time of exactly midnight without a zone is what
    spreadsheets make of a bare day, and is read as one.
    """
    span = _read(text, order)
    if span is None or not span.begin[:4] >= _FIRST_YEAR or (span.end or span.begin)[:4] > _LAST_YEAR:
        return None
    return None if span.begin[:10] in _PLACEHOLDERS and span.end is None else span


def _read(text: str, order: Order) -> Span | None:
    text = re.sub(r"\s+", " ", text).strip(" \t\n*\u2020\u2021.;,")
    if not text or len(text) > _LONGEST or not any(character.isdigit() for character in text):
        return None
    return _one(text, order) or _range(text, order) or _several(text, order)


def _one(text: str, order: Order) -> Span | None:
    for pattern in _DAYS:
        if found := pattern.fullmatch(text):
            return _day(found)
    if found := _NUMBERS.fullmatch(text):
        return _by_order(found, order)
    for pattern in _MONTH_ONLY:
        if found := pattern.fullmatch(text):
            return _month(_year(found["year"] or found["short"]), _month_number(found))
    for pattern in _QUARTER:
        if found := pattern.fullmatch(text):
            last = int(found["quarter"]) * 3
            return _months(int(found["year"]), last - 2, int(found["year"]), last)
    if found := _ONE_YEAR.fullmatch(text):
        return _months(int(found["year"]), 1, int(found["year"]), 12)
    if found := _FISCAL.fullmatch(text):
        return _months(int(found["year"]) - 1, 10, int(found["year"]), 9)
    if found := _SERIAL.fullmatch(text):
        return _serial(found)
    return None


def _range(text: str, order: Order) -> Span | None:
    if within := _DAYS_OF_MONTH.fullmatch(text):
        month, in_year = _month_number(within), int(within["year"])
        first, final = _iso(in_year, month, int(within["day"])), _iso(in_year, month, int(within["last"]))
        return Span(first, final) if first and final and first <= final else None
    found = _BETWEEN.fullmatch(text) or _TIGHT.fullmatch(text)
    if found is None:
        return None
    parts = [part for part in found.groups() if part is not None]
    left, right = parts[0].strip(), parts[1].strip()
    ended = _one(right, order)
    begun = None
    year = re.search(r"\d{4}$", right)
    if year is not None and not re.search(r"\d{4}", left):
        # "June to August 2025", "6/10 - 6/12/2025": the year is said once.
        mark = "/" if "/" in left else ", " if re.search(r"\d", left) else " "
        begun = _one(left + mark + year.group(), order)
    begun = begun or _one(left, order)
    if begun is None or ended is None:
        return None
    last = ended.end or ended.begin
    return Span(begun.begin, last) if begun.begin[:10] <= last[:10] else None


def _several(text: str, order: Order) -> Span | None:
    parts = [part.strip() for part in re.split(r";|\n|\s+and\s+|\s+&\s+|,\s*(?=\d{1,4}[/-])", text)]
    spans = [_one(part, order) for part in parts]
    read = [span for span in spans if span is not None]
    if len(read) < 2 or len(read) != len(spans):
        return None
    first = min(span.begin for span in read)
    last = max(span.end or span.begin for span in read)
    return Span(first, last if last[:10] != first[:10] else None)


def _year(text: str) -> int:
    number = int(text.lstrip("'"))
    return number if len(text.lstrip("'")) == 4 else number + (2000 if number < 70 else 1900)


def _month_number(found: re.Match[str]) -> int:
    names = found.groupdict()
    return int(names["month_no"]) if names.get("month_no") else _MONTHS[found["month"].lower()]


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _day(found: re.Match[str]) -> Span | None:
    day = _iso(_year(found["year"]), _month_number(found), int(found["day"]))
    return None if day is None else _with_clock(day, found)


def _by_order(found: re.Match[str], order: Order) -> Span | None:
    if order == "iso":
        return None
    one, two = int(found["one"]), int(found["two"])
    if order == "mixed":
        if max(one, two) <= 12 and one != two:
            return None
        order = "us" if two > 12 else "european"
    month, day_number = (one, two) if order == "us" else (two, one)
    day = _iso(_year(found["year"]), month, day_number)
    return None if day is None else _with_clock(day, found)


def _with_clock(day: str, found: re.Match[str]) -> Span | None:
    if found["hour"] is None:
        return Span(day)
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"][0] in "pP" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    named = (found["zone"] or "").lower()
    zone = named.upper() if named[:1] in ("+", "-") else _ZONES.get(named)
    if zone is None and named:
        return Span(day)  # a zone that changes with the season, or none: the day stands, the hour does not
    if not zone and (hour, minute, second) == (0, 0, 0):
        return Span(day)
    return Span(f"{day}T{hour:02}:{minute:02}:{second:02}{zone or ''}")


def _month(year: int, month: int) -> Span | None:
    return _months(year, month, year, month) if 1 <= month <= 12 else None


def _months(year: int, month: int, last_year: int, last_month: int) -> Span:
    return Span(f"{year:04}-{month:02}-01", f"{last_year:04}-{last_month:02}-{monthrange(last_year, last_month)[1]:02}")


def _serial(found: re.Match[str]) -> Span | None:
    days = int(found["days"])
    if days not in _SERIALS:
        return None
    seconds = round(float(f"0.{found['part'] or 0}") * 86400)
    moment = datetime(1899, 12, 30) + timedelta(days=days, seconds=seconds)  # noqa: DTZ001 - a register has no zone
    return Span(moment.date().isoformat() if not seconds else moment.isoformat())


@dataclass(frozen=True, slots=True)
class Days:
    """In which order the days of a column are written."""

    order: Order
    why: str
    doubt: str = ""
    """What a reader of the answers must know; nothing where the days themselves say it."""


_IN_NUMBERS = re.compile(r"\b(\d{1,2})([/.-])(\d{1,2})\2(?:\d{4}|\d{2})\b")
_REAL = re.compile(r"\d{4}-(\d{2})-(\d{2})(?:[ T].*)?")
_STRAY = 0.05
"""So small a share of days in the other order are slips of the pen."""


def order_of(texts: Iterable[str], real: Iterable[str] = ()) -> Days:
    """Return the order of numbers in the days of a column: days above 12 decide, else it is taken as US.

    `real` are the cells that a workbook holds as dates. A spreadsheet makes a date of what it can read its own way, and
    leaves the rest as text: then the dates that it made have day and month swapped.
    """
    seen: Counter[str] = Counter()
    for text in texts:
        for one, _, two in _IN_NUMBERS.findall(text):
            first, second = int(one), int(two)
            seen["us" if first <= 12 < second else "european" if second <= 12 < first else "either"] += 1
    us, european = seen["us"], seen["european"]
    if (us or european) and _swapped(seen, real):
        why = "the days that are text have numbers above 12, and the dates none: a spreadsheet swapped day and month"
        return Days("mixed", why, f"{why} where it could; those that could be either are not read")
    if us and european:
        why = f"{us} of the days can only be month/day, {european} only day/month"
        order: Order = "us" if us >= european else "european"
        if min(us, european) > _STRAY * (us + european):
            return Days("mixed", f"{why}: look at the column", f"{why}: those that could be either are not read")
        return Days(order, f"{why}: look at the column", f"{why}: read as {_SPOKEN[order]}")
    if us:
        return Days("us", f"{us} of the days can only be month/day")
    if european:
        return Days("european", f"{european} of the days can only be day/month")
    if seen["either"]:
        return Days(
            "us",
            "every day could be month/day or day/month: taken as month/day, as in the United States",
            "nothing tells whether days such as 7/1/2025 are month/day or day/month here: read as month/day, as in the "
            "United States",
        )
    return Days("us", "no day is written in numbers alone")


_SPOKEN = {"us": "month/day", "european": "day/month"}


def _swapped(seen: Counter[str], real: Iterable[str]) -> bool:
    """Whether all that is left as text could not be read the spreadsheet's way, and all it read could be swapped."""
    if seen["either"] or (seen["us"] and seen["european"]):
        return False
    days = [int(found[2]) for cell in real if (found := _REAL.fullmatch(cell))]
    return bool(days) and max(days) <= 12


def are_swapped(cells: Sequence[str]) -> bool:
    """Tell whether a spreadsheet may have swapped day and month of the dates in a column, by all its cells."""
    return order_of(cells, cells).order == "mixed"


def doubted(cell: str) -> str:
    """Return a date that may have been swapped as both days it could be, which is none; other cells as they are."""
    found = _REAL.fullmatch(cell)
    if found is None or int(found[2]) > 12 or found[1] == found[2]:
        return cell
    return f"{cell} or {cell[:4]}-{found[2]}-{found[1]}{cell[10:]}"
