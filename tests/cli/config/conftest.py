"""A folder that settings count in, and what `auditscan config show` says there."""

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

QUERY = """/*
title = "Mine"
description = "One."
*/
select 1 as one;
"""


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
