"""Settings: that option, variable and file say the same, which of them wins, and what is refused."""

from __future__ import annotations

import json
import os

import pytest
import typer

from auditscan import cli, config
from auditscan.cli import run
from auditscan.scanning import SINCE

LOG = (
    '{"transfer_id":"T-1","occurred_at":"2025-09-01T12:00:00Z","sender":"CMS","recipient":"ICE",'
    '"programs":["medicaid"],"states":["WI"],"elements":["address"],'
    '"populations":["not_lawfully_residing"]}\n'
)

OVERLAY = """
[[regimes]]
id = "R1"
states = ["WI"]
states_unsettled = []
"""

QUERY = """/*
title = "Mine"
description = "One."
*/
select 1 as one;
"""

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


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a log and overlays, whose subfolder is the working folder."""
    (tmp_path / "log.ndjson").write_text(LOG)
    (tmp_path / "wisconsin").mkdir()
    (tmp_path / "wisconsin" / "regimes.toml").write_text(OVERLAY)
    (tmp_path / "mine" / "reports").mkdir(parents=True)
    (tmp_path / "mine" / "reports" / "my_own.sql").write_text(QUERY)
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.fixture
def shown(capsys):
    """Run `config show --json`; return a setting's value and who said it."""

    def shown(name, *options):
        capsys.readouterr()
        assert run(["config", "show", "--json", *options]) == 0
        settings = json.loads(capsys.readouterr().out)["settings"]
        entry = next(entry for entry in settings if entry["name"] == name)
        return entry["value"], entry["said_by"]

    return shown


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


# --- what settings do to commands ----------------------------------------------------------------


def verdict_then(capsys, *main_options):
    """The verdict on the one transfer of the log, under the order of its day."""
    scan = ["scan", "../log.ndjson", "--json", "--as-of", "2026-02-01"]
    assert run([*main_options, *scan]) in (0, 10, 11, 12)
    verdicts = json.loads(capsys.readouterr().out)["verdicts_then"]
    return next(verdict for verdict, count in verdicts.items() if count)


def test_an_overlay_named_in_the_settings_above_counts(folder, capsys):
    assert verdict_then(capsys) == "review"
    (folder / "auditscan.toml").write_text('policy = "wisconsin"\n')
    assert verdict_then(capsys) == "enjoined"


def test_settings_of_a_scan_are_the_scans(folder, capsys):
    (folder / "log.ndjson").write_text(LOG.replace("address", "diagnosis").replace("WI", "OR"))
    (folder / "auditscan.toml").write_text("as-of = 2026-02-01\nexit-zero = true\nrows = 3\nlimit = 0\n")
    assert run(["scan", "../log.ndjson", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["as_of"] == "2026-02-01"
    assert run(["scan", "../log.ndjson", "--no-exit-zero"]) == 12


def test_a_command_below_a_command_has_them_too(folder, capsys):
    (folder / "auditscan.toml").write_text('queries = ["mine"]\n')
    assert run(["queries", "--json"]) == 0
    assert "my_own" in [query["name"] for query in json.loads(capsys.readouterr().out)]
    assert run(["queries", "show", "my_own"]) == 0
    assert "select 1 as one;" in capsys.readouterr().out


def test_paths_of_the_file_are_relative_to_it_and_know_the_home_folder(folder, shown, monkeypatch):
    monkeypatch.setenv("HOME", "/home/ada")
    (folder / "auditscan.toml").write_text('policy = ["a", "~/b", "/c"]\ndb = "d/e.duckdb"\n')
    assert shown("policy")[0] == [str(folder / "a"), "/home/ada/b", "/c"]
    assert shown("db")[0] == str(folder / "d" / "e.duckdb")


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


# --- which file ----------------------------------------------------------------------------------


def test_the_nearest_file_is_the_only_one(folder, shown):
    home = folder / "home" / "auditscan"
    home.mkdir(parents=True)
    (home / "auditscan.toml").write_text("threads = 1\nlimit = 1\n")
    assert shown("threads") == (1, "auditscan.toml:1")
    (folder / "auditscan.toml").write_text("threads = 2\nwidth = 70\n")
    assert shown("threads")[0] == 2
    assert shown("limit") == (10, "default")
    (folder / "below" / "auditscan.toml").write_text("threads = 3\n")
    assert shown("threads")[0] == 3
    assert shown("width") == (None, "default")


def test_a_file_can_be_named_or_left_out(folder, capsys, monkeypatch):
    (folder / "auditscan.toml").write_text("threads = 1\n")
    (folder / "other.toml").write_text("threads = 2\n")

    def threads(*arguments):
        assert run([*arguments, "config", "show", "--json"]) == 0
        settings = json.loads(capsys.readouterr().out)["settings"]
        return next(entry["value"] for entry in settings if entry["name"] == "threads")

    assert threads() == 1
    assert threads("--config", "../other.toml") == 2
    assert threads("--no-config") is None
    monkeypatch.setenv("AUDITSCAN_CONFIG", "../other.toml")
    assert threads() == 2
    assert threads("--config", "../auditscan.toml") == 1
    assert threads("--no-config") is None


@pytest.mark.parametrize("command", [["scan", "x"], ["config", "show"], ["config", "path"], ["queries"]])
def test_a_named_file_that_is_not_there_is_an_error(folder, capsys, monkeypatch, command):
    assert run(["--config", "nowhere.toml", *command]) == 2
    assert "there is no settings file nowhere.toml\n  where: --config\n" in capsys.readouterr().err
    assert run(["--config", ".", *command]) == 2
    assert "there is no settings file .\n" in capsys.readouterr().err
    monkeypatch.setenv("AUDITSCAN_CONFIG", "nowhere.toml")
    assert run(command) == 2
    assert "\n  where: AUDITSCAN_CONFIG\n" in capsys.readouterr().err
    assert run(["--config", "nowhere.toml", "--no-config", *command]) == 2
    assert "wants none" in capsys.readouterr().err


def test_the_option_behind_the_command_is_told_its_place(folder, capsys):
    assert run(["scan", "x", "--config", "y"]) == 2
    assert "it stands before the command" in capsys.readouterr().err


@pytest.fixture
def foreign(folder, monkeypatch):
    """Make a path somebody else's, as far as this process can tell."""

    def foreign(path):
        if os.geteuid() == 0:
            os.chown(path, 4242, -1, follow_symlinks=False)
        else:
            monkeypatch.setattr(os, "geteuid", lambda: 4242)
        return path

    return foreign


def test_a_file_of_another_user_is_not_taken_unasked(folder, foreign, capsys):
    (folder / "auditscan.toml").write_text('policy = "wisconsin"\n')
    foreign(folder / "auditscan.toml")
    for command in (["scan", "../log.ndjson"], ["config", "show"], ["config", "path"]):
        assert run(command) == 2
        said = capsys.readouterr().err
        assert "of another user" in said
        assert f"where: {folder / 'auditscan.toml'}" in said
        assert "could lay another policy over ours" in said
    assert verdict_then(capsys, "--no-config") == "review"
    assert verdict_then(capsys, "--config", "../auditscan.toml") == "enjoined"


def test_a_link_of_another_user_to_a_file_of_ours_is_not_taken_either(folder, foreign, capsys):
    (folder / "ours.toml").write_text('policy = "wisconsin"\n')
    (folder / "auditscan.toml").symlink_to("ours.toml")
    foreign(folder / "auditscan.toml")
    assert run(["scan", "../log.ndjson"]) == 2
    assert "of another user" in capsys.readouterr().err


def test_a_folder_or_a_broken_link_of_that_name_is_no_file(folder, shown):
    (folder / "auditscan.toml").write_text("threads = 2\n")
    (folder / "below" / "auditscan.toml").mkdir()
    assert shown("threads")[0] == 2
    (folder / "below" / "auditscan.toml").rmdir()
    (folder / "below" / "auditscan.toml").symlink_to("nowhere")
    assert shown("threads")[0] == 2


def test_a_working_folder_that_is_gone_has_no_settings(folder, shown):
    (folder / "below").rmdir()
    assert shown("threads") == (None, "default")


# --- variables that set nothing ------------------------------------------------------------------


def test_a_variable_that_sets_nothing_is_told_by_every_command(folder, capsys, monkeypatch):
    monkeypatch.setenv("AUDITSCAN_AS_OFF", "2025-06-01")
    monkeypatch.setenv("AUDITSCAN_QQQQQQ", "1")
    monkeypatch.setenv("AUDITSCAN_DEBUG", "")
    (folder / "auditscan.toml").write_text("threads = 1\n")
    for arguments in (["queries"], ["config", "path"], ["config", "show"], ["scan", "../log.ndjson"]):
        run(arguments)
        told = capsys.readouterr().err.splitlines()[:2]
        assert told == [
            "auditscan: AUDITSCAN_AS_OFF is set and is no setting: did you mean AUDITSCAN_AS_OF?",
            "auditscan: AUDITSCAN_QQQQQQ is set and is no setting",
        ]


# --- config show, path, new ----------------------------------------------------------------------


def test_show_draws_every_setting_within_80_cells(folder, capsys, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setenv("AUDITSCAN_ALLOW_QUARANTINED", "3")
    (folder / "auditscan.toml").write_text("# mine\npolicy = ['" + "long-" * 20 + "\\u001b', 'b']\nexit-zero = true\n")
    assert run(["config", "show", "--limit", "3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = {line.split()[0]: line.split()[1:] for line in lines if line.strip()}
    assert all(name in rows for name in NAMES)
    assert rows["as-of"] == ["today", "default"]
    assert rows["limit"] == ["3", "--limit"]
    assert rows["exit-zero"] == ["yes", "auditscan.toml:3"]
    assert rows["allow-quarantined"] == ["3", "AUDITSCAN_ALLOW_QUARANTINED"]
    assert rows["policy"][-1] == "auditscan.toml:2"
    assert lines[-1] == f"settings file: {folder / 'auditscan.toml'}"
    assert max(map(len, lines[:-1])) <= 80
    assert run(["--no-config", "config", "show"]) == 0
    assert capsys.readouterr().out.endswith("settings file: none\n")


def test_path_prints_the_file_in_use_even_a_broken_one(folder, capsys):
    (folder / "auditscan.toml").write_text("nonsense")
    assert run(["config", "path"]) == 0
    assert capsys.readouterr() == (f"{folder / 'auditscan.toml'}\n", "")


def test_path_without_a_file_ends_with_3_and_says_where_it_looked(folder, capsys):
    assert run(["config", "path"]) == 3
    shown = capsys.readouterr()
    assert not shown.out
    assert str(folder / "home" / "auditscan" / "auditscan.toml") in shown.err
    assert "`auditscan config new` writes one" in shown.err
    assert run(["--no-config", "config", "path"]) == 3
    assert "--no-config" in capsys.readouterr().err


def test_new_writes_a_file_that_sets_nothing_and_never_over_another(folder, capsys, shown):
    assert run(["config", "new"]) == 0
    assert not capsys.readouterr().out
    text = (folder / "below" / "auditscan.toml").read_text()
    assert shown("threads") == (None, "default")
    assert run(["config", "new"]) == 2
    assert "there is such a file already" in capsys.readouterr().err
    assert (folder / "below" / "auditscan.toml").read_text() == text
    assert run(["config", "new", "nowhere/x.toml"]) == 2
    assert "where: nowhere/x.toml" in capsys.readouterr().err


def test_every_value_that_new_suggests_can_be_used(folder, capsys, shown):
    assert run(["config", "new", "../auditscan.toml"]) == 0
    lines = (folder / "auditscan.toml").read_text().splitlines()
    uncommented = [line[1:] if line[:1] == "#" and line[1:2] != " " else line for line in lines]
    (folder / "auditscan.toml").write_text("\n".join(uncommented))
    for name in NAMES:
        assert shown(name)[1].startswith("auditscan.toml:")
