"""A small run of the attack with made-up records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attacks.kinds.against_oracle import attack

if TYPE_CHECKING:
    from pathlib import Path


def test_made_up_records(tmp_path: Path) -> None:
    counted = attack(400, 11, tmp_path)
    assert counted.findings == []
    assert counted.tried == 400
