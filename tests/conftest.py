"""What no test may see of the machine it runs on: a user's own settings, and how the tests were started."""

from __future__ import annotations

import os
import signal

import pytest

from auditscan.library import Library
from auditscan.scanning.template import see_to_template


@pytest.fixture(autouse=True, scope="session")
def _no_settings_of_the_user(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AUDITSCAN_")]:
            patch.delenv(name)
        # Hundreds of commands are started: without what the first of them compiled, each takes half as long again.
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        # Thousands of databases are opened, and each would be made from its first statement on.
        see_to_template(Library.shipped())
        yield


@pytest.fixture(autouse=True, scope="session")
def _interrupts_are_heard():
    # A shell starts what runs in the background with interrupts ignored, and so would every process of a test be.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
