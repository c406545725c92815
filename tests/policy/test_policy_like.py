"""A regime made like another one, and states put into or taken out of its lists."""

from __future__ import annotations

from datetime import date

import pytest

from auditscan.policy import COLUMNS, Policy, PolicyError, load

SPLIT = """
[[regimes]]
id = "R1"
last_day = 2025-08-13
remove_states_unsettled = ["WI"]

[[regimes]]
id = "R1-WI"
like = "R1"
title = "With Wisconsin"
first_day = 2025-08-14
add_states = ["WI"]
add_states_unsettled = ["DC"]
[regimes.programs]
chip = "enjoined"
"""


def rows(policy: Policy, table: str, **keys: object) -> list[dict[str, object]]:
    names = [name for name, _ in COLUMNS[table]]
    made = (dict(zip(names, row, strict=True)) for row in policy.tables[table])
    return [row for row in made if keys.items() <= row.items()]


def states(policy: Policy, regime: str, status: str) -> dict[str, str]:
    found = rows(policy, "policy_regime_states", regime_id=regime, status=status)
    return {str(row["state"]): str(row["origin"]) for row in found}


def told(policy: Policy) -> list[str]:
    return [str(change) for note in policy.overlays for change in note.changes]


@pytest.fixture
def split(overlay):
    return overlay({"regimes.toml": SPLIT}, "split")


def test_a_regime_like_another_is_as_that_one_was_before_the_file(split):
    policy, base = load([split]), load()
    (made,) = rows(policy, "policy_regimes", regime_id="R1-WI")
    (model,) = rows(base, "policy_regimes", regime_id="R1")
    # R1 ends earlier in the same file, above: what it was beneath the file counts.
    said = {"regime_id": "R1-WI", "title": "With Wisconsin", "first_day": date(2025, 8, 14)}
    assert made == {**model, **said, "origin": f"{split.as_posix()}/regimes.toml:7"}
    assert policy.regime_on(date(2025, 8, 13)) == "R1"
    assert policy.regime_on(date(2025, 8, 14)) == "R1-WI"
    assert policy.regime_on(date(2026, 1, 5)) == "R1-WI"


def test_what_is_copied_keeps_its_line_and_what_is_said_has_its_own(split):
    policy, base = load([split]), load()
    here = f"{split.as_posix()}/regimes.toml"
    assert states(policy, "R1-WI", "covered") == {**states(base, "R1", "covered"), "WI": f"{here}:12"}
    assert states(policy, "R1-WI", "unsettled") == {"DC": f"{here}:13"}
    programs = {row["key"]: row["origin"] for row in rows(policy, "policy_severities", regime_id="R1-WI")}
    model = {row["key"]: row["origin"] for row in rows(base, "policy_severities", regime_id="R1")}
    assert programs == {**model, "chip": f"{here}:15"}
    assert rows(policy, "policy_severities", regime_id="R1", key="chip") == []


def test_every_change_of_a_list_is_told(split):
    assert told(load([split])) == [
        "regimes.toml:4 replaces R1.last_day: 2026-01-05 -> 2025-08-13",
        "regimes.toml:5 takes WI out of R1.states_unsettled",
        "regimes.toml:7 adds regime R1-WI, like R1",
        "regimes.toml:10 replaces R1-WI.title",
        "regimes.toml:11 replaces R1-WI.first_day: 2025-08-12 -> 2025-08-14",
        "regimes.toml:15 adds R1-WI.programs.chip: enjoined",
        "regimes.toml:12 adds WI to R1-WI.states",
        "regimes.toml:12 takes WI out of R1-WI.states_unsettled",
        "regimes.toml:13 adds DC to R1-WI.states_unsettled",
    ]


def test_a_later_overlay_s_regime_is_like_the_one_that_an_earlier_one_changed(overlay, split):
    second = overlay(
        {
            "regimes.toml": '[[regimes]]\nid = "copy"\nlike = "R1-WI"\nenabled = false\n'
            'remove_states = ["WI", "CA"]\n[[regimes]]\nid = "R1-WI"\nadd_states = ["WI", "DC"]\n'
        },
        "second",
    )
    policy = load([split, second])
    assert "CA" in states(policy, "R1-WI", "covered")
    assert states(policy, "R1-WI", "covered")["DC"] == f"{second.as_posix()}/regimes.toml:8"
    assert states(policy, "R1-WI", "covered")["WI"] == f"{split.as_posix()}/regimes.toml:12"
    assert states(policy, "R1-WI", "unsettled") == {}
    assert not {"WI", "CA"} & set(states(policy, "copy", "covered"))
    assert "regimes.toml:8 repeats WI in R1-WI.states, no change" in told(policy)


def test_adding_and_writing_the_list_whole_say_the_same(overlay):
    added = load([overlay({"regimes.toml": '[[regimes]]\nid = "R2"\nadd_states = ["WI"]\n'}, "added")])
    twenty = sorted(states(load(), "R2", "covered"))
    whole = f'[[regimes]]\nid = "R2"\nstates = {[*twenty, "WI"]}\nstates_unsettled = ["DC", "VA"]\n'
    assert load([overlay({"regimes.toml": whole}, "whole")]).sha256 == added.sha256


def test_a_covered_state_can_become_unsettled(overlay):
    policy = load([overlay({"regimes.toml": '[[regimes]]\nid = "R2"\nadd_states_unsettled = ["CA"]\n'})])
    assert "CA" in states(policy, "R2", "unsettled")
    assert "CA" not in states(policy, "R2", "covered")


R2 = '[[regimes]]\nid = "R2"\n'


@pytest.mark.parametrize(
    ("text", "line", "wrong"),
    [
        ('[[regimes]]\nid = "X"\nlike = "R7"\n', 3, "no such regime; use one of: R0, R1, R2, R3"),
        ('[[regimes]]\nid = "X"\nlike = 7\n', 3, "'like' is not a text"),
        ('[[regimes]]\nid = "X"\nlike = "X"\n', 3, "no such regime"),
        ('[[regimes]]\nid = "A"\nlike = "R3"\n[[regimes]]\nid = "B"\nlike = "A"\n', 6, "no such regime"),
        (R2 + 'like = "R1"\n', 3, "R2 is there already"),
        ('[[regimes]]\nid = "X"\nlike = "R2"\n', 1, "cover the same days"),
        (R2 + 'add_states = ["ZZ"]\n', 3, "no state 'ZZ'"),
        (R2 + 'add_states = "WI"\n', 3, "not a list of texts"),
        (R2 + 'add_states = ["WI", "WI"]\n', 3, "'WI' stands twice in add_states"),
        (R2 + 'remove_states = ["TX"]\n', 3, "R2.states has no 'TX' to remove; correct it"),
        (R2 + 'remove_states = ["WI"]\n', 3, "it is in states_unsettled: write remove_states_unsettled"),
        (R2 + 'add_states = ["WI"]\nadd_states_unsettled = ["WI"]\n', 4, "'WI' is in add_states and in add_states_"),
        (R2 + 'add_states = ["CA"]\nremove_states = ["CA"]\n', 4, "'CA' is in add_states and in remove_states"),
        ('[[instruments]]\nid = "iea_2025_07"\nlike = "x"\n', 3, "unknown key 'like'"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_once(overlay, text, line, wrong):
    with pytest.raises(PolicyError) as caught:
        load([overlay({"regimes.toml": text})])
    (problem,) = caught.value.problems
    assert wrong in problem.message
    assert problem.line == line


def test_the_base_has_nothing_beneath_it(base):
    with (base / "regimes.toml").open("a") as file:
        file.write('[[regimes]]\nid = "X"\nlike = "R3"\n')
    with pytest.raises(PolicyError, match="unknown key 'like'"):
        load(base=base)
