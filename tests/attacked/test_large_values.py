"""A few of the attacks with large values, smaller than they are in full."""

from __future__ import annotations

from attacks.kinds import large_values


def test_few(tmp_path, monkeypatch):
    monkeypatch.setattr(large_values, "MEGABYTES", ((0.3, 0.5), (17, 18)))
    monkeypatch.setattr(large_values, "LINES", (2_000, 6_000))
    counted = large_values.attack(2, 5, tmp_path)
    assert (counted.findings, counted.tried) == ([], 2)
