"""A property list for launchd, read back as launchd reads it."""

from __future__ import annotations

import plistlib

from auditscan.schedule.launchd import LABEL

ODD = 'it\'s <odd> & "so" % $HOME é ]]>'


def test_the_daemon_starts_the_scan_by_the_clock(installed):
    folder = installed.folder / ODD
    folder.mkdir()
    installed.config = installed.config.rename(folder / "auditscan.toml")
    installed.set(logs=["logs"], ledger="ledger", at="23:05", every=12)
    files = installed.files("launchd", "--user", "officer")
    assert list(files) == [f"{LABEL}.plist"]
    values = plistlib.loads(files[f"{LABEL}.plist"].encode())
    assert values["Label"] == LABEL
    assert values["ProgramArguments"][-3:] == ["--config", str(folder / "auditscan.toml"), "nightly"]
    assert values["StartCalendarInterval"] == [{"Hour": 11, "Minute": 5}, {"Hour": 23, "Minute": 5}]
    assert values["UserName"] == "officer"
    assert values["Umask"] == 0o077
    # What launchd would do besides: start it over and over, or at once.
    assert not {"KeepAlive", "RunAtLoad", "StartInterval"} & set(values)


def test_weeks_and_months_have_their_day(installed):
    installed.set(logs="l", ledger="l", every=168)
    (text,) = installed.files("launchd").values()
    assert plistlib.loads(text.encode())["StartCalendarInterval"] == [{"Hour": 2, "Minute": 15, "Weekday": 1}]
    installed.set(logs="l", ledger="l", every=744)
    (text,) = installed.files("launchd").values()
    assert plistlib.loads(text.encode())["StartCalendarInterval"] == [{"Hour": 2, "Minute": 15, "Day": 1}]


def test_what_macos_hides_from_daemons_is_told_of(installed):
    installed.set(logs="/Users/me/Documents/logs", ledger="/Users/me/ledger")
    assert "Full Disk Access" in installed.run("launchd")[2]
    installed.set(logs="/Users/me/logs", ledger="/Users/me/ledger")
    assert "Full Disk Access" not in installed.run("launchd")[2]
