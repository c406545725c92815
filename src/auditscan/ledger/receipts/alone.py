"""The receipt of a scan that wrote into no ledger: what was read, by what it was judged, and the files that came of it.

A document cannot hold the hash of a receipt that holds the hash of the document. So they meet in `rests_on`, a hash of
what went in: the receipt names it and the documents name it, and whoever has the receipt can make it again.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from auditscan.disk.wholefile import writing
from auditscan.ledger.receipts import canonical, inputs, signature
from auditscan.ledger.receipts.chain import Check, Link, told_of
from auditscan.ledger.receipts.receipt import head, moment, signed_comment
from auditscan.scanning.reading import hash_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from auditscan.ledger.receipts.canonical import Receipt
    from auditscan.policy import Policy
    from auditscan.questions.summary import Summary
    from auditscan.store import Store

DOCUMENT = "document:"
"""How the name of a product begins that is a file; behind it its path, as seen from the folder of the receipt."""

READING = ("source-zone", "log-format", "held-by", "mapping", "link", "exclude")
"""Settings that bear on what is read, and how."""

COUNTS = (
    "exit_code", "incomplete_because", "transfers", "verdicts_now", "verdicts_then", "flagged", "not_cleared",
    "enjoined_by_deduction", "unattributed_with_barred_data", "attempts", "totals", "rules", "onward", "overlays",
    "allowed_quarantined",
)  # fmt: skip
"""What of a summary stands in a receipt."""


def draft(
    store: Store, policy: Policy, summary: Summary, configuration: Mapping[str, object], started_at: datetime
) -> Receipt:
    """Return the receipt of a judged database without the files that are still to be written: see `finish`.

    `configuration` holds the settings in force by name; times are in UTC.
    """
    read = store.table("receipt_files")
    told = summary.as_json()
    skipped = [{"path": line.path, "note": line.note} for line in summary.files if line.status == "skipped"]
    found = head(store, policy, configuration, started_at) | {
        "name": f"auditscan {sys.argv[1] if len(sys.argv) > 1 else ''}".strip(),
        "command": ["auditscan", *sys.argv[1:]],
        "as_of": summary.as_of,
        "since": summary.since,
        "regime_now": summary.regime_now,
        "materials": {f"log:{row['path']}": _said(row) for row in read if row["latest"]}
        | inputs.of_scan(store.library, policy, None),
        "products": {},
        "byproducts": {name: told[name] for name in COUNTS}
        | {"skipped": skipped, "earlier": [{"path": row["path"]} | _said(row) for row in read if not row["latest"]]},
    }
    return found | {"rests_on": rests_on(found)}


def _said(row: Mapping[str, object]) -> dict[str, object]:
    """What is told of a log; of what does not apply to it nothing is."""
    return {
        name: value
        for name, value in row.items()
        if name == "sha256" or (name not in ("path", "latest") and value not in (None, ""))
    }


def rests_on(receipt: Receipt) -> str:
    """Return the hash of what went in: logs, queries and policy, versions, the days and settings that decide."""
    configuration = receipt["configuration"]
    went_in = {name: receipt[name] for name in ("as_of", "since", "regime_now", "materials")} | {
        "configuration": {name: configuration.get(name) for name in READING},
        "environment": {name: value for name, value in receipt["environment"].items() if name != "python"},
        "earlier": receipt["byproducts"]["earlier"],
    }
    return canonical.sha256(canonical.write(went_in))


def finish(
    receipt: Receipt, path: Path, files: Iterable[Path], finished_at: datetime, sign_key: Path | None = None
) -> str:
    """Write a receipt that names `files`, which are there by now, and sign it if there is a key; return its hash.

    Raises UsageError and StoreError where it cannot be written or signed.
    """
    products = {}
    for file in files:
        sha256, size = hash_of(file)
        products[f"{DOCUMENT}{seen_from(path.parent, file)}"] = {"sha256": sha256, "bytes": size}
    whole = receipt | {"products": products, "clock": receipt["clock"] | {"finished_at": moment(finished_at)}}
    data = canonical.write(whole).encode("utf-8")
    sha256 = canonical.sha256(data)
    with writing(path) as file:
        file.write_bytes(data)
    if sign_key is not None:
        with writing(path.with_name(path.name + signature.suffix)) as file:
            file.write_bytes(signature.sign(data, sign_key, signed_comment(0, sha256)))
    return sha256


def seen_from(folder: Path, file: Path) -> str:
    """Return the path of a file as seen from a folder, whatever links lead to either."""
    place = Path(os.path.realpath(file.parent), file.name)
    return Path(os.path.relpath(place, os.path.realpath(folder))).as_posix()


def check_rests_on(link: Link) -> Check:
    """Check that a receipt's hash of what went in is that of what it says went in."""
    try:
        again = rests_on(link.receipt)
    except (KeyError, TypeError, AttributeError) as error:
        return Check("rests on", "differs", "the receipt does not say what went in", (f"{error} is not there",))
    if again != link.receipt.get("rests_on"):
        return Check("rests on", "differs", "the hash that documents name is not that of what went in")
    return Check("rests on", "holds", "the hash that documents name is that of the logs, queries and policy named here")


def check_documents(link: Link, *, allow_missing: bool = False) -> Check:
    """Hash the documents and answers that a receipt names, where they lie as seen from it, and compare."""
    differ, missing, whole = [], [], 0
    for name, told in sorted(link.receipt["products"].items()):
        shown_name = name.removeprefix(DOCUMENT)
        try:
            sha256, _ = hash_of(link.path.parent / shown_name)
        except (OSError, ValueError):
            missing.append(f"{shown_name} is not here")
            continue
        if sha256 == told["sha256"]:
            whole += 1
        else:
            differ.append(f"{shown_name} is not what was written")
    return told_of(
        "documents",
        f"{whole:,} documents are as they were written",
        (differ, "documents are not what they were"),
        (missing, "documents are not here"),
        allow_missing=allow_missing,
    )
