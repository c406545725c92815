"""Files of settings: which one counts, what it does to commands, and how it is shown, found and made."""

from __future__ import annotations

import json
import os

import pytest

from auditscan.cli import run
from auditscan.settings import config

NAMES = [setting.name for setting in config.SETTINGS]


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
    assert verdict_then(capsys, "--trust") == "enjoined"


def test_settings_of_a_scan_are_the_scans(folder, capsys):
    log = folder / "log.ndjson"
    log.write_text(log.read_text().replace("address", "diagnosis").replace("WI", "OR"))
    (folder / "auditscan.toml").write_text("as-of = 2026-02-01\nexit-zero = true\nrows = 3\nlimit = 0\n")
    assert run(["--trust", "scan", "../log.ndjson", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["as_of"] == "2026-02-01"
    assert run(["scan", "../log.ndjson", "--no-exit-zero"]) == 12


def test_a_command_below_a_command_has_them_too(folder, capsys):
    (folder / "auditscan.toml").write_text('queries = ["mine"]\n')
    assert run(["--trust", "queries", "--json"]) == 0
    assert "my_own" in [query["name"] for query in json.loads(capsys.readouterr().out)]
    assert run(["queries", "show", "my_own"]) == 0
    assert "select 1 as one;" in capsys.readouterr().out


def test_paths_of_the_file_are_relative_to_it_and_know_the_home_folder(folder, shown, monkeypatch):
    monkeypatch.setenv("HOME", "/home/ada")
    (folder / "auditscan.toml").write_text('policy = ["a", "~/b", "/c"]\ndb = "d/e.duckdb"\n')
    assert shown("policy")[0] == [str(folder / "a"), "/home/ada/b", "/c"]
    assert shown("db")[0] == str(folder / "d" / "e.duckdb")


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
