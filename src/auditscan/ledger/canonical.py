"""The bytes of a receipt: one way to write it, so that a hash of it is a hash of what it says."""

from __future__ import annotations

import hashlib
import json
from typing import Any

__all__ = ["NotCanonical", "Receipt", "read", "sha256", "write"]

Receipt = dict[str, Any]


class NotCanonical(ValueError):
    """Bytes that are no receipt as auditscan writes it; says why."""


def write(receipt: Receipt) -> str:
    """Return the one text of a receipt: JSON on one line, keys sorted, no blanks, as UTF-8, a line feed at its end."""
    return json.dumps(receipt, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False) + "\n"


def read(data: bytes) -> Receipt:
    """Return the receipt in these bytes; raises NotCanonical where writing it again gives other bytes."""
    try:
        found = json.loads(data.decode("utf-8"))
        again = write(found).encode("utf-8") if isinstance(found, dict) else b""
    except (ValueError, RecursionError) as error:
        raise NotCanonical(f"it is no JSON: {error}") from error
    if again != data:
        raise NotCanonical("it is not written as receipts are: keys sorted, no blanks, one line")
    if found.get("_type") != "link" or not isinstance(found.get("scan_id"), int):
        raise NotCanonical("it is JSON, and no receipt")
    return dict(found)


def sha256(data: bytes | str) -> str:
    """Return the hash of a receipt, in hexadecimal digits."""
    return hashlib.sha256(data.encode("utf-8") if isinstance(data, str) else data).hexdigest()
