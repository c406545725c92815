"""`auditscan policy` from outside: what it shows, what it writes, what it refuses."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
from pathlib import Path

import pytest
from rich.cells import cell_len

from auditscan.cli import run
from auditscan.errors import ExitCode
from auditscan.policy import COLUMNS, load, what_ifs

GOLDEN = Path(__file__).parents[1] / "golden"
WHAT_IFS = {what_if.name: what_if for what_if in what_ifs()}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder of its own, with the shipped what-ifs in it under short names."""
    for name, what_if in WHAT_IFS.items():
        if name != "names-enjoined":
            shutil.copytree(what_if.folder, tmp_path / name.split("-")[0])
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.delenv("AUDITSCAN_POLICY", raising=False)
    return tmp_path


@pytest.fixture
def policy(folder, capsys):
    """Return a function that runs a command of `auditscan policy` and returns its code and streams."""

    def ran(*arguments):
        code = run(["policy", *map(str, arguments)])
        return code, *capsys.readouterr()

    return ran


@pytest.fixture
def shown(policy):
    """Return a function that runs a command and returns what it wrote to standard output."""

    def out(*arguments):
        code, written, said = policy(*arguments)
        assert (code, said) == (0, "")
        return written

    return out


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
    assert regimes["R2"]["covered"][-1] == {"state": "WI", "origin": "wisconsin/regimes.toml:15"}
    assert regimes["R2"]["severities"]["category"]["name"]["severity"] == "review"
    assert regimes["R2"]["defaults"] == {"category": "enjoined", "population": None, "program": "enjoined"}
    (only,) = json.loads(shown("show", "--regime", "R0", "--json"))["regimes"]
    assert only["last_day"] == "2025-08-11"


def test_settings_of_the_working_folder_count(folder, shown):
    (folder / "auditscan.toml").write_text('policy = "wisconsin"\nas-of = 2025-09-01\n')
    assert "In force: R1-WI" in shown("show")
    assert "R1-WI" in shown("timeline")


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
    assert "no day known R3 switched off" in text


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
    assert "▼" in near.splitlines()[2]
    assert far.count("▼") == 1  # in the legend


# --- check ---------------------------------------------------------------------------------------


def test_check_tells_each_change(shown):
    assert shown("check", "names", "wisconsin") == (
        "overlay names\n"
        "  regimes.toml:5 replaces R2.categories.name: review -> permitted\n"
        "overlay wisconsin\n"
        "  regimes.toml:4 replaces R1.last_day: 2026-01-05 -> 2025-08-13\n"
        "  regimes.toml:6 adds regime R1-WI, like R1\n"
        "  regimes.toml:9 replaces R1-WI.title\n"
        "  regimes.toml:10 replaces R1-WI.first_day: 2025-08-12 -> 2025-08-14\n"
        "  regimes.toml:11 adds WI to R1-WI.states\n"
        "  regimes.toml:11 takes WI out of R1-WI.states_unsettled\n"
        "  regimes.toml:15 adds WI to R2.states\n"
        "  regimes.toml:15 takes WI out of R2.states_unsettled\n"
        "no problems\n"
    )


def test_check_tells_every_problem(folder, policy):
    (folder / "bad").mkdir()
    (folder / "bad" / "agencies.csv").write_text("alias,agency,side\nX,X,buyer\n")
    (folder / "bad" / "regimes.toml").write_text('[[regimes]]\nid = "R1"\nadd_states = ["ZZ"]\n')
    code, out, said = policy("check", "names", "bad", "nowhere")
    assert (code, out) == (2, "")
    assert "bad/agencies.csv:2: " in said
    assert "bad/regimes.toml:3: states.csv knows no state 'ZZ'" in said
    assert "nowhere:1: not readable as a folder" in said


def test_check_needs_a_folder(policy):
    assert policy("check")[0] == 2


# --- new -----------------------------------------------------------------------------------------


def test_a_new_overlay_changes_nothing_yet(policy, shown):
    code, out, said = policy("new", "a/mine")
    assert code == 0
    assert "policy check a/mine" in said
    assert sorted(out.split()) == sorted(str(path) for path in Path("a/mine").iterdir())
    assert {path.name for path in Path("a/mine").iterdir()} >= {
        "README.md",
        "regimes.toml",
        "elements.csv",
        "codes.csv",
    }
    assert shown("check", "a/mine") == "overlay a/mine\n  changes nothing\nno problems\n"


def test_every_line_of_a_new_overlay_can_be_switched_on(policy, folder):
    policy("new", "mine")
    file = folder / "mine" / "regimes.toml"
    file.write_text(re.sub(r"^#(?=[^ \n])", "", file.read_text(), flags=re.M))
    made = load([folder / "mine"])
    assert {row[0] for row in made.tables["policy_regimes"]} == {"R0", "R1", "R2", "R3", "R4"}


def test_a_new_overlay_explains_every_key_and_every_file(policy, folder):
    from auditscan.policy.regimefile import INSTRUMENT, REGIME, REGIME_MAPS, REGIME_OVERLAY, REPORTED, TOP

    policy("new", "mine")
    text = (folder / "mine" / "regimes.toml").read_text()
    keys = {*REGIME, *REGIME_OVERLAY, *INSTRUMENT, *REPORTED, *TOP} - {"schema_version", "compiled_on"}
    assert [key for key in keys if not re.search(rf"^#{key} = |`{key} = ", text, re.M)] == []
    assert [key for key in REGIME_MAPS if f"#[regimes.{key}]" not in text] == []
    readme = (folder / "mine" / "README.md").read_text()
    for file in (folder / "mine").glob("*.csv"):
        (header,) = csv.reader(file.read_text().splitlines())
        row = next(line for line in readme.splitlines() if line.startswith(f"| `{file.name}` |"))
        assert [column for column in header if f"`{column}`" not in row] == []


@pytest.mark.parametrize("name", WHAT_IFS)
def test_a_new_overlay_from_a_what_if_is_that_what_if(policy, folder, name):
    assert policy("new", "mine", "--from", name)[0] == 0
    assert load([folder / "mine"]).sha256 == load([WHAT_IFS[name].folder]).sha256
    assert (folder / "mine" / "README.md").read_text().startswith(f"# {WHAT_IFS[name].question}")


def test_nothing_is_overwritten(policy, folder):
    before = (folder / "names" / "regimes.toml").read_text()
    code, out, said = policy("new", "names")
    assert (code, out) == (2, "")
    assert "nothing is overwritten" in said
    assert (folder / "names" / "regimes.toml").read_text() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["names/regimes.toml"], "cannot be written"),
        (["names/regimes.toml/below"], "cannot be written"),
        (["mine", "--from", "names-permited"], "did you mean names-permitted?"),
        (["mine", "--from", "../names"], "the what-ifs are "),
    ],
)
def test_what_cannot_be_written_is_refused(policy, folder, arguments, said):
    code, out, told = policy("new", *arguments)
    assert (code, out) == (2, "")
    assert said in told
    assert not (folder / "mine").exists()


# --- what-ifs ------------------------------------------------------------------------------------


def test_what_ifs_are_listed_with_their_questions(shown):
    text = shown("what-ifs")
    assert [line for line in text.splitlines() if not line.startswith(" ")] == list(WHAT_IFS)
    assert all(f"  {what_if.question}\n" in text for what_if in WHAT_IFS.values())
    assert max(map(len, text.splitlines())) <= 80 + 10
    listed = json.loads(shown("what-ifs", "--json"))
    assert [entry["name"] for entry in listed] == list(WHAT_IFS)
    assert all(Path(entry["path"]).is_dir() for entry in listed)


# --- what-ifs, judged ----------------------------------------------------------------------------

TRANSFER = {
    "sender": "CMS",
    "recipient": "ICE",
    "programs": ["medicaid"],
    "states": ["CA"],
    "elements": ["address"],
    "populations": ["not_lawfully_residing"],
}
BEFORE, AFTER, SECOND = "2025-08-13T12:00:00-07:00", "2025-08-14T00:00:00-07:00", "2026-03-01T12:00:00-08:00"
JUDGED = [
    # what-if, what the transfer is, columns of its answer without the what-if, and with it
    ("wisconsin-from-2025-08-14", {"states": ["WI"], "occurred_at": BEFORE}, {"verdict_then": ("review", "review")}),
    (
        "wisconsin-from-2025-08-14",
        {"states": ["WI"], "occurred_at": AFTER, "elements": ["claims"]},
        {
            "regime_then": ("R1", "R1-WI"),
            "verdict_then": ("review", "enjoined"),
            "verdict_now": ("review", "enjoined"),
            "plaintiff_states": ([], ["WI"]),
        },
    ),
    ("wisconsin-from-2025-08-14", {"occurred_at": AFTER}, {"verdict_then": ("enjoined", "enjoined")}),
    ("names-permitted", {"elements": ["name"]}, {"verdict_now": ("review", "permitted"), "reasons": (["name"], [])}),
    ("names-permitted", {"elements": ["name", "alias"]}, {"verdict_now": ("review", "review")}),
    (
        "names-enjoined",
        {"elements": ["name", "alias"]},
        {"verdict_now": ("review", "enjoined"), "enjoined_categories": ([], ["alias", "name"])},
    ),
    (
        "emergency-only-not-lawfully-residing",
        {"populations": ["Emergency Medicaid"]},
        {
            "verdict_now": ("review", "permitted"),
            "verdict_then": ("review", "permitted"),
            "populations": (["emergency_only"], ["not_lawfully_residing"]),
            "reasons": (["population"], []),
        },
    ),
    (
        "december-order-from-june",
        {"occurred_at": AFTER},
        {"regime_then": ("R1", "R2"), "verdict_then": ("enjoined", "permitted"), "verdict_now": ("permitted",) * 2},
    ),
    ("december-order-from-june", {"occurred_at": "2025-06-01", "elements": ["claims"]}, {"regime_then": ("R0", "R2")}),
]


def test_what_the_what_ifs_do_to_answers(folder):
    log, out = folder / "log.ndjson", folder / "answers.ndjson"
    log.write_text(
        "".join(
            json.dumps({"transfer_id": str(number), "occurred_at": SECOND, **TRANSFER, **transfer}) + "\n"
            for number, (_, transfer, _) in enumerate(JUDGED)
        )
    )

    def judged(*options):
        assert run(["scan", str(log), "--as-of", "2026-11-22", "--out", str(out), *options]) == ExitCode.ENJOINED
        answers = {answer["transfer_id"]: answer for answer in map(json.loads, out.read_text().splitlines())}
        out.unlink()
        return answers

    shipped = judged()
    supposed = {name: judged("--policy", str(what_if.folder)) for name, what_if in WHAT_IFS.items()}
    for number, (name, _, columns) in enumerate(JUDGED):
        for column, both in columns.items():
            for expected, answers in zip(both, (shipped, supposed[name]), strict=True):
                found = answers[str(number)][column]
                if column == "reasons":
                    # Those the question is about; others, such as the plaintiff state, stay.
                    found = [word for word in ("name", "population") if any(word in rule for rule in found)]
                assert found == expected, (name, column, answers[str(number)])
