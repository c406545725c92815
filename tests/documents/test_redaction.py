"""What is hidden is in no byte of any form: secrets stand in every field of logs, and are looked for everywhere."""

from __future__ import annotations

import json
from contextlib import chdir

import pytest

from auditscan.cli import run
from auditscan.documents.forms import ENDINGS, OF_A_TRANSFER, SHOWING_ALL
from auditscan.questions.redaction import FIELDS, HIDDEN
from whole import whole

# Long enough for no packed bytes to hold it by chance.
SECRET = {
    "transfer_id": "XYQVZKTID",
    "actor": "xyqvzk.actor@example.org",
    "system": "xyqvzksystem",
    "action": "xyqvzkaction",
    "purpose": "xyqvzk purpose of nobody",
    "sender": "Xyqvzk Sender Office",
    "recipient": "Xyqvzk Recipient Office",
    "elements": "xyqvzk_element",
}


def log_of(records):
    return "".join(json.dumps(record) + "\n" for record in records)


def make_logs(folder):
    """Logs with a secret in every field, in names and sheets, in what is unknown and in what could not be read."""
    folder.mkdir()
    record = {
        **SECRET, "occurred_at": "2026-01-08T10:00:00Z", "elements": [SECRET["elements"], "ssn"], "states": ["CA"],
        "programs": ["xyqvzk program"], "populations": ["xyqvzk people"], "record_count": 12,
        "outcome": "xyqvzkoutcome", "xyqvzkfield": "xyqvzkvalue",
    }  # fmt: skip
    barred = {**record, "transfer_id": "XYQVZKTID-2", "sender": "CMS", "recipient": "ICE"}
    other = {**barred, "record_count": 13}
    (folder / "xyqvzklog.ndjson").write_text(log_of([record, barred, other]) + '{"transfer_id": "xyqvzkbroken\n')
    # A log of another system: accounts, hosts and names of files.
    (folder / "xyqvzkftp.log").write_text(
        "Wed Jan  7 14:40:02 2026 480 xyqvzkhost.example.org 402653184 /out/xyqvzkfile.csv b _ o r xyqvzkaccount "
        "ftp 0 * c\n"
    )
    (folder / "xyqvzknotes.pdf").write_bytes(b"%PDF-1.4 xyqvzk")
    return folder


@pytest.fixture
def logs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return make_logs(tmp_path / "xyqvzkfolder")


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A database of such logs."""
    folder = tmp_path_factory.mktemp("kept")
    with chdir(folder):
        logs = make_logs(folder / "xyqvzkfolder")
        assert run(["scan", logs.name, "--db", "kept.duckdb", "--exit-zero"]) in (0, 20)
    return folder / "kept.duckdb"


def documents(folder, *asked):
    made = [folder / f"case{ending}" for ending in ENDINGS if ending not in SHOWING_ALL]
    outs = [word for path in made for word in ("--out", str(path))]
    assert run(["report", *map(str, asked), "--full", "--no-pager", "--limit", "50", *outs]) == 0
    return made


def test_for_the_public_no_text_of_a_log_is_left(logs, capsys):
    made = documents(logs.parent, logs.name, "--public")
    shown = capsys.readouterr().out
    assert "xyqvzk" not in shown.lower()
    assert HIDDEN in shown
    for path in made:
        found = whole(path)
        assert b"xyqvzk" not in found, path.name
        assert "xyqvzk".encode("utf-16-le") not in found, path.name


def test_what_is_not_hidden_is_found(kept, tmp_path):
    for path in documents(tmp_path, "--db", kept):
        assert b"xyqvzktid-2" in whole(path), path.name
        assert b"xyqvzk_element" in whole(path), path.name


@pytest.mark.parametrize("options", [("--public",), ("--redact", ",".join(FIELDS))], ids=" ".join)
def test_of_one_transfer_nothing_is_left_either(kept, tmp_path, capsys, options):
    """Of `--redact`, what stands in no field that it knows stays."""
    made = [tmp_path / f"one{ending}" for ending in OF_A_TRANSFER]
    outs = [word for path in made for word in ("--out", str(path))]
    asked = ["explain", "XYQVZKTID-2", "--db", str(kept), *options]
    assert run([*asked, *outs]) == 0
    secrets = {"xyqvz"} if options == ("--public",) else {text.lower() for text in SECRET.values()}
    for text in (capsys.readouterr().out.lower().encode(), *map(whole, made)):
        assert b"redacted" in text
        assert [secret for secret in secrets if secret.encode() in text] == []
    assert run([*asked, "--json"]) == 0
    assert [secret for secret in secrets if secret in capsys.readouterr().out.lower()] == []


@pytest.mark.parametrize("field", SECRET)
def test_a_hidden_field_is_nowhere(kept, capsys, tmp_path, field):
    made = documents(tmp_path, "--db", kept, "--redact", field)
    shown = capsys.readouterr().out
    said = SECRET[field].lower()
    assert said not in shown.lower()
    # The figures are those of the whole scan.
    assert "4 transfers read" in shown
    for path in made:
        assert said.encode() not in whole(path), path.name


def test_hidden_names_of_files(kept, tmp_path, capsys):
    made = documents(tmp_path, "--db", kept, "--redact", "source_file,file_name")
    shown = capsys.readouterr().out
    for text in (shown.lower().encode(), *(whole(path) for path in made)):
        assert b"xyqvzklog" not in text
        assert b"xyqvzkfile" not in text
        assert b"xyqvzkftp" not in text


def test_ids_are_hashes_by_a_key_that_is_kept_apart(kept, capsys, tmp_path):
    asked = ["report", "--db", str(kept), "--public"]

    def ids(*options):
        assert run([*asked, "--no-pager", *options]) == 0
        return sorted(word.strip(",") for word in capsys.readouterr().out.split() if word.startswith("T-"))

    key = tmp_path / "key"
    first = ids("--id-key", str(key))
    assert first
    assert first == ids("--id-key", str(key))
    assert key.stat().st_mode & 0o777 == 0o600
    assert first != ids()
    key.write_bytes(b"short")
    assert run([*asked, "--id-key", str(key)]) == 2
    assert "a key has 32 bytes or more" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--redact", "actors"], "did you mean actor or action?"),
        (["--redact", "shoe size"], f"the fields are {', '.join(FIELDS)}"),
        (["--redact", "actor", "--public"], "--public hides all that --redact could name"),
        (["--id-key", "key"], "--id-key is the key of the hashes of --public"),
        (["--public", "--out", "x.sarif"], "nothing can be hidden in them"),
        (["--redact", "actor", "--out", "x.ocsf.ndjson"], "nothing can be hidden in them"),
        (["--public", "--out", "x.pdf", "--record"], "a record as it stands in its file hides nothing"),
    ],
)
def test_what_cannot_be_hidden_is_said_at_once(logs, capsys, options, said):
    assert run(["report", logs.name, *options]) == 2
    assert said in " ".join(capsys.readouterr().err.split())
