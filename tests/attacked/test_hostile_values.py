"""Some odd values in fields of logs: `make attack` tries them by the hundred thousand."""

from __future__ import annotations

from attacks.kinds.hostile_values import attack


def test_odd_values_cost_their_own_record(tmp_path):
    counted = attack(150, 11, tmp_path)
    assert counted.findings == []
    assert counted.tried == 150
