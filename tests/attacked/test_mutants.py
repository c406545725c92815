"""A small run of the attack with damaged logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attacks.kinds.mutants import attack

if TYPE_CHECKING:
    from pathlib import Path


def test_damaged_logs(tmp_path: Path) -> None:
    counted = attack(20, 3, tmp_path)
    assert counted.findings == []
    assert counted.tried == 20
