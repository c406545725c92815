"""`auditscan policy show` and `timeline`: what they draw, what they give as data, whatever others wrote."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from auditscan.cli import run
from auditscan.policy import COLUMNS, load

GOLDEN = Path(__file__).parents[2] / "golden"


def flat(text):
    return " ".join(text.split())


# --- show ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("policy_show_80", ["show", "--as-of", "2026-02-01"]),
        ("policy_show_overlaid_80", ["show", "--as-of", "2025-09-01", "--policy", "wisconsin"]),
        ("policy_timeline_80", ["timeline", "--as-of", "2026-11-22"]),
        ("policy_timeline_120", ["timeline", "--as-of", "2026-02-01", "--policy", "wisconsin", "--width", "120"]),
    ],
)
def test_golden(shown, name, arguments):
    text = shown(*arguments)
    width = int(name.rpartition("_")[2])
    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert not re.search(r"[ \t]$", text, re.M)
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text)
    assert text == path.read_text(), "UPDATE_GOLDEN=1 accepts what has changed"


def test_the_regime_of_the_day_comes_first(shown):
    assert "In force: R1, First preliminary injunction" in shown("show", "--as-of", "2026-01-05")
    assert "In force: R2, Second preliminary injunction" in flat(shown("show", "--as-of", "2026-01-06"))
    assert "No regime is in force on that day" in shown("show", "--as-of", "2025-05-31")


def test_a_reported_order_that_is_not_applied_is_told(shown):
    told = "Reported, not applied: R3, Reported pause of CMS -> ICE sharing, late May 2026 (D, an unverified lead)"
    assert told in flat(shown("show", "--as-of", "2026-05-20"))
    assert "Reported, not applied" not in shown("show", "--as-of", "2026-05-19")
    assert json.loads(shown("show", "--as-of", "2026-11-28", "--json"))["not_applied"] == ["R3"]


@pytest.mark.parametrize("command", ["show", "timeline"])
def test_the_case_and_what_was_not_read_are_told(shown, command):
    text, data = flat(shown(command)), json.loads(shown(command, "--json"))
    assert "State of California v. HHS, No. 3:25-cv-05536-VC (N.D. Cal.)" in text
    assert text.count("No order was read in full") == 1
    assert data["caption"] in text
    assert data["no_order_read"] in text


def test_how_sure_a_line_is_stands_beside_it(shown):
    text = flat(shown("show", "--regime", "R2"))
    assert "any other program bhp, chip, marketplace, medicare; how sure: C" in text
    assert "WI a plaintiff since August 2025 (A); reach of the second order C; how sure: C" in text


def test_every_category_is_accounted_for_once(shown):
    text = shown("show", "--regime", "R2")
    categories = {row[[name for name, _ in COLUMNS["policy_elements"]].index("category")]
                  for row in load().tables["policy_elements"]}  # fmt: skip
    listed, default = (
        text.split("any other category")[0],
        text.split("any other category")[1].split("data, permitted")[0],
    )
    severities = {row[2] for row in load().tables["policy_severities"] if row[:2] == ("R2", "category")}
    for category in categories - severities:
        assert re.search(rf"\b{category}\b", default), category
    for category in severities & categories:
        assert re.search(rf"^ +{category}\b", text, re.M), category
        assert not re.search(rf"\b{category}\b", default)
    assert "data, enjoined: the order bars it" in listed


def test_a_regime_by_its_id(shown):
    text = shown("show", "--regime", "R1-WI", "--policy", "wisconsin")
    assert text.lstrip().startswith("R1-WI: First preliminary injunction")
    assert "WI [wisconsin/regimes.toml:11]" in flat(text)
    assert "21 states" in text
    assert "Other regimes" not in text


def test_the_shipped_tables_are_named_by_no_line_and_overlays_by_theirs(shown):
    assert "regimes.toml:" not in shown("show", "--as-of", "2026-02-01")
    text = shown("show", "--as-of", "2026-02-01", "--policy", "december")
    assert "changed by december/regimes.toml:10" in flat(text)
    assert "Laid over: december (4 changes)." in text


def test_show_as_data(shown):
    data = json.loads(shown("show", "--as-of", "2026-02-01", "--policy", "wisconsin", "--json"))
    assert (data["as_of"], data["regime_now"]) == ("2026-02-01", "R2")
    assert data["policy_sha256"] == load([Path("wisconsin")]).sha256
    assert data["overlays"][0]["changes"][0] == "regimes.toml:4 replaces R1.last_day: 2026-01-05 -> 2025-08-13"
    regimes = {regime["regime_id"]: regime for regime in data["regimes"]}
    assert list(regimes) == ["R0", "R1", "R1-WI", "R2", "R3"]
    wisconsin = regimes["R2"]["covered"][-1]
    assert (wisconsin["state"], wisconsin["origin"]) == ("WI", "wisconsin/regimes.toml:15")
    assert (wisconsin["certainty"], regimes["R2"]["default_certainties"]["program"]) == ("C", "C")
    assert data["not_applied"] == []
    assert regimes["R2"]["severities"]["category"]["name"]["severity"] == "review"
    assert regimes["R2"]["defaults"] == {"category": "enjoined", "population": None, "program": "enjoined"}
    (only,) = json.loads(shown("show", "--regime", "R0", "--json"))["regimes"]
    assert only["last_day"] == "2025-08-11"


def test_settings_of_the_working_folder_count(folder, policy):
    (folder / "auditscan.toml").write_text('policy = "wisconsin"\nas-of = 2025-09-01\n')
    assert run(["--trust", "policy", "show"]) == 0
    code, out, said = policy("show")
    assert (code, said.splitlines()[-1]) == (0, "settings: auditscan.toml (policy, as-of)")
    assert "In force: R1-WI" in out
    assert "R1-WI" in policy("timeline")[1]


def test_an_unknown_regime_is_answered_with_those_there_are(policy):
    code, out, said = policy("show", "--regime", "R4")
    assert (code, out) == (2, "")
    assert "R0, R1, R2, R3" in said


JUNK = r"""
[[regimes]]
id = "R1"
title = "a\u001b[31m title \u202e 漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字"
citation = "onelongwordonelongwordonelongwordonelongwordonelongwordonelongwordonelongwordonelongwordone"
[[instruments]]
id = "an id of many words and \u0007 one bell, longer than its column"
kind = "regime"
title = "[red]no markup[/red]"
dated = 0001-01-01
end_candidates = [9999-12-31, 2025-01-01]
[[reported_transfers]]
date = 2030-01-01
evidence = "C"
note = "\u001b]0;x\u0007"
[[instruments]]
id = "R1"
kind = "boundary \u001b"
title = "t"
dated = 2025-07-01
"""


@pytest.mark.parametrize("width", [60, 80, 133])
def test_what_others_wrote_moves_no_cursor_and_no_margin(folder, shown, width):
    (folder / "junk").mkdir()
    (folder / "junk" / "regimes.toml").write_text(JUNK)
    (folder / "junk" / "elements.csv").write_text("element,category\nx,a_" + "long_" * 30 + "name\n")
    for command in (["show", "--as-of", "2025-09-01"], ["show", "--as-of", "9999-12-31"], ["timeline"]):
        text = shown(*command, "--policy", "junk", "--width", width)
        assert max(cell_len(line) for line in text.splitlines()) <= width
        assert not set(text) & {"\x1b", "\x07", "\u202e"}
    # An instrument of the id of a regime does not take its citation away.
    assert "onelongword" in flat(shown("timeline", "--policy", "junk"))
    assert "1 January 1 regime dated: [red]no markup[/red]" in flat(shown("timeline", "--policy", "junk"))


# --- timeline ------------------------------------------------------------------------------------


def test_uncertain_days_are_shown_as_uncertain(shown):
    text = flat(shown("timeline", "--as-of", "2026-11-22"))
    assert "14 July 2025 or 15 July 2025 agreement signed" in text
    assert "9 September 2025, 15 September 2025 or 9 September 2026 agreement ends" in text
    assert "not certain: sources differ on the day" in text
    assert "20 May 2026 R3 switched off" in text
    assert "not certain: the day is assumed, for no source names one" in text


def test_the_timeline_as_data_is_in_order(shown):
    data = json.loads(shown("timeline", "--as-of", "2026-11-22", "--json"))
    days = [event["days"] for event in data["events"] if event["days"]]
    assert days == sorted(days)
    events = {(event["subject"], event["what"]): event for event in data["events"]}
    assert events["R1", "ordered, in force"]["until"] == "2026-01-05"
    ends = events["iea_2025_07", "ends"]
    assert (ends["uncertain"], len(ends["days"])) == (True, 3)
    assert events["R2", "ordered"]["evidence"] == "B"
    assert [event["days"] for event in data["events"] if event["kind"] == "transfer"] == [
        ["2025-06-10"],
        ["2026-01-07"],
    ]


def test_an_as_of_date_far_away_does_not_squeeze_the_picture(shown):
    near, far = shown("timeline", "--as-of", "2026-11-22"), shown("timeline", "--as-of", "2926-11-22")
    assert "▼" in near.splitlines()[3]
    assert far.count("▼") == 1  # in the legend
