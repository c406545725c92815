"""Units for systemd, as systemd itself reads them. What runs under their locks is in test_confined.py."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from auditscan.errors import UsageError
from auditscan.schedule import systemd
from auditscan.schedule.plan import NIGHTLY, make_plan
from auditscan.settings import config

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not on this machine"
)

SERVICE, TIMER, FAILED = "auditscan-nightly.service", "auditscan-nightly.timer", "auditscan-failed.service"
ODD = 'it\'s "odd"; %h $HOME ${x} \\s\\ é @user@ #:,-'


def analyze(*arguments, **environment):
    return subprocess.run(
        ["systemd-analyze", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
        env=os.environ | environment,
    )


def verified(folder, files):
    """Write units and return what systemd read in them; nothing to complain of, or the test fails."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    units = [folder / name for name in (SERVICE, TIMER, FAILED)]
    # With debug it also prints what it made of each unit; complaints name file and line. Those about calls that
    # other processors have are about systemd's own sets.
    done = analyze("verify", "--man=no", *units, SYSTEMD_LOG_LEVEL="debug")
    assert done.returncode == 0, done.stderr
    complaints = re.findall(rf"^{re.escape(str(folder))}/[^\n]*:\d+: .*", done.stdout + done.stderr, re.MULTILINE)
    assert [line for line in complaints if "Failed to parse system call" not in line] == []
    return done.stdout


def plan_for(program="/bin/true", config_file="/etc/auditscan/auditscan.toml", **given_values):
    """Return a plan without the paths of the machine that the tests run on."""
    values = {name: config.setting(name).default for name in NIGHTLY} | {"logs": ["/var/log/t"], "ledger": "/srv/l"}
    values |= {name.replace("_", "-"): value for name, value in given_values.items()}
    made = make_plan(values, dict.fromkeys(NIGHTLY, "file"), Path(config_file), (program,))
    return replace(made, needs=())


def units_of(plan, **more):
    return {file.name: file.text for file in systemd.schedule(plan, **more).files}


VARIANTS = {
    "plain": {},
    "notify": {"notify": ["json://host"]},
    "metrics": {"metrics": "/var/lib/node_exporter/a.prom", "run-log": "/var/log/auditscan/runs.ndjson"},
    "all": {
        "notify": ["json://host"],
        "metrics": "/var/lib/node_exporter/a.prom",
        "policy": ["pol", "other"],
        "queries": ["q"],
        "suppressions": "s.toml",
        "sign-key": "a.key",
        "every": 6,
        "ledger": "/var/lib/auditscan/ledger",
    },
}


@needs_systemd
@pytest.mark.parametrize("variant", VARIANTS)
def test_units_verify_and_leave_little_open(installed, variant):
    installed.set(**({"logs": ["logs"], "ledger": "ledger"} | VARIANTS[variant]))
    files = installed.files("systemd")
    verified(installed.folder / "units", files)
    for unit in (SERVICE, FAILED):
        said = analyze("security", "--offline=true", "--no-pager", installed.folder / "units" / unit).stdout
        exposure = re.search(r"exposure level for .*: ([0-9.]+)", said)
        assert exposure is not None, said
        assert float(exposure[1]) < 2


def assignments(text, key):
    return [line.partition("=")[2] for line in text.splitlines() if line.startswith(f"{key}=")]


def test_a_network_only_where_somebody_is_told():
    silent, telling = units_of(plan_for())[SERVICE], units_of(plan_for(notify=["json://host"]))[SERVICE]
    assert assignments(silent, "PrivateNetwork") == ["yes"]
    assert assignments(silent, "RestrictAddressFamilies") == ["none"]
    assert "network-online" not in silent
    assert assignments(telling, "PrivateNetwork") == []
    assert assignments(telling, "RestrictAddressFamilies") == ["AF_INET AF_INET6 AF_UNIX"]
    assert "After=network-online.target" in telling


def test_only_ledger_metrics_and_run_log_are_written():
    text = units_of(plan_for(metrics="/m/a.prom", run_log="/r/runs", policy=["/p"], queries=["/q"], sign_key="/k"))[
        SERVICE
    ]
    assert assignments(text, "ReadWritePaths") == ['"/srv/l"', '"/m"', '"/r"']
    assert assignments(text, "ReadOnlyPaths") == [
        *('"-/var/log/t"', '"/etc/auditscan/auditscan.toml"', '"/k"', '"/p"', '"/q"'),
    ]
    assert assignments(text, "ProtectSystem") == ["strict"]
    assert assignments(text, "ProtectHome") == ["yes"]
    assert "Bind" not in text


def test_the_locks_that_a_reader_looks_for_are_on():
    for unit in (SERVICE, FAILED):
        text = units_of(plan_for(notify=["json://host"]))[unit]
        assert assignments(text, "CapabilityBoundingSet") == assignments(text, "AmbientCapabilities") == [""]
        for key in ("NoNewPrivileges", "MemoryDenyWriteExecute", "PrivateTmp", "PrivateUsers", "RestrictNamespaces"):
            assert assignments(text, key) == ["yes"]
        assert assignments(text, "SystemCallFilter") == ["@system-service", "~@privileged @resources"]
        assert assignments(text, "UMask") == ["0077"]


def test_a_dollar_in_the_command_is_a_dollar():
    # The colon: nothing is put in for $HOME. Without it systemd would, and verify would not say so.
    text = units_of(plan_for("/opt/$HOME/auditscan", "/etc/${x}.toml"))[SERVICE]
    assert assignments(text, "ExecStart") == [':"/opt/$HOME/auditscan" "--config" "/etc/${x}.toml" "nightly"']


def test_failures_are_told_and_findings_are_not():
    text = units_of(plan_for())[SERVICE]
    assert assignments(text, "SuccessExitStatus") == ["10 11 12"]
    assert assignments(text, "OnFailure") == [FAILED]


@pytest.mark.parametrize(
    ("ledger", "state"),
    [
        ("/var/lib/auditscan", ["auditscan"]),
        ("/var/lib/auditscan/ledger", ["auditscan/ledger"]),
        ("/var/lib", []),
        ("/var/lib/private/auditscan", []),
        ("/var/lib/with blank", []),
        ("/srv/ledger", []),
    ],
)
def test_systemd_makes_the_folder_of_a_ledger_where_it_keeps_state(ledger, state):
    plan = plan_for(ledger=ledger)
    assert assignments(units_of(plan)[SERVICE], "StateDirectory") == state
    made = any("install -d" in step and shlex.quote(ledger) in step for step in systemd.schedule(plan).steps)
    assert made is not bool(state)


def test_out_of_a_home_folder_only_what_is_needed_is_shown():
    plan = replace(
        plan_for("/home/me/bin/auditscan", "/home/me/a.toml", logs=["/home/me/logs", "/tmp/l"], ledger="/root/l"),
        needs=("/home/me/env", "/opt/python"),
    )
    text = units_of(plan)[SERVICE]
    assert assignments(text, "ProtectHome") == ["tmpfs"]
    assert assignments(text, "BindReadOnlyPaths") == [
        *('"/home/me/env"', '"/home/me/bin/auditscan"', '"/home/me/a.toml"', '"-/home/me/logs"', '"-/tmp/l"'),
    ]
    assert assignments(text, "BindPaths") == ['"/root/l"']
    notes = " ".join(systemd.schedule(plan).notes)
    assert "auditscan lies in /home/me/env" in notes
    assert "/root/l" in notes


@needs_systemd
def test_systemd_reads_odd_names_as_they_are(installed):
    folder = installed.folder / ODD
    (folder / "logs").mkdir(parents=True)
    shutil.copy(installed.config, folder / "auditscan.toml")
    installed.config = folder / "auditscan.toml"
    # A service may not be called so, and the folder of the tests is one that is hidden: bound as well.
    read = verified(installed.folder / "units", installed.files("systemd"))
    assert f"\t\tReadOnlyPaths: -{folder}/logs {folder}/auditscan.toml\n" in read
    assert f"\t\tReadWritePaths: {folder}/ledger\n" in read
    assert f"\t\tBindPaths: {folder}/ledger:{folder}/ledger:rbind\n" in read
    assert f"\t\tRequiresMountsFor: {folder}/ledger " in read


@needs_systemd
def test_a_program_may_have_an_odd_name_but_no_quotation_marks(tmp_path):
    program = tmp_path / "a b %h $HOME é;#" / "auditscan"
    program.parent.mkdir()
    shutil.copy("/bin/true", program)
    verified(tmp_path / "units", units_of(plan_for(str(program))))
    for character in "\"'\\":
        with pytest.raises(UsageError, match="no program with"):
            units_of(plan_for(f"/opt/{character}/auditscan"))


NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=()), min_size=1, max_size=20).filter(
    lambda name: name not in (".", "..")
)


@needs_systemd
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(NAMES, NAMES, NAMES)
@example("a", "a\\", '"')
@example("%i", "-", "$(x)")
def test_any_name_is_read_as_it_is_or_refused(tmp_path, log, ledger, file):
    try:
        made = plan_for(config_file=f"/etc/{file}", logs=[f"/var/log/{log}"], ledger=f"/srv/{ledger}")
    except UsageError:
        return
    read = verified(tmp_path / "units", units_of(made))
    assert f"ReadOnlyPaths: -/var/log/{log} /etc/{file}\n" in read
    assert f"ReadWritePaths: /srv/{ledger}\n" in read
    assert units_of(made)[SERVICE].count("\n[") == 2


@needs_systemd
@pytest.mark.parametrize(("at", "every"), [("02:15", 24), ("23:00", 6), ("00:30", 1), ("12:00", 168), ("02:15", 744)])
def test_systemd_understands_every_calendar(at, every):
    expression = assignments(units_of(plan_for(at=at, every=every))[TIMER], "OnCalendar")
    assert analyze("calendar", *expression).returncode == 0
    assert "Persistent=true" in units_of(plan_for())[TIMER]


@pytest.mark.skipif(shutil.which("systemd-sysusers") is None, reason="systemd-sysusers is not on this machine")
def test_the_user_can_be_made(tmp_path):
    (tmp_path / "users.conf").write_text(
        units_of(plan_for(), user="officer")["auditscan-sysusers.conf"], encoding="utf-8"
    )
    (tmp_path / "root" / "etc").mkdir(parents=True)
    subprocess.run(
        ["systemd-sysusers", f"--root={tmp_path / 'root'}", str(tmp_path / "users.conf")],
        check=True,
        capture_output=True,
    )
    assert (tmp_path / "root/etc/passwd").read_text(encoding="utf-8").startswith("officer:")
