"""Audit records in XML as JSON records: messages of ATNA as they are built, events of FHIR as FHIR writes them in JSON.

One line a record, those that cannot be read among them: they say why under `not_read`, and their format quarantines
them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from auditscan.readers.raw import CHUNK, ByteStream, Pull

if TYPE_CHECKING:
    from collections.abc import Callable

_SHOWN_BYTES = 4096
"""How much of a record that cannot be read goes into the quarantine."""


def atna_xml(source: ByteStream) -> ByteStream:
    """The audit messages of a file: elements as lists under their names, attributes under `@` and theirs."""
    return _Lines(source, lambda node: node)


def fhir_xml(source: ByteStream) -> ByteStream:
    """The audit events of a file as FHIR's JSON. An element that stands once is no list there, whatever it could be."""
    return _Lines(source, lambda node: {"resourceType": node.pop("tag", None), **_members(node)})


class _Lines(Pull):
    """One line of JSON for each record of an XML file."""

    def __init__(self, source: ByteStream, written: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        super().__init__()
        # The parser is loaded only where a file is XML.
        from auditscan.readers.xml_records import xml_records

        self._records = xml_records(source)
        self._written = written

    def _piece(self) -> bytes:
        lines: list[bytes] = []
        size = 0
        for record in self._records:
            if record.reason:
                kept = record.kept[:_SHOWN_BYTES].decode("utf-8", "replace")
                node: dict[str, Any] = {"not_read": record.reason, "text": kept}
            else:
                node = self._written(json.loads(record.json))
            lines.append(json.dumps(node, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            size += len(lines[-1])
            if size >= CHUNK:
                break
        return b"".join(lines)


def _members(node: dict[str, Any]) -> dict[str, Any]:
    """What an element holds, by name; the narrative for people is left out."""
    found: dict[str, Any] = {}
    for name, held in node.items():
        if isinstance(held, list):
            values = [_value(child) for child in held]
            found[name] = values[0] if len(values) == 1 else values
        elif name.startswith("@"):
            found[name[1:]] = held
    found.pop("div", None)
    return found


def _value(node: dict[str, Any]) -> object:
    """A primitive's text, or the members of an element that has some."""
    members = _members(node)
    return members["value"] if members.keys() == {"value"} and "@value" in node else members
