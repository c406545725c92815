"""The barred transfers of an exhibit, each as a block: what, when, whence, why, and where its record stands."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from auditscan.questions.originals import STATES, originals_of
from auditscan.render.style import listed, number, shortened
from auditscan.render.traces import BASES
from auditscan.render.transfers import count_of, party, shared_reasons, when
from auditscan.scanning.rules import narrow_to
from auditscan.text import counted

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from auditscan.documents.content import Content
    from auditscan.questions.originals import Shown
    from auditscan.questions.report import Report, Row

__all__ = ["Barred", "barred"]

MOST = 5_000
"""Transfers that are listed one by one: nobody reads more, and no court takes it."""

MOST_ITEMS = 40
"""Elements of one transfer that are named."""

MOST_RECORD = 4_000
"""Characters of a record."""

_BASIS = {
    "logged": "As logged",
    "deduced": "Deduced, not logged",
    "inferred": "Inferred from one word of a longer name, not logged",
    "unknown": "Not known",
}
"""How a part is known, in words."""

_PARTS = {
    "sender": "sender_basis",
    "recipient": "recipient_basis",
    "states": "state_basis",
    "programs": "program_basis",
    "people": "population_basis",
}


@dataclass(frozen=True, slots=True)
class Barred:
    """What the appendix holds."""

    blocks: list[dict[str, Any]]
    """A block a transfer, the worst first."""
    groups: list[list[str]]
    """All of them counted: order of their day, recipient, verdict then, verdict now, how many."""
    shared: list[str]
    """Reasons to review that more than half of them have, said once for all."""
    said: str
    """How many there are, and where those are that are not listed."""


def barred(content: Content) -> Barred:
    """Return the transfers that are barred now or were when they happened."""
    rows = list(islice(content.barred(MOST), MOST))
    keys = [row["record_key"] for row in rows]
    findings, notes = _beside(content, keys)
    originals: Sequence[Shown | str] = ()
    if content.filing.record:
        originals = originals_of(content.store, keys, content.store.library)
    groups = content.rows("barred_groups")
    shared = shared_reasons(findings, keys)
    blocks = [
        _block(content.report, place, row, findings[row["record_key"]], shared, notes[row["record_key"]])
        for place, row in enumerate(rows, 1)
    ]
    for block, original in zip(blocks, originals, strict=False):
        block["record"] = _record(original)
    return Barred(
        blocks,
        [
            [
                row["regime_then"] or "no time",
                row["recipient"],
                row["verdict_then"],
                row["verdict_now"] + (" (attempt: nothing passed)" if row["attempt"] else ""),
                number(row["transfers"]),
            ]
            for row in groups
        ],
        [f"{content.report.title_of(rule)} ({number(count)})" for rule, count in shared.items()],
        _said(len(rows), groups[0]["in_all"] if groups else 0, content.report.logs),
    )


def _said(shown: int, whole: int, logs: str) -> str:
    if not whole:
        return "No transfer is barred now or was barred when it happened."
    if shown == whole:
        return f"{counted(whole, 'transfer')}, attempts among them, each with its record's place."
    return (
        f"The {number(shown)} worst of {number(whole)} transfers, attempts among them, each with its record's place: "
        "those barred now and then first, then those barred now, then those barred when they happened; within each the "
        f"largest first. The table counts all of them; `auditscan scan {logs} --out answers.csv` lists all of them."
    )


def _beside(content: Content, keys: Sequence[int]) -> tuple[defaultdict[int, list[Row]], defaultdict[int, list[str]]]:
    """Return the findings of transfers, and what their logs note, by record key."""
    findings: defaultdict[int, list[Row]] = defaultdict(list)
    notes: defaultdict[int, list[str]] = defaultdict(list)
    if keys:
        store = content.store
        try:
            narrow_to(store, keys)
            for row in store.table("findings_of"):
                findings[row["record_key"]].append(row)
            for row in store.table("cited_notes"):
                notes[row["record_key"]].append(row["note"])
        finally:
            store.run("widen", record_keys=None)
    return findings, notes


def _block(
    report: Report, place: int, row: Row, findings: Sequence[Row], shared: Container[str], notes: Sequence[str]
) -> dict[str, Any]:
    now, then = row["verdict_now"], row["verdict_then"]
    return {
        "number": number(place),
        "id": shortened(row["transfer_id"], 200),
        "now": now,
        "then": then,
        "attempt": row["attempt"],
        "facts": "; ".join(
            [
                f"{party(row['sender'])} to {party(row['recipient'])}",
                when(row, clock=True),
                count_of(row),
                *([f"action {shortened(row['action'], 40)}"] if row["action"] else []),
                *([f"outcome {shortened(row['outcome'], 40)}"] if row["outcome"] != "success" else []),
            ]
        ),
        "place": f"{shortened(row['source_file'].removeprefix(report.folder), 400)}, {row['place']}",
        "sha256": (row["source_sha256"] or "not hashed")[:12],
        "said": [
            ["States", listed(row["states"] or ["none logged"], 60)],
            ["programs", _cut(listed(row["programs"] or ["none logged"], MOST_ITEMS))],
            ["people", _cut(listed(row["populations"] or ["none logged"], MOST_ITEMS))],
        ],
        "known": _known(row),
        "data": _cut(listed(row["elements"] or ["none logged"], MOST_ITEMS)),
        "data_known": BASES.get(row["element_basis"], row["element_basis"]),
        "noted": _cut("; ".join(notes)),
        "deduced": row["verdict_basis"] == "deduced",
        "findings": [_finding(report, finding) for finding in findings if finding["severity"] == "grave"],
        "also": [
            report.title_of(finding["rule"])
            for finding in findings
            if finding["severity"] == "review" and finding["rule"] not in shared
        ],
    }


def _cut(text: str) -> str:
    return shortened(text, 1_000)


def _known(row: Row) -> str:
    """Return which parts the log states, and which were deduced."""
    by: dict[str, list[str]] = defaultdict(list)
    for part, column in _PARTS.items():
        by[row[column]].append(part)
    if len(by["logged"]) == len(_PARTS):
        return "All of these as logged."
    return " ".join(f"{words}: {', '.join(by[basis])}." for basis, words in _BASIS.items() if by[basis])


def _finding(report: Report, finding: Row) -> dict[str, str]:
    citation = finding["citation"]
    certainty = finding["certainty"]
    cited = "" if citation.startswith("None") else citation.split(": ")[0]
    return {
        "title": report.title_of(finding["rule"]),
        "evidence": shortened(finding["evidence"] or "no evidence given"),
        "cited": f"{cited}; {certainty}" if cited else "",
    }


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
