"""The attack with folders of strangers, once with each kind of them."""

from __future__ import annotations

from attacks.kinds import strangers


def test_few_folders_of_strangers_reach_nothing(tmp_path):
    counted = strangers.attack(6, 3, tmp_path)
    assert counted.findings == []
    assert counted.tried == 6
