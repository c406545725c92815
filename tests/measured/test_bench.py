"""The bench makes what it measures, and its page keeps what it does not measure."""

from __future__ import annotations

import subprocess
import sys
from string import Template

import pytest

from bench.baselines import connect, relation
from bench.generate import LINES, PARQUET, generate
from bench.inputs import INPUTS, OUTPUTS
from bench.measure import ROOT
from bench.page import Line, update
from bench.rows import ROWS

SUFFIX = {"parquet": ".parquet", "parquet_lists": ".parquet", "xferlog": ".log", "register": ".csv", "csv": ".csv"}


def test_a_new_value_leaves_other_values_and_the_notes():
    page = update("## Notes\n\nWhy.\n", ROWS, Line("again", 1.5, "1.5 s", "2026-01-02"))
    page = update(page, ROWS, Line("lists-bytes", 1234.5, "1.23e+03 bytes", "2026-01-03"))
    page = update(page, ROWS, Line("ndjson", 2.5, "5 s ÷ 2 s", "2026-01-04"))
    rows = {line.split()[1]: line.split(" | ")[2:] for line in page.splitlines() if line[:2] == "| "}
    assert rows["again"] == ["1.5", "0.8", "**missed**", "1.5 s", "2026-01-02 |"]
    assert rows["lists-bytes"][0] == "1,234"
    assert rows["ndjson"] == ["2.5", "3", "met", "5 s ÷ 2 s", "2026-01-04 |"]
    assert rows["parquet"] == ["| 4.5", "**not measured**", "| |"]
    assert page.endswith("|\n\n## Notes\n\nWhy.\n")


def test_every_command_names_only_what_can_be_made():
    commands = [command for row in ROWS for command in (*row.commands, row.bare)]
    commands += [command for made in INPUTS.values() for command in made.commands]
    named = {name for command in commands for name in Template(command).get_identifiers()}
    named |= {origin for _, origin in OUTPUTS.values() if origin}
    assert named == {*INPUTS, *OUTPUTS, "it", "count"}


@pytest.mark.parametrize("kind", [*LINES, *PARQUET, "csv", "snowflake", "xferlog", "register"])
def test_a_log_has_as_many_records_as_were_asked_for(kind, tmp_path):
    log = tmp_path / f"{kind}{SUFFIX.get(kind, '.ndjson')}"
    generate(kind, 40, log)
    assert relation(connect(), log).count("*").fetchall() == [(40,)]


def test_a_part_alone(tmp_path):
    command = [sys.executable, "-m", "bench", "three", "--rows", "40", "--runs", "1", "--folder", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert [line.split()[1] for line in done.stdout.splitlines()] == ["part", "---", "three"]
