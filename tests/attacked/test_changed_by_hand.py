"""A few changes by hand of each run of the attack."""

from __future__ import annotations

from attacks.kinds.changed_by_hand import attack


def test_a_few(tmp_path):
    counted = attack(4, 3, tmp_path)
    assert counted.findings == []
    assert counted.tried == 4
