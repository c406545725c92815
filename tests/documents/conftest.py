"""A folder of logs, and a database of it, for the documents that are written of them."""

from __future__ import annotations

from contextlib import chdir

import pytest

from auditscan.cli import run
from reporting import AS_OF, make_folder


@pytest.fixture(scope="module")
def case_folder(tmp_path_factory):
    """A folder with logs and `case.duckdb`, in which the tests of a module write."""
    folder = make_folder(tmp_path_factory.mktemp("case"))
    with chdir(folder):
        assert run(["scan", "logs", "--db", "case.duckdb", "--as-of", AS_OF, "--exit-zero"]) in (0, 20)
    return folder
