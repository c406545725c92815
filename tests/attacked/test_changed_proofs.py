"""The attack on receipts and manifests, a few changes."""

from __future__ import annotations

from attacks.kinds import changed_proofs


def test_few_changes_are_all_told(tmp_path):
    counted = changed_proofs.attack(16, 4, tmp_path)
    assert counted.findings == []
    assert counted.tried == 16
