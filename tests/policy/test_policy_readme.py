"""The worked example in the tables' README does what the README says."""

from __future__ import annotations

import re
from datetime import date

from auditscan.policy import load

from .conftest import PACKAGE


def test_the_worked_example_of_an_overlay(overlay):
    text = (PACKAGE / "README.md").read_text(encoding="utf-8")
    files = dict(re.findall(r"^`([a-z]+\.(?:csv|toml))`\n```\w+\n(.*?)```$", text, re.S | re.M))
    assert sorted(files) == ["agencies.csv", "elements.csv", "regimes.toml"]
    (promised,) = re.findall(r"```text\n(.*?)```", text, re.S)
    policy = load([overlay(files)])
    assert [str(change) for change in policy.overlays[0].changes] == promised.splitlines()
    states = {row[1]: row[2] for row in policy.tables["policy_regime_states"] if row[0] == "R1-WI"}
    assert states["WI"] == "covered"
    assert policy.regime_on(date(2026, 1, 5)) == "R1-WI"


def test_the_readme_names_every_file_and_the_states_example_loads(overlay):
    text = (PACKAGE / "README.md").read_text(encoding="utf-8")
    for file in (*PACKAGE.glob("*.csv"), *PACKAGE.glob("*.toml")):
        assert f"| `{file.name}` |" in text
    header = "code,usps,name,code_system\n"
    row = "6,CA,California,FIPS without zero"
    assert f"`{row}`" in text
    load([overlay({"states.csv": header + row + "\n"})])
