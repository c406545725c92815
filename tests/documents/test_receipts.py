"""The receipt and the manifest of a scan without a ledger: what they name, and what is told of what changed since."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from auditscan.cli import run
from auditscan.errors import ExitCode
from auditscan.ledger.receipts import canonical
from ledger_evidence import log


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with logs, an archive and a file that is none, and what one `report` and one `scan` wrote of them."""
    import minisign

    folder = tmp_path_factory.mktemp("proof")
    log(folder / "logs", "a.ndjson", 1, 2, 3)
    log(folder / "logs", "odd \\ name\n.ndjson", 4)
    log(folder / "packed", "b.ndjson", 5)
    with zipfile.ZipFile(folder / "logs/c.zip", "w") as archive:
        archive.write(folder / "packed/b.ndjson", "inner/b.ndjson")
    (folder / "logs/notes.pdf").write_bytes(b"%PDF-1.4 nothing")
    (folder / "logs/left.txt").write_text("left out")
    (folder / "out").mkdir()
    keys = minisign.KeyPair.generate()
    (folder / "key").write_bytes(bytes(keys.secret_key) + b"\n")
    (folder / "key.pub").write_bytes(bytes(keys.public_key) + b"\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr("sys.argv", ["auditscan", "report", "logs"])
        common = ["logs", "--exclude", "*.txt", "--as-of", "2026-03-01", "--receipt"]
        written = ["--out", "out/case.md", "--manifest", "out/m.txt", "--sign-key", "key", "--brief"]
        assert run(["report", *common, "out/r.json", *written]) == ExitCode.CLEAN
        patch.setattr("sys.argv", ["auditscan", "scan", "logs"])
        assert run(["scan", *common, "out/s.json", "--out", "out/a.csv"]) == ExitCode.REVIEW
    return folder


@pytest.fixture
def there(made, tmp_path, monkeypatch):
    """A copy of it, to be changed, as the working folder."""
    copy = shutil.copytree(made, tmp_path / "copy")
    monkeypatch.chdir(copy)
    return copy


def receipt(path):
    return canonical.read(path.read_bytes(), of_ledger=False)


def verified(capsys, *arguments):
    """The exit code of `verify`, and subject -> (outcome, details)."""
    capsys.readouterr()
    code = run(["verify", *map(str, arguments), "--json"])
    found = json.loads(capsys.readouterr().out)
    return code, {check["subject"]: (check["outcome"], check["details"]) for check in found["checks"]}


def test_a_receipt_names_what_was_read_by_what_it_was_judged_and_what_was_written(made):
    found = receipt(made / "out/r.json")
    logs = {name: told for name, told in found["materials"].items() if name.startswith("log:")}
    assert set(logs) == {"log:logs/a.ndjson", "log:logs/c.zip/inner/b.ndjson", "log:logs/notes.pdf",
                         "log:logs/odd \\ name\n.ndjson"}  # fmt: skip
    assert logs["log:logs/a.ndjson"]["sha256"] == hashlib.sha256((made / "logs/a.ndjson").read_bytes()).hexdigest()
    assert (logs["log:logs/a.ndjson"]["records"], logs["log:logs/a.ndjson"]["transfers"]) == (3, 3)
    assert {name.partition(":")[0] for name in found["materials"]} == {"log", "query", "policy"}
    assert set(found["products"]) == {"document:case.md", "document:m.txt"}
    assert found["byproducts"]["skipped"] == [{"path": "logs/left.txt", "note": "excluded by *.txt"}]
    assert found["byproducts"]["verdicts_now"]["review"] == 5
    assert (found["name"], found["as_of"]) == ("auditscan report", "2026-03-01")
    assert not {"scan_id", "previous"} & found.keys()
    assert found["configuration"]["sign-key"] == "set"


def test_documents_and_receipts_of_the_same_logs_name_the_same_hash(made):
    told = receipt(made / "out/r.json")["rests_on"]
    assert receipt(made / "out/s.json")["rests_on"] == told
    text = (made / "out/case.md").read_text()
    assert f"Rests on sha256 {told}" in text
    assert "The receipt r.json holds the same hash, and the hash of this file" in text


def test_all_is_what_it_was(there, capsys):
    code, checks = verified(capsys, "--receipt", "out/r.json", "--public-key", "key.pub")
    outcomes = {name: outcome for name, (outcome, _) in checks.items()}
    assert outcomes.pop("head") == "left out"
    assert (code, set(outcomes.values())) == (ExitCode.CLEAN, {"holds"})
    assert set(outcomes) == {"receipt", "signatures", "accounting", "rests on", "logs", "documents", "rules"}
    sha256 = hashlib.sha256((there / "out/s.json").read_bytes()).hexdigest()
    assert verified(capsys, "--receipt", "out/s.json", "--head", sha256)[0] == ExitCode.CLEAN
    assert verified(capsys, "--receipt", "out/s.json", "--head", "0" * 64)[0] == ExitCode.DIFFERS


def test_logs_are_found_elsewhere(there, capsys, monkeypatch):
    monkeypatch.chdir(there / "out")
    code, checks = verified(capsys, "--receipt", "r.json")
    assert (code, checks["logs"][0]) == (ExitCode.INCOMPLETE, "unchecked")
    assert checks["documents"][0] == "holds"
    assert verified(capsys, "--receipt", "r.json", "--allow-missing")[0] == ExitCode.CLEAN
    assert verified(capsys, "--receipt", "r.json", "--logs", there)[0] == ExitCode.CLEAN


@pytest.mark.parametrize(
    ("changed", "subject", "said"),
    [
        ("logs/a.ndjson", "logs", "logs/a.ndjson is not what was read: it was rewritten"),
        ("logs/notes.pdf", "logs", "logs/notes.pdf is not what was read: it was rewritten"),
        ("out/case.md", "documents", "case.md is not what was written"),
    ],
)
def test_what_differs_is_named(there, capsys, changed, subject, said):
    path = there / changed
    path.write_bytes(path.read_bytes().replace(b"0", b"1", 1).replace(b"nothing", b"nothink"))
    code, checks = verified(capsys, "--receipt", "out/r.json")
    assert (code, checks[subject]) == (ExitCode.DIFFERS, ("differs", [said]))


def test_what_is_not_here_is_named(there, capsys):
    (there / "logs/c.zip").unlink()
    (there / "out/case.md").unlink()
    code, checks = verified(capsys, "--receipt", "out/r.json")
    assert code == ExitCode.INCOMPLETE
    assert checks["logs"] == ("unchecked", ["logs/c.zip/inner/b.ndjson is not at hand"])
    assert checks["documents"] == ("unchecked", ["case.md is not here"])


def test_another_policy_is_named(there, capsys):
    (there / "mine").mkdir()
    shutil.copy(Path(__file__).parents[2] / "src/auditscan/policy/agencies.csv", there / "mine")
    code, checks = verified(capsys, "--receipt", "out/r.json", "--policy", "mine")
    assert (code, checks["rules"]) == (ExitCode.INCOMPLETE, ("unchecked", ["overlay:1/agencies.csv was not there"]))


def test_a_receipt_that_was_changed_is_told(there, capsys):
    path = there / "out/r.json"
    found = receipt(path)
    found["materials"]["log:logs/a.ndjson"]["transfers"] = 2
    path.write_text(canonical.write(found), encoding="utf-8", newline="")
    code, checks = verified(capsys, "--receipt", "out/r.json", "--public-key", "key.pub")
    assert code == ExitCode.DIFFERS
    assert {name for name, (outcome, _) in checks.items() if outcome == "differs"} == {
        "signatures", "accounting", "rests on",
    }  # fmt: skip
    path.write_text(json.dumps(found))
    assert verified(capsys, "--receipt", "out/r.json")[1]["receipt"][0] == "differs"


def test_a_receipt_without_a_ledger_has_no_place_in_one(made):
    with pytest.raises(canonical.NotCanonical, match="no receipt"):
        canonical.read((made / "out/r.json").read_bytes())


def test_sha256sum_takes_a_manifest(there, capsys):
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "m.txt"], cwd=there / "out", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(": OK") == 4
    assert verified(capsys, "--manifest", "out/m.txt") == (
        ExitCode.CLEAN, {"manifest": ("holds", []), "logs": ("holds", [])},
    )  # fmt: skip


def test_a_manifest_tells_what_differs_and_what_is_not_here(there, capsys):
    (there / "logs/a.ndjson").write_text("other")
    (there / "logs/odd \\ name\n.ndjson").unlink()
    log(there / "packed", "b.ndjson", 6)
    with zipfile.ZipFile(there / "logs/c.zip", "w") as archive:
        archive.write(there / "packed/b.ndjson", "inner/b.ndjson")
    code, checks = verified(capsys, "--manifest", "out/m.txt")
    assert (code, checks["logs"]) == (
        ExitCode.DIFFERS,
        (
            "differs",
            [
                "../logs/a.ndjson is not what was read",
                "../logs/c.zip is not what was read",
                "../logs/c.zip/inner/b.ndjson is not what was read",
                "../logs/odd \\ name\n.ndjson is not here",
            ],
        ),
    )


def test_text_that_is_no_manifest_is_told(tmp_path, capsys):
    (tmp_path / "m.txt").write_text("no hash\n")
    assert verified(capsys, "--manifest", tmp_path / "m.txt") == (
        ExitCode.DIFFERS, {"manifest": ("differs", ["line 1 is no hash and name"])},
    )  # fmt: skip


def test_a_log_that_grew_in_a_kept_database_is_named_with_both_contents(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out").mkdir()
    path = log(tmp_path / "logs", "a.ndjson", 1)
    scan = ["scan", "logs", "--db", "out/kept.duckdb", "--exit-zero", "--receipt", "out/r.json", "--manifest", "out/m"]
    assert run(scan) == 0
    first = hashlib.sha256(path.read_bytes()).hexdigest()
    log(tmp_path / "logs", "a.ndjson", 1, 2)
    assert run(scan) == 0
    found = receipt(tmp_path / "out/r.json")
    assert found["materials"]["log:logs/a.ndjson"]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [told["sha256"] for told in found["byproducts"]["earlier"]] == [first]
    assert verified(capsys, "--manifest", "out/m")[0] == ExitCode.CLEAN
    assert verified(capsys, "--receipt", "out/r.json")[0] == ExitCode.CLEAN


@pytest.mark.parametrize("option", ["--receipt", "--manifest"])
def test_nothing_is_written_among_the_logs(there, option, capsys):
    assert run(["scan", "logs", option, "logs/x"]) == ExitCode.USAGE
    assert "lies among the logs" in capsys.readouterr().err


def test_a_key_that_is_none_is_told_before_anything_is_read(there, capsys):
    (there / "nokey").write_text("nothing")
    assert run(["scan", "logs", "--receipt", "out/x.json", "--sign-key", "nokey"]) == ExitCode.USAGE
    assert not (there / "out/x.json").exists()
