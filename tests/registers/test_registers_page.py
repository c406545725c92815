"""docs/registers.md says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from auditscan.ingest.sheet_log import WHOLE_BYTES, WHOLE_LINES
from auditscan.registers.columns import FIELDS
from auditscan.registers.mapping import CONSTANTS, SEPARATORS, read_mapping
from auditscan.registers.sheet_xml import MAX_UNPACKED
from auditscan.registers.workbooks import MAX_CELLS

TEXT = (Path(__file__).parents[2] / "docs" / "registers.md").read_text(encoding="utf-8")


def test_the_mapping_that_the_page_shows_can_be_used(tmp_path):
    example = re.search(r"```toml\n(.*?)```", TEXT, re.DOTALL)[1]
    (tmp_path / "m.toml").write_text(example)
    (table,) = read_mapping(tmp_path / "m.toml").tables
    header = ["", "Date of Disclosure", "Disclosed To", "Description", "State", "", "State", "Tax no. given?"]
    assert table.places(header) == {"occurred_at": [1], "recipient": [2], "elements": [3], "states": [6]}
    assert table.separators == SEPARATORS


def test_every_field_and_constant_is_told():
    assert set(re.findall(r"`(\w+)`", TEXT[TEXT.index("| Field |") :])) >= {*FIELDS, *CONSTANTS}


def test_the_limits_are_those_of_the_program():
    assert MAX_UNPACKED == 1 << 30
    assert f"{MAX_CELLS:,}" in TEXT
    assert f"more than {WHOLE_BYTES >> 20} MiB or\n{WHOLE_LINES:,} lines" in TEXT
