"""Make sample_logs/ anew: `python -m tools.make_samples`, run in tests/.

The logs are made once and kept in the repository; a test holds them to what this makes. Readmes
are written by hand and left alone.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import zstandard

from auditscan.readers.model import FIELDS
from tools import sample_events as events
from tools import sample_files as files
from tools import sample_onward as onward
from tools import sample_queries as queries
from tools import sample_servers as servers
from tools import sample_systems as systems

if TYPE_CHECKING:
    from tools.sample_draw import Event

ROOT = Path(__file__).parents[2] / "sample_logs"


def ndjson(records: list[Event]) -> bytes:
    """One object a line."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def array(records: list[Event]) -> bytes:
    """One array, an object a line."""
    lines = ",\n".join("  " + json.dumps(record, ensure_ascii=False) for record in records)
    return f"[\n{lines}\n]\n".encode()


def cell(value: Any) -> Any:
    """A value as a CSV cell: lists joined by `;`."""
    return ";".join(value) if isinstance(value, list) else value


def table(records: list[Event]) -> bytes:
    """CSV with a header of all fields; a missing value is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(FIELDS)
    writer.writerows([cell(record.get(name)) for name in FIELDS] for record in records)
    return text.getvalue().encode()


def broken_ndjson() -> bytes:
    """Lines that are no records beside lines that are, some with a field that cannot be read."""
    good = events.packed_pushes()[0] | {"states": ["OR"], "elements": ["phone"]}

    def line(number: int, **change: Any) -> bytes:
        return ndjson([good | {"transfer_id": f"BRK-{number:02}"} | change]).rstrip(b"\n")

    misspelled = {k: v for k, v in good.items() if k != "elements"} | {"elments": good["elements"]}
    twice = line(3)[:-1] + b', "states": ["TX"]}'
    lines = [
        line(1),
        line(2)[:120],  # cut off in the middle
        twice,
        ndjson([misspelled | {"transfer_id": "BRK-04"}]).rstrip(b"\n"),
        b'["BRK-05", "2026-04-02", "CMS", "ICE"]',
        b"",
        line(7, record_count="many"),
        line(8, states={"home": "OR", "mail": "TX"}),
        line(9, occurred_at="04/02/2026 3pm"),
        line(10, authority="M~moire").replace(b"~", b"\xe9"),  # Latin-1 in a file of UTF-8
        b'{"session": "BRK-11", "rows": 12}',
        line(12, record_count=5.7),
        line(13),
        line(14)[:-40],  # the file ends in the middle of a line
    ]
    return b"\n".join(lines)


def broken_csv() -> bytes:
    """Rows with too many cells or too few, a second header, an open quote."""
    good = [event | {"transfer_id": f"BRC-{n:02}"} for n, event in enumerate(events.packed_pushes()[:6], 1)]
    header, *rows = table(good).decode().splitlines()
    rows[1] += ",see ticket"
    rows[2] = rows[2].rsplit(",", 2)[0]
    rows[4] = rows[4].replace("EFT outbound", '"EFT outbound')
    lines = [
        header.replace("purpose", "puprose"),
        *rows[:3],
        header.replace("purpose", "puprose"),
        *rows[3:],
    ]
    return ("\n".join(lines) + "\n").encode()


def cut_short() -> bytes:
    """A packed log whose copy was broken off: its first records can be read.

    Packed without compression, so that every version of zlib gives the same bytes.
    """
    few = [event | {"transfer_id": f"CUT-{n:02}"} for n, event in enumerate(events.packed_queries()[:6], 1)]
    return gzip.compress(ndjson(few), compresslevel=0, mtime=0)[:-700]


def texts() -> dict[str, bytes]:
    """Every file but the Parquet one, by its path below sample_logs; packed ones unpacked."""
    return {
        "01-idr-queries.ndjson": ndjson(events.idr_queries()),
        "02-eft-pushes.csv": table(events.eft_pushes()),
        "03-shares.json": array(events.shares()),
        "archive/2025-q4/idr-queries-2025-q4.ndjson.gz": ndjson(events.packed_queries()),
        "archive/2026-q2/eft-pushes-2026-q2.csv.zst": table(events.packed_pushes()),
        "archive/re-export-2025-08.csv": table(events.re_export()),
        "broken.csv": broken_csv(),
        "broken.ndjson": broken_ndjson(),
        "clean.ndjson": ndjson(events.clean()),
        "reported-transfers.ndjson": ndjson(events.reported()),
    }


OTHERS = "other-systems"
"""The folder with the logs of other systems: a file a format."""


def others() -> dict[str, bytes]:
    """Every log of another system, by its name below that folder; packed ones unpacked."""
    return {
        "as2-messages.json": servers.as2(),
        "atna-audit.log": systems.atna(),
        "box-events.json": onward.box_events(),
        "cloudtrail.json.gz": files.cloudtrail(),
        "connect-direct.log": files.connect_direct(),
        "databricks-audit.json": systems.databricks_audit(),
        "databricks-column-lineage.csv": systems.databricks_lineage(),
        "databricks-query-history.json": systems.databricks_history(),
        "disclosure-register.xlsx": onward.register_workbook(),
        "drive-activity.json": systems.google_drive(),
        "eft-datasets.txt": files.eft_names(),
        "extract-manifest.json": files.manifests(),
        "fhir-audit-events.ndjson": systems.fhir(),
        "gateway-2026-03.zip": servers.archive(),
        "iis-ftp.log": servers.iis(),
        "moveit.csv": servers.moveit(),
        "ocsf-events.json": systems.ocsf(),
        "purview-audit.csv": onward.m365_export(),
        "redacted-register.csv": onward.redacted_register(),
        "redshift-unload-files.csv": systems.redshift_files(),
        "redshift-unload-history.csv": systems.redshift_unloads(),
        "s3-access-athena.json": systems.s3_parsed(),
        "s3-access.log": files.s3_access(),
        "salesforce-bulk.json": systems.salesforce(),
        "sharepoint-audit.json": systems.m365_records(),
        "snowflake-access-history.csv": queries.snowflake_accesses(),
        "snowflake-login-history.csv": queries.snowflake_logins(),
        "snowflake-query-history.json": queries.snowflake_queries(),
        "state-accounting.tsv": systems.accounting(),
        "transfer-connectors.json": servers.connectors(),
        "transfer-events.json": files.transfer_events(),
        "transfer-sessions.json": files.transfer_family(),
        "vsftpd.log": servers.vsftpd(),
        "xferlog": files.xferlog(),
        "zeek-files.log": servers.zeek_files(),
        "zeek-ftp.log": servers.zeek_ftp(),
    }


NO_LOGS = "no-logs"
"""The folder with what is no log."""

PARQUET = "04-archive-2026.parquet"
CUT = "archive/cut-short.ndjson.gz"


def parquet_rows() -> str:
    """The query that gives the rows of the Parquet log in types of their own, from `source`."""
    columns = ", ".join(
        {
            "occurred_at": "occurred_at::timestamptz as occurred_at",
            "record_count": "record_count::bigint as record_count",
        }.get(name, f"{name}::varchar[] as {name}" if name in events.LISTS else name)
        for name in FIELDS
    )
    return f"select {columns} from source"


def write_parquet(path: Path) -> None:
    """Write the Parquet log: times as instants, lists as lists, counts as integers."""
    with duckdb.connect() as connection:
        lines = path.with_suffix(".ndjson")
        lines.write_bytes(ndjson(events.archive_2026()))
        try:
            connection.execute("set timezone = 'UTC'")
            connection.read_json(str(lines), format="newline_delimited").create_view("source")
            connection.sql(parquet_rows()).write_parquet(str(path), compression="zstd")
        finally:
            lines.unlink()


def main() -> None:
    """Write every sample log."""
    pack = {
        ".gz": lambda content: gzip.compress(content, mtime=0),
        ".zst": zstandard.ZstdCompressor(level=9).compress,
    }
    made = texts()
    made |= {f"{OTHERS}/{name}": content for name, content in others().items()}
    made |= {f"{NO_LOGS}/{name}": content for name, content in files.no_logs().items()}
    for name, content in made.items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pack.get(path.suffix, bytes)(content))
    (ROOT / CUT).write_bytes(cut_short())
    write_parquet(ROOT / PARQUET)


if __name__ == "__main__":
    main()
