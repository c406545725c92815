"""The events of the sample logs, one function a file. All but `reported` are invented.

Each event is a dict of canonical fields as its log would write them. What is planted in a file is
in the table of sample_logs/README.md; here it stands with the number of the record it is put into.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from tools.sample_draw import (
    ANALYSTS,
    DETAINERS,
    EASTERN,
    PROFILES,
    SERVICES,
    Draw,
    Event,
    local,
    states,
    utc,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

AGREEMENT = "Information Exchange Agreement of July 2025"
NOTICE = "90 FR 53324"
STATUTE = "8 U.S.C. 1360(b)"
PURPOSE = "civil immigration enforcement"
CLAIMED = "not lawfully residing"
"""The order's own words for the people whose basic data may pass, as a log claims them."""

LISTS = ("programs", "states", "elements", "populations")

NATION = [
    *("AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "HI", "ID", "IL", "IN"),
    *("IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH"),
    *("NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT"),
    *("VT", "VA", "WA", "WV", "WI", "WY"),
]


def query(draw: Draw, number: str, moment: datetime, bundles: Sequence[str], sued: float) -> Event:
    """A look into CMS's repository by an official of DHS."""
    action = draw.pick(("query", "query", "query", "view", "view"))
    event: Event = {
        "transfer_id": number,
        "occurred_at": utc(moment),
        "sender": "CMS IDR",
        "recipient": draw.pick(("ICE ERO", "ICE ERO", "ICE/ERO", "ICE HSI")),
        "actor": draw.pick(ANALYSTS),
        "action": action,
        "system": "IDR view-only workspace",
        "authority": AGREEMENT,
        "programs": ["medicaid"],
        "states": states(draw, sued, 2),
        "elements": PROFILES[draw.pick(bundles)],
        "populations": [draw.pick(("unknown", "CITIZENSHIP-IND=0", "IMMIGRATION-STATUS=3"))],
        "record_count": draw.people(1, 400),
        "purpose": PURPOSE,
        "outcome": "success",
    }
    if draw.chance(0.25):
        del event["purpose"]
    if draw.chance(0.2):
        del event["populations"]
    return event


def push(
    draw: Draw,
    number: str,
    moment: datetime,
    bundles: Sequence[str],
    people: Sequence[str],
    sued: float,
) -> Event:
    """A file that CMS sends."""
    return {
        "transfer_id": number,
        "occurred_at": local(moment),
        "sender": "CMS",
        "recipient": draw.pick(("ICE", "ICE", "ICE ERO", "DHS")),
        "actor": draw.pick(SERVICES),
        "action": "push",
        "system": "EFT outbound",
        "authority": draw.pick((AGREEMENT, STATUTE) if moment.date() < date(2025, 11, 25) else (NOTICE, STATUTE)),
        "programs": ["medicaid"],
        "states": states(draw, sued, 4),
        "elements": PROFILES[draw.pick(bundles)],
        "populations": [draw.pick(people)],
        "record_count": draw.people(800, 240_000),
        "purpose": PURPOSE,
        "outcome": "success",
    }


def idr_queries() -> list[Event]:
    """Sessions from the agreement's start to the end of September 2025."""
    draw = Draw("idr-queries")
    before = ("narrow", "narrow", "narrow", "named", "contact", "wide", "claims")
    after = ("narrow", "named", "contact", "household", "claims", "online")
    days = draw.days(date(2025, 7, 15), date(2025, 8, 11), 68)
    days += draw.days(date(2025, 8, 13), date(2025, 9, 30), 38)
    events = [
        query(
            draw,
            f"IDR-2025-{n:04}",
            draw.at(day),
            before if n <= 68 else after,
            0.7 if n <= 68 else 0.45,
        )
        for n, day in enumerate(days, 1)
    ]
    for n in (7, 23, 41, 59, 77):  # evenings
        events[n]["occurred_at"] = utc(draw.at(days[n], 19, 23))
    events[30]["occurred_at"] = utc(draw.at(date(2025, 7, 26), 11, 13))  # a Saturday
    for n in (12, 34, 52, 90):
        events[n] |= {"action": "download", "record_count": draw.people(2_000, 60_000)}
    events[18] |= {"outcome": "failure", "record_count": 0}
    events[83] |= {"outcome": "failure", "record_count": 0}
    events[60]["outcome"] = "partial"
    events[25]["states"] = ["ALL"]
    events[65]["elements"] = ["full name", "case notes", "address"]  # no table knows case notes
    return events


def eft_pushes() -> list[Event]:
    """Files of August 2025 to March 2026: states in several codes, times in several forms."""
    draw = Draw("eft-pushes")
    early = ("narrow", "named", "contact", "claims", "emergency")
    late = ("basic", "basic", "basic", "contact", "named", "claims", "enrollment", "mailing")
    mixed = ("unknown", "IMMIGRATION-STATUS=3", "IMMIGRATION-STATUS=3", "undocumented")
    days = draw.days(date(2025, 8, 13), date(2025, 12, 26), 24)
    days += draw.days(date(2026, 1, 7), date(2026, 3, 27), 32)
    events = []
    for n, day in enumerate(days, 1):
        bundles, people = (early, mixed) if n <= 24 else (late, (*mixed, CLAIMED, CLAIMED))
        moment = draw.at(day, 6, 20)
        events.append(push(draw, f"EFT-{day:%y%m}-{n:03}", moment, bundles, people, 0.35 if n <= 24 else 0.6))
    plain = {"elements": PROFILES["basic"], "populations": [CLAIMED], "record_count": 5200}

    def planted(place: int, number: str, occurred_at: str, logged: Sequence[str]) -> None:
        event = push(draw, number, datetime(2026, 1, 1, tzinfo=EASTERN), ("basic",), ("unknown",), 1)
        events.insert(place, event | plain | {"occurred_at": occurred_at, "states": list(logged)})

    # 19:30 in California is still the day before, and so is the order in force.
    planted(0, "EFT-2508-Z1", "2025-08-12T02:30:00Z", ["CA", "OR"])
    planted(1, "EFT-2508-Z2", "2025-08-12T02:30:00", ["OR"])  # no zone: UTC
    planted(2, "EFT-2508-B1", "2025-08-12", ["06"])
    planted(27, "EFT-2512-B2", "2025-12-29T11:05:00-05:00", ["Washington", "36"])
    planted(28, "EFT-2601-B3", "2026-01-05T16:40:00-05:00", ["NY"])
    planted(29, "EFT-2601-Z3", "2026-01-06T05:30:00Z", ["IL"])
    planted(30, "EFT-2601-B4", "2026-01-06T09:15:00-05:00", ["IL"])
    planted(40, "EFT-2601-F1", "2026-01-21T07:45:00-05:00", ["6", "41"])  # a spreadsheet ate a zero
    planted(41, "EFT-2601-N1", "2026-01-22", ["nationwide"])
    planted(50, "EFT-2602-N2", "2026-02-26T05:10:00-05:00", NATION)
    events[33]["outcome"] = "failure"
    events[55]["outcome"] = "partial"
    events[60]["programs"] = ["ELG-07"]
    return events


def shares() -> list[Event]:
    """Single shares and uses from September 2025 to June 2026, most of them with something odd."""
    draw = Draw("shares")
    days = draw.days(date(2025, 9, 4), date(2026, 6, 30), 36)
    events = []
    for n, day in enumerate(days, 1):
        bundle = draw.pick(("basic", "named", "contact", "a_number", "household", "emergency"))
        people = draw.pick((CLAIMED, "undocumented", "unlawfully present", "unknown"))
        event = push(draw, f"SHR-{n:03}", draw.at(day), (bundle,), (people,), 0.65)
        event |= {
            "action": draw.pick(("share", "share", "use")),
            "actor": draw.pick(DETAINERS + ANALYSTS),
            "system": "CMS secure mailbox",
            "record_count": draw.people(1, 900),
            "recipient": draw.pick(("ICE", "ICE HSI", "CBP", "USCIS")),
        }
        events.append(event)
    changes: dict[int, Event] = {
        2: {"programs": ["CHIP"], "states": ["OR"], "elements": PROFILES["basic"]},
        4: {"programs": ["medicare"], "states": ["AZ"], "elements": ["MBI", "address"]},
        6: {"purpose": "program integrity", "states": ["IL"], "elements": PROFILES["claims"]},
        8: {"purpose": "fraud investigation", "states": ["NY"], "elements": PROFILES["drugs"]},
        10: {"recipient": "Tallgrass Analytics (contractor)", "states": ["MN"]},
        12: {"sender": "HQ shared mailbox", "states": ["CO"]},
        13: {"occurred_at": None, "states": ["CA"]},
        15: {"occurred_at": "week of the audit", "states": ["TX"]},
        17: {
            "populations": ["us citizens", "undocumented"],
            "states": ["WA"],
            "elements": PROFILES["basic"],
        },
        19: {"populations": ["LPR"], "states": ["NM"], "elements": PROFILES["contact"]},
        20: {"populations": ["TPS"], "states": ["FL"], "elements": PROFILES["basic"]},
        21: {"populations": ["DACA"], "states": ["NV"], "elements": PROFILES["basic"]},
        22: {"recipient": "ICE_DETAINER_SHARE"},
        23: {"populations": ["asylum applicant"], "states": ["MA"], "elements": PROFILES["basic"]},
        24: {"states": ["WI"], "elements": PROFILES["claims"]},
        26: {"states": ["DC", "VA"], "elements": PROFILES["household"]},
        27: {"states": [], "elements": PROFILES["basic"]},
        28: {"programs": ["exchange"], "states": ["GA"], "elements": PROFILES["household"]},
        29: {"purpose": None},  # USCIS has others than enforcement: none is presumed
        30: {"elements": PROFILES["basic"], "states": ["OR"], "populations": [CLAIMED]},
        31: {"sender": "SSA", "states": ["NJ"]},
        32: {"populations": ["family of applicant"], "states": ["MD"]},
        33: {"elements": [], "states": ["HI"]},
    }
    for n, change in changes.items():
        events[n] |= change
    return events


def archive_2026() -> list[Event]:
    """Files of 2026: many after the second order took effect, few after the reported pause."""
    draw = Draw("archive-2026")
    bundles = ("basic",) * 6 + (
        "named",
        "named",
        "contact",
        "contact",
        "claims",
        "drugs",
        "a_number",
        "enrollment",
    )
    people = (CLAIMED,) * 4 + (
        "undocumented",
        "unlawfully present",
        "IMMIGRATION-STATUS=3",
        "unknown",
        "lawfully present",
    )
    days = draw.days(date(2026, 1, 12), date(2026, 2, 27), 44)
    days += draw.days(date(2026, 3, 2), date(2026, 5, 19), 42)
    days += draw.days(date(2026, 7, 20), date(2026, 11, 13), 18)
    return [push(draw, f"ARC-{n:04}", draw.at(day, 5, 22), bundles, people, 0.55) for n, day in enumerate(days, 1)]


def packed_queries() -> list[Event]:
    """Sessions of the last quarter of 2025."""
    draw = Draw("packed-queries")
    bundles = ("named", "contact", "contact", "narrow", "online", "claims")
    days = draw.days(date(2025, 10, 1), date(2025, 12, 23), 40)
    events = [query(draw, f"IDR-2025-{n:04}", draw.at(day, 8, 18), bundles, 0.35) for n, day in enumerate(days, 201)]
    return [event | {"authority": AGREEMENT if n < 24 else NOTICE} for n, event in enumerate(events)]


def packed_pushes() -> list[Event]:
    """Files of the second quarter of 2026, up to the reported pause and two after it."""
    draw = Draw("packed-pushes")
    bundles = ("basic", "basic", "basic", "contact", "named", "claims")
    people = (CLAIMED, CLAIMED, "unlawfully present", "IMMIGRATION-STATUS=3")
    days = draw.days(date(2026, 4, 1), date(2026, 5, 18), 26)
    days += [date(2026, 5, 28), date(2026, 6, 3)]
    return [
        push(draw, f"EFT-2026Q2-{n:03}", draw.at(day, 6, 20), bundles, people, 0.5) for n, day in enumerate(days, 1)
    ]


def re_export() -> list[Event]:
    """August 2025 taken out of the repository's log once more, in another format and zone.

    Sixteen sessions say what they said before; two say something else under the same id; one was
    not in the first log.
    """
    again = [dict(event) for event in idr_queries() if event["occurred_at"][:10] >= "2025-08-11"][:18]
    again[16]["elements"] = again[16]["elements"][:1]  # diagnosis, procedure and day are gone
    again[11]["record_count"] += 1
    for event in again:
        event["occurred_at"] = local(datetime.fromisoformat(event["occurred_at"]).astimezone(EASTERN))
    draw = Draw("re-export")
    late = query(draw, "IDR-2025-0107", draw.at(date(2025, 8, 29)), ("narrow",), 1)
    return [*again, late]


def reported() -> list[Event]:
    """The transfers that the public record reports, with no word added that it does not say."""
    return [
        {
            "transfer_id": "REPORTED-2025-06-10",
            "occurred_at": "2025-06-10",
            "sender": "CMS",
            "recipient": "DHS",
            "system": "reconstructed from the public record, no log entry",
            "authority": "reconstructed from the public record; evidence B (AP)",
            "programs": ["medicaid"],
            "states": ["CA", "IL", "WA", "DC"],
            "elements": ["name", "address", "ssn", "immigration_status", "claims"],
        },
        {
            "transfer_id": "REPORTED-2026-01-07",
            "occurred_at": "2026-01-07",
            "sender": "CMS",
            "recipient": "ICE",
            "system": "reconstructed from the public record, no log entry",
            "authority": "reconstructed from the public record; evidence D (unverified lead)",
            "programs": ["medicaid"],
            "populations": ["citizens", "lawfully present"],
        },
    ]


def clean() -> list[Event]:
    """Nothing to flag: other parties, an earlier month, basic data of states that did not sue."""
    draw = Draw("clean")
    events = []
    for n, day in enumerate(draw.days(date(2025, 7, 16), date(2025, 9, 8), 12), 1):
        event = query(draw, f"CLN-{n:03}", draw.at(day), ("card",), 0)
        event |= {"states": draw.some(("TX", "FL", "GA", "OH"), 2), "purpose": PURPOSE}
        events.append(event | {"populations": [CLAIMED]})
    elsewhere = [("CMS", "SSA"), ("CMS", "IRS"), ("State Medicaid Agency", "CMS"), ("USCIS", "CBP")]
    for n, (sender, recipient) in enumerate(elsewhere, 13):
        event = push(draw, f"CLN-{n:03}", draw.at(date(2026, 2, n)), ("claims",), ("citizens",), 1)
        events.append(event | {"sender": sender, "recipient": recipient, "authority": "routine"})
    early = query(draw, "CLN-017", draw.at(date(2025, 5, 30)), ("narrow",), 1)
    return [*events, early | {"authority": "none logged"}]
