"""What no test may see of the machine it runs on: a user's own settings, and how the tests were started."""

from __future__ import annotations

import gc
import os
import signal
import sys
import tempfile
from datetime import date
from pathlib import Path

import pytest

from auditscan.library import Library, shipped_folder
from auditscan.policy import load
from auditscan.scanning.scan import scan
from auditscan.scanning.template import see_to_template
from auditscan.store import open_store

MEMORY_IN_STOCK = ":".join(
    f"glibc.malloc.{name}={value}"
    for name, value in {
        "tcache_count": 65535,
        "arena_max": 1,
        "mmap_threshold": 1 << 30,
        "trim_threshold": 1 << 30,
        "top_pad": 1 << 24,
    }.items()
)
"""To plan a query takes the engine hundreds of thousands of small pieces of memory, and a scan is a hundred queries.
Kept in stock instead of given back and merged, they take a tenth less."""


def pytest_configure(config):
    """Hide the user's own settings and caches before any test module is imported, for some load the policy then."""
    patch = pytest.MonkeyPatch()
    config.add_cleanup(patch.undo)
    folder = tempfile.TemporaryDirectory(prefix="auditscan-tests-")
    config.add_cleanup(folder.cleanup)
    for name in [name for name in os.environ if name.startswith("AUDITSCAN_")]:
        patch.delenv(name)
    # Hundreds of commands are started: without what the first of them compiled, each takes half as long again.
    patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    # Nor is every assertion of every test module to be rewritten again in each run, by each of its processes.
    patch.setattr(sys, "dont_write_bytecode", False)
    for kind in ("CONFIG", "STATE", "CACHE"):
        place = Path(folder.name, kind.lower())
        place.mkdir()
        patch.setenv(f"XDG_{kind}_HOME", str(place))
    # A process reads it as it begins: it is for the workers, and not for the programs that they start.
    if hasattr(config, "workerinput"):
        patch.delenv("GLIBC_TUNABLES", raising=False)
    elif getattr(config.option, "numprocesses", None):
        patch.setenv("GLIBC_TUNABLES", MEMORY_IN_STOCK)


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Let the garbage collector pass over thousands of tests and modules: a fifth of the time went into that."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(autouse=True, scope="session")
def _new_databases_are_at_hand():
    # Thousands of databases are opened, and each would be made from its first statement on.
    see_to_template(Library.shipped())


@pytest.fixture(scope="session")
def judged_samples(tmp_path_factory):
    """The sample logs in a database, to be opened for reading only, and the result of the scan: it takes seconds."""
    path = tmp_path_factory.mktemp("samples") / "case.duckdb"
    with open_store(path, Library.shipped(), threads=2) as store:
        result = scan(store, [shipped_folder("sample_logs")], load(), date(2026, 11, 22))
    return path, result


@pytest.fixture(autouse=True, scope="session")
def _interrupts_are_heard():
    # A shell starts what runs in the background with interrupts ignored, and so would every process of a test be.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
