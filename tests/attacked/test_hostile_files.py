"""Hostile files, a few of each sort: the whole of the attack is `make attack`."""

from __future__ import annotations

from attacks.kinds.hostile_files import attack


def test_hostile_files_are_read_or_named(tmp_path):
    counted = attack(16, 3, tmp_path)
    assert counted.findings == []
    assert counted.tried == 16
