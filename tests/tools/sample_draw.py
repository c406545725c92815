"""What the invented sample events are drawn from: words, bundles of fields, days and hours.

Only `random.Random.random` is used, whose numbers Python promises never to change for a seed; its
other methods have changed between versions, and the committed files must come out the same.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")
Event = dict[str, Any]

EASTERN = ZoneInfo("America/New_York")

# What was disclosed, as systems of this kind name it. T-MSIS names come from the state's file,
# plain words from a request form. The number on the Medicaid card is one of the six that the second order
# lets pass; the MSIS number need not be that number.
PROFILES: dict[str, list[str]] = {
    "basic": [
        "medicaid card number",
        "DATE-OF-BIRTH",
        "ELIGIBLE-ADDR-LN1",
        "ELIGIBLE-PHONE-NUM",
        "CITIZENSHIP-IND",
        "IMMIGRATION-STATUS",
    ],
    "card": ["medicaid card number", "DATE-OF-BIRTH", "ELIGIBLE-ADDR-LN1", "ELIGIBLE-PHONE-NUM"],
    "contact": ["MSIS-IDENTIFICATION-NUM", "ELIGIBLE-ADDR-LN1", "ELIGIBLE-CITY", "phone number"],
    "mailing": ["medicaid id", "mailing address", "dob"],
    "named": [
        "ELIGIBLE-FIRST-NAME",
        "ELIGIBLE-LAST-NAME",
        "DATE-OF-BIRTH",
        "ELIGIBLE-ADDR-LN1",
        "ELIGIBLE-PHONE-NUM",
    ],
    "narrow": [
        "ELIGIBLE-FIRST-NAME",
        "ELIGIBLE-LAST-NAME",
        "ELIGIBLE-ADDR-LN1",
        "MSIS-IDENTIFICATION-NUM",
        "SSN",
        "DATE-OF-BIRTH",
        "SEX",
        "ELIGIBLE-PHONE-NUM",
        "ETHNICITY-CODE",
        "RACE",
    ],
    "wide": ["full name", "address", "phone number", "email address", "bank account number"],
    "online": ["full name", "address", "IP address", "email address"],
    "claims": [
        "MSIS-IDENTIFICATION-NUM",
        "DIAGNOSIS-CODE-1",
        "PROCEDURE-CODE",
        "BEGINNING-DATE-OF-SERVICE",
    ],
    "drugs": ["MSIS-IDENTIFICATION-NUM", "NATIONAL-DRUG-CODE", "PRESCRIPTION-FILL-DATE"],
    "household": ["full name", "address", "household members", "income", "PREGNANCY-IND"],
    "a_number": ["A-number", "DATE-OF-BIRTH", "ELIGIBLE-ADDR-LN1"],
    "enrollment": ["MSIS-IDENTIFICATION-NUM", "ENROLLMENT-EFF-DATE", "ELIGIBLE-ADDR-LN1"],
    "emergency": ["MSIS-IDENTIFICATION-NUM", "emergency Medicaid flag", "RESTRICTED-BENEFITS-CODE"],
}

# Large states more than once, so that they are drawn more often.
SUED = [*("CA", "NY", "IL", "WA") * 2, "CA", "NJ", "MA", "AZ", "CO", "MN", "OR", "MD", "NV", "NM"]
SUED += ["CT", "MI", "HI", "DE", "RI", "VT", "ME"]
OTHERS = [*("TX", "FL") * 3, *("GA",) * 2, "NC", "OH", "PA", "TN", "IN", "SC", "MO", "AL", "OK"]
UNSETTLED = ["WI", "VA", "DC"]

# Invented people; .example names no host, and the addresses are kept for documentation.
ANALYSTS = [
    "t.quillfeather@ice.example",
    "m.ostrander@ice.example",
    "d.hollowell@ice.example",
    "r.vantongeren@ice.example",
    "k.abelard@ice.example (192.0.2.41)",
    "p.sunderhaus@hsi.example (198.51.100.7)",
]
DETAINERS = ["b.marchetti-lowe@uscis.example", "j.fenwright@cbp.example"]
SERVICES = ["svc-idr-export", "svc-eft-outbound", "svc-idr-sched"]


class Draw:
    """Choices made from a seed."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def below(self, limit: int) -> int:
        """A whole number from 0 up to, but not including, `limit`."""
        return int(self._random.random() * limit)

    def pick(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self.below(len(options))]

    def chance(self, share: float) -> bool:
        """True in that share of cases."""
        return self._random.random() < share

    def some(self, options: Sequence[str], count: int) -> list[str]:
        """Up to `count` different options, in the order they were drawn."""
        return list(dict.fromkeys(self.pick(options) for _ in range(count)))

    def people(self, smallest: int, largest: int) -> int:
        """A count whose size is drawn, so that small ones are as frequent as large ones."""
        return int(smallest * (largest / smallest) ** self._random.random())

    def days(self, first: date, last: date, count: int) -> list[date]:
        """So many weekdays from `first` to `last`, spread evenly with some jitter, in order."""
        step = ((last - first).days + 1) / count
        days = []
        for number in range(count):
            day = first + timedelta(days=int(step * (number + self._random.random())))
            while day.isoweekday() > 5 and day > first:
                day -= timedelta(days=1)
            days.append(day)
        return sorted(days)

    def at(self, day: date, first_hour: int = 9, last_hour: int = 17) -> datetime:
        """A moment of that day between two hours of the clock in Washington."""
        seconds = first_hour * 3600 + self.below((last_hour - first_hour) * 3600)
        midnight = datetime(day.year, day.month, day.day, tzinfo=EASTERN)
        return midnight + timedelta(seconds=seconds)


def utc(moment: datetime) -> str:
    """A moment as most systems write it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def local(moment: datetime) -> str:
    """A moment on the clock in Washington, with its offset."""
    return moment.isoformat(timespec="seconds")


def states(draw: Draw, sued: float, most: int = 3) -> list[str]:
    """A few states, in `sued` of the cases ones that went to court."""
    if draw.chance(0.04):
        return [draw.pick(UNSETTLED)]
    return sorted(draw.some(SUED if draw.chance(sued) else OTHERS, 1 + draw.below(most)))
