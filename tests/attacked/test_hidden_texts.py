"""The attack on what is hidden, on one set of logs."""

from __future__ import annotations

from attacks.kinds import hidden_texts


def test_what_is_hidden_is_in_no_output(tmp_path):
    counted = hidden_texts.attack(10, 4, tmp_path)
    assert counted.findings == []
    assert counted.tried == 10
