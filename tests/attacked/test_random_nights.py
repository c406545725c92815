"""A few of the nights that `make attack` has over logs that change."""

from __future__ import annotations

from attacks.kinds import random_nights


def test_random_nights_lose_and_invent_nothing(tmp_path):
    counted = random_nights.attack(4, 5, tmp_path)
    assert (counted.findings, counted.tried) == ([], 4)
