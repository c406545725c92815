"""What an exhibit tells, as JSON that its template draws. Figures come from report queries; here they are worded."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from auditscan.documents.exhibit.barred import barred
from auditscan.documents.exhibit.taken import section
from auditscan.questions.summary import COUNTS
from auditscan.render.account import unread
from auditscan.render.beside import logs, others, overlays
from auditscan.render.figures import flags, recipients, states, verdicts
from auditscan.render.parties import onward, parties
from auditscan.render.rules import rules, suppressed
from auditscan.render.style import MEANINGS, SURE, graded, listed, number, short_day, shortened
from auditscan.render.terminal import limits
from auditscan.render.traces import BASES, linked
from auditscan.text import counted, long_day

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from auditscan.documents.content import Content
    from auditscan.documents.exhibit.taken import Block
    from auditscan.questions.report import Report, Row

_COMMANDS = ("Next: ", "`auditscan ")
"""How lines begin that say what to type next, which is for a screen."""

_KINDS = {"category": "data", "population": "people", "program": "program"}

_GRADES = {"grave": "grave", "review": "to look at", "note": "note"}


def told(content: Content) -> dict[str, Any]:
    """Return what the exhibit on a judged database says; lists of blocks by the section that they stand in."""
    report, made, filing = content.report, content.made, content.filing
    listing = barred(content)
    return {
        "made": {
            "date": [made.at.year, made.at.month, made.at.day, made.at.hour, made.at.minute, made.at.second],
            "at": f"{long_day(made.at.date())}, {made.at:%H:%M:%S} UTC",
            "command": made.command,
            "provenance": list(content.provenance()),
        },
        "filing": {
            "exhibit": filing.exhibit,
            "bates": filing.bates,
            "bates_start": filing.bates_start,
            "bates_suffix": filing.bates_suffix,
            "links": filing.links,
        },
        "front": True,
        "back": True,
        "part": None,
        "case": _case(report),
        "first_screen": _first_screen(content),
        "then_and_now": _without_heading(section(verdicts, report)),
        "orders": _orders(content),
        "figures": _all(report, flags, states, recipients),
        "sources": _by_source(content),
        **listing,
        "rules": _all(report, rules, suppressed, overlays),
        "unsettled": _all(report, unread, parties, logs, others, onward, linked),
        "limits": _without_heading(section(limits, report)),
        "law": [_source(row) for row in content.rows("sources_of_law")],
        "files": _files(report),
        "sure": [[letter, words] for letter, words in SURE.items()],
        "meanings": [[verdict, words] for verdict, words in MEANINGS.items()],
        "bases": [words if ":" in words else f"{word}: {words}" for word, words in BASES.items()],
        "versions": dict(report.versions),
    }


def _all(report: Report, *sections: Callable[..., None]) -> list[Block]:
    return [block for draw in sections for block in section(draw, report)]


def _without_heading(blocks: list[Block]) -> list[Block]:
    return [block for block in blocks if block["kind"] != "heading"]


def _case(report: Report) -> dict[str, Any]:
    """Return what stands on the cover."""
    row = report.headline
    files = report.tables["files_accounted"]
    records = sum(file["records"] for file in files)
    return {
        "caption": row["caption"],
        "as_of": long_day(row["as_of"]),
        "logs": report.logs,
        "folder": report.folder,
        "scope": f"{counted(len(files), 'file')}, {counted(records, 'record')}, "
        f"{counted(row['transfers'], 'transfer')}"
        + (", narrowed to a selection that the summary names" if report.selection else ""),
        "since": long_day(row["since"]),
        "no_order_read": row["no_order_read"],
        "unseen": list(report.unseen),
    }


def _first_screen(content: Content) -> list[dict[str, Any]]:
    """Return the first screen without its first line, which the cover has, and without what to type next."""
    return [
        {"text": line.text, "item": line.is_item, "strong": line.is_strong}
        for line in content.first_screen()[1:]
        if not line.text.startswith(_COMMANDS)
    ]


def _orders(content: Content) -> list[dict[str, Any]]:
    """Return each order: its days, the transfers of those days, and what it bars, with what was found of it."""
    law = {row["id"]: row for row in content.rows("sources_of_law")}
    bars = {key: list(rows) for key, rows in groupby(content.rows("barred_by_order"), key=lambda row: row["regime_id"])}
    words = {(row["kind"], row["key"]): row["logged_as"] or () for row in content.report.tables["barred_content"]}
    found = []
    for row in content.rows("by_order"):
        regime = row["regime_id"]
        source = law.get(regime, {})
        found.append(
            {
                "id": regime or "",
                "title": row["title"] or "No readable time: to review then",
                "days": _days(row["first_day"], row["last_day"]),
                "counts": [
                    number(row[name])
                    for name in (
                        "transfers", "barred_then", "review_then", "permitted_then", "outside_then", "barred_now",
                    )
                ],
                "citation": source.get("citation") or "",
                "sure": graded(source.get("certainty")),
                "bars": [_bar(bar, words) for bar in bars.get(regime, ())],
            }
        )  # fmt: skip
    return found


def _bar(row: Row, words: Mapping[tuple[str, str], Sequence[str]]) -> list[Any]:
    now = [number(row[name]) if row[name] is not None else "" for name in ("transfers_now", "barred_now")]
    # The words are those of the order in force.
    logged = words.get((row["kind"], row["key"]), ()) if row["transfers_now"] is not None else ()
    return [
        [f"{_KINDS[row['kind']]}: {row['key'].replace('_', ' ')}", shortened(listed(logged, 6), 120)],
        number(row["transfers_then"]),
        number(row["barred_then"]),
        *now,
        row["certainty"] or "",
        row["origin"] or "default",
    ]


def _days(first: Any, last: Any) -> str:  # noqa: ANN401 -- a day or none
    if first is None:
        return ""
    return f"from {short_day(first)}" + (f" to {short_day(last)}" if last else "")


def _by_source(content: Content) -> list[dict[str, Any]]:
    """Return each source of law with the rules that rest on it: title, grade, how sure, transfers."""
    title_of = content.report.title_of
    return [
        {
            "citation": citation,
            "rows": [
                [title_of(row["rule"]), _GRADES[row["severity"]], row["certainty"], number(row["transfers"])]
                for row in rows
            ],
        }
        for citation, rows in groupby(content.findings_by_source(), key=lambda row: row["citation"])
    ]


def _source(row: Row) -> dict[str, Any]:
    days = _days(row["first_day"], row["last_day"])
    return {
        "title": f"{row['title']} ({row['id']})",
        "said": "; ".join(
            filter(
                None,
                [
                    row["kind"],
                    f"dated {long_day(row['dated'])}" if row["dated"] else "",
                    f"in force {days}" if days and row["standing"] == "applied" else days,
                    row["standing"],
                ],
            )
        ),
        "citation": row["citation"] or "",
        "sure": graded(row["certainty"]),
        "origin": row["origin"],
    }


def _files(report: Report) -> dict[str, Any]:
    """Return every file with its hash and its sums, what was found and not read, and the sums of all."""
    rows = report.tables["files_accounted"]
    return {
        "rows": [
            {
                "path": row["path"],
                "sha256": row["sha256"] or "",
                "said": _sums(row),
                "status": "" if row["status"] == "read" else row["status"].replace("_", " "),
                "note": row["note"] or "",
                "format": row["format"] or "",
            }
            for row in rows
        ],
        "skipped": [f"{file.path} ({file.note})" for file in report.skipped],
        "sums": f"{counted(len(rows), 'file')}: {_sums({key: sum(row[key] for row in rows) for key in COUNTS})}",
        "hold": all(row["records"] == sum(row[key] for key in COUNTS[1:]) for row in rows),
        "count": counted(len(rows), "file"),
    }


def _sums(row: Row | dict[str, int]) -> str:
    words = ("transfers", "others", "duplicates", "quarantined")
    parts: Sequence[str] = [f"{number(row[key])} {word}" for key, word in zip(COUNTS[1:], words, strict=True)]
    return f"{counted(row['records'], 'record')} = {' + '.join(parts)}"
