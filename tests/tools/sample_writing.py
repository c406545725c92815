"""What the logs of other systems share: the invented extract, its parties, and how records are written."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

FILE = "P#EFT.ON.ICE.ELG.D260210.T1402110"
SIZE = 402_653_184
PEOPLE = 1_250_000
BUCKET = "example-extracts"
OWNER = "111122223333"
VISITOR = "444455556666"
ANALYST = "ero.analyst@ice.dhs.gov"
VENDOR = "analyst@vendor.example"
DESK = "198.51.100.20"
"""The address from which the files are fetched."""


def lines(records: list[dict[str, Any]]) -> bytes:
    """One object a line, without blanks, as systems write them."""
    return "".join(json.dumps(record, separators=(",", ":")) + "\n" for record in records).encode()


def rows(header: str, records: list[list[Any]]) -> bytes:
    """CSV with the columns of `header`, which are parted by blanks."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header.split())
    writer.writerows(records)
    return text.getvalue().encode()


def epoch(stamp: str) -> int:
    """Milliseconds since 1970 of a time in UTC."""
    return round(datetime.fromisoformat(stamp).replace(tzinfo=UTC).timestamp() * 1000)


def query_id(number: int) -> str:
    """The id of a query of Snowflake."""
    return f"01c2e4aa-0000-4f1d-0000-0000a{number:07}"
