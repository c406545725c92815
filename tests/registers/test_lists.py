"""What the items of a cell of states, programs or populations mean."""

from __future__ import annotations

import pytest

from auditscan.policy import Policy, normalize
from auditscan.registers.values import Evidence

POLICY = Policy.load()
EVIDENCE = Evidence.of(POLICY)
MEANINGS = {
    kind: {str(row[0]): str(row[place]) for row in POLICY.tables[f"policy_{kind}"]}
    for kind, place in (("states", 1), ("programs", 2), ("populations", 2))
}


def meant(kind, cell):
    return [MEANINGS[kind].get(normalize(item), "?") for item in EVIDENCE.items(kind, cell)]


@pytest.mark.parametrize(
    ("kind", "cell", "meaning"),
    [
        ("populations", "undocumented (and US citizen household members)", ["?"]),
        ("populations", "Citizens (excluded)", ["?"]),
        ("populations", "LPRs (green card holders)", ["lawful_permanent_resident"]),
        ("populations", "Refugees", ["other_lawfully_residing"]),
        ("populations", "not lawfully present, undocumented", ["described_unlawful", "described_unlawful"]),
        ("populations", "all enrollees except US citizens", ["?"]),
        ("populations", "undocumented, LPRs excluded", ["?"]),
        ("programs", "Medicaid (and Medicare)", ["?"]),
        ("programs", "Medicaid (CHIP)", ["?"]),
        ("programs", "Medicaid (Title XIX)", ["medicaid"]),
        ("programs", "Medicaid (T-MSIS)", ["medicaid"]),
        ("programs", "Medicaid, excluding CHIP", ["medicaid", "?"]),
        ("states", "Texas (and California)", ["?"]),
        ("states", "Texas (California)", ["?"]),
        ("states", "All states (except California)", ["?"]),
        ("states", "All states, except California, Washington", ["?"]),
        ("states", "All states but CA", ["?"]),
        ("states", "CA, WA, excluding OR, TX", ["CA", "WA", "?"]),
        ("states", "CA, WA excluded", ["?"]),
        ("states", "California (CA)", ["CA"]),
        ("states", "California (06)", ["CA"]),
        ("states", "06 - California", ["CA"]),
        ("states", "TX - California", ["?"]),
        ("states", "Washington, DC", ["DC"]),
        ("states", "Washington, D.C.", ["DC"]),
        ("states", "Washington DC", ["DC"]),
        ("states", "TX; Washington, DC", ["TX", "DC"]),
        ("states", "TX, Washington, DC", ["TX", "?"]),
        ("states", "Oregon, Washington", ["OR", "WA"]),
        ("states", "N.Y.", ["NY"]),
        ("states", "D.C.", ["DC"]),
        ("states", "NY State", ["NY"]),
        ("states", "Calif.", ["CA"]),
        ("states", "State of California", ["CA"]),
        ("states", "U.S.", ["*"]),
        ("states", "USA", ["*"]),
        ("states", "United States", ["*"]),
        ("states", "50 states and DC", ["*"]),
        ("states", "6", ["CA"]),
        ("states", "6; 53", ["CA", "WA"]),
        ("states", "06-Jan", ["?"]),
        ("states", "N/A", ["?"]),
    ],
)
def test_only_what_says_the_same_is_left_out(kind, cell, meaning):
    assert meant(kind, cell) == meaning


def test_all_plaintiff_states_are_those_that_every_order_names():
    found = meant("states", "all plaintiff states")
    assert {"CA", "NY", "WA"} <= set(found)
    assert not {"TX", "WI", "DC", "?"} & set(found)
    assert meant("states", "the plaintiff states; TX") == [*found, "TX"]
