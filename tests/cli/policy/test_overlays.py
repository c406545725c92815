"""`auditscan policy check`, `new` and `what-ifs`: overlays told, made, refused, and what shipped ones do."""

from __future__ import annotations

import csv
import json
import re
from datetime import date
from pathlib import Path

import pytest

from auditscan.policy import load, what_ifs
from auditscan.scanning.scan import scan
from auditscan.store import open_store
from scans import LIBRARY

WHAT_IFS = {what_if.name: what_if for what_if in what_ifs()}


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
        "  regimes.toml:19 adds WI to R3.states\n"
        "  regimes.toml:19 takes WI out of R3.states_unsettled\n"
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
AS_OF = date(2026, 11, 22)
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
    (
        "names-permitted",
        {"elements": ["name"]},
        {"verdict_now": ("review", "permitted"), "reasons": (["name_present"], ["claimed_population"])},
    ),
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
            "reasons": (["unsettled_population"], ["claimed_population"]),
        },
    ),
    (
        "december-order-from-june",
        {"occurred_at": AFTER},
        {"regime_then": ("R1", "R2"), "verdict_then": ("enjoined", "permitted"), "verdict_now": ("permitted",) * 2},
    ),
    ("december-order-from-june", {"occurred_at": "2025-06-01", "elements": ["claims"]}, {"regime_then": ("R0", "R2")}),
    ("msis-id-permitted", {"elements": ["MSIS-IDENTIFICATION-NUM"]}, {"verdict_now": ("review", "permitted")}),
    ("msis-id-permitted", {"elements": ["msis id", "ssn"]}, {"verdict_now": ("enjoined", "enjoined")}),
    (
        "undocumented-permitted",
        {"populations": ["undocumented"]},
        {
            "verdict_now": ("review", "permitted"),
            "populations": (["described_unlawful"], ["described_unlawful"]),
            "reasons": (["unsettled_population"], ["claimed_population"]),
        },
    ),
    ("undocumented-permitted", {"populations": ["undocumented", "DACA"]}, {"verdict_now": ("review", "review")}),
    (
        "pause-from-2026-05-20",
        {"occurred_at": "2026-06-15"},
        {
            "regime_then": ("R2", "R3"),
            "verdict_then": ("permitted", "enjoined"),
            "verdict_now": ("permitted", "enjoined"),
        },
    ),
    (
        "pause-from-2026-05-20",
        {"occurred_at": "2026-05-19"},
        {"regime_then": ("R2", "R2"), "verdict_then": ("permitted", "permitted"), "regime_now": ("R2", "R3")},
    ),
    ("lawfully-residing-narrow", {"populations": ["refugees", "TPS"]}, {"verdict_now": ("enjoined", "permitted")}),
    ("lawfully-residing-narrow", {"populations": ["refugees", "lprs"]}, {"verdict_now": ("enjoined", "enjoined")}),
    (
        "wisconsin-plaintiff-now",
        {"states": ["WI"], "elements": ["claims"], "occurred_at": AFTER},
        {"verdict_then": ("review", "review"), "verdict_now": ("review", "enjoined"), "plaintiff_states": ([], ["WI"])},
    ),
]


def test_what_the_what_ifs_do_to_answers(folder):
    log = folder / "log.ndjson"
    log.write_text(
        "".join(
            json.dumps({"transfer_id": str(number), "occurred_at": SECOND, **TRANSFER, **transfer}) + "\n"
            for number, (_, transfer, _) in enumerate(JUDGED)
        )
    )
    columns = sorted({column for _, _, columns in JUDGED for column in columns})
    with open_store(None, LIBRARY, threads=1) as store:

        def judged(policy, *logs):
            scan(store, logs, policy, AS_OF)
            rows = store.rows(f"select transfer_id, {', '.join(columns)} from answers")
            return {transfer_id: dict(zip(columns, row, strict=True)) for transfer_id, *row in rows}

        shipped = judged(load(), log)
        supposed = {name: judged(load([what_if.folder])) for name, what_if in WHAT_IFS.items()}
    for number, (name, _, changed) in enumerate(JUDGED):
        for column, both in changed.items():
            for expected, answers in zip(both, (shipped, supposed[name]), strict=True):
                found = answers[str(number)][column]
                if column == "reasons":
                    # Those the question is about; others, such as the plaintiff state, stay.
                    found = [rule for rule in found if "name" in rule or "population" in rule]
                assert found == expected, (name, column, answers[str(number)])
