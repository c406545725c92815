"""A flip of any byte, and a change of any cell, is noticed: of receipts, answers, tables, logs and the ledger."""

from __future__ import annotations

import shutil
from pathlib import Path

from auditscan.cli import run
from auditscan.errors import ExitCode
from auditscan.ledger.receipts import canonical, digests
from auditscan.ledger.receipts.chain import Link, check_chain, check_head, check_table
from auditscan.ledger.receipts.logs_at_hand import check_logs
from auditscan.ledger.receipts.third_party import verify_receipt
from auditscan.store import open_store
from ledger_evidence import shelf, verified
from scans import LIBRARY

# --- every byte -------------------------------------------------------------------------------------


def small(path: Path, *products: str) -> Link:
    """Return the receipt in a file without its query and policy files; of its products those named, if any are."""
    told = canonical.read(path.read_bytes())
    told["materials"] = {name: value for name, value in told["materials"].items() if name.startswith("log:")}
    told["products"] = {
        name: value
        for name, value in told["products"].items()
        if name in products or (not products and "policy" not in name)
    }
    told["byproducts"] = {}
    return link(canonical.write(told).encode(), path)


def link(data: bytes, path: Path) -> Link:
    told = canonical.read(data)
    return Link(told["scan_id"], canonical.sha256(data), data, told, path)


def flips(data: bytes):
    """Give the data once for each of its bytes, one bit of it turned over; which bit goes round."""
    for place in range(len(data)):
        yield data[:place] + bytes([data[place] ^ 1 << place % 8]) + data[place + 1 :]


def test_a_flip_of_any_byte_of_a_receipt_is_noticed(kept):
    first = small(shelf(kept / "ledger")[0])
    after = small(shelf(kept / "ledger")[1])
    after.receipt["previous"] = {"scan_id": 1, "sha256": first.sha256}
    assert check_chain([first, after], []).outcome == "holds"
    table = [(1, first.sha256, first.data.decode())]
    count = 0
    for data in flips(first.data):
        count += 1
        try:
            broken = link(data, first.path)
        except canonical.NotCanonical:
            continue
        assert check_chain([broken, after], []).outcome == "differs"
        assert check_table([broken], table).outcome == "differs"
        assert check_head([broken], first.sha256).outcome == "differs"
    assert 3000 < count < 10_000


def test_a_flip_of_any_byte_of_an_answer_file_is_noticed(kept, tmp_path, capsys):
    answers = tmp_path / "answers.ndjson"
    verified(capsys, "--ledger", kept / "ledger", "--write-answers", answers)
    receipt = tmp_path / "receipt.json"
    receipt.write_bytes(small(shelf(kept / "ledger")[-1], "answers.ndjson").data)
    whole = answers.read_bytes()
    assert verify_receipt(receipt, answers).exit_code == ExitCode.CLEAN
    for data in flips(whole):
        answers.write_bytes(data)
        assert verify_receipt(receipt, answers).exit_code == ExitCode.DIFFERS
    for data in (whole[:-1], whole + b"\n", b""):
        answers.write_bytes(data)
        assert verify_receipt(receipt, answers).exit_code == ExitCode.DIFFERS


def test_a_flip_of_any_byte_of_a_table_is_noticed(kept, tmp_path, capsys):
    tables = tmp_path / "tables"
    verified(capsys, "--ledger", kept / "ledger", "--write-tables", tables)
    assert run(["verify", "--receipt", str(shelf(kept / "ledger")[-1]), "--tables", str(tables)]) == ExitCode.CLEAN
    receipt = tmp_path / "receipt.json"
    receipt.write_bytes(small(shelf(kept / "ledger")[-1], "added:sources", "state:settings").data)
    for name in ("added.sources", "state.settings"):
        (one := tmp_path / name).mkdir()
        path = shutil.copy(tables / f"{name}.lines", one)
        assert verify_receipt(receipt, tables=one).exit_code == ExitCode.CLEAN
        for data in flips(Path(path).read_bytes()):
            Path(path).write_bytes(data)
            assert verify_receipt(receipt, tables=one).exit_code == ExitCode.DIFFERS


def test_a_flip_of_any_byte_of_a_log_is_noticed(kept):
    links = [link(path.read_bytes(), path) for path in shelf(kept / "ledger")]
    path = kept / "logs" / "a.ndjson"
    whole = path.read_bytes()
    try:
        for data in flips(whole):
            path.write_bytes(data)
            assert check_logs(links, []).outcome == "differs"
    finally:
        path.write_bytes(whole)
    assert check_logs(links, []).outcome == "holds"


def test_a_flip_of_any_byte_of_a_signature_is_noticed(kept):
    from auditscan.ledger.receipts import signature
    from auditscan.ledger.receipts.receipt import signed_comment

    data = shelf(kept / "ledger")[0].read_bytes()
    comment = signed_comment(1, canonical.sha256(data))
    whole = (kept / "ledger" / "receipts" / "000001.json.minisig").read_bytes()
    assert signature.check(data, whole, kept / "key.pub", comment) == ""
    first_line = whole.index(b"\n")
    for place, broken in enumerate(flips(whole)):
        # The first line is a remark that no signature covers: the format has it so.
        assert place <= first_line or signature.check(data, broken, kept / "key.pub", comment)


# --- every cell of the ledger -----------------------------------------------------------------------

PARTS = ("scans", "sources", "quarantine", "scan_rules", "verdict_moves", "finding_spans", "suppression_spans")
CHANGED = {
    "BOOLEAN": "not coalesce({0}, false)",
    "DATE": "coalesce({0}, date '2026-01-01') + 1",
    "TIMESTAMP": "coalesce({0}, timestamp '2026-01-01') + to_seconds(1)",
    "BLOB": "'\\x01'::blob",
    "VARCHAR": "coalesce({0}, '') || 'x'",
    "VARCHAR[]": "list_append(coalesce({0}, []), 'x')",
}


def columns(connection, table: str) -> list[tuple[str, str]]:
    return connection.execute(f"select column_name, column_type from (describe {table})").fetchall()


def test_a_change_of_any_cell_is_noticed(mine):
    missed = []
    with open_store(mine / "ledger.duckdb", LIBRARY) as store:
        run_ = store.connection.execute
        run_("insert into verdict_moves values (1, 'now', 'review', 'enjoined', false, 3, ['a'])")
        run_("insert into suppression_spans (suppression_id, first_scan, until_scan) values ('s', 1, 2)")
        run_("update finding_spans set until_scan = 2 where key = (select min(key) from finding_spans)")
        parts = digests.of_parts(store)
        for table in PARTS:
            for column, kind in columns(store.connection, table):
                run_("begin")
                cell = CHANGED.get(kind, "coalesce({0}, 0) + 1").format(column)
                run_(f"update {table} set {column} = {cell} where rowid = (select min(rowid) from {table})")
                if digests.of_parts(store) == parts:
                    missed.append((table, column))
                run_("rollback")
        keys = [key for (key,) in store.rows("select max(record_key) from records group by record_key // 68719476736")]
        records = digests.of_records(store, keys)
        for column, kind in columns(store.connection, "records"):
            run_("begin")
            cell = CHANGED.get(kind, "coalesce({0}, 0) + 1").format(column)
            run_(f"update records set {column} = {cell} where rowid = (select min(rowid) from records)")
            if digests.of_records(store, keys) == records:
                missed.append(("records", column))
            run_("rollback")
    assert missed == []


def test_every_column_of_every_other_table_is_hashed(kept):
    with open_store(kept / "ledger" / "ledger.duckdb", LIBRARY, read_only=True) as store:
        hashed = {table for _, table, _ in store.run("receipt_tables")}
        tables = {
            name for (name,) in store.rows("select table_name from duckdb_tables() where database_name = 'auditscan'")
        }
        assert tables == {*hashed, *PARTS, "records", "receipts"}
        for table in hashed:
            keys = store.one(f"select json_keys(to_json(t)) from {table} t limit 1")
            assert keys is None or keys == [name for name, _ in columns(store.connection, table)]


def test_tables_have_one_hash_whoever_puts_their_rows_in_order(mine, monkeypatch):
    with open_store(mine / "ledger.duckdb", LIBRARY, publish=False) as store:
        store.execute(
            "create table odd as select chr(u::integer) || x as word from range(60, 50000, 997) r (u), range(3) s (x)"
        )
        monkeypatch.setattr(digests, "BLOCK_ROWS", 7)
        mixed = digests.of_state(store, None)
        assert mixed == {name: digests.of_lines(lines) for name, lines in digests.lines_of_state(store, None)}
        monkeypatch.setattr(digests, "BLOCK_ROWS", 10_000)
        alone = digests.of_state(store, None)
        assert alone == {name: digests.of_lines(lines) for name, lines in digests.lines_of_state(store, None)}
        assert mixed["odd"].sha256 != alone["odd"].sha256
