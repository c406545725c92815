"""A policy written in one line, and the what-ifs that ship."""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from auditscan.errors import UsageError
from auditscan.policy import COLUMNS, Overlay, PolicyError, load, read_spec, what_ifs

from .conftest import PACKAGE

BASE = load()


def rows(policy, table):
    names = [name for name, _ in COLUMNS[table]]
    return [dict(zip(names, row, strict=True)) for row in policy.tables[table]]


def severity(policy, regime, key):
    return next(
        row["severity"] for row in rows(policy, "policy_severities") if (row["regime_id"], row["key"]) == (regime, key)
    )


@pytest.fixture
def names(overlay, monkeypatch, tmp_path):
    """A folder `names` in the working folder."""
    overlay({"regimes.toml": '[[regimes]]\nid = "R2"\ncategories.name = "permitted"\n'}, "names")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "names"


def test_base_is_the_policy_as_configured(names):
    assert read_spec("base").policy.sha256 == BASE.sha256
    assert read_spec("base", [names]).policy.sha256 == load([names]).sha256
    assert read_spec(" base ").label == "base"
    assert read_spec("base").as_of is None


def test_a_day_is_the_as_of_date(names):
    spec = read_spec("2026-02-01 + names")
    assert (spec.as_of, spec.label) == (date(2026, 2, 1), "2026-02-01+names")
    assert spec.policy.sha256 == load([names]).sha256


def test_folder_what_if_and_setting_are_the_same_policy(names):
    by_folder, by_name, by_setting = map(read_spec, ("names", "names-permitted", "R2.categories.name=permitted"))
    assert by_folder.policy.sha256 == by_name.policy.sha256 == by_setting.policy.sha256
    origins = [
        next(row["origin"] for row in rows(spec.policy, "policy_severities") if row["key"] == "name")
        for spec in (by_folder, by_name, by_setting)
    ]
    assert origins == [
        "names/regimes.toml:3",
        "what_ifs/names-permitted/regimes.toml:5",
        "setting R2.categories.name=permitted",
    ]
    (note,) = by_setting.policy.overlays
    assert str(note) == (
        "overlay setting R2.categories.name=permitted\n  replaces R2.categories.name: review -> permitted"
    )


def test_overlays_are_laid_on_in_the_order_written():
    one, two = "R2.categories.name=permitted", "R2.categories.name=enjoined"
    assert severity(read_spec(f"{one}+{two}").policy, "R2", "name") == "enjoined"
    assert severity(read_spec(f"{two}+{one}").policy, "R2", "name") == "permitted"


def test_a_folder_may_have_a_plus_or_an_equals_sign_in_its_name(names):
    for name in ("a+b", "R2.enabled=false", "2026-02-01+x"):
        shutil.copytree(names, names.with_name(name))
        assert read_spec(name).policy.sha256 == load([names]).sha256
        assert read_spec(name).as_of is None


def test_a_folder_named_like_a_what_if_is_never_taken_for_it(names):
    shutil.copytree(names, names.with_name("names-enjoined"))
    with pytest.raises(UsageError) as caught:
        read_spec("names-enjoined")
    assert "./names-enjoined" in caught.value.hint
    assert severity(read_spec("./names-enjoined").policy, "R2", "name") == "permitted"


def test_a_setting_may_change_a_regime_that_another_part_added():
    policy = read_spec("wisconsin-from-2025-08-14+R1-WI.programs.chip=enjoined").policy
    assert severity(policy, "R1-WI", "chip") == "enjoined"


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("", "a part is empty"),
        ("base+", "a part is empty"),
        ("2026-01-01+2026-01-02", "two days"),
        ("2026-02-30", "no day of the calendar"),
        ("names-permited", "did you mean names-permitted"),
        ("nowhere/at/all", "no folder and no what-if"),
        ("x\0y", "no folder and no what-if"),
        ("name=permitted", "no setting"),
        ("R2.=x", "no setting"),
        (".name=x", "no setting"),
        ("R2..name=x", "no setting"),
        ("R2.id=R9", "no setting"),
        ("R2.title=a\nb", "one line of text"),
        ("R2.title=\udcff", "one line of text"),
    ],
)
def test_what_is_no_part_is_a_usage_error(spec, said):
    with pytest.raises(UsageError) as caught:
        read_spec(spec)
    assert said in caught.value.message
    assert caught.value.hint


def test_an_unknown_name_is_answered_with_the_list():
    with pytest.raises(UsageError) as caught:
        read_spec("nope")
    assert all(what_if.name in caught.value.why for what_if in what_ifs())


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("R9.enabled=false", "there is no regime 'R9' to change; the regimes are: R0, R1, R2, R3"),
        ("R2.nam=permitted", "unknown key 'nam'"),
        ("R2.categoris.name=permitted", "unknown key 'categoris'"),
        ("R2.categories.nam=permitted", "elements.csv knows no category 'nam'"),
        ("R2.categories.name=fine", "'name' cannot be 'fine'"),
        ("R2.categories.name=", "blank text"),
        ("R2.first_day=2026-02-30", "'first_day' is not a date"),
        ("R2.first_day=20260201", "'first_day' is not a date"),
        ("R2.enabled=no", "'enabled' is not true or false"),
        ("R2.add_states=ZZ", "no state 'ZZ'"),
        ("R2.like=R1", "R2 is there already"),
        ("R2.first_day=2025-12-30", "cover the same days"),
    ],
)
def test_what_a_setting_may_not_say_is_refused_by_the_loader_in_its_name(setting, said):
    with pytest.raises(PolicyError) as caught:
        read_spec(setting)
    assert f"setting {setting}: " in str(caught.value)
    assert said in str(caught.value)
    assert len(caught.value.problems) == 1


def test_a_list_may_be_emptied():
    policy = read_spec("R2.states_unsettled=").policy
    assert not [
        row for row in rows(policy, "policy_regime_states") if row["regime_id"] == "R2" and row["status"] != "covered"
    ]


SEVERITIES = st.sampled_from(["enjoined", "review", "permitted", "outside"])
STATES = sorted({str(row["state"]) for row in rows(BASE, "policy_nation")})
CATEGORIES = sorted({str(row["category"]) for row in rows(BASE, "policy_elements")})
POPULATIONS = sorted({str(row["population"]) for row in rows(BASE, "policy_populations")})


def listed(states):
    return ",".join(states), "[" + ", ".join(f'"{state}"' for state in states) + "]"


SETTINGS = st.one_of(
    st.tuples(st.sampled_from(CATEGORIES), SEVERITIES).map(lambda p: (f"categories.{p[0]}", p[1], f'"{p[1]}"')),
    st.tuples(st.sampled_from(POPULATIONS), SEVERITIES).map(lambda p: (f"populations.{p[0]}", p[1], f'"{p[1]}"')),
    SEVERITIES.map(lambda s: ("programs.default", s, f'"{s}"')),
    SEVERITIES.map(lambda s: ("other_purpose", s, f'"{s}"')),
    st.booleans().map(lambda on: ("enabled", str(on).lower(), str(on).lower())),
    st.dates(date(2026, 1, 6), date(2030, 1, 1)).map(lambda day: ("first_day", str(day), str(day))),
    st.lists(st.sampled_from(STATES), unique=True, max_size=5).map(lambda s: ("add_states", *listed(s))),
    st.text("abc é\"'\\#=.漢🙂", min_size=1)
    .filter(str.strip)
    .map(lambda t: ("title", t, '"' + t.strip().replace("\\", "\\\\").replace('"', '\\"') + '"')),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SETTINGS)
def test_a_setting_says_what_the_same_overlay_says(setting):
    key, value, toml = setting
    overlay = Overlay("same", texts={"regimes.toml": f'[[regimes]]\nid = "R2"\n{key} = {toml}\n'})
    assert read_spec(f"R2.{key}={value}").policy.sha256 == load([overlay]).sha256


@settings(max_examples=60, deadline=None)
@example("R2.title=\x7f")
@example('R2."a=1')
@given(st.one_of(st.text(max_size=30), st.text("R2.=+basetil,{}[]\"'\n-01 ", max_size=25)))
def test_no_text_is_a_fault(text):
    with suppress(UsageError, PolicyError):
        read_spec(text)


# --- what ships ----------------------------------------------------------------------------------


@pytest.mark.parametrize("what_if", what_ifs(), ids=lambda what_if: what_if.name)
def test_a_what_if_states_its_question_and_changes_the_policy(what_if):
    assert re.fullmatch(r"What if [^?]+\?", what_if.question)
    policy = read_spec(what_if.name).policy
    assert policy.sha256 != BASE.sha256
    (note,) = policy.overlays
    assert note.name == f"what_ifs/{what_if.name}"
    assert not [change for change in note.changes if "no change" in change.what]
    toml = what_if.folder / "regimes.toml"
    assert not toml.exists() or toml.read_text().startswith(f"# {what_if.question}\n")


def test_the_what_ifs_are_these_and_the_readme_names_them():
    names = [what_if.name for what_if in what_ifs()]
    assert names == [
        "december-order-from-june",
        "emergency-only-not-lawfully-residing",
        "lawfully-residing-narrow",
        "msis-id-permitted",
        "names-enjoined",
        "names-permitted",
        "pause-from-2026-05-20",
        "undocumented-permitted",
        "wisconsin-from-2025-08-14",
        "wisconsin-plaintiff-now",
    ]
    text = (PACKAGE / "README.md").read_text(encoding="utf-8")
    assert [name for name in names if f"`{name}`" not in text] == []


def test_wisconsin_from_august():
    policy = read_spec("wisconsin-from-2025-08-14").policy
    assert [policy.regime_on(date(2025, 8, day)) for day in (11, 12, 13, 14)] == ["R0", "R1", "R1", "R1-WI"]
    assert [policy.regime_on(date(2026, 1, day)) for day in (5, 6)] == ["R1-WI", "R2"]
    wisconsin = {
        row["regime_id"]: row["status"] for row in rows(policy, "policy_regime_states") if row["state"] == "WI"
    }
    assert wisconsin == {"R1": "unsettled", "R1-WI": "covered", "R2": "covered", "R3": "covered"}


def test_wisconsin_now():
    policy = read_spec("wisconsin-plaintiff-now").policy
    wisconsin = {
        row["regime_id"]: row["status"] for row in rows(policy, "policy_regime_states") if row["state"] == "WI"
    }
    assert wisconsin == {"R1": "unsettled", "R2": "covered", "R3": "covered"}


def test_the_pause_from_may():
    policy = read_spec("pause-from-2026-05-20").policy
    assert [policy.regime_on(date(2026, 5, day)) for day in (19, 20)] == ["R2", "R3"]
    assert policy.regime_on(date.max) == "R3"


@pytest.mark.parametrize(
    ("name", "moved"),
    [
        ("msis-id-permitted", {"msis_id": "review"}),
        ("undocumented-permitted", {"described_unlawful": "review"}),
        ("lawfully-residing-narrow", {"other_lawfully_residing": "enjoined", "tps": "enjoined"}),
    ],
)
def test_what_ifs_that_permit_one_thing(name, moved):
    policy = read_spec(name).policy
    differ = {
        (row["key"], was["severity"], row["severity"])
        for was, row in zip(rows(BASE, "policy_severities"), rows(policy, "policy_severities"), strict=True)
        if was["severity"] != row["severity"]
    }
    assert differ == {(key, was, "permitted") for key, was in moved.items()}


def test_names():
    permitted, enjoined = read_spec("names-permitted").policy, read_spec("names-enjoined").policy
    assert [severity(permitted, "R2", key) for key in ("name", "alias")] == ["permitted", "review"]
    assert [severity(enjoined, "R2", key) for key in ("name", "alias")] == ["enjoined", "enjoined"]


def test_emergency_only_words_mean_not_lawfully_residing():
    policy = read_spec("emergency-only-not-lawfully-residing").policy
    was = {row["alias_key"]: row["population"] for row in rows(BASE, "policy_populations")}
    now = {row["alias_key"]: row["population"] for row in rows(policy, "policy_populations")}
    assert now == {
        word: "not_lawfully_residing" if population == "emergency_only" else population
        for word, population in was.items()
    }


def test_the_december_order_from_june():
    policy = read_spec("december-order-from-june").policy
    days = (date(2025, 5, 31), date(2025, 6, 1), date(2025, 9, 1), date(2026, 3, 1))
    assert [policy.regime_on(day) for day in days] == [None, "R2", "R2", "R2"]
