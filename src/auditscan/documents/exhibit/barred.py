"""The barred transfers of an exhibit, each as a block: what, when, whence, why, and where its record stands."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from auditscan.questions.originals import STATES, originals_of
from auditscan.render.style import listed, number, shortened, suppression
from auditscan.render.transfers import count_of, evidence_of, party, shared_reasons, when
from auditscan.text import counted

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from auditscan.documents.content import Content
    from auditscan.questions.originals import Shown
    from auditscan.questions.report import Report, Row

MOST = 5_000
"""Transfers that are listed one by one: nobody reads more, and no court takes it."""

MOST_RECORDS = 500
"""Transfers whose record is printed: each is looked for in its file."""

MOST_ITEMS = 40
"""Elements of one transfer that are named."""

MOST_RECORD = 4_000
"""Characters of a record."""

_BASIS = {
    "deduced": "deduced, not logged",
    "inferred": "inferred from one word of a longer name",
    "unknown": "not known",
}
"""How a party, and states, programs and people are known, in words."""

_PARTS = {
    "States": ("states", "state_basis"),
    "programs": ("programs", "program_basis"),
    "people": ("populations", "population_basis"),
    "data": ("elements", "element_basis"),
}
"""What is said of a transfer -> its column, and that on how it is known."""


def barred(content: Content) -> dict[str, Any]:
    """Return what the appendix holds: the transfers that are barred now or were when they happened."""
    rows = list(content.barred(MOST))
    keys = [row["record_key"] for row in rows]
    findings: defaultdict[int, list[Row]] = defaultdict(list)
    for found in content.about(keys, "findings_of") if keys else ():
        findings[found["record_key"]].append(found)
    originals: Sequence[Shown | str] = ()
    if content.filing.record:
        originals = originals_of(content.store, keys[:MOST_RECORDS], content.store.library)
    groups = content.rows("barred_groups")
    shared = shared_reasons(findings, keys)
    blocks = [
        _block(content.report, place, row, findings[row["record_key"]], shared) for place, row in enumerate(rows, 1)
    ]
    for block, original in zip(blocks, originals, strict=False):
        block["record"] = _record(original)
    return {
        # All of them counted.
        "groups": [
            [
                row["regime_then"] or "no time",
                row["recipient"],
                row["verdict_then"],
                row["verdict_now"] + (" (attempt: nothing passed)" if row["attempt"] else ""),
                number(row["transfers"]),
            ]
            for row in groups
        ],
        "listing": _said(len(rows), groups[0]["in_all"] if groups else 0, content),
        # Reasons to review that more than half of them have, said once for all.
        "shared": [f"{content.report.title_of(rule)} ({number(count)})" for rule, count in shared.items()],
        "transfers": blocks,
    }


def _said(shown: int, whole: int, content: Content) -> str:
    if not whole:
        return "No transfer is barred now or was barred when it happened."
    order = (
        "those barred now and then first, then those barred now, then those barred when they happened, attempts last; "
        "within each the largest first"
    )
    if shown == whole:
        said = f"{counted(whole, 'transfer')}, attempts among them, each with its record's place: {order}."
    else:
        said = (
            f"The first {number(shown)} of {number(whole)} transfers, each with its record's place: {order}. The table "
            f"counts all of them, and `auditscan query listed_transfers {content.report.logs} --param "
            "listed_barred=true --out barred.csv` lists all of them."
        )
    if content.filing.record and shown > MOST_RECORDS:
        said += f" The records of the first {number(MOST_RECORDS)} are printed; `auditscan show` prints any other."
    return said


def _block(report: Report, place: int, row: Row, findings: Sequence[Row], shared: Container[str]) -> dict[str, Any]:
    now, then = row["verdict_now"], row["verdict_then"]
    return {
        "number": number(place),
        "id": shortened(row["transfer_id"], 200),
        "now": now,
        "then": then,
        "attempt": row["attempt"],
        "facts": "; ".join(
            [
                f"{_sided(row, 'sender')} to {_sided(row, 'recipient')}",
                when(row, clock=True),
                count_of(row),
                *([shortened(row["action"], 40)] if row["action"] else []),
                *([f"outcome {shortened(row['outcome'], 40)}"] if row["outcome"] != "success" else []),
            ]
        ),
        "place": f"{shortened(row['source_file'].removeprefix(report.folder), 400)}, {row['place']}",
        "noted": _cut(row["noted"] or ""),
        "deduced": row["verdict_basis"] == "deduced",
        "findings": _by_source(report, findings),
        "said": "; ".join(f"{part}: {_part(row, part)}" for part in _PARTS),
        "also": "; ".join(
            report.title_of(finding["rule"]) + suppression(finding["suppressed_until"], finding["suppressed_by"])
            for finding in findings
            if finding["severity"] == "review" and finding["rule"] not in shared
        ),
    }


def _cut(text: str) -> str:
    return shortened(text, 1_000)


def _part(row: Row, part: str) -> str:
    """Return what the log says of states, programs, people or data, and how that is known where it is not logged."""
    column, basis = _PARTS[part]
    said = _cut(listed(row[column] or ["none logged"], MOST_ITEMS))
    known = row[basis]
    return said if known == "logged" or not row[column] else f"{said} ({_BASIS.get(known, known)})"


def _sided(row: Row, side: str) -> str:
    known = row[f"{side}_basis"]
    return party(row[side]) + ("" if known == "logged" or row[side] is None else f" ({_BASIS.get(known, known)})")


def _by_source(report: Report, findings: Sequence[Row]) -> list[dict[str, str]]:
    """Return the grave findings by the text they rest on, each with how sure that text is."""
    by: dict[str, list[str]] = defaultdict(list)
    for finding in findings:
        if finding["severity"] == "grave":
            citation = finding["citation"]
            cited = "" if citation.startswith("None") else citation.split(": ")[0]
            by[cited].append(f"{report.title_of(finding['rule'])}: {evidence_of(finding)} [{finding['certainty']}]")
    return [{"cited": cited, "said": f"{'; '.join(said)}."} for cited, said in by.items()]


def _record(original: Shown | str) -> dict[str, Any]:
    """Return a record as lines of text, or why it is not shown."""
    if isinstance(original, str):
        return {"lines": [], "said": original}
    record = original.original
    text = record.raw or "\n".join(f"{name}: {value}" for name, value in record.fields)
    said = f"The file is {STATES[original.state]}." if original.state == "same" else f"{STATES[original.state]}."
    if len(text) > MOST_RECORD:
        said += f" The first {number(MOST_RECORD)} of {number(len(text))} characters: `auditscan show` has all."
    return {"lines": text[:MOST_RECORD].split("\n"), "said": " ".join([said, *(f"{note}." for note in record.notes)])}
