"""The attack on the network, on two commands."""

from __future__ import annotations

import shutil

import pytest

from attacks.kinds import network


@pytest.mark.skipif(shutil.which("strace") is None, reason="there is no strace")
def test_two_commands_open_no_socket(tmp_path):
    counted = network.attack(2, 1, tmp_path)
    assert counted.findings == []
    assert counted.tried in (0, 2)
