"""A file with which judging fails: it is named, and the others are judged as if it were not there."""

from __future__ import annotations

import json
import shutil

import pytest

import asking
from auditscan.cli import run
from auditscan.store import Store

HOSTILE = "what the engine trips over"
SAID = "its records make judging fail; please report it: ConversionException"


def transfer(number, **more):
    """A line of a log, barred."""
    return json.dumps(asking.transfer(number % 28 + 1, transfer_id=f"T-{number}", **more)) + "\n"


def write(folder, hostile=("c.ndjson",)):
    """Four logs; of the hostile ones one record says what no step can take."""
    folder.mkdir()
    for place, name in enumerate("abcd"):
        path = folder / f"{name}.ndjson"
        numbers = range(place * 3, place * 3 + 3)
        path.write_text("".join(transfer(number, purpose=f"purpose {number}") for number in numbers))
        if path.name in hostile:
            # It says again what the first log says, which counts then as said once and no more.
            path.write_text(path.read_text() + transfer(0, purpose="purpose 0") + transfer(50, purpose=HOSTILE))
    return folder


@pytest.fixture
def hostile_step(monkeypatch):
    """A step that the engine cannot do while a hostile record is there."""
    whole = Store.run

    def step(self, name, **variables):
        if name == "look_up" and self.one("select count(*) from logged_disclosures where purpose = $1", [HOSTILE]):
            self.connection.execute("select 'x'::integer")
        return whole(self, name, **variables)

    monkeypatch.setattr(Store, "run", step)


def asked(capsys, *command):
    """Run a command and return its exit code and what it wrote as JSON."""
    code = run([*map(str, command)])
    return code, json.loads(capsys.readouterr().out)


def answered(path):
    """The answers of a scan, without their order and keys."""
    return sorted(line.rsplit(",", 1)[0] for line in path.read_text().splitlines())


def test_the_other_logs_are_judged(tmp_path, capsys, hostile_step):
    logs = write(tmp_path / "logs", hostile=("b.ndjson", "d.ndjson"))
    shutil.copy(logs / "b.ndjson", logs / "copy.ndjson")
    sound = tmp_path / "sound"
    shutil.copytree(logs, sound, ignore=shutil.ignore_patterns("[bd]*", "copy*"))
    command = ("scan", "--as-of", "2026-03-01", "--json", "--out")
    code, told = asked(capsys, *command, tmp_path / "with.csv", logs)
    assert code == 20
    assert asked(capsys, *command, tmp_path / "without.csv", sound)[0] == 12
    files = {file["path"].rsplit("/")[-1]: file for file in told["files"]}
    assert {name for name, file in files.items() if file["status"] == "unreadable"} == {
        "b.ndjson",
        "d.ndjson",
        "copy.ndjson",
    }
    assert SAID in files["b.ndjson"]["note"]
    assert [text.replace("/sound/", "/logs/") for text in answered(tmp_path / "without.csv")] == answered(
        tmp_path / "with.csv"
    )


def test_a_night_keeps_what_the_others_say(tmp_path, capsys, hostile_step):
    logs, ledger = tmp_path / "logs", tmp_path / "ledger"
    write(logs, hostile=())
    night = ("nightly", "--logs", logs, "--ledger", ledger, "--as-of", "2026-03-01", "--json")
    assert asked(capsys, *night)[0] == 12
    with (logs / "b.ndjson").open("a") as log:
        log.write(transfer(50, purpose=HOSTILE))
    (logs / "new.ndjson").write_text(transfer(60))
    code, told = asked(capsys, *night)
    assert code == 20
    assert told["new_transfers"] == 1
    assert [SAID in why for why in told["incomplete_because"]] == [True]
    text = (logs / "b.ndjson").read_text()
    (logs / "b.ndjson").write_text(text.replace(HOSTILE, "care"))
    code, told = asked(capsys, *night)
    assert (code, told["incomplete_because"], told["new_transfers"]) == (12, [], 1)
    assert run(["verify", "--ledger", str(ledger)]) != 21
    capsys.readouterr()


def test_a_fault_of_no_file_is_no_file_s(tmp_path, capsys, monkeypatch):
    logs = write(tmp_path / "logs")
    whole = Store.run

    def step(self, name, **variables):
        if name == "date":
            self.connection.execute("select 'x'::integer")
        return whole(self, name, **variables)

    monkeypatch.setattr(Store, "run", step)
    assert run(["scan", "--as-of", "2026-03-01", str(logs)]) == 1
    assert "ConversionException" in capsys.readouterr().err
