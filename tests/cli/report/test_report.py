"""`auditscan report` from outside: what it says, to whom, and that its figures are the answers'."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from auditscan.cli import run
from auditscan.library import Library
from auditscan.policy import what_ifs
from auditscan.questions.report import Selection, collect
from auditscan.store import open_store
from reporting import AS_OF, HEALTH, LOG, first_screen, flat, section, transfer

GOLDEN = Path(__file__).parents[2] / "golden"
REPORT = [sys.executable, "-m", "auditscan", "report", "--as-of", AS_OF]
OTHER = next(other.folder for other in what_ifs() if other.name == "names-permitted")


# --- how it looks ---------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [80, 120])
def test_golden(folder, shown, width):
    text = shown("--width", width)
    # Which version, policy and queries: right to say, and new with every change of theirs.
    text = re.sub(r"auditscan \S+, policy \S+, queries \S+", "auditscan VERSIONS", text)
    text = re.sub(r"\b[0-9a-f]{12}$", "SHA-256", text, flags=re.M)
    path = GOLDEN / f"report_{width}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text)
    assert text == path.read_text(), "UPDATE_GOLDEN=1 accepts what has changed"


def test_text_of_logs_is_neither_markup_nor_control(folder, shown):
    text = shown("--full", "--width", 80)
    assert "[bold]x[/bold]" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert r"\x1b[31mT-08\u202e" in text


def test_odd_records_break_no_line_of_the_report(own_folder, show):
    from rich.cells import cell_len

    odd = [
        transfer(1, "0001-01-01", ["CA"], HEALTH, record_count=2**62, transfer_id="漢字" * 40),
        transfer(2, "9999-12-31", ["CA"], HEALTH, record_count=2**62, transfer_id="e\u0301" * 60),
        transfer(3, "2026-02-01", ["NY"], ["x" * 300, "👩‍👩‍👧 family", "ssn"], sender="CMS", recipient="b\tb"),
    ]
    (own_folder / "logs" / "odd name\n.ndjson").write_text("\n".join(map(json.dumps, odd)))
    text = show("logs", "--since", "0001-01-01", "--width", "72")
    assert [line for line in text.splitlines() if cell_len(line) > 72] == []
    assert "9,223,372,036,854,775,808 people" not in text.split("barred data")[0]
    assert "odd name\\n.ndjson" in text


# --- where it goes --------------------------------------------------------------------------------


def report_process(folder, *arguments, **environment):
    """Run `report` as a shell does, its output in a pipe."""
    kept = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "FORCE_COLOR")}
    return subprocess.run(
        [*REPORT, *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
        cwd=folder,
        env={**kept, **environment},
    )


def test_pipe_gets_80_columns_without_color_and_stderr_nothing(folder, told):
    done = report_process(folder, "--db", "kept.duckdb", TERM="xterm-256color")
    assert done.stderr == ""
    assert done.stdout == told("--width", 80)


def test_columns_sets_the_width_of_a_pipe(folder, told):
    assert report_process(folder, "--db", "kept.duckdb", COLUMNS="100").stdout == told("--width", 100)


def on_a_terminal(command, folder, lines=50, columns=120, **environment):
    """Run a command on a terminal of its own and return what it wrote there."""
    import fcntl
    import pty
    import struct
    import termios

    kept = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "COLUMNS", "LINES")}
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    with subprocess.Popen(
        command,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={**kept, "TERM": "xterm-256color", **environment},
    ) as process:
        os.close(theirs)
        pieces = []
        try:
            while piece := os.read(ours, 1 << 16):
                pieces.append(piece)
        except OSError:
            pass  # Linux's way to say that the other end is closed.
        os.close(ours)
        assert process.wait(60) == 0
    return b"".join(pieces).decode().replace("\r\n", "\n")


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
@pytest.mark.parametrize("no_color", [False, True])
def test_terminal_gets_the_same_text_and_color_unless_told_not_to(folder, told, no_color):
    command = [*REPORT, "--no-pager", "--db", "kept.duckdb"]
    written = on_a_terminal(command, folder, **({"NO_COLOR": "1"} if no_color else {}))
    assert bool(re.search(r"\x1b\[[\d;]*3[1-7]", written)) != no_color
    assert re.sub(r"\x1b\[[\d;]*m", "", written) == told("--width", 120)


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_a_report_higher_than_the_terminal_goes_through_the_pager(folder, told):
    marked = f"{sys.executable} -c \"import sys; print('PAGED'); sys.stdout.write(sys.stdin.read())\""
    seen = on_a_terminal(
        [*REPORT, "--db", "kept.duckdb"],
        folder,
        lines=30,
        columns=80,
        PAGER=marked,
    )
    assert re.sub(r"\x1b\[[\d;]*m", "", seen) == "PAGED\n" + told("--width", 80)


# --- what it was asked for ------------------------------------------------------------------------


def test_filters_narrow_the_figures_and_never_the_accounting(told):
    whole, narrowed = told(), told("--state", "oregon", "--recipient", "cbp")
    assert "Only transfers about OR, to CBP; files, rules and logs are those of the whole scan." in flat(narrowed)
    assert "Only transfers" not in whole
    assert "1 transfer read. 1 would be barred now; 1 was barred when it happened." in narrowed
    for title in ("Every file, every record", "What could not be read", "The rules that ran"):
        assert section(narrowed, title) == section(whole, title)


def test_an_empty_selection_says_so_in_every_section(told):
    text = told("--state", "WY")
    assert "0 transfers read." in text
    for title in (
        "Then and now",
        "Barred data and plaintiff states, under the order in force",
        "Plaintiff states",
        "Data, people and programs the order bars",
        "Recipients, by verdict now",
        "When the transfers happened",
        "The most serious transfers",
    ):
        assert section(text, title).strip() == "No transfer in this selection."


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--state", "caliphornia"], "did you mean california?"),
        (["--state", "all"], "--state"),
        (["--verdict", "barred"], "enjoined"),
        (["--from", "2026-01-02", "--until", "2026-01-01"], "no day is from"),
        (["--demo"], "--demo comes with logs of its own"),
        (["--width", "20"], "--width"),
        (["--section", "rule"], "did you mean rules?"),
        (["--section", "x"], "the sections are parties, verdicts"),
        (["--brief", "--full"], "--brief"),
    ],
)
def test_what_cannot_be_asked_is_a_usage_error(folder, capsys, arguments, said):
    assert run(["report", "logs", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err


def test_nothing_to_report_on_is_a_usage_error(capsys):
    assert run(["report"]) == 2
    assert "--demo" in capsys.readouterr().err


# --- what it could not see ------------------------------------------------------------------------


def test_what_could_not_be_read_is_told_with_its_place_and_what_to_do(folder, shown):
    whole = shown("--section", "unread", "--section", "files", "--width", 80)
    unread = flat(section(whole, "What could not be read"))
    assert "logs/a.ndjson, line 14" in unread
    assert "Get the file again: in this copy the record breaks off." in unread
    assert "`elments` in logs/a.ndjson: not a field of a transfer; did you mean elements?" in unread
    assert "logs/README.md (documentation)" in flat(section(whole, "Every file, every record"))


def test_an_unreadable_file_and_a_failed_rule_make_it_incomplete(own_folder, show):
    (own_folder / "logs" / "b.bin").write_bytes(bytes(range(256)))
    rules = own_folder / "mine" / "rules"
    rules.mkdir(parents=True)
    header = {
        "title": "Broken", "description": "Fails.", "severity": "review", "reads": "disclosures",
        "citation": "x", "evidence": "D", "why": "x", "false_positives": "x",
    }  # fmt: skip
    toml = "\n".join(f"{key} = {json.dumps(value)}" for key, value in header.items())
    (rules / "my_broken_rule.sql").write_text(f"/*\n{toml}\n*/\nselect nothing from nowhere\n")
    shown = show("logs", "--queries", "mine")
    assert "1 file of no format that is known, 1 record of 1 log that could not be read and 1 rule that failed" in flat(
        "\n".join(first_screen(shown))
    )
    assert "b.bin unrecognized" in flat(section(shown, "What could not be read"))
    assert "1 failed" in section(shown, "The rules that ran")
    assert "FAILED my_broken_rule" in flat(section(shown, "The rules that ran"))
    assert "could not be read 1 file 0 0" in flat(section(shown, "Every file, every record"))
    assert "UNRECOGNIZED" in section(show("logs", "--section", "files"), "Every file, every record")


def test_a_whole_scan_does_not_say_incomplete(tmp_path, show):
    log = tmp_path / "a.ndjson"
    log.write_text(json.dumps(LOG[1]) + "\n")
    shown = show(log)
    assert "INCOMPLETE" not in shown
    assert "Every record could be read." in shown
    assert "Changes to the policy" not in shown


def test_overlays_are_shown_change_by_change(own_folder, show):
    overlay = own_folder / "mine"
    overlay.mkdir()
    (overlay / "regimes.toml").write_text('[[regimes]]\nid = "R2"\nstates_unsettled = ["WI"]\n')
    changes = flat(section(show("logs", "--policy", "mine"), "Changes to the policy that ships"))
    assert "Overlay mine: 1 change" in changes
    assert "regimes.toml:3 replaces R2.states_unsettled" in changes


def test_not_lawful_because_outside_is_always_said(told):
    assert "Outside of an order is not the same as lawful" in told("--verdict", "outside")


# --- from a kept database -------------------------------------------------------------------------


def test_a_kept_database_is_reported_on_and_left_alone(own_folder, show):
    whole = show("logs", "--db", "kept.duckdb")
    before = (own_folder / "kept.duckdb").read_bytes()
    assert section(show("--db", "kept.duckdb"), "Then and now") == section(whole, "Then and now")
    earlier = show("--db", "kept.duckdb", "--as-of", "2025-07-01")
    assert "judged as of 1 July 2025" in earlier
    assert (own_folder / "kept.duckdb").read_bytes() == before


@pytest.mark.parametrize("asked", [["--as-of=2025-09-01"], [f"--policy={OTHER}"], ["--no-link"]])
def test_a_kept_database_is_judged_otherwise_as_its_logs_are(own_folder, kept, show, asked):
    """In tables beside it or in a copy: what a scan for that day or by that policy finds, and the file stays."""
    shutil.copy(kept, own_folder)
    run(["scan", "logs", "--db", "anew.duckdb", "--as-of", AS_OF, "--exit-zero", *asked])
    before = (own_folder / "kept.duckdb").read_bytes()
    again = show("--db", "kept.duckdb", "--full", *asked)
    assert again.replace("kept", "anew") == show("--db", "anew.duckdb", "--full", *asked)
    assert (own_folder / "kept.duckdb").read_bytes() == before


def test_every_report_query_runs_in_any_client(kept):
    import duckdb

    library = Library.shipped()
    with open_store(kept, library, read_only=True) as store:
        report = collect(store, Selection())
    with duckdb.connect(str(kept), read_only=True) as client:
        for name, rows in report.tables.items():
            result = client.execute(library.get(name).sql)
            columns = [column[0] for column in result.description]
            assert [dict(zip(columns, row, strict=True)) for row in result.fetchall()] == list(rows)
        keys = list(report.findings)
        client.execute("set variable record_keys = $1", [keys])
        found = client.execute(library.get("findings_of").sql).fetchall()
    assert len(found) == sum(map(len, report.findings.values()))


def test_the_demo_needs_nothing(show):
    shown = show("--demo", "--section", "files")
    assert "reported-transfers.ndjson" in shown
    assert len(first_screen(shown)) <= 24
    first = r"\d+ transfers read\. \d+ would be barred now, \d+ of them only by what was deduced; \d+ were barred when"
    assert re.search(first, flat(shown))
