"""A few of the attacks of `attacks/kinds/engine_settings.py`, scans and views among them."""

from __future__ import annotations

from attacks.kinds import engine_settings


def test_a_few_attacks_find_nothing(tmp_path):
    counted = engine_settings.attack(3, 5, tmp_path)
    assert counted.findings == []
    assert counted.tried == 3
