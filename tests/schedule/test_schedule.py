"""`auditscan schedule`, whichever the scheduler: what is scheduled, when, and what is refused."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from auditscan.cli import run
from auditscan.errors import ExitCode
from auditscan.schedule.calendar import Calendar

KINDS = ["systemd", "cron", "launchd", "kubernetes"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_printed_is_what_is_written(installed, kind):
    files = installed.files(kind)
    code, out, err = installed.run(kind)
    assert code == 0
    if len(files) == 1:
        assert list(files.values()) == [out]
    else:
        for name, text in files.items():
            assert f"# {name}\n{text}" in out
    assert f"auditscan schedule {kind} --out FOLDER" in err


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("missing", ["logs", "ledger"])
def test_without_logs_or_ledger_there_is_nothing_to_schedule(installed, kind, missing):
    installed.set(**{name: value for name, value in {"logs": ["logs"], "ledger": "l"}.items() if name != missing})
    code, out, err = installed.run(kind, "--out", "units")
    assert (code, out) == (2, "")
    assert f"--{missing}" in err
    assert not Path("units").exists()


@pytest.mark.parametrize("kind", KINDS)
def test_no_file_is_written_over(installed, kind):
    files = installed.files(kind)
    out = installed.folder / "mine"
    out.mkdir()
    last = sorted(files)[-1]
    (out / last).write_text("mine", encoding="utf-8")
    code, _, err = installed.run(kind, "--out", str(out))
    assert code == 2
    assert last in err
    assert [path.read_text(encoding="utf-8") for path in out.iterdir()] == ["mine"]
    assert installed.run(kind, "--out", str(out), "--force")[0] == 0
    assert (out / last).read_text(encoding="utf-8") == files[last]


def test_a_place_that_cannot_be_written_is_named(installed):
    code, _, err = installed.run("cron", "--out", str(installed.config / "units"))
    assert code == 2
    assert str(installed.config) in err


@pytest.mark.parametrize("kind", ["systemd", "cron", "launchd"])
def test_addresses_stand_in_no_command_line(installed, kind, monkeypatch):
    for said in ("option", "variable"):
        arguments = ["--notify", "json://secret@host"] if said == "option" else []
        if said == "variable":
            monkeypatch.setenv("AUDITSCAN_NOTIFY", "json://secret@host")
        code, out, err = installed.run(kind, *arguments)
        assert (code, out) == (2, "")
        assert "secret" not in err
    monkeypatch.delenv("AUDITSCAN_NOTIFY")
    installed.set(logs="logs", ledger="ledger", notify=["json://secret@host"])
    assert "secret" not in "".join(map(str, installed.run(kind)))


@pytest.mark.parametrize("name", ["a\nb", "a\rb", "a\x7fb", "a\u2028b", "a\ufffeb", "a\ufeffb", "a\udcffb"])
def test_a_path_that_would_end_its_line_is_refused(installed, name):
    code, out, err = installed.run("cron", "--logs", name, "--out", "units")
    assert (code, out) == (2, "")
    assert "--logs" in err
    assert not Path("units").exists()


def test_settings_in_no_file_are_said_again(installed, capsys, monkeypatch):
    monkeypatch.setenv("AUDITSCAN_ALLOW_QUARANTINED", "3")
    options = ["--logs", "a", "--logs", "b/../c", "--no-exit-zero", "--as-of", "2026-01-01", "--ledger", "l"]
    assert run(["--no-config", "schedule", "launchd", *options]) == 0
    import plistlib

    words = plistlib.loads(capsys.readouterr().out.encode())["ProgramArguments"]
    here = str(installed.folder)
    assert words[words.index("--no-config") :] == [
        *("--no-config", "nightly", "--logs", f"{here}/a", "--logs", f"{here}/c", "--ledger", f"{here}/l"),
        *("--as-of", "2026-01-01", "--allow-quarantined", "3", "--no-exit-zero"),
    ]


def test_the_installed_command_is_what_runs(installed, monkeypatch):
    program = installed.folder / "bin" / "auditscan"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", [str(program)])
    assert f"{sys.executable} -m auditscan --config" in installed.files("cron")["auditscan.crontab"]
    program.chmod(0o755)
    monkeypatch.setattr(sys, "argv", ["bin/auditscan"])
    assert f"$({program} --config {installed.config} nightly 2>&1)" in installed.files("cron")["auditscan.crontab"]


@pytest.mark.parametrize("kind", ["systemd", "launchd"])
def test_a_user_is_a_name(installed, kind):
    assert installed.run(kind, "--user", "a b\nUser=root")[0] == 2
    assert "officer" in "".join(installed.files(kind, "--user", "officer").values())


@pytest.mark.parametrize(
    ("at", "every", "step", "systemd", "cron"),
    [
        ("02:15", 24, 24, "*-*-* 02:15:00", "15 2 * * *"),
        ("23:59", 25, 24, "*-*-* 23:59:00", "59 23 * * *"),
        ("02:15", 23, 12, "*-*-* 02,14:15:00", "15 2,14 * * *"),
        ("22:05", 6, 6, "*-*-* 04,10,16,22:05:00", "5 4,10,16,22 * * *"),
        ("00:00", 5, 4, "*-*-* 00,04,08,12,16,20:00:00", "0 0,4,8,12,16,20 * * *"),
        ("07:30", 1, 1, f"*-*-* {','.join(f'{hour:02}' for hour in range(24))}:30:00", None),
        ("02:15", 167, 24, "*-*-* 02:15:00", "15 2 * * *"),
        ("02:15", 168, 168, "Mon *-*-* 02:15:00", "15 2 * * 1"),
        ("02:15", 743, 168, "Mon *-*-* 02:15:00", "15 2 * * 1"),
        ("02:15", 744, 744, "*-*-01 02:15:00", "15 2 1 * *"),
    ],
)
def test_starts_are_never_further_apart_than_asked(at, every, step, systemd, cron):
    calendar = Calendar.of(at, every)
    assert (calendar.step, calendar.for_systemd()) == (step, systemd)
    assert cron is None or calendar.for_cron() == cron
    entries = calendar.for_launchd()
    assert {entry["Minute"] for entry in entries} == {int(at[3:])}
    assert len(entries) == max(1, 24 // step)


def test_an_interval_that_no_calendar_says_is_told_of(installed):
    installed.set(logs="logs", ledger="ledger", every=36)
    assert "no calendar says every 36 hours: it starts each day at 02:15" in installed.run("cron")[2]
    installed.set(logs="logs", ledger="ledger", every=24)
    assert "no calendar" not in installed.run("cron")[2]


def test_the_guide_is_true(installed):
    guide = (Path(__file__).parents[2] / "docs" / "nightly.md").read_text(encoding="utf-8")
    installed.config.write_text(guide.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    for kind in KINDS:
        assert f"`auditscan schedule {kind}`" in guide
        # The manifest takes the suppressions along.
        (installed.folder / "suppressions.toml").touch()
        assert installed.run(kind)[0] == 0
    told = {int(line.split("|")[1]) for line in guide.splitlines() if line.startswith("| ") and line[2].isdigit()}
    assert told == {int(code) for code in ExitCode}
