"""Settings and mappings that were only found: taken with a yes, which is remembered by content."""

from __future__ import annotations

import json
import stat

import pytest

from auditscan import scan
from auditscan.cli import run
from auditscan.errors import ExitCode
from auditscan.settings import config, trust

SCAN = ["scan", "../log.ndjson", "--json", "--as-of", "2026-02-01"]
NOTHING = ["scan", "../nothing.ndjson"]
"""A scan without a log: what it may use is looked at before."""
ANSWERED = (0, 10, 11, 12)
HARMLESS = {"threads", "width", "memory", "timeout", "format"}


@pytest.fixture(autouse=True)
def _nothing_said_yet(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def settings(folder):
    """Write the settings file above the working folder."""
    return (folder / "auditscan.toml").write_text


def test_only_a_few_settings_are_harmless():
    assert {setting.name for setting in config.SETTINGS if setting.harmless} == HARMLESS


@pytest.mark.parametrize("name", [setting.name for setting in config.SETTINGS if setting.name not in HARMLESS])
def test_every_setting_that_matters_wants_a_yes(settings, capsys, name):
    settings(f"{name} = {config.setting(name).example}\nwidth = 100\n")
    assert run(SCAN) == 2
    shown = capsys.readouterr()
    assert "nobody has said yes yet to the settings file" in shown.err
    assert f"it sets {name}\n" in shown.err
    assert "auditscan --trust" in shown.err
    assert not shown.out


def test_harmless_settings_count_and_are_named_once(settings, capsys):
    settings("width = 100\n")
    assert run(SCAN) in ANSWERED
    shown = capsys.readouterr()
    assert shown.err.count("settings: ") == 1
    assert "auditscan.toml (width)" in shown.err
    assert json.loads(shown.out)["complete"]


def test_a_yes_is_remembered_until_anything_it_covers_changes(settings, folder, capsys):
    settings('policy = "wisconsin"\nqueries = "mine"\n')
    assert run(SCAN) == 2
    assert run(["--trust", *SCAN]) in ANSWERED
    capsys.readouterr()
    assert run(SCAN) in ANSWERED
    shown = capsys.readouterr()
    assert "auditscan.toml (policy, queries)" in shown.err
    assert json.loads(shown.out)["verdicts_then"]["enjoined"] == 1
    state = trust.state_file()
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    assert state.read_text().count("\n") == 1
    for changed in (
        folder / "auditscan.toml",
        folder / "wisconsin" / "regimes.toml",
        folder / "mine" / "reports" / "my_own.sql",
        folder / "wisconsin" / "README",
    ):
        before = changed.read_bytes() if changed.exists() else None
        changed.write_bytes((before or b"") + b"\n")
        assert run(NOTHING) == 2, changed
        if before is None:
            changed.unlink()
        else:
            changed.write_bytes(before)
        assert run(NOTHING) == ExitCode.NO_INPUT, changed


def test_a_file_that_was_named_needs_no_yes(settings, folder, monkeypatch, capsys):
    settings('policy = "wisconsin"\n')
    assert run(["--config", "../auditscan.toml", *NOTHING]) == ExitCode.NO_INPUT
    assert run(["--no-config", *NOTHING]) == ExitCode.NO_INPUT
    monkeypatch.setenv("AUDITSCAN_CONFIG", str(folder / "auditscan.toml"))
    assert run(SCAN) in ANSWERED
    assert "settings:" not in capsys.readouterr().err
    assert not trust.state_file().exists()


def test_the_users_own_file_needs_no_yes(folder, capsys):
    own = folder / "home" / "auditscan" / "auditscan.toml"
    own.parent.mkdir(parents=True)
    own.write_text(f'policy = "{folder / "wisconsin"}"\n')
    assert run(SCAN) in ANSWERED
    shown = capsys.readouterr()
    assert json.loads(shown.out)["verdicts_then"]["enjoined"] == 1
    assert "settings:" not in shown.err


def test_commands_that_only_help_need_no_yes(settings, capsys):
    settings('policy = "wisconsin"\n')
    for command in (["config", "path"], ["config", "show"], ["words"], ["help", "configuration"], ["scan", "--help"]):
        assert run(command) == 0, command
    assert "nobody has said yes yet to this settings file" in capsys.readouterr().err


def test_what_nobody_can_look_through_is_not_trusted(settings, capsys):
    for brought in ("/dev", "/proc/self"):
        settings(f'queries = "{brought}"\n')
        assert run(["--trust", *SCAN]) == 2
        assert "what the settings file brings cannot be looked at" in capsys.readouterr().err


# --- mappings ----------------------------------------------------------------------------------------

ROWS = "Date,Recipient,State,Elements\n2026-01-15,ICE,CA,ssn\n"
TURNED = """version = 1
[[tables]]
header_row = 1
columns = [{column = "Date", field = "note"}, {column = "Recipient", field = "ignored"}]
constants = {recipient = "CMS", states = ["TX"]}
"""


@pytest.fixture
def register(folder):
    """A register with a mapping beside it that somebody else wrote, beside a sound log."""
    logs = folder / "logs"
    logs.mkdir()
    (logs / "r.csv").write_text(ROWS)
    (logs / "r.csv.mapping.toml").write_text(TURNED)
    (logs / "log.ndjson").write_text((folder / "log.ndjson").read_text())
    return logs / "r.csv"


def scanned(capsys, *options):
    capsys.readouterr()
    code = run([*options, "scan", "../logs", "--json", "--as-of", "2026-02-01"])
    shown = capsys.readouterr()
    return code, {file["path"].rpartition("/")[2]: file for file in json.loads(shown.out)["files"]}


def test_a_register_with_a_strangers_mapping_is_not_read_and_the_others_are(register, capsys):
    code, files = scanned(capsys)
    assert code == 20
    assert files["r.csv"]["status"] == "unreadable"
    assert "its mapping r.csv.mapping.toml is not trusted yet" in files["r.csv"]["note"]
    assert (files["log.ndjson"]["status"], files["log.ndjson"]["transfers"]) == ("read", 1)
    assert scanned(capsys, "--trust")[0] != 20
    code, files = scanned(capsys)
    assert (code != 20, files["r.csv"]["note"]) == (True, "read by the mapping r.csv.mapping.toml")
    register.with_name("r.csv.mapping.toml").write_text(TURNED.replace("TX", "OR"))
    assert scanned(capsys)[0] == 20


def test_what_sources_map_wrote_is_trusted_until_it_is_edited(register, capsys):
    mapping = register.with_name("r.csv.mapping.toml")
    mapping.unlink()
    assert run(["sources", "map", str(register), "--out", str(mapping)]) == 0
    assert run(["scan", "../logs", "--as-of", "2026-02-01"]) in ANSWERED
    assert "mapped by: r.csv.mapping.toml" in capsys.readouterr().err
    mapping.write_text(mapping.read_text() + "# looked at\n")
    assert scanned(capsys)[0] == 20


def test_a_mapping_that_was_named_needs_no_yes(register, capsys):
    assert run(["scan", str(register), "--mapping", f"{register}.mapping.toml", "--as-of", "2026-02-01"]) in ANSWERED
    assert "mapped by: r.csv.mapping.toml" in capsys.readouterr().err
    assert not trust.state_file().exists()


def test_a_mapping_beside_any_file_wants_a_yes(folder, capsys):
    (folder / "logs").mkdir()
    (folder / "logs" / "log.ndjson").write_text((folder / "log.ndjson").read_text())
    (folder / "logs" / "log.ndjson.mapping.toml").write_text(TURNED)
    assert scanned(capsys)[0] == 20


def test_a_yes_of_the_machine_holds_for_all_users(register, folder, monkeypatch, capsys):
    assert scanned(capsys, "--trust")[0] != 20
    line = trust.state_file().read_text()
    monkeypatch.setenv("XDG_STATE_HOME", "/dev/null")
    assert scanned(capsys)[0] == 20
    (folder / "etc" / "auditscan").mkdir(parents=True)
    (folder / "etc" / "auditscan" / "trusted").write_text(line)
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(folder / "etc"))
    assert scanned(capsys)[0] != 20


def test_a_yes_that_cannot_be_remembered_is_told(settings, monkeypatch, capsys):
    settings("exit-zero = true\n")
    monkeypatch.setenv("XDG_STATE_HOME", "/dev/null")
    assert run(["--trust", *SCAN]) == 2
    assert "what you trust cannot be remembered" in capsys.readouterr().err


def test_python_says_yes_by_an_argument(register):
    with pytest.warns(UserWarning, match="is not trusted yet"):
        assert not scan(register, as_of="2026-02-01").complete
    assert scan(register, as_of="2026-02-01", trust=True).complete
    assert scan(register, as_of="2026-02-01").complete


def test_a_night_reads_a_register_after_the_yes(register, capsys):
    night = ["nightly", "--logs", "../logs", "--ledger", "ledger", "--as-of", "2026-02-01"]
    assert run(night) == 20
    assert "is not trusted yet" in capsys.readouterr().err
    assert run(["--trust", *night]) not in (2, 20)
    assert run(night) not in (2, 20)
    assert run(["verify", "--ledger", "ledger", "--logs", "../logs"]) == 0


def test_an_overlay_in_force_is_named_by_a_scan(folder, capsys):
    run(["scan", "../log.ndjson", "--policy", "../wisconsin"])
    assert "overlays: ../wisconsin\n" in capsys.readouterr().err
