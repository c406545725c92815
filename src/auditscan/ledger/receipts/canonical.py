"""The bytes of a receipt: one way to write it, so that a hash of it is a hash of what it says."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Receipt = dict[str, Any]


class NotCanonical(ValueError):
    """Bytes that are no receipt as auditscan writes it; says why."""


def write(receipt: Receipt) -> str:
    """Return the one text of a receipt: JSON on one line, keys sorted, no blanks, as UTF-8, a line feed at its end."""
    return json.dumps(receipt, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False) + "\n"


def read(data: bytes, *, of_ledger: bool = True) -> Receipt:
    """Return the receipt in these bytes; raises NotCanonical where writing it again gives other bytes.

    A receipt of a ledger has the number of its scan; where `of_ledger` is false, one without is a receipt too.
    """
    try:
        found = json.loads(data.decode("utf-8"))
        again = write(found).encode("utf-8") if isinstance(found, dict) else b""
    except (ValueError, RecursionError) as error:
        raise NotCanonical(f"it is no JSON: {error}") from error
    if again != data:
        raise NotCanonical("it is not written as receipts are: keys sorted, no blanks, one line")
    numbered = _whole(found.get("scan_id")) or not (of_ledger or "scan_id" in found)
    if found.get("_type") != "link" or not numbered or not _well_made(found):
        raise NotCanonical("it is JSON, and no receipt")
    return dict(found)


def part(receipt: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return what a receipt holds by names under one name of its own; nothing where something else stands there."""
    found = receipt.get(name)
    return found if isinstance(found, dict) else {}


_NUMBERS = ("bytes", "source_id", "records", "transfers", "not_transfers", "duplicates", "quarantined")


def _well_made(found: Receipt) -> bool:
    """Whether all that is relied on later has the type it should have."""
    parts = [part for part in (found.get("materials"), found.get("products")) if isinstance(part, dict)]
    if len(parts) < 2 or not all(isinstance(told, dict) for part in parts for told in part.values()):
        return False
    if not all("sha256" in told and isinstance(told["sha256"], str | None) for part in parts for told in part.values()):
        return False
    logs = [told for name, told in found["materials"].items() if name.startswith("log:")]
    if not all(_whole(told[name]) for told in logs for name in _NUMBERS if told.get(name) is not None):
        return False
    if not all(_whole(told.get("source_id")) for told in logs if "kept_records" in told):
        return False
    answers = found["products"].get("answers.ndjson", {})
    return all(_whole(answers.get(name)) or answers.get(name) is None for name in ("answers", "first_record"))


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def sha256(data: bytes | str) -> str:
    """Return the hash of a receipt, in hexadecimal digits."""
    return hashlib.sha256(data.encode("utf-8") if isinstance(data, str) else data).hexdigest()
