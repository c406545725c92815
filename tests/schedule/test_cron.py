"""Lines for cron, run by a shell after what cron itself does to them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from auditscan.errors import UsageError
from auditscan.schedule import cron
from auditscan.schedule.plan import NIGHTLY, make_plan
from auditscan.settings import config

SAY = """#!/bin/sh
for word in "$@"; do printf '<%s>' "$word"; done | tee "$SEEN"
exit "$CODE"
"""

ODD = 'it\'s "odd"; 50% \\% $HOME $(id) `id` é @line@ #&|*'


def as_cron_hands_on(command):
    """Return what the shell gets: cron ends at `%`, but for one behind a backslash, which it takes away."""
    handed, escaped = "", False
    for character in command:
        if escaped and character == "%":
            handed = handed[:-1]
        elif character == "%":
            break
        # As cron does it: the character behind a backslash is never a backslash that counts.
        escaped = character == "\\" and not escaped
        handed += character
    return handed


def lines(text):
    return [line for line in text.splitlines() if not line.startswith("#")]


def command_of(text):
    fields, command = lines(text)[-1].split(" ", 5)[:5], lines(text)[-1].split(" ", 5)[5]
    assert all(re.fullmatch(r"[\d,]+|\*", field) for field in fields)
    return command


@pytest.mark.parametrize("code", [0, 10, 11, 12, 1, 2, 3, 20, 130])
def test_only_what_did_not_do_its_work_is_mailed(installed, monkeypatch, code):
    program = installed.folder / ODD / "auditscan"
    program.parent.mkdir()
    program.write_text(SAY, encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(program)])
    command = as_cron_hands_on(command_of(installed.files("cron")["auditscan.crontab"]))
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={"CODE": str(code), "SEEN": "/dev/null"},
    )
    assert done.stderr == ""
    if code in (0, 10, 11, 12):
        assert done.stdout == ""
    else:
        assert done.stdout == f"<--config><{installed.config}><nightly>\nexit code {code}\n"


def test_the_line_for_a_start_of_the_machine_is_offered_and_not_set(installed):
    text = installed.files("cron")["auditscan.crontab"]
    command = command_of(text)
    assert f"\n#@reboot {command}\n" in text
    assert [line.partition("=")[0] for line in lines(text)[:-1]] == ["SHELL", "PATH"]
    assert command.startswith("umask 077; ")


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=()), min_size=1, max_size=20))
@example("\\%")
@example("\\\\%'%")
def test_any_name_reaches_the_program_as_it_is_or_is_refused(tmp_path, name):
    program = tmp_path / "say"
    program.write_text(SAY, encoding="utf-8")
    program.chmod(0o755)
    values = {each: config.setting(each).default for each in NIGHTLY} | {"logs": ["l"], "ledger": f"/x{name}"}
    try:
        plan = make_plan(values, dict.fromkeys(NIGHTLY, "file") | {"ledger": "outside"}, None, (str(program),))
    except UsageError:
        return
    text = cron.schedule(plan).files[0].text
    seen = tmp_path / "seen"
    environment = {"CODE": "1", "SEEN": str(seen), "PATH": os.defpath}
    # What it prints goes through `echo`, of which some shells make ends of lines where they see a backslash.
    subprocess.run(
        ["/bin/sh", "-c", as_cron_hands_on(command_of(text))], capture_output=True, check=True, env=environment
    )
    assert seen.read_text(encoding="utf-8") == f"<--no-config><nightly><--ledger></x{name}>"


@pytest.mark.skipif(shutil.which("crontab") is None, reason="there is no cron on this machine")
def test_crontab_takes_it(installed):
    path = installed.folder / "crontab"
    path.write_text(installed.files("cron")["auditscan.crontab"], encoding="utf-8")
    # Debian's only checks with -T; others do not know it, and would install it.
    if "-T" in subprocess.run(["crontab", "--help"], capture_output=True, text=True, check=False).stderr:
        subprocess.run(["crontab", "-T", str(path)], check=True)
