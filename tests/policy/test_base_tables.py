"""The tables that come with the program: they load, and hold what the record says."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from auditscan.policy import COLUMNS, Policy, load, normalize

PLAINTIFFS = sorted(
    {"AZ", "CA", "CO", "CT", "DE", "HI", "IL", "MA", "MD", "ME"}
    | {"MI", "MN", "NJ", "NM", "NV", "NY", "OR", "RI", "VT", "WA"}
)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load()


def rows(policy: Policy, table: str) -> list[dict[str, Any]]:
    names = [name for name, _ in COLUMNS[table]]
    return [dict(zip(names, row, strict=True)) for row in policy.tables[table]]


def test_every_table_is_there_and_its_rows_fit_its_columns(policy):
    assert list(policy.tables) == list(COLUMNS)
    for table, made in policy.tables.items():
        assert made, table
        assert {len(row) for row in made} == {len(COLUMNS[table])}, table


def test_every_table_but_the_settings_ends_with_its_origin():
    without = [name for name, columns in COLUMNS.items() if columns[-1] != ("origin", "VARCHAR")]
    assert without == ["policy_settings"]


def test_three_regimes_are_enabled_and_follow_each_other_without_a_gap(policy):
    regimes = {row["regime_id"]: row for row in rows(policy, "policy_regimes")}
    assert [name for name, row in regimes.items() if row["enabled"]] == ["R0", "R1", "R2"]
    assert regimes["R1"]["first_day"] == regimes["R0"]["last_day"] + timedelta(days=1)
    assert regimes["R2"]["first_day"] == regimes["R1"]["last_day"] + timedelta(days=1)
    assert regimes["R2"]["last_day"] is None
    assert regimes["R1"]["default_program"] == "review"
    assert regimes["R2"]["default_population"] is None


@pytest.mark.parametrize(("regime", "unsettled"), [("R1", ["WI"]), ("R2", ["DC", "VA", "WI"])])
def test_twenty_states_are_covered_and_the_others_stay_unsettled(policy, regime, unsettled):
    states = [row for row in rows(policy, "policy_regime_states") if row["regime_id"] == regime]
    assert sorted(row["state"] for row in states if row["status"] == "covered") == PLAINTIFFS
    assert sorted(row["state"] for row in states if row["status"] == "unsettled") == unsettled


def test_the_regime_before_any_order_reaches_nobody(policy):
    assert not [row for row in rows(policy, "policy_regime_states") if row["regime_id"] == "R0"]


def test_the_six_categories_are_the_permitted_ones_under_the_second_order(policy):
    permitted = {
        row["key"]
        for row in rows(policy, "policy_severities")
        if row["regime_id"] == "R2" and row["kind"] == "category" and row["severity"] == "permitted"
    }
    six = {"citizenship", "immigration_status", "address", "phone", "date_of_birth", "medicaid_id"}
    assert permitted == six | {"mailing_address", "technical"}


def test_the_default_program_is_a_column_and_not_a_severity(policy):
    programs = [row for row in rows(policy, "policy_severities") if row["kind"] == "program"]
    assert {row["key"] for row in programs} == {"medicaid", "m_chip", "dual", "unknown"}


def test_a_line_says_how_sure_it_is_where_that_is_not_what_its_regime_says(policy):
    regimes = {row["regime_id"]: row for row in rows(policy, "policy_regimes")}
    assert {name: row["evidence"] for name, row in regimes.items()} == {"R0": "B", "R1": "B", "R2": "B", "R3": "D"}
    assert regimes["R2"]["default_program_certainty"] == "C"
    assert regimes["R2"]["default_category_certainty"] is None
    second = {(row["kind"], row["key"]): row for row in rows(policy, "policy_severities") if row["regime_id"] == "R2"}
    assert second["category", "mailing_address"]["certainty"] == "C"
    assert second["category", "address"]["certainty"] is None
    states = {(row["regime_id"], row["state"]): row for row in rows(policy, "policy_regime_states")}
    assert states["R2", "WI"]["certainty"] == "C"
    assert states["R2", "WI"]["note"] == "a plaintiff since August 2025 (A); reach of the second order C"
    assert states["R2", "VA"]["certainty"] == "D"
    assert states["R2", "CA"]["certainty"] is None


def test_the_reported_pause_bars_and_its_days_hold_every_day_after_may_2026(policy):
    (pause,) = [row for row in rows(policy, "policy_regimes") if row["regime_id"] == "R3"]
    assert not pause["enabled"]
    assert (pause["first_day"], pause["last_day"], pause["evidence"]) == (date(2026, 5, 20), None, "D")
    states = [row for row in rows(policy, "policy_regime_states") if row["regime_id"] == "R3"]
    assert sorted(row["state"] for row in states if row["status"] == "covered") == PLAINTIFFS
    severities = {row["key"]: row["severity"] for row in rows(policy, "policy_severities") if row["regime_id"] == "R3"}
    assert severities == {"medicaid": "enjoined", "unknown": "review"}


@pytest.mark.parametrize(
    ("table", "word", "meaning"),
    [
        ("populations", "undocumented", "described_unlawful"),
        ("populations", "unlawfully present", "described_unlawful"),
        ("populations", "not lawfully residing", "not_lawfully_residing"),
        ("populations", "all enrollees", "everybody"),
        ("populations", "mixed-status household", "protected_household_member"),
        ("programs", "M-CHIP", "m_chip"),
        ("programs", "S-CHIP", "chip"),
        ("programs", "dual eligibles", "dual"),
        ("purposes", "SAVE verification", "other"),
        ("purposes", "deportation", "immigration_enforcement"),
        ("agencies", "Border Patrol", "CBP"),
        ("elements", "MSIS-IDENTIFICATION-NUM", "msis_id"),
        ("elements", "Medicaid card number", "medicaid_id"),
        ("elements", "BENE_BRTH_DT", "medicare_status"),
        ("elements", "ADMISSION-DATE", "dates_of_service"),
        ("elements", "nationality", "nationality"),
    ],
)
def test_words_that_the_second_look_moved(policy, table, word, meaning):
    column = {"elements": "category", "agencies": "agency"}.get(table, table.removesuffix("s"))
    found = {row["alias_key"]: row[column] for row in rows(policy, f"policy_{table}")}
    assert found[normalize(word)] == meaning


@pytest.mark.parametrize(
    ("day", "regime"),
    [
        (date(2025, 5, 31), None),
        (date(2025, 6, 1), "R0"),
        (date(2025, 8, 11), "R0"),
        (date(2025, 8, 12), "R1"),
        (date(2026, 1, 5), "R1"),
        (date(2026, 1, 6), "R2"),
        (date(2026, 5, 25), "R2"),  # R3, the reported pause, is switched off
        (date.max, "R2"),
    ],
)
def test_regime_on_a_day(policy, day, regime):
    assert policy.regime_on(day) == regime


def test_the_nation_is_fifty_states_and_dc_without_territories(policy):
    nation = {row["state"] for row in rows(policy, "policy_nation")}
    assert len(nation) == 51
    assert "DC" in nation
    assert not nation & {"PR", "GU", "VI", "AS", "MP"}


@pytest.mark.parametrize(
    ("word", "state"),
    [("06", "CA"), ("CA", "CA"), ("California", "CA"), ("94", "MT"), ("97", "PA"),
     ("District of Columbia", "DC"), ("Puerto Rico", "PR"), ("ALL", "*"), ("US", "*"),
     ("Nationwide", "*"), ("NATIONAL", "*")],
)  # fmt: skip
def test_words_for_a_state(policy, word, state):
    found = {row["alias_key"]: row["state"] for row in rows(policy, "policy_states")}
    assert found[normalize(word)] == state


def test_a_state_is_shown_by_its_own_name_and_not_by_a_pseudo_code(policy):
    montana = {row["alias_key"]: row for row in rows(policy, "policy_states")}["mt"]
    assert (montana["name"], montana["code_system"]) == ("Montana", "USPS")


@pytest.mark.parametrize(
    "table",
    ["policy_agencies", "policy_programs", "policy_populations", "policy_purposes",
     "policy_states", "policy_elements"],
)  # fmt: skip
def test_a_word_stands_for_one_thing(policy, table):
    made = rows(policy, table)
    assert max(Counter(row["alias_key"] for row in made).values()) == 1
    assert all(row["alias_key"] == normalize(row["alias_key"]) for row in made)


def test_every_party_says_how_sure_it_is_and_who_says_so(policy):
    made = rows(policy, "policy_parties")
    sides = {row["agency"]: row["side"] for row in rows(policy, "policy_agencies")}
    assert len({(row["kind"], row["value_key"]) for row in made}) == len(made)
    assert all(row["certainty"] and row["source"] and row["agency"] in sides for row in made)
    assert {row["certainty"] for row in made if row["kind"] == "token"} == {"C"}
    # None is public.
    assert not [row for row in made if row["kind"] in ("account", "network")]
    assert sides["PALANTIR"] == "vendor"


def test_the_agreement_is_taken_apart(policy):
    days = {
        (row["kind"], row["day"])
        for row in rows(policy, "policy_instrument_days")
        if row["instrument_id"] == "iea_2025_07"
    }
    assert ("signed", date(2025, 7, 14)) in days
    assert ("end", date(2026, 9, 9)) in days
    weekdays = [row["weekday"] for row in rows(policy, "policy_instrument_weekdays")]
    assert weekdays == [1, 2, 3, 4, 5]
    agreement = {row["instrument_id"]: row for row in rows(policy, "policy_instruments")}
    hours = agreement["iea_2025_07"]
    assert (hours["hours_from"], hours["hours_to"]) == ("09:00", "17:00")
    assert hours["hours_zone"] == "America/New_York"


def test_a_reported_transfer_without_states_has_an_empty_list(policy):
    reported = {row["day"]: row for row in rows(policy, "policy_reported_transfers")}
    assert reported[date(2025, 6, 10)]["states"] == ("CA", "IL", "WA", "DC")
    assert reported[date(2026, 1, 7)]["states"] == ()
    assert reported[date(2026, 1, 7)]["evidence"] == "C"


def test_settings_and_boundary_days(policy):
    (settings,) = rows(policy, "policy_settings")
    assert (settings["court_zone"], settings["schema_version"]) == ("America/Los_Angeles", 1)
    assert settings["compiled_on"] == date(2026, 11, 28)
    assert settings["caption"] == "State of California v. HHS, No. 3:25-cv-05536-VC (N.D. Cal.)"
    assert settings["no_order_read"].startswith(
        "No order was read in full; their terms come from official and press renderings"
    )
    days = [row["day"] for row in rows(policy, "policy_boundary_days")]
    assert days == [date(2025, 8, 12), date(2025, 12, 29), date(2026, 1, 5), date(2026, 1, 6)]


def test_an_origin_leads_to_the_line_it_names(policy):
    folder = Path(sys.modules["auditscan.policy"].__file__).parent
    for table, column, mark in (
        ("policy_regimes", "regime_id", "[[regimes]]"),
        ("policy_elements", "element", None),
        ("policy_severities", "key", None),
    ):
        for row in rows(policy, table)[:40]:
            name, line = row["origin"].split(":")
            text = (folder / name).read_text(encoding="utf-8").splitlines()[int(line) - 1]
            assert (mark or str(row[column])) in text


def test_the_rows_go_into_duckdb_as_they_are(policy):
    import duckdb

    with duckdb.connect() as connection:
        for table, columns in COLUMNS.items():
            made = ", ".join(f"{name} {kind}" for name, kind in columns)
            connection.execute(f"create table {table} ({made})")
            some = [list(row) for row in policy.tables[table][:20]]
            marks = ", ".join("?" for _ in columns)
            connection.executemany(f"insert into {table} values ({marks})", some)
        found = connection.execute(
            "select len(states), year(day) from policy_reported_transfers order by day"
        ).fetchall()
    assert found == [(4, 2025), (0, 2026)]


def test_loading_needs_no_heavy_package():
    code = (
        "import sys; from auditscan.policy import load; load();"
        "heavy = {'duckdb', 'polars', 'typer', 'rich'} & set(sys.modules);"
        "sys.exit(f'imported: {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("word", "normal"),
    [
        ("ELIGIBLE-FIRST-NAME", "eligible_first_name"),
        ("Eligible  First.Name", "eligible_first_name"),
        ("__a__b__", "a_b"),
        ("8 U.S.C. 1360(b)", "8_u_s_c_1360_b"),
        ("Straße", "strasse"),
        ("名前", "名前"),
        (" - ", ""),
    ],
)
def test_normalize(word, normal):
    assert normalize(word) == normal
    assert normalize(normal) == normal
