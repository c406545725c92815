"""Raw values that are no word of a table: times, counts, junk, and what counts as missing."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from strategies.words import POLICY

ZONES = ("UTC", "America/New_York", "America/Los_Angeles", "Asia/Kolkata")
JUNK: list[Any] = [{}, {"a": 1}, [], ["CA"], {"name": ["x"]}]
ODD_SCALARS: list[Any] = [6, 41, 5.7, True, False, 0, "-", "??", "CA;OR", "null", "unknown"]
MISSING: list[Any] = [None, "", " ", "\t \n", "\u00a0", "\u2003\x1f"]

COUNTS: list[Any] = [
    *(
        0,
        1,
        1200,
        79000000,
        2**63 - 1,
        5.0,
        "0",
        "17",
        " 17 ",
        "17.0",
        "017",
        "9223372036854775807",
    ),
    *(-1, 5.7, 2**63, 10**20, 1e300, True, "many", "1,000", "5.7", "-3", "+3", "1e3", "0x10", ".0"),
    *("5.", "9223372036854775808", "٣", "\u00a05", "5\u3000", "\x1c5", "\x0b5"),
]
OUTCOMES = [
    *("success", "success", "failure", "empty", "partial", "unknown"),
    *("Success", "FAILURE", "-Partial-", "(empty)", "ok", "nothing", 1, "Denied", "VOID", "kaput"),
]
ACTIONS = ["push", "download", "query", "view", "share", "use", "teleport", "PUSH", 7]

COURT = ZoneInfo(POLICY.court_zone)
_REGIME_EDGES = {day for r in POLICY.regimes for day in (r.first_day, r.last_day) if day}
AS_OF_DAYS = [date(2026, 11, 22), date(2025, 5, 31), *sorted(_REGIME_EDGES)]
# Both sides of each edge, an order without one, a reported pause, both changes of the clock.
EDGE_DAYS = sorted(
    {day + timedelta(days=shift) for day in _REGIME_EDGES for shift in (-1, 0, 1)}
    | {date(2025, 11, 2), date(2025, 12, 29), date(2026, 3, 8), date(2026, 5, 20)}
    # Where somebody's program has no day, and numbers of days change their sign.
    | {date(1899, 12, 30), date(1969, 12, 31), date(1970, 1, 1), date(1900, 1, 1)}
)
UNREADABLE_TIMES: list[Any] = [
    *("junk", "08/12/2025", "12 Aug 2025", "2025-08-12T10", "2025-13-01", "2025-02-29", "2025-8-1"),
    *("2025-08-12T24:00:00Z", "2025-08-12T10:60Z", "2025-08-12T10:00:60Z", "2025-08-12Z", "10:00"),
    *("2025-08-12T10:00:00+99:99", "2025-08-12T10:00:00.1234567Z", "2025-08-12T10:00:00 PDT"),
    *("2025-08-12T10:00:00,5Z", "2025-08-12t10:00:00Z", "2025-08-12T10:00:00.Z", "20250812"),
    *(
        "10000-01-01",
        "12025-08-12",
        "-0001-01-01",
        "+2025-08-12",
        "0000-01-01",
        "0000-00-00",
        "2025-08-12 BC",
        "0001-1-1",
    ),
    *("10000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00"),
    *(0, 1, -1, 10**9, 10**12, 10**15, 10**18, 999999999, "0", "1000000000", "1e9", "10" + "0" * 30, 1e22),
    *("2025-W33-2", "yesterday", 1754982000, 20250812, 1754982000.5, True, {"at": "2025-08-12"}),
    *(["2025-08-12"], []),
]


def written(instant: datetime) -> list[str]:
    """Return one instant in many readable forms; the last two have no zone and may be others."""
    east = instant.astimezone(ZoneInfo("Asia/Kolkata"))
    utc = instant.astimezone(UTC)
    court = instant.astimezone(COURT)
    short = utc.strftime("%Y-%m-%dT%H:%MZ") if not (utc.second or utc.microsecond) else None
    return [
        utc.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        utc.strftime("%Y-%m-%d %H:%M:%S.%f+00"),
        court.isoformat(),
        court.strftime("%Y-%m-%dT%H:%M:%S.%f%z"),
        court.strftime("%Y-%m-%d %H:%M:%S.%f %z"),
        east.isoformat(" "),
        short or utc.isoformat().replace("+00:00", "z"),
        utc.strftime("%Y-%m-%dT%H:%M:%S.%f"),
        court.strftime("%Y-%m-%d %H:%M"),
    ]


def _edge_times() -> list[str]:
    times = []
    rand = random.Random(1)
    for day in EDGE_DAYS:
        times.append(day.isoformat())
        midnight = datetime.combine(day, time(), COURT).astimezone(UTC)
        for shift in (
            timedelta(),
            timedelta(microseconds=-1),
            timedelta(milliseconds=1500),
            timedelta(hours=-1),
            timedelta(hours=1, minutes=30),
            timedelta(hours=2, minutes=30),
            timedelta(hours=-7),
            timedelta(minutes=15),
            timedelta(minutes=-15),
            timedelta(minutes=15, microseconds=-1),
            timedelta(hours=10, minutes=rand.randrange(60)),
        ):
            times += written(midnight + shift)
    return times


EDGE_TIMES = _edge_times()


def _any_year() -> list[str]:
    """Days and instants of all years, and those on which somebody's count of days or seconds begins or ends."""
    rand = random.Random(2)
    days = [date.fromordinal(rand.randint(1, date.max.toordinal())) for _ in range(600)]
    days += [date(year, 1, 1) + timedelta(days=rand.randrange(365)) for year in range(1900, 2040)]
    named = (
        "0001-01-01 0001-01-02 0999-12-31 1000-01-01 1582-10-15 1601-01-01 1752-09-14 1858-11-17 1899-12-31 1900-02-28"
    )
    named += (
        " 1904-01-01 1969-12-31 1970-01-01 1970-01-02 1980-01-06 2000-02-29 2001-09-09 2038-01-19 2106-02-07 9999-12-31"
    )
    days += map(date.fromisoformat, named.split())
    times = [day.isoformat() for day in days]
    for day in days[::3]:
        clock = rand.choice((time(), time(0, 0, 1), time(12, 34, 56, 789000), time(23, 59, 59, 999999), time(16, 15)))
        if date(1, 1, 5) < day < date(9999, 12, 25):
            times += rand.sample(written(datetime.combine(day, clock, UTC)), 2)
    return [
        *times,
        "0001-01-02T00:00:00Z",
        "0001-01-03 10:00",
        "9999-12-31T23:59:59Z",
        "9999-12-31",
        "9999-12-30 23:59",
    ]


ANY_YEAR = _any_year()
PLAIN_TIMES = [
    "2026-02-03T15:04:05Z",
    "2025-09-15T15:04:05Z",
    "2025-07-04T12:00:00-04:00",
    "2026-02-03",
    "2025-10-10",
    "2025-06-15 08:30",
    "1999-12-31T23:59:59Z",
    "2031-01-01",
]
