"""The receipt of a night: what was read and what was said, with hashes, each naming the receipt before it.

In the shape of an in-toto link: materials went in, products came out, byproducts say what else was seen.
docs/evidence.md tells what that proves, and what it does not.
"""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING, Any

from auditscan.disk.wholefile import write_whole
from auditscan.errors import UsageError
from auditscan.ledger.receipts import canonical, digests, inputs, signature
from auditscan.questions.answers import hash_answers
from auditscan.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from auditscan.policy import Policy
    from auditscan.store import Store

FOLDER = "receipts"
"""Beside the database of a ledger."""

SECRET = frozenset({"notify", "sign-key"})
"""Settings of which a receipt only tells whether they are set: addresses hold passwords."""


def write(
    store: Store,
    *,
    scan_id: int,
    policy: Policy,
    configuration: Mapping[str, object],
    counts: Mapping[str, object],
    started_at: datetime,
    finished_at: datetime,
    suppressions: Path | None = None,
    answers_from: int | None = None,
) -> str:
    """Write the receipt of a scan into the table `receipts` and return its sha256.

    Call it last before the database is closed: what is written after it is in no receipt. The rows of the scan
    in `scans`, `sources`, `file_versions`, `finding_spans`, `scan_rules`, `verdict_moves` and `suppression_spans`
    are there by then. `configuration` holds the settings in force by name (secrets are left out here); `counts`
    what the night comes to: verdicts_now, verdicts_then, flagged, totals, incomplete_because, exit_code and
    whatever else is to stand in it, as JSON takes it. `answers_from` is the least record_key that this scan
    read; None where every transfer was judged again. Times are in UTC.
    """
    as_of, since, regime_now = store.rows("select as_of::varchar, since::varchar, regime_now from settings")[0]
    logs = store.table("receipt_sources", receipt_scan=scan_id)
    told = head(store, policy, configuration, started_at)
    receipt = told | {
        "name": "auditscan nightly",
        "command": ["auditscan", "nightly"],
        "scan_id": scan_id,
        "previous": _previous(store, scan_id),
        "as_of": as_of,
        "since": since,
        "regime_now": regime_now,
        "clock": told["clock"] | {"finished_at": moment(finished_at)},
        "materials": logs_of_scan(store, logs) | inputs.of_scan(store.library, policy, suppressions),
        "products": _products(store, scan_id, answers_from),
        "byproducts": byproducts(store, scan_id) | {"files_met": len(logs)} | dict(counts),
    }
    body = canonical.write(receipt)
    sha256 = canonical.sha256(body)
    store.connection.execute("insert into receipts values ($1, $2, $3)", [scan_id, sha256, body])
    return sha256


def _previous(store: Store, scan_id: int) -> dict[str, object] | None:
    rows = store.rows(
        "select scan_id, sha256 from receipts where scan_id < $1 order by scan_id desc limit 1", [scan_id]
    )
    return {"scan_id": rows[0][0], "sha256": rows[0][1]} if rows else None


def head(store: Store, policy: Policy, configuration: Mapping[str, object], started_at: datetime) -> canonical.Receipt:
    """Return what the receipt of any scan says: by which clock, settings and versions, and what it judged by."""
    return {
        "_type": "link",
        "receipt_version": digests.SHAPE,
        "clock": {
            "started_at": moment(started_at),
            "source": "the clock of the machine that scanned, in UTC; nobody else vouches for it",
        },
        "configuration": {name: shown(name, value) for name, value in sorted(configuration.items())},
        "environment": {
            "auditscan": __version__,
            "duckdb": str(store.one("select version()")).removeprefix("v"),
            "python": platform.python_version(),
            "queries_sha256": store.library.judging_sha256,
            "policy_sha256": policy.sha256,
        },
    }


def moment(time: datetime) -> str:
    """Return a time as it stands in a receipt."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def shown(name: str, value: object) -> Any:  # noqa: ANN401 -- as JSON takes it
    """Return a setting as it stands in a receipt."""
    if name in SECRET:
        return "set" if value else None
    if isinstance(value, list | tuple):
        return [shown(name, one) for one in value]
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def logs_of_scan(store: Store, logs: list[dict[str, Any]], shape: int = digests.SHAPE) -> dict[str, dict[str, object]]:
    """Return `log:PATH` -> what was read of it. Of what does not apply to a file nothing is said."""
    hashed = digests.of_records(store, [row["last_key"] for row in logs if row["last_key"] is not None], shape)
    found: dict[str, dict[str, object]] = {}
    for row in logs:
        told = {name: value for name, value in row.items() if name not in ("path", "last_key", "kept")}
        records = hashed.get(row["source_id"]) if row["last_key"] is not None else None
        if records is not None:
            told["kept_records"] = records.as_json()
        found[f"log:{row['path']}"] = {
            name: value for name, value in told.items() if name == "sha256" or value not in (None, "")
        }
    return found


def _products(store: Store, scan_id: int, answers_from: int | None) -> dict[str, dict[str, object]]:
    sha256, answers = hash_answers(store, answers_from)
    products: dict[str, dict[str, object]] = {
        "answers.ndjson": {
            "sha256": sha256,
            "answers": answers,
            "scope": "all" if answers_from is None else "new",
            "first_record": answers_from,
        }
    }
    for (_, part), digest in digests.of_parts(store, scan_id).items():
        products[f"added:{part}"] = digest.as_json()
    for table, digest in digests.of_state(store, answers_from).items():
        products[f"state:{table}"] = digest.as_json()
    return products


def byproducts(store: Store, scan_id: int) -> dict[str, object]:
    """Return what the ledger says of a scan beside its answers; of all but `vanished`, whatever came later."""
    return {
        "scan": next(iter(store.table("receipt_scan", receipt_scan=scan_id)), None),
        "rules": store.table("receipt_rules", receipt_scan=scan_id),
        "verdict_moves": store.table("receipt_moves", receipt_scan=scan_id),
        "finding_spans": store.table("receipt_findings", receipt_scan=scan_id),
        "vanished": store.table("receipt_vanished", receipt_scan=scan_id),
    }


def file_name(scan_id: int) -> str:
    """Return the name of a receipt's file."""
    return f"{scan_id:06d}.json"


def signed_comment(scan_id: int, sha256: str) -> str:
    """Return what is signed with a receipt: a signature moved to another receipt does not fit.

    The number is 0 where a scan wrote into no ledger.
    """
    return f"auditscan receipt {scan_id} sha256 {sha256}"


def export(folder: Path, store: Store, sign_key: Path | None = None) -> list[str]:
    """Write a file in `folder`/receipts for each receipt of the table that has none; sign the last, if there is a key.

    Call it right after the night whose receipt is the last. No other is signed: one that has no signature by then may
    be of a chain that somebody else made. Returns a sentence for what could not be written or signed, for a file that
    stands there with other content, which is left as it is, and for receipts that should be signed, and are not.
    """
    shelf = folder / FOLDER
    problems: list[str] = []
    rows: list[tuple[int, str]] = []
    unsigned: dict[int, Mapping[str, Any]] = {}
    try:
        shelf.mkdir(exist_ok=True)
        rows = store.rows("select scan_id, sha256 from receipts order by scan_id")
        for scan_id, sha256 in rows:
            path = shelf / file_name(scan_id)
            if not path.exists():
                body = store.one("select body from receipts where scan_id = $1", [scan_id])
                write_whole(path, str(body).encode("utf-8"))
            data = path.read_bytes()
            if canonical.sha256(data) != sha256:
                problems.append(f"{path.name} is not the receipt that the ledger holds; it was left as it is")
            elif sign_key is None:
                continue
            elif scan_id == rows[-1][0]:
                problems += _sign(path, data, sign_key, signed_comment(scan_id, sha256))
            elif not path.with_name(path.name + signature.suffix).exists():
                unsigned[scan_id] = canonical.read(data)
    except OSError as error:
        problems.append(f"receipts could not be written to {shelf}: {error.strerror}")
    return [*dict.fromkeys(problems), *(_not_signed(unsigned, rows[-1][0]) if unsigned else ())]


def _not_signed(unsigned: Mapping[int, Mapping[str, Any]], last: int) -> list[str]:
    """Say which earlier receipts have no signature: every night of those that were to have one, of others once."""
    set_then = {
        scan_id: canonical.part(receipt, "configuration").get("sign-key") for scan_id, receipt in unsigned.items()
    }
    sign = "see `auditscan verify`, and sign by hand those that are yours (`auditscan help nightly`, Signatures)"
    said = []
    if missing := [scan_id for scan_id, was_set in set_then.items() if was_set]:
        said.append(f"{_receipts(missing)} should be signed and has no signature: that run was stopped, or somebody "
                    f"else wrote it; {sign}")  # fmt: skip
    before = [scan_id for scan_id, was_set in set_then.items() if not was_set]
    if last - 1 in before:
        # So tonight is the first that knows of a key.
        said.append(f"{_receipts(before)} has no signature: that is well if `sign-key` is new, and those nights had "
                    f"none; {sign}")  # fmt: skip
    return said


def _receipts(scans: Sequence[int]) -> str:
    """Receipts by the names of their files, as a singular."""
    if len(scans) == 1:
        return file_name(scans[0])
    return f"each of {len(scans):,} receipts, {file_name(scans[0])} to {file_name(scans[-1])},"


def _sign(path: Path, data: bytes, key: Path, comment: str) -> list[str]:
    """Sign a receipt; return what went wrong."""
    try:
        write_whole(path.with_name(path.name + signature.suffix), signature.sign(data, key, comment))
    except UsageError as error:
        return [f"receipts are not signed: {error}" + (f" ({error.why})" if error.why else "")]
    return []
