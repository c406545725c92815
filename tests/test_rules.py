"""Rules of a user's own: their parameters are set, and a rule that cannot say why has failed."""

from __future__ import annotations

import json

import pytest

from auditscan.cli import run

HEADER = """/*
title = "Many people"
description = "Transfers of many people."
severity = "review"
reads = "transfers"
citation = "none"
evidence = "A"
why = "Many people at once."
false_positives = "None known."
{params}*/
select t.record_key, {evidence} as evidence, 'none' as citation, 'A' as certainty
from transfers t
where t.record_count >= {least}
"""

PARAMETER = """
[params.least_people]
type = "integer"
default = 10
unit = "people"
description = "From how many people on a transfer counts as large."
"""

LOG = '{"transfer_id":"T-1","occurred_at":"2026-02-01T12:00:00","sender":"CMS","recipient":"ICE","record_count":50}\n'


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "log.ndjson").write_text(LOG)
    (tmp_path / "mine" / "rules").mkdir(parents=True)
    return tmp_path


def rule(folder, capsys, sql):
    (folder / "mine" / "rules" / "many_people.sql").write_text(sql)
    arguments = ["--queries", str(folder / "mine"), "--as-of", "2026-03-01", "--json"]
    code = run(["scan", str(folder / "log.ndjson"), *arguments])
    found = json.loads(capsys.readouterr().out)
    return code, next(entry for entry in found["rules"] if entry["id"] == "many_people")


def test_a_parameter_has_its_default(folder, capsys):
    sql = HEADER.format(params=PARAMETER, evidence="'many'", least="coalesce(getvariable('least_people')::integer, 10)")
    code, found = rule(folder, capsys, sql)
    assert (code, found["outcome"], found["hits"]) == (11, "ran", 1)


@pytest.mark.parametrize("evidence", ["cast('x' as integer)::varchar", "t.no_such_column"])
def test_a_rule_that_cannot_say_why_has_failed(folder, capsys, evidence):
    code, found = rule(folder, capsys, HEADER.format(params="", evidence=evidence, least="1"))
    assert (code, found["outcome"]) == (20, "failed")
    assert found["message"]


def test_a_kept_file_is_not_taken_again_under_another_zone(folder, capsys):
    log, database = str(folder / "log.ndjson"), str(folder / "kept.duckdb")
    arguments = ["--db", database, "--as-of", "2026-03-01"]
    assert run(["scan", log, *arguments]) == 11
    assert run(["scan", log, *arguments, "--source-zone", "America/New_York"]) == 2
    assert "UTC" in capsys.readouterr().err
    assert run(["scan", log, *arguments]) == 11
