"""The same transfers give the same bytes: on any number of threads, in any file order, from any format."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from datetime import date

import duckdb
import pytest

import scans
import strategies
from auditscan.policy import normalize
from auditscan.questions import answers
from auditscan.questions.answers import FORMATS, AnswerFile
from auditscan.readers.model import FIELDS
from auditscan.scanning.scan import scan
from auditscan.store import open_store

AS_OF = date(2026, 3, 1)
LISTS = ("programs", "states", "elements", "populations")


def answered(logs, *paths):
    """Scan logs and return the bytes of each answer file."""
    with open_store(None, scans.LIBRARY, threads=2) as store:
        scan(store, logs, scans.POLICY, AS_OF)
        for path in paths:
            with AnswerFile(path) as file:
                file.write(store)
    return [path.read_bytes() for path in paths]


@pytest.fixture(scope="module")
def large_log(tmp_path_factory):
    """More transfers than the engine keeps together, in a different order than that of the answers."""
    path = tmp_path_factory.mktemp("large") / "large.ndjson"
    duckdb.execute(
        """
        copy (
            select
                'T-' || (i * 7919 % 130000) as transfer_id,
                strftime(timestamp '2025-06-01' + to_minutes(i * 7 % 400000), '%Y-%m-%dT%H:%M:%SZ') as occurred_at,
                'CMS' as sender,
                ['ICE', 'CBP', 'SSA'][1 + i % 3] as recipient,
                ['medicaid'] as programs,
                [['OR', 'TX', 'WI', 'CA'][1 + i % 4], 'NY'] as states,
                [['address', 'diagnosis', 'name', 'shoe size'][1 + i % 4], 'phone'] as elements,
                [['us_citizen', 'not_lawfully_residing'][1 + i % 2]] as populations,
                i % 1000 as record_count,
                ['success', 'failure'][1 + (i % 50 = 0)::integer] as outcome
            from range(130000) t(i)
        ) to '"""
        + str(path).replace("'", "''")
        + "' (format json)"
    )
    return path


def test_threads_make_no_difference(large_log, tmp_path, monkeypatch):
    monkeypatch.setattr(answers, "SLICE_ROWS", 50_000)
    hashes = set()
    for threads in (1, 2, 8):
        with open_store(None, scans.LIBRARY, threads=threads) as store:
            scan(store, [large_log], scans.POLICY, AS_OF)
            for suffix in (".ndjson", ".parquet"):
                with AnswerFile(tmp_path / f"a{suffix}") as file:
                    assert file.write(store) == 130_000
                content = (tmp_path / f"a{suffix}").read_bytes()
                hashes.add((suffix, hashlib.sha256(content).hexdigest()))
    assert len(hashes) == 2


def test_the_order_of_files_makes_no_difference(tmp_path):
    logs = scans.write_logs(tmp_path / "logs", strategies.many(600, seed=3))
    asked = [tmp_path / f"answers{suffix}" for suffix in (".ndjson", ".parquet")]
    forth = answered(logs, *asked)
    assert answered([*reversed(logs)], *asked) == forth
    assert answered(logs, *asked) == forth


def plain(records):
    """Return records as every format can say them: texts, and lists of texts without semicolons."""
    made = []
    for record in records:
        given = {normalize(name): value for name, value in record.fields.items()}
        row = {}
        for name in FIELDS:
            value = given.get(name)
            if name in LISTS:
                items = value if isinstance(value, list) else [value]
                items = [str(item) for item in items if isinstance(item, str) and item.strip()]
                row[name] = [item for item in items if ";" not in item]
            elif isinstance(value, str | int) and not isinstance(value, bool):
                row[name] = str(value) if str(value).strip() else None
            else:
                row[name] = None
        made.append(row)
    return made


def as_csv(rows, path):
    with path.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(FIELDS)
        for row in rows:
            writer.writerow(";".join(v) if isinstance(v, list) else v for v in row.values())


def as_ndjson(rows, path):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def as_array(rows, path):
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False), encoding="utf-8")


def as_parquet(rows, path):
    import polars

    schema = {name: polars.List(polars.String) if name in LISTS else polars.String for name in FIELDS}
    polars.DataFrame(rows, schema=schema).write_parquet(path)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_format_of_the_log_makes_no_difference(tmp_path, seed):
    rows = plain(strategies.many(400, seed))
    writers = {"csv": as_csv, "ndjson": as_ndjson, "json": as_array, "parquet": as_parquet}
    said = {}
    for name, write in writers.items():
        log = tmp_path / name / f"log.{name}"
        log.parent.mkdir()
        write(rows, log)
        (text,) = answered([log], tmp_path / f"{name}.ndjson")
        # File and place are those of each log.
        text = re.sub(rb'"source_file":"[^"]*","source_record":\d+,"place":"(?:[^"\\]|\\.)*"', b"", text)
        said[name] = re.sub(rb'"record_key":\d+', b"", text)
        assert b"source_record" not in said[name]
    assert said["ndjson"].count(b"\n") > 200
    for name in writers:
        assert said[name] == said["ndjson"], name


def test_every_answer_format_is_tried():
    assert set(FORMATS) == {".ndjson", ".jsonl", ".csv", ".parquet"}
