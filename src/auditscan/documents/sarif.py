"""Findings by line, as SARIF 2.1.0: for an editor that jumps to the line of the log."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from auditscan.documents.content import Content

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"grave": "error", "review": "warning", "note": "note"}
LISTS = {"artifact": "artifacts", "notification": "toolExecutionNotifications", "result": "results"}


def write(content: Content, path: Path) -> None:
    """Write the findings of a judged database that stand on a line."""
    made, versions = content.made, content.report.versions
    rules = [
        {
            "id": name,
            "shortDescription": {"text": query.title},
            "fullDescription": {"text": query.why or query.title},
            "help": {"text": f"When a hit is wrong: {query.false_positives or 'not said'}"},
            "defaultConfiguration": {"level": LEVELS[query.severity or "note"]},
        }
        for name, query in sorted(content.report.rules.items())
    ]
    run = {
        "tool": {"driver": {"name": "auditscan", "version": versions["auditscan"], "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "properties": {
            "said": [line.text for line in content.first_screen()],
            "rests_on": made.rests_on,
            "receipt": made.receipt,
            "policy_sha256": versions["policy"],
            "queries_sha256": versions["queries"],
        },
    }
    ended = made.at.strftime("%Y-%m-%dT%H:%M:%SZ")
    call = {"executionSuccessful": True, "commandLine": made.command, "endTimeUtc": ended}
    lists = dict.fromkeys(LISTS, False)
    with content.found_once(), path.open("w", encoding="utf-8", newline="\n") as file:
        head = json.dumps(run, ensure_ascii=False)[:-1]
        file.write(f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": [{head}')
        for kind, rows in itertools.groupby(content.asked("sarif_results"), key=lambda row: row["kind"]):
            file.write(_begin(kind, call))
            for place, row in enumerate(rows):
                file.write(("" if not place else ",\n") + row["told"])
            file.write("]}]" if kind == "notification" else "]")
            lists[kind] = True
        if not lists["result"]:
            file.write(', "results": []')
        file.write("}]}\n")


def _begin(kind: str, call: dict[str, object]) -> str:
    if kind != "notification":
        return f',\n"{LISTS[kind]}": ['
    return f',\n"invocations": [{json.dumps(call, ensure_ascii=False)[:-1]}, "{LISTS[kind]}": ['
