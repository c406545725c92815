"""Some fields taken away or exchanged: `make attack` does it to all of them."""

from __future__ import annotations

from attacks.kinds.missing_fields import attack


def test_no_log_turns_clean(tmp_path):
    counted = attack(12, 3, tmp_path)
    assert counted.findings == []
    assert counted.tried == 12
