"""A few of the attacks of `attacks/kinds/hostile_sql.py`, each door among them."""

from __future__ import annotations

from attacks.kinds import hostile_sql


def test_a_few_attacks_find_nothing(tmp_path):
    counted = hostile_sql.attack(10, 5, tmp_path)
    assert counted.findings == []
    assert counted.tried == 10
