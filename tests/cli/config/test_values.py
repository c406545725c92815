"""Values of settings: that option, variable and file say the same, which of them wins, what is refused."""

from __future__ import annotations

import json

import pytest
import typer

from auditscan import cli
from auditscan.cli import run
from auditscan.scanning.scan import SINCE
from auditscan.settings import config

NAMES = [setting.name for setting in config.SETTINGS]

# Three texts each, for the file, the variable and the option; and how TOML writes such a text.
SAID = {
    "policy": ("/a", "/b", "/c"),
    "queries": ("/a", "/b", "/c"),
    "db": ("/a.duckdb", "/b.duckdb", "/c.duckdb"),
    "as-of": ("2025-09-01", "2025-10-01", "2025-11-01"),
    "since": ("2025-06-02", "2025-06-03", "2025-06-04"),
    "source-zone": ("Asia/Tokyo", "America/New_York", "Europe/Rome"),
    "log-format": ("xferlog", "csv", "canonical"),
    "mapping": ("/a.toml", "/b.toml", "/c.toml"),
    "held-by": ("CMS", "HHS", "CMS IDR"),
    "link": ("false", "true", "false"),
    "keep-bytes": ("true", "false", "true"),
    "threads": ("1", "2", "256"),
    "width": ("60", "100", "1000"),
    "memory": ("64MB", "1.5GiB", "2 gb"),
    "timeout": ("0", "1", "60"),
    "rows": ("0", "1", "60"),
    "format": ("ndjson", "xlsx", "md"),
    "limit": ("0", "1", "60"),
    "allow-quarantined": ("1", "2", "60"),
    "exit-zero": ("true", "false", "true"),
    "logs": ("/a", "/b", "/c"),
    "ledger": ("/a", "/b", "/c"),
    "suppressions": ("/a.toml", "/b.toml", "/c.toml"),
    "at": ("00:00", "02:15", "23:59"),
    "every": ("1", "24", "744"),
    "rehash-days": ("0", "1", "60"),
    "exclude": ("*.pdf", "*.txt", "a/*"),
    "notify": ("json://a", "json://b", "json://c"),
    "metrics": ("/a.prom", "/b.prom", "/c.prom"),
    "run-log": ("/a.ndjson", "/b.ndjson", "/c.ndjson"),
    "sign-key": ("/a.key", "/b.key", "/c.key"),
}
REFUSED = {
    "as-of": "2025-02-30",
    "since": "20250601",
    "source-zone": "Mars/Phobos",
    "threads": "257",
    "held-by": " ",
    "link": "maybe",
    "keep-bytes": "maybe",
    "width": "59",
    "memory": "63MB",
    "timeout": "-1",
    "rows": "1.5",
    "format": "json",
    "limit": "-1",
    "allow-quarantined": "-1",
    "exit-zero": "maybe",
    "at": "24:00",
    "every": "0",
    "rehash-days": "367",
}


def as_toml(name, text):
    """A text as the file says it."""
    bare = config.setting(name).kind in ("day", "number", "switch") and text != "maybe"
    return f"{name} = {text if bare else json.dumps(text)}\n"


def as_option(name, text):
    """A text as the command line says it."""
    if config.setting(name).kind == "switch":
        return [f"--{name}" if text == "true" else f"--no-{name}"]
    return [f"--{name}={text}"]


def as_value(name, text):
    """A text as JSON shows it."""
    kind = config.setting(name).kind
    value = [text] if kind in ("folders", "paths", "words") else text
    return json.loads(text) if kind in ("number", "switch") else value


def variable(name):
    return "AUDITSCAN_" + name.upper().replace("-", "_")


# --- the table -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_option_wins_over_the_variable_and_that_over_the_file(folder, shown, monkeypatch, name):
    in_file, in_variable, in_option = SAID[name]
    default = config.setting(name).default
    assert shown(name) == (default, "default")
    (folder / "auditscan.toml").write_text("# mine\n" + as_toml(name, in_file))
    assert shown(name) == (as_value(name, in_file), "auditscan.toml:2")
    monkeypatch.setenv(variable(name), in_variable)
    assert shown(name) == (as_value(name, in_variable), variable(name))
    assert shown(name, *as_option(name, in_option)) == (as_value(name, in_option), f"--{name}")
    monkeypatch.setenv(variable(name), "")
    assert shown(name) == (as_value(name, in_file), "auditscan.toml:2")


@pytest.mark.parametrize("name", NAMES)
def test_option_variable_and_file_take_the_same_values(folder, shown, monkeypatch, name):
    for text in SAID[name]:
        (folder / "auditscan.toml").write_text(as_toml(name, text))
        from_file = shown(name)[0]
        (folder / "auditscan.toml").unlink()
        monkeypatch.setenv(variable(name), text)
        from_variable = shown(name)[0]
        monkeypatch.delenv(variable(name))
        assert from_file == from_variable == shown(name, *as_option(name, text))[0]


@pytest.mark.parametrize("name", REFUSED)
def test_option_variable_and_file_refuse_the_same_values_and_say_where(folder, capsys, monkeypatch, name):
    text = REFUSED[name]
    (folder / "auditscan.toml").write_text("\n\n" + as_toml(name, text))
    assert run(["config", "show"]) == 2
    said = capsys.readouterr().err
    # 2025-02-30 is no TOML at all, and then the line is what counts.
    assert "auditscan.toml:3" in said
    assert f"--{name}" not in said
    (folder / "auditscan.toml").unlink()
    monkeypatch.setenv(variable(name), text)
    assert run(["config", "show"]) == 2
    assert f"where: {variable(name)}\n" in capsys.readouterr().err
    monkeypatch.delenv(variable(name))
    if name != "exit-zero":
        assert run(["config", "show", f"--{name}={text}"]) == 2
        assert f"--{name}" in capsys.readouterr().err


def commands(command, path="auditscan"):
    """Every command with its path, the main one first."""
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, f"{path} {name}")


def test_every_command_takes_a_setting_under_its_option_its_variable_and_its_default():
    known = {setting.flag: setting for setting in config.SETTINGS}
    used = set()
    for path, command in commands(typer.main.get_command(cli.app)):
        for parameter in command.params:
            setting = known.get(parameter.opts[0])
            if setting is None:
                assert parameter.envvar in (None, *config.OTHER_VARIABLES), f"{path} {parameter.opts}"
                continue
            used.add(setting.name)
            assert parameter.envvar == setting.variable, f"{path} {parameter.opts}"
            assert parameter.default in (setting.default, None), f"{path} {parameter.opts}"
    assert used == set(NAMES)


def test_defaults_told_in_words_are_the_ones_that_hold():
    assert config.setting("since").default_words == str(SINCE)


def test_passwords_of_addresses_are_not_shown(folder, capsys, monkeypatch):
    address = "mailtos://user:s3cret@example.org?to=officer@example.org"
    (folder / "auditscan.toml").write_text(f'notify = ["{address}", "tgram://s3cret/chat"]\n')
    for more in ([], ["--notify=json://u:s3cret@host/s3cret"]):
        for form in ([], ["--json"]):
            assert run(["config", "show", *form, *more]) == 0
            said = capsys.readouterr().out
            assert "s3cret" not in said
            assert ("json://host/…" if more else "mailtos://example.org") in said


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('polcy = "x"', ":1: there is no setting `polcy`; did you mean policy?"),
        ("as_of = 2025-06-01", ":1: there is no setting `as_of`; did you mean as-of?"),
        ("zzz = 1", ":1: there is no setting `zzz`; the settings are policy, queries,"),
        ("[scan]\nlimit = 3", ":1: settings stand alone, in no table: `scan` is none"),
        ("\nscan.limit = 3", ":2: settings stand alone, in no table: `scan` is none"),
        ("policy.a = 3", ":1: `policy` must be a folder"),
        ("threads = true", ":1: `threads` must be a whole number from 1 to 256"),
        ("threads = '2'", ":1: `threads` must be a whole number from 1 to 256"),
        ("threads = 2.0", ":1: `threads` must be a whole number from 1 to 256"),
        ("limit = -1", ":1: `limit` must be a whole number from 0 up"),
        ("as-of = '2025-09-02'", ":1: `as-of` must be a day"),
        ("as-of = 2025-09-02T00:00:00Z", ":1: `as-of` must be a day"),
        ("policy = [1]", ":1: `policy` must be a folder"),
        ("policy = ['']", ":1: `policy` must be a folder"),
        ('db = "a\\u0000b"', ":1: no path holds a NUL character"),
        ("db = '~nobody_at_all/x'", ":1: there is no home folder for '~nobody_at_all/x'"),
        ("memory = 2", ":1: `memory` must be a size such as 2GB"),
        ("memory = 'all'", ":1: `memory`: 'all' is not a size such as 2GB"),
        ("format = 'cvs'", "did you mean csv?"),
        ("exit-zero = 1", ":1: `exit-zero` must be true or false"),
        ("policy = ", ":1: this is not TOML:"),
        ("threads = 1\n\nthreads = 2", ":3: `threads` is set twice, first on line 1"),
        (b"threads = 1\n# \xff\n", ":2: this is not UTF-8 text"),
        ("policy = " + "[" * 100_000, "nested too deep"),
        ("threads = " + "9" * 5000, "this is not TOML"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_line(folder, capsys, text, said):
    file = folder / "auditscan.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert run(["scan", "../log.ndjson"]) == 2
    shown = capsys.readouterr()
    assert not shown.out
    assert said in shown.err
    assert str(file) in shown.err
    assert "\n  do:" in shown.err


def test_everything_wrong_with_a_file_is_told_at_once(folder, capsys):
    (folder / "auditscan.toml").write_text("a = 1\nthreads = 0\nwidth = 80\nb = 2\n")
    assert run(["report", "--demo"]) == 2
    said = capsys.readouterr().err
    assert "has 3 problems" in said
    assert [line.split(":")[-2] for line in said.splitlines() if "auditscan.toml:" in line] == ["1", "2", "4"]


def test_a_mark_of_byte_order_is_no_fault(folder, shown):
    (folder / "auditscan.toml").write_bytes(b"\xef\xbb\xbfthreads = 3\r\n")
    assert shown("threads") == (3, "auditscan.toml:1")


def test_help_answers_whatever_the_settings_say(folder, capsys, monkeypatch):
    monkeypatch.setenv("AUDITSCAN_AS_OFF", "1")
    (folder / "auditscan.toml").write_text("nonsense")
    for arguments in (["--help"], ["scan", "--help"], ["queries", "show", "-h"], ["config", "show", "--help"]):
        assert run(arguments) == 0
        shown = capsys.readouterr()
        assert shown.out.startswith("Usage: auditscan")
        assert not shown.err
