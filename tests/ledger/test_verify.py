"""`auditscan verify`: whatever somebody does to a receipt, a ledger, answers or logs is noticed and named."""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path

import duckdb
import pytest

from auditscan.cli import run
from auditscan.errors import ExitCode
from auditscan.ledger import canonical, digests
from auditscan.ledger.chain import Check, Link, check_chain, check_head, check_table
from auditscan.ledger.logs_at_hand import check_logs
from auditscan.ledger.replay import replayed
from auditscan.ledger.third_party import verify_receipt
from auditscan.ledger.verify import Request, verify_ledger
from auditscan.policy import Policy
from auditscan.store import open_store
from ledger_evidence import EVENT, log
from scanning import LIBRARY, POLICY


@pytest.fixture
def mine(kept, tmp_path):
    """A copy of the ledger, to break."""
    shutil.copytree(kept / "ledger", tmp_path / "ledger")
    return tmp_path / "ledger"


def verified(capsys, *arguments: object) -> tuple[int, dict[str, dict]]:
    """Return the exit code, and the checks by subject."""
    capsys.readouterr()
    code = run(["verify", "--json", *map(str, arguments)])
    return code, {check["subject"]: check for check in json.loads(capsys.readouterr().out)["checks"]}


def differing(ledger: Path, **how: object) -> dict[str, str]:
    """Return what differs, by subject, having checked that the exit code says so."""
    found = verify_ledger(Request(ledger, LIBRARY, POLICY, threads=2, **how))
    wrong = {check.subject: "\n".join(check.details) for check in found.checks if check.outcome == "differs"}
    assert (found.exit_code == ExitCode.DIFFERS) == bool(wrong)
    assert all(wrong.values())
    return wrong


def shelf(ledger: Path) -> list[Path]:
    return sorted((ledger / "receipts").glob("*.json"))


def rewritten(path: Path, change) -> None:
    """Change what a receipt says, and write it as receipts are written."""
    told = canonical.read(path.read_bytes())
    change(told)
    path.write_text(canonical.write(told), encoding="utf-8")


@contextlib.contextmanager
def opened(ledger: Path):
    connection = duckdb.connect(str(ledger / "ledger.duckdb"))
    try:
        yield connection
    finally:
        connection.close()


# --- nothing was done ---------------------------------------------------------------------------


def test_what_nobody_touched_holds(kept, capsys):
    head = canonical.sha256(shelf(kept / "ledger")[-1].read_bytes())
    code, checks = verified(capsys, "--ledger", kept / "ledger", "--public-key", kept / "key.pub", "--head", head)
    assert code == ExitCode.CLEAN
    assert {check["outcome"] for check in checks.values()} == {"holds"}


def test_every_line_fits_a_terminal(kept, capsys):
    assert run(["verify", "--ledger", str(kept / "ledger")]) == ExitCode.CLEAN
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[-1] == "All that was looked at is what it was."


def test_verifying_changes_nothing(kept, capsys):
    files = [path for path in (kept / "ledger").rglob("*") if path.is_file()]
    before = [(path, path.stat().st_mtime_ns, canonical.sha256(path.read_bytes())) for path in files]
    verified(capsys, "--ledger", kept / "ledger")
    assert [(path, path.stat().st_mtime_ns, canonical.sha256(path.read_bytes())) for path in files] == before
    assert len([path for path in (kept / "ledger").rglob("*") if path.is_file()]) == len(files)


# --- every byte ---------------------------------------------------------------------------------


def small(path: Path) -> Link:
    """Return the receipt in a file without its query and policy files: a few kilobytes."""
    told = canonical.read(path.read_bytes())
    told["materials"] = {name: value for name, value in told["materials"].items() if name.startswith("log:")}
    told["products"] = {name: value for name, value in told["products"].items() if "policy" not in name}
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
    receipt.write_bytes(small(shelf(kept / "ledger")[-1]).data)
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
    receipt.write_bytes(small(shelf(kept / "ledger")[-1]).data)
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


# --- every cell of the ledger -------------------------------------------------------------------

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
        hashed = dict(store.run("receipt_tables"))
        tables = {
            name for (name,) in store.rows("select table_name from duckdb_tables() where database_name = 'auditscan'")
        }
        assert tables == {*hashed, *PARTS, "records", "receipts"}
        for table in hashed:
            keys = store.one(f"select json_keys(to_json(t)) from {table} t limit 1")
            assert keys is None or keys == [name for name, _ in columns(store.connection, table)]


def test_whatever_is_changed_in_the_ledger_is_named(mine):
    with opened(mine) as connection:
        for sql in (
            "update records set record_count = 1 where transfer_id = 'T-2'",
            "delete from records where transfer_id = 'T-5'",
            "insert into records select 90::bigint << 36, * exclude (record_key) from records limit 1",
            "update sources set path = 'x' where source_id = 1",
            "insert into scans (scan_id) values (9)",
            "delete from finding_spans where first_scan = 2",
            "delete from quarantine",
            "update file_versions set sha256 = 'x'",
            "create table more as select 1 as a",
            "create or replace view findings as select 1 as a",
            "update judgments set verdict = 'permitted'",
            "update receipts set body = replace(body, 'T-1', 'T-2') || ' ' where scan_id = 1",
        ):
            connection.execute(sql)
    wrong = differing(mine)
    assert "a.ndjson: other content in 3 rows" in wrong["records"]
    assert "c.ndjson: 2 rows by the receipt, 1 in the ledger" in wrong["records"]
    assert "source 90: 1 rows that no receipt names" in wrong["records"]
    assert wrong["history"].splitlines() == [
        "scan 1, quarantine: 1 rows are not there",
        "scan 1, sources: other content in 2 rows",
        "scan 2, finding_spans begun: 3 rows are not there",
        "scan 9, scans: 1 rows that no receipt names",
    ]
    changed = [line.partition(":")[0] for line in wrong["tables"].splitlines()]
    assert changed == ["definitions", "file_versions", "judgments", "more"]
    assert "the receipt of scan 1 in the ledger is not what its hash says" in wrong["same in both"]


def test_answers_that_come_out_otherwise_are_named(mine):
    with opened(mine) as connection:
        connection.execute("update sources set path = 'elsewhere.ndjson' where source_id = 3")
        connection.execute("delete from receipts where scan_id = 1")
    wrong = differing(mine)
    assert wrong["answers"] == "3 answers by the receipt, 3 made again"
    assert wrong["same in both"] == "000001.json is a receipt of which the ledger knows nothing"


def test_records_that_are_wrongly_said_to_repeat_others_are_named(mine):
    with opened(mine) as connection:
        # One that no answer shows, and that the last night did not touch.
        connection.execute("update duplicates set kept_key = kept_key + 1")
    assert "duplicates: 2 rows are not what the records say" in differing(mine)["repeats"]


def test_a_database_that_is_no_database_any_more(mine):
    data = bytearray((mine / "ledger.duckdb").read_bytes())
    data[len(data) // 2 :] = b""
    (mine / "ledger.duckdb").write_bytes(data)
    assert "ledger" in differing(mine)


# --- the chain ----------------------------------------------------------------------------------


def test_receipts_in_another_order(mine):
    first, second = shelf(mine)
    one, two = first.read_bytes(), second.read_bytes()
    first.write_bytes(two)
    second.write_bytes(one)
    assert "receipts" in differing(mine)


@pytest.mark.parametrize("number", [0, 1])
def test_a_receipt_that_is_dropped(mine, number):
    shelf(mine)[number].unlink()
    assert {"same in both", "receipts"} <= set(differing(mine))


@pytest.mark.parametrize("length", [0, -1])
def test_a_receipt_that_is_cut(mine, capsys, length):
    path = shelf(mine)[0]
    path.write_bytes(path.read_bytes()[:length])
    assert "receipts" in differing(mine)


def test_a_receipt_that_says_something_else(mine):
    rewritten(shelf(mine)[0], lambda told: told.update(as_of="2025-12-31"))
    assert {"receipts", "same in both"} <= set(differing(mine))


def test_a_file_that_is_no_receipt(mine):
    (mine / "receipts" / "notes.txt").write_text("hello")
    assert "receipts" in differing(mine)


def rolled_back(ledger: Path) -> None:
    """Take back the last night, in the files and in the table."""
    shelf(ledger)[-1].unlink()
    (ledger / "receipts" / "000002.json.minisig").unlink()
    with opened(ledger) as connection:
        connection.execute("delete from receipts where scan_id = 2")


def test_a_ledger_that_was_rolled_back(mine):
    head = canonical.sha256(shelf(mine)[-1].read_bytes())
    rolled_back(mine)
    # The ledger still holds what scan 2 added; and the hash of its receipt was published.
    assert {"history", "head"} <= set(differing(mine, head=head))


def test_an_older_copy_of_everything_is_told_by_the_published_hash_alone(kept):
    head = canonical.sha256(shelf(kept / "ledger")[-1].read_bytes())
    assert differing(kept / "older") == {}
    assert set(differing(kept / "older", head=head)) == {"head"}


# --- signatures ---------------------------------------------------------------------------------


def signed_again(path: Path, key: Path) -> None:
    from auditscan.ledger import signature
    from auditscan.ledger.receipt import signed_comment

    data = path.read_bytes()
    comment = signed_comment(json.loads(data)["scan_id"], canonical.sha256(data))
    path.with_name(path.name + ".minisig").write_bytes(signature.sign(data, key, comment))


def test_a_chain_made_anew_and_signed_by_somebody_else(kept, mine, tmp_path):
    import minisign

    (tmp_path / "other").write_bytes(bytes(minisign.KeyPair.generate().secret_key) + b"\n")
    for path in shelf(mine):
        signed_again(path, tmp_path / "other")
    assert set(differing(mine, public_key=kept / "key.pub")) == {"signatures"}


def test_a_signature_of_another_receipt_does_not_fit(kept, mine):
    first, second = shelf(mine)
    beside = [path.with_name(path.name + ".minisig") for path in (first, second)]
    one, two = (path.read_bytes() for path in beside)
    beside[0].write_bytes(two)
    beside[1].write_bytes(one)
    assert set(differing(mine, public_key=kept / "key.pub")) == {"signatures"}


def test_a_signature_that_is_gone(kept, mine):
    (mine / "receipts" / "000002.json.minisig").unlink()
    assert set(differing(mine, public_key=kept / "key.pub")) == {"signatures"}


def test_a_flip_of_any_byte_of_a_signature_is_noticed(kept):
    from auditscan.ledger import signature
    from auditscan.ledger.receipt import signed_comment

    data = shelf(kept / "ledger")[0].read_bytes()
    comment = signed_comment(1, canonical.sha256(data))
    whole = (kept / "ledger" / "receipts" / "000001.json.minisig").read_bytes()
    assert signature.check(data, whole, kept / "key.pub", comment) == ""
    first_line = whole.index(b"\n")
    for place, broken in enumerate(flips(whole)):
        # The first line is a remark that no signature covers: the format has it so.
        assert place <= first_line or signature.check(data, broken, kept / "key.pub", comment)


def test_a_key_that_is_none(kept, tmp_path):
    (tmp_path / "no.pub").write_text("hello")
    assert run(["verify", "--ledger", str(kept / "ledger"), "--public-key", str(tmp_path / "no.pub")]) == ExitCode.USAGE


# --- logs and rules at hand ---------------------------------------------------------------------


@pytest.fixture
def logs(kept, tmp_path):
    """The logs of the ledger, which are as they were again afterwards."""
    shutil.copytree(kept / "logs", tmp_path / "logs")
    yield kept / "logs"
    shutil.rmtree(kept / "logs")
    shutil.copytree(tmp_path / "logs", kept / "logs")


def test_a_log_that_grew_still_begins_as_it_was_read(kept, logs, capsys):
    with (logs / "a.ndjson").open("a") as file:
        file.write(EVENT.format(9))
    code, checks = verified(capsys, "--ledger", kept / "ledger")
    assert (code, checks["logs"]["message"]) == (0, "3 contents of logs are as they were read; 1 grew since")


def test_a_log_that_was_rewritten_is_named(kept, logs):
    log(logs, "a.ndjson", 1, 3)
    assert differing(kept / "ledger") == {"logs": f"{logs}/a.ndjson is not what was read: it was rewritten"}


def test_a_log_that_is_gone_is_looked_for_and_missed(kept, logs, tmp_path, capsys):
    (tmp_path / "elsewhere").mkdir()
    shutil.move(logs / "a.ndjson", tmp_path / "elsewhere" / "z.ndjson")
    ledger = kept / "ledger"
    code, checks = verified(capsys, "--ledger", ledger)
    assert (code, checks["logs"]["outcome"]) == (ExitCode.INCOMPLETE, "unchecked")
    assert checks["logs"]["details"] == [f"{logs}/a.ndjson is not at hand"]
    assert verified(capsys, "--ledger", ledger, "--allow-missing")[0] == ExitCode.CLEAN
    assert verified(capsys, "--ledger", ledger, "--logs", tmp_path / "elsewhere")[0] == ExitCode.CLEAN


def test_policy_that_is_not_the_one_of_the_scan_is_named(kept, tmp_path, capsys):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "agencies.csv").write_text(
        (Path(__file__).parents[2] / "src/auditscan/policy/agencies.csv").read_text()
    )
    code, checks = verified(capsys, "--ledger", kept / "ledger", "--policy", tmp_path / "mine")
    assert (code, checks["rules"]["details"]) == (ExitCode.INCOMPLETE, ["overlay:1/agencies.csv"])


# --- the whole scan again -----------------------------------------------------------------------


def replay(ledger: Path, **how: object) -> Check:
    request = Request(ledger, LIBRARY, how.pop("policy", POLICY), threads=2, extra=(replayed,), **how)
    (check,) = (check for check in verify_ledger(request).checks if check.subject == "replay")
    return check


def test_the_same_logs_give_the_same_answers(kept):
    assert replay(kept / "ledger") == Check("replay", "holds", "3 logs scanned again: the same 7 answers, byte by byte")


def test_a_replay_names_the_transfers_that_differ(kept, mine):
    with opened(mine) as connection:
        connection.execute("update records set record_count = 9 where transfer_id = 'T-2'")
        connection.execute("delete from records where transfer_id = 'T-5'")
        connection.execute("insert into records select * replace (record_key + 7 as record_key, 'T-99' as transfer_id) "
                           "from records where transfer_id = 'T-4'")  # fmt: skip
    check = replay(mine)
    assert (check.outcome, check.message) == ("differs", "3 answers come out otherwise")
    assert check.details == (
        f"T-2 ({kept}/logs/a.ndjson, record 2): record_count 9 in the ledger, 2 from the logs",
        f"T-5 ({kept}/logs/c.ndjson, record 2) is in the logs, and not in the ledger",
        f"T-99 ({kept}/logs/c.ndjson, record 8) is in the ledger, and not in the logs",
    )


def test_a_replay_by_other_rules_is_refused(kept):
    check = replay(kept / "ledger", policy=Policy.load("names-permitted"))
    assert check.outcome == "unchecked"
    assert check.details[0].startswith("the policy is another: ")


def test_a_replay_needs_every_log(kept, logs):
    (logs / "c.ndjson").unlink()
    check = replay(kept / "ledger")
    assert (check.outcome, check.details) == ("unchecked", (f"{logs}/c.ndjson",))


# --- the command line ---------------------------------------------------------------------------


def test_what_cannot_be_asked(kept, tmp_path):
    assert run(["verify"]) == ExitCode.USAGE
    assert run(["verify", "--answers", "a.ndjson"]) == ExitCode.USAGE
    assert run(["verify", "--ledger", str(tmp_path)]) == ExitCode.NO_INPUT
    assert run(["verify", "--receipt", str(tmp_path / "none.json")]) == ExitCode.NO_INPUT
    assert run(["verify", "--receipt", str(shelf(kept / "ledger")[0]), "--replay"]) == ExitCode.USAGE


def test_a_third_party_sees_records_that_do_not_add_up(kept, tmp_path, capsys):
    receipt = tmp_path / "receipt.json"
    shutil.copy(shelf(kept / "ledger")[0], receipt)
    rewritten(receipt, lambda told: told["materials"][f"log:{kept}/logs/b.ndjson"].update(records=4))
    code, checks = verified(capsys, "--receipt", receipt)
    assert (code, checks["accounting"]["outcome"]) == (ExitCode.DIFFERS, "differs")
