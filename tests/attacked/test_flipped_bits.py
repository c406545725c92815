"""A few flips of each run of the attack."""

from __future__ import annotations

from attacks.kinds.flipped_bits import attack


def test_a_few(tmp_path):
    counted = attack(5, 3, tmp_path)
    assert counted.findings == []
    assert counted.tried == 5
