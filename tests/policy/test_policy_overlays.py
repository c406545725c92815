"""Overlays: what they add, replace and merge, how it is told, and that the hash follows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from auditscan.policy import COLUMNS, Overlay, Policy, PolicyError, load, read_overlay


def row_of(policy: Policy, table: str, **where: Any) -> dict[str, Any]:
    names = [name for name, _ in COLUMNS[table]]
    found = [dict(zip(names, row, strict=True)) for row in policy.tables[table]]
    (one,) = [row for row in found if all(row[name] == value for name, value in where.items())]
    return one


def told(policy: Policy) -> list[str]:
    return [str(change) for note in policy.overlays for change in note.changes]


def test_a_row_is_added_or_replaces_the_row_of_the_same_word(overlay):
    folder = overlay({"agencies.csv": "alias,agency,side\nAcme,ACME,recipient\nva,VA,elsewhere\nFBI,FBI,recipient\n"})
    policy = load([folder])
    added = row_of(policy, "policy_agencies", alias_key="acme")
    assert added["origin"] == f"{folder.as_posix()}/agencies.csv:2"
    assert row_of(policy, "policy_agencies", alias_key="fbi")["side"] == "recipient"
    assert told(policy) == [
        "agencies.csv:2 adds 'Acme': ACME, recipient",
        "agencies.csv:3 replaces 'va': alias 'VA' -> 'va'",
        "agencies.csv:4 replaces 'FBI': side 'elsewhere' -> 'recipient'",
    ]
    assert len(policy.tables["policy_agencies"]) == len(load().tables["policy_agencies"]) + 1


def test_parties_are_added_replaced_and_taken_away(overlay):
    text = (
        "kind,value,agency\naccount,044455556666,ICE\nnetwork,2001:DB8:0::/32,CBP\nnetwork,198.51.100.0/24,ICE\n"
        "mail_domain,Palantir.com,ICE\nname,cms_eft,none\ntoken,ERO,none\n"
    )
    folder = overlay({"parties.csv": text})
    policy = load([folder])
    account = row_of(policy, "policy_parties", kind="account")
    assert (account["value_key"], account["agency"], account["certainty"]) == ("044455556666", "ICE", None)
    assert account["origin"] == f"{folder.as_posix()}/parties.csv:2"
    network = row_of(policy, "policy_parties", value_key="198.51.100.0/24")
    assert (network["first_address"], network["last_address"]) == ("c6336400", "c63364ff")
    network = row_of(policy, "policy_parties", value_key="2001:db8::/32")
    assert network["first_address"] == "20010db8" + "0" * 24
    assert network["last_address"] == "20010db8" + "f" * 24
    # Who says so goes with what is said.
    assert row_of(policy, "policy_parties", value_key="palantir.com")["source"] is None
    keys = {(row[0], row[1]) for row in policy.tables["policy_parties"]}
    assert not keys & {("name", "cms_eft"), ("token", "ero")}
    assert told(policy)[:3] == [
        "parties.csv:2 adds 'account 044455556666': ICE",
        "parties.csv:3 adds 'network 2001:DB8:0::/32': CBP",
        "parties.csv:4 adds 'network 198.51.100.0/24': ICE",
    ]
    assert told(policy)[4:] == ["parties.csv:6 takes 'name cms_eft' away", "parties.csv:7 takes 'token ERO' away"]
    assert policy.sha256 != load().sha256


def test_an_element_needs_no_more_than_its_name_and_category(overlay):
    folder = overlay({"elements.csv": "element,category\nGPS Track,geolocation\nSSN,name\n"})
    policy = load([folder])
    track = row_of(policy, "policy_elements", alias_key="gps_track")
    assert (track["element"], track["category"], track["files"]) == (
        "GPS Track",
        "geolocation",
        None,
    )
    was = row_of(load(), "policy_elements", alias_key="ssn")
    now = row_of(policy, "policy_elements", alias_key="ssn")
    assert (now["category"], now["files"]) == ("name", was["files"])
    assert told(policy)[0] == (
        "elements.csv:2 adds 'gps_track': geolocation (a category the base does not know: geolocation)"
    )


def test_states_codes_and_whole_country_words(overlay):
    folder = overlay(
        {
            "states.csv": "code,usps,name,code_system\n99,CA,California,local code\n",
            "codes.csv": "element,code,meaning,note,source\nchip code,1,Medicaid only,,our manual\n",
            "whole_country.csv": "alias\nUSA\n",
        }
    )
    policy = load([folder])
    assert row_of(policy, "policy_states", alias_key="99")["state"] == "CA"
    assert row_of(policy, "policy_states", alias_key="usa")["state"] == "*"
    assert row_of(policy, "policy_codes", element="chip code")["meaning"] == "Medicaid only"
    assert len(policy.tables["policy_codes"]) == len(load().tables["policy_codes"])


REGIMES = """
boundary_days = [2025-08-12]

[[regimes]]
id = "R1"
states_unsettled = []
states = [
  "AZ","CA","CO","CT","DE","HI","IL","MA","MD","ME",
  "MI","MN","NJ","NM","NV","NY","OR","RI","VT","WA","WI",
]

[[regimes]]
id = "R2"
title = "Second preliminary injunction, order of 29 Dec 2025"
[regimes.categories]
name = "permitted"
email = "review"

[[regimes]]
id = "R9"
title = "A stay"
enabled = false
evidence = "C"
citation = "What if"
states = []
states_unsettled = []

[implied_by]
age = ["date_of_birth", "date_of_death"]

[[instruments]]
id = "iea_2025_07"
hours = ["08:00", "18:15"]

[[reported_transfers]]
date = 2026-03-01
evidence = "C"
"""


def test_a_regime_is_merged_key_by_key(overlay):
    folder = overlay({"regimes.toml": REGIMES})
    policy = load([folder])
    origin = folder.as_posix() + "/regimes.toml"
    wisconsin = row_of(policy, "policy_regime_states", regime_id="R1", state="WI")
    assert (wisconsin["status"], wisconsin["origin"]) == ("covered", f"{origin}:7")
    assert row_of(policy, "policy_regimes", regime_id="R1")["origin"] == f"{origin}:4"
    assert row_of(policy, "policy_regimes", regime_id="R1")["first_day"] == date(2025, 8, 12)
    name = row_of(policy, "policy_severities", regime_id="R2", key="name")
    assert (name["severity"], name["origin"]) == ("permitted", f"{origin}:16")
    assert row_of(policy, "policy_severities", regime_id="R2", key="a_number")["severity"] == "review"
    assert row_of(policy, "policy_regimes", regime_id="R9")["enabled"] is False
    assert [row[0] for row in policy.tables["policy_boundary_days"]] == [date(2025, 8, 12)]
    assert len(policy.tables["policy_implied_by"]) == 6
    agreement = row_of(policy, "policy_instruments", instrument_id="iea_2025_07")
    assert (agreement["hours_from"], agreement["access"]) == ("08:00", "view only, no download")
    assert len(policy.tables["policy_reported_transfers"]) == 3
    assert told(policy) == [
        "regimes.toml:2 replaces boundary_days",
        "regimes.toml:29 replaces implied_by.age: with date_of_death",
        "regimes.toml:6 replaces R1.states_unsettled: without WI",
        "regimes.toml:7 replaces R1.states: with WI",
        "regimes.toml:14 repeats R2.title, no change",
        "regimes.toml:16 replaces R2.categories.name: review -> permitted",
        "regimes.toml:17 adds R2.categories.email: review",
        "regimes.toml:19 adds regime R9",
        "regimes.toml:33 replaces iea_2025_07.hours: without 09:00, 17:00, with 08:00, 18:15",
        "regimes.toml:35 adds reported transfer of 2026-03-01",
    ]


def test_a_lead_can_be_switched_on(overlay):
    folder = overlay(
        {
            "regimes.toml": '[[regimes]]\nid = "R2"\nlast_day = 2026-05-19\n'
            '[[regimes]]\nid = "R3"\nenabled = true\nfirst_day = 2026-05-20\n'
        }
    )
    policy = load([folder])
    assert policy.regime_on(date(2026, 5, 19)) == "R2"
    assert policy.regime_on(date(2026, 5, 20)) == "R3"


def test_a_certainty_is_laid_over_line_by_line(overlay):
    folder = overlay(
        {"regimes.toml": '[[regimes]]\nid = "R2"\n[regimes.certainty]\nprograms.default = "B"\nstates.WI = "A"\n'}
    )
    policy = load([folder])
    assert row_of(policy, "policy_regimes", regime_id="R2")["default_program_certainty"] == "B"
    assert row_of(policy, "policy_regime_states", regime_id="R2", state="WI")["certainty"] == "A"
    assert row_of(policy, "policy_severities", regime_id="R2", key="m_chip")["certainty"] == "C"
    assert told(policy) == [
        "regimes.toml:4 replaces R2.certainty.programs.default: C -> B",
        "regimes.toml:5 replaces R2.certainty.states.WI: C -> A",
    ]
    assert load([read_overlay("R2.certainty.programs.default=B"), read_overlay("R2.certainty.states.WI=A")]).sha256 == (
        policy.sha256
    )
    assert policy.sha256 != load().sha256


def test_a_state_that_leaves_its_list_leaves_its_certainty_behind(overlay):
    policy = load([overlay({"regimes.toml": '[[regimes]]\nid = "R2"\nstates_unsettled = []\n'})])
    assert "VA" not in {row[1] for row in policy.tables["policy_regime_states"] if row[0] == "R2"}


def test_the_last_overlay_wins_and_every_one_is_noted(overlay):
    one = overlay({"purposes.csv": "alias,purpose\nflood relief,other\n"}, "one")
    two = overlay({"purposes.csv": "alias,purpose\nFlood Relief,immigration_enforcement\n"}, "two")
    policy = load([one, two])
    relief = row_of(policy, "policy_purposes", alias_key="flood_relief")
    assert relief["purpose"] == "immigration_enforcement"
    assert [note.name for note in policy.overlays] == [one.as_posix(), two.as_posix()]
    assert load([two, one]).sha256 != policy.sha256
    assert "overlay" in str(policy.overlays[0])


def test_a_readme_and_hidden_files_may_lie_beside(overlay):
    folder = overlay({"README.md": "why", ".DS_Store": b"\xff", "programs.csv": "alias,program\nMAGI,medicaid\n"})
    assert told(load([folder])) == ["programs.csv:2 adds 'MAGI': medicaid"]


def test_a_spreadsheet_s_file_is_read(overlay):
    text = b"\xef\xbb\xbfalias,population\r\n stateless person ,\tother_lawfully_residing\r\n\r\n"
    policy = load([overlay({"populations.csv": text})])
    row = row_of(policy, "policy_populations", alias_key="stateless_person")
    assert row["population"] == "other_lawfully_residing"


def test_the_hash_hangs_on_what_the_policy_says_only(overlay, base):
    header = "alias,population\n"
    rows = ["Visa holder,other_lawfully_residing\n", "visa-holder,other_lawfully_residing\n"]
    one = load([overlay({"populations.csv": header + "".join(rows)}, "one")])
    two = load([overlay({"populations.csv": header + "".join(reversed(rows))}, "two")], base=base)
    assert one.sha256 == two.sha256
    assert one.sha256 != load().sha256
    assert load(base=base).sha256 == load().sha256


def test_an_overlay_that_repeats_the_base_changes_no_hash(overlay):
    folder = overlay({"programs.csv": "alias,program\nmedicaid,medicaid\n"})
    assert load([folder]).sha256 == load().sha256
    assert told(load([folder])) == ["programs.csv:2 repeats 'medicaid', no change"]


@pytest.mark.parametrize(
    ("files", "wrong"),
    [
        ({}, "mine:1: nothing to overlay"),
        ({"README.txt": "only words"}, "mine:1: nothing to overlay"),
        ({"regimes.toml": " \n"}, "regimes.toml:1: holds no keys"),
        ({"agencies.csv": ""}, "agencies.csv:1: holds no rows"),
        ({"agency.csv": "alias,agency,side\nX,X,sender\n"}, "agency.csv:1: no policy file"),
    ],
)
def test_a_folder_that_does_nothing_is_an_error(overlay, files, wrong):
    with pytest.raises(PolicyError) as caught:
        load([overlay(files)])
    assert wrong in str(caught.value)


@pytest.mark.parametrize(
    "files",
    [
        {"regimes.toml": "# nothing yet\n"},
        {"agencies.csv": "alias,agency,side\n"},
        {"elements.csv": "element,category"},
    ],
)
def test_files_to_be_filled_in_change_nothing(overlay, files):
    policy = load([overlay(files)])
    assert (told(policy), policy.sha256) == ([], load().sha256)


def test_a_base_of_headers_or_comments_is_refused(base):
    (base / "regimes.toml").write_text("# nothing\n")
    (base / "agencies.csv").write_text("alias,agency,side\n")
    with pytest.raises(PolicyError) as caught:
        load(base=base)
    assert "regimes.toml:1: holds no keys" in str(caught.value)
    assert "agencies.csv:1: holds no rows" in str(caught.value)


def test_a_population_may_lose_its_last_word(overlay):
    words = [word for _, word, population, _ in load().tables["policy_populations"] if population == "emergency_only"]
    folder = overlay({"populations.csv": "alias,population\n" + "".join(f"{word},parole\n" for word in words)})
    policy = load([folder])
    assert row_of(policy, "policy_populations", alias_key="immigration_status_3")["population"] == "parole"
    assert "emergency_only" not in {row[2] for row in policy.tables["policy_populations"]}
    assert row_of(policy, "policy_severities", regime_id="R2", key="emergency_only")["severity"] == "review"


def test_an_overlay_in_the_working_folder_is_told_from_the_base(overlay, monkeypatch):
    monkeypatch.chdir(overlay({"programs.csv": "alias,program\nMAGI,medicaid\n"}))
    policy = load([Path()])
    assert row_of(policy, "policy_programs", alias_key="magi")["origin"] == "./programs.csv:2"


def test_texts_are_laid_over_like_a_folder(overlay):
    files = {
        "programs.csv": "alias,program\nMAGI,medicaid\n",
        "regimes.toml": '[[regimes]]\nid = "R2"\nenabled = false\n',
    }
    virtual = Policy.load(Overlay("in memory", texts=files))
    assert virtual.sha256 == Policy.load(overlay(files)).sha256
    assert row_of(virtual, "policy_programs", alias_key="magi")["origin"] == "in memory/programs.csv:2"
    assert told(virtual) == [
        "programs.csv:2 adds 'MAGI': medicaid",
        "regimes.toml:3 replaces R2.enabled: true -> false",
    ]
    with pytest.raises(PolicyError, match=r"in memory/nope.csv:1: no policy file"):
        Policy.load(Overlay("in memory", texts={"nope.csv": ""}))


def test_a_folder_that_is_not_there_or_is_given_twice(overlay, tmp_path):
    folder = overlay({"programs.csv": "alias,program\nMAGI,medicaid\n"})
    with pytest.raises(PolicyError) as caught:
        load([folder, folder / ".." / "mine", tmp_path / "none"])
    assert "given twice" in str(caught.value)
    assert "none:1: not readable as a folder" in str(caught.value)
