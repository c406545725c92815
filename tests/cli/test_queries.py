"""`auditscan queries show`: the parameters of a query, and what each is when nobody gives it."""

from __future__ import annotations

import json

from auditscan.cli import run


def shown(capsys, name, *arguments):
    assert run(["queries", "show", name, *arguments]) == 0
    return capsys.readouterr().out


def header(text):
    return [line for line in text.splitlines() if line.startswith("-- ")]


def test_the_parameters_of_a_selection_are_shown_with_those_of_the_report(capsys):
    lines = header(shown(capsys, "most_serious"))
    assert "-- select_from        may be left out (date): First day, in the zone of the court." in lines
    assert "-- serious_limit      10 transfers (integer): How many transfers to list." in lines


def test_a_parameter_that_is_needed_says_so(capsys):
    lines = header(shown(capsys, "explain_words"))
    assert "-- explain_id  required (varchar): The transfer's id, as the log gives it." in lines


def test_json_names_every_parameter(capsys):
    params = json.loads(shown(capsys, "by_state", "--json"))["params"]
    assert list(params) == ["select_states", "select_recipients", "select_verdicts", "select_from", "select_until"]
    assert params["select_from"]["type"] == "date"
    assert json.loads(shown(capsys, "explain_parts", "--json"))["params"]["explain_id"]["required"] is True
    assert json.loads(shown(capsys, "id_holes", "--json"))["params"]["least_ids"]["default"] == 100
