"""The attack with hostile text, a few command runs."""

from __future__ import annotations

from attacks.kinds import hostile_text


def test_few_commands_show_no_hostile_text_raw(tmp_path):
    counted = hostile_text.attack(7, 4, tmp_path)
    assert counted.findings == []
    assert counted.tried == 7
