"""Settings from `auditscan.toml`: where it is found, what wins over it, what it refuses."""

from __future__ import annotations

import json

import pytest

from auditscan.cli import run

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


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "log.ndjson").write_text(LOG)
    (tmp_path / "wisconsin").mkdir()
    (tmp_path / "wisconsin" / "regimes.toml").write_text(OVERLAY)
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    return tmp_path


def verdict_then(capsys, *options):
    assert run(["scan", "../log.ndjson", "--json", "--as-of", "2026-02-01", *options]) in (0, 10, 11, 12)
    verdicts = json.loads(capsys.readouterr().out)["verdicts_then"]
    return next(verdict for verdict, count in verdicts.items() if count)


def test_an_overlay_named_in_the_settings_above_counts(folder, capsys):
    assert verdict_then(capsys) == "review"
    (folder / "auditscan.toml").write_text('policy = "wisconsin"\n')
    assert verdict_then(capsys) == "enjoined"


def test_the_command_line_wins(folder, capsys):
    (folder / "auditscan.toml").write_text("as-of = 2025-09-02\nthreads = 1\n")
    assert run(["scan", "../log.ndjson", "--json"]) in (0, 10, 11, 12)
    assert json.loads(capsys.readouterr().out)["as_of"] == "2025-09-02"
    assert run(["scan", "../log.ndjson", "--json", "--as-of", "2026-02-01"]) in (0, 10, 11, 12)
    assert json.loads(capsys.readouterr().out)["as_of"] == "2026-02-01"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('polcy = "x"', "polcy"),
        ("threads = true", "threads"),
        ("threads = '2'", "threads"),
        ("as-of = '2025-09-02'", "as-of"),
        ("policy = [1]", "policy"),
        ("policy = ", "auditscan.toml"),
    ],
)
def test_what_is_no_setting_is_refused(folder, capsys, text, named):
    (folder / "auditscan.toml").write_text(text + "\n")
    assert run(["scan", "../log.ndjson"]) == 2
    assert named in capsys.readouterr().err
