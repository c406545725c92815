"""A judged database that no test changes, and `auditscan sql` on it: in a pipe and on a terminal."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

import asking
from auditscan.cli import run
from terminals import Terminal

COMMAND = [sys.executable, "-m", "auditscan", "sql"]


@pytest.fixture(scope="session")
def database(tmp_path_factory):
    return asking.kept_in(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def environment(tmp_path):
    """A home and a folder for temporary files of its own; what new databases begin with is at hand."""
    for name in ("home", "temporary"):
        (tmp_path / name).mkdir()
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AUDITSCAN_", "XDG_", "LESS", "LINES", "COLUMNS"))
    }
    kept |= {"HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path / "temporary"), "TERM": "xterm"}
    kept |= {"XDG_CACHE_HOME": os.environ["XDG_CACHE_HOME"]}
    return {**kept, "PYTHONPATH": str(Path(__file__).parents[3] / "src")}


@pytest.fixture
def piped(database, environment, tmp_path):
    """Run a script through the standard input of this process; return exit code, output and narration."""

    def piped(script, *arguments, where=None):
        named = ["--db", str(database)] if where is None else where
        script = script if isinstance(script, bytes) else script.encode()
        source, out, err = (io.TextIOWrapper(io.BytesIO(text), encoding="utf-8") for text in (script, b"", b""))
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            for name in os.environ.keys() - environment.keys():
                patch.delenv(name)
            for name, value in environment.items():
                patch.setenv(name, value)
            patch.setattr(tempfile, "tempdir", environment["TMPDIR"])
            patch.setattr(sys, "stdin", source)
            patch.chdir(tmp_path)
            code = run(["sql", *named, "--as-of", asking.AS_OF, *arguments])
        return code, *(_written(stream) for stream in (out, err))

    return piped


def _written(stream):
    stream.flush()
    return stream.buffer.getvalue().decode()


@pytest.fixture
def outside(database, environment, tmp_path):
    """Run a script as `piped` does, through a process of its own."""

    def outside(script, *arguments, where=None):
        named = ["--db", str(database)] if where is None else where
        done = subprocess.run(
            [*COMMAND, *named, "--as-of", asking.AS_OF, *arguments],
            input=script.encode(),
            capture_output=True,
            timeout=120,
            check=False,
            env=environment,
            cwd=tmp_path,
        )
        return done.returncode, done.stdout.decode(), _without_leaks(done.stderr.decode())

    return outside


def _without_leaks(text):
    # What the engine's binding says when a process ends is not ours.
    return text.split("nanobind:")[0]


@pytest.fixture
def terminal(environment, database, tmp_path):
    """Start the session on a terminal."""
    started = []

    def terminal(*arguments, where=None, **variables):
        named = ["--db", str(database)] if where is None else where
        command = [*COMMAND, *named, "--as-of", asking.AS_OF, *arguments]
        started.append(Terminal(command, {**environment, **variables}, tmp_path))
        return started[-1]

    yield terminal
    for one in started:
        one.close()
