"""Rules of a user's own: their parameters are set, and a rule that cannot say why has failed."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout

import duckdb
import pytest

from auditscan.cli import run
from auditscan.scanning import rules

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


BROKEN = {"cannot_cast": "cast('x' as integer)::varchar", "no_column": "t.no_such_column"}
"""Rules that cannot say why, and what they would say."""


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """The code of a scan with a rule that has a parameter and some that are broken, and how it told of each rule."""
    folder = tmp_path_factory.mktemp("ran")
    (folder / "log.ndjson").write_text(LOG)
    mine = folder / "mine" / "rules"
    mine.mkdir(parents=True)
    least = "coalesce(getvariable('least_people')::integer, 10)"
    (mine / "many_people.sql").write_text(HEADER.format(params=PARAMETER, evidence="'many'", least=least))
    for name, evidence in BROKEN.items():
        (mine / f"{name}.sql").write_text(HEADER.format(params="", evidence=evidence, least="1"))
    with redirect_stdout(io.StringIO()) as out:
        code = run(
            ["scan", str(folder / "log.ndjson"), "--queries", str(folder / "mine"), "--as-of=2026-03-01", "--json"]
        )
    return code, {entry["id"]: entry for entry in json.loads(out.getvalue())["rules"]}


def test_a_parameter_has_its_default(ran):
    found = ran[1]["many_people"]
    assert (found["outcome"], found["hits"]) == ("ran", 1)


def test_answers_follow_a_parameter_of_a_rule_on_disclosures(folder):
    """What rules on disclosures found is kept, but not of those that a question may still move."""
    sql = HEADER.format(
        params=PARAMETER, evidence="'many'", least="coalesce(getvariable('least_people')::integer, 10)"
    ).replace('reads = "transfers"', 'reads = "disclosures"')
    sql = sql.replace("select t.record_key,", "select distinct t.disclosure_id,")
    (folder / "mine" / "rules" / "many_people.sql").write_text(sql)
    kept = str(folder / "kept.duckdb")
    arguments = ["--queries", str(folder / "mine"), "--as-of", "2026-03-01", "--exit-zero"]
    assert run(["scan", str(folder / "log.ndjson"), "--db", kept, *arguments]) == 0
    with duckdb.connect(kept, read_only=True) as any_client:
        asked = "select list_contains(reasons, 'many_people'), list_contains(reasons, 'unknown_state') from answers"
        assert any_client.execute(asked).fetchall() == [(True, True)]
        any_client.execute("set variable least_people = 51")
        assert any_client.execute(asked).fetchall() == [(False, True)]
        assert any_client.execute("select count(*) from findings where rule = 'many_people'").fetchall() == [(0,)]


@pytest.mark.parametrize("name", BROKEN)
def test_a_rule_that_cannot_say_why_has_failed(ran, name):
    code, found = ran[0], ran[1][name]
    assert (code, found["outcome"]) == (20, "failed")
    assert found["message"]


def test_a_kept_file_is_not_taken_again_under_another_zone(folder, capsys):
    log, database = str(folder / "log.ndjson"), str(folder / "kept.duckdb")
    arguments = ["--db", database, "--as-of", "2026-03-01"]
    assert run(["scan", log, *arguments]) == 11
    assert run(["scan", log, *arguments, "--source-zone", "America/New_York"]) == 2
    assert "UTC" in capsys.readouterr().err
    assert run(["scan", log, *arguments]) == 11


SEES_NOW = """/*
title = "Sees the as-of date"
description = "Every transfer, while the second order is in force."
severity = "note"
reads = "transfers"
citation = "none"
evidence = "A"
why = "It depends on the day of now."
false_positives = "None known."
*/
{sql};
"""


SEEN = {
    "settings": "from transfers t, settings s where s.regime_now = 'R2'",
    "parts": "from parts_now p inner join transfers t on p.disclosure_id = t.disclosure_id where p.key = 'diagnosis'",
    "verdicts": "from events t where t.record_key in (select record_key from verdicts where verdict_now = 'enjoined')",
}
"""Where a rule sees the as-of date."""


def test_a_rule_that_sees_the_as_of_date_is_run_for_each(folder, capsys):
    log, database = str(folder / "log.ndjson"), str(folder / "kept.duckdb")
    (folder / "log.ndjson").write_text(LOG.replace("}", ',"states":["OR"],"elements":["diagnosis"]}'))
    for name, condition in SEEN.items():
        sql = f"select t.record_key, 'seen' as evidence, 'none' as citation, 'A' as certainty {condition}"
        (folder / "mine" / "rules" / f"seen_in_{name}.sql").write_text(SEES_NOW.format(sql=sql))
    hits = {f"seen_in_{name}": [] for name in SEEN}
    for as_of in ("2026-03-01", "2025-07-01", "2026-03-01"):
        run(["scan", log, "--db", database, "--queries", str(folder / "mine"), "--as-of", as_of, "--json"])
        for entry in json.loads(capsys.readouterr().out)["rules"]:
            if entry["id"] in hits:
                hits[entry["id"]].append(entry["hits"])
    assert hits == {name: [1, 0, 1] for name in hits}


def test_rules_on_single_events_that_cannot_see_the_as_of_date_are_not_run_again(folder, monkeypatch):
    """On a large database they are what a change of that day would cost; of those that ship none can see it."""
    arguments = ["scan", str(folder / "log.ndjson"), "--db", str(folder / "kept.duckdb"), "--as-of"]
    run([*arguments, "2026-03-01"])
    ran = []
    run_rule = rules._run

    def noted(store, rule, *rest, **more):
        ran.append(rule.reads)
        return run_rule(store, rule, *rest, **more)

    monkeypatch.setattr(rules, "_run", noted)
    run([*arguments, "2025-07-01"])
    # Those about the logs are: in a ledger they also depend on which files were found.
    assert set(ran) == {"disclosures", "sources"}
