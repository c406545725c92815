"""`auditscan verify`: whatever somebody does to a receipt, a ledger, answers or logs is noticed and named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from auditscan.cli import run
from auditscan.errors import ExitCode
from auditscan.ledger.receipts import canonical
from ledger_evidence import EVENT, differing, log, opened, rewritten, shelf, verified

# --- nothing was done -------------------------------------------------------------------------------


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


# --- the ledger -------------------------------------------------------------------------------------


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
        "scan 2, event findings begun: 2 rows are not there",
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


# --- the chain --------------------------------------------------------------------------------------


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


# --- signatures -------------------------------------------------------------------------------------


def signed_again(path: Path, key: Path) -> None:
    from auditscan.ledger.receipts import signature
    from auditscan.ledger.receipts.receipt import signed_comment

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


def test_a_key_that_is_none(kept, tmp_path):
    (tmp_path / "no.pub").write_text("hello")
    assert run(["verify", "--ledger", str(kept / "ledger"), "--public-key", str(tmp_path / "no.pub")]) == ExitCode.USAGE


# --- logs and rules at hand -------------------------------------------------------------------------


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
    assert (code, checks["rules"]["details"]) == (ExitCode.INCOMPLETE, ["overlay:1/agencies.csv was not there"])


# --- the command line -------------------------------------------------------------------------------


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
