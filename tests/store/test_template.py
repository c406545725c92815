"""A new database begins as a copy of an empty one, and is what it would be without: the same content and answers."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from auditscan.cli import run
from auditscan.disk import cache
from auditscan.ledger.receipts.digests import lines_of_state
from auditscan.library import Library
from auditscan.policy import load
from auditscan.store import open_store
from scans import LIBRARY

AS_OF = ["--as-of", "2026-03-01"]
SAMPLES = Path(__file__).parents[2] / "sample_logs"
LOGS = [str(SAMPLES / name) for name in ("01-idr-queries.ndjson", "02-eft-pushes.csv", "broken.ndjson")]
OTHERS = [str(SAMPLES / "other-systems" / name) for name in ("moveit.csv", "vsftpd.log")]
RULE = """/*
title = "Somebody's rule"
description = "One."
severity = "review"
reads = "transfers"
citation = "None."
evidence = "D"
why = "A test."
false_positives = "All."
*/
select record_key, 'it is there' as evidence, 'none' as citation, 'D' as certainty from transfers
"""


@pytest.fixture
def without(monkeypatch):
    """Leave no place where anything could be kept; gives how to go back."""
    before = os.environ["XDG_CACHE_HOME"]
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")
    return lambda: monkeypatch.setenv("XDG_CACHE_HOME", before)


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A folder of this test's own with what is kept, which it may spoil."""
    shutil.copytree(cache.folder(), tmp_path / "cache" / "auditscan" / "made")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    cache.folder().chmod(0o700)
    return cache.folder()


def is_laid() -> bool:
    with open_store(None, LIBRARY, threads=1) as store:
        return store.laid


def template(folder: Path) -> Path:
    (found,) = folder.glob("template-*")
    return found


def said(database: Path) -> dict[str, list[str]]:
    """All that a database holds and is made of, comments too."""
    with open_store(database, LIBRARY, read_only=True) as store:
        return {name: list(found) for name, found in lines_of_state(store, None)}


def scanned(folder: Path, name: str, *more: str) -> tuple[dict[str, list[str]], bytes]:
    database, answers = folder / f"{name}.duckdb", folder / f"{name}.ndjson"
    assert run(["scan", *more, "--db", str(database), "--out", str(answers), *AS_OF]) in (11, 12, 20)
    return said(database), answers.read_bytes()


@pytest.mark.parametrize(
    "how",
    [
        LOGS,
        [*OTHERS, "--no-link"],
        [
            *LOGS,
            "--since",
            "2025-11-01",
            "--policy",
            str(Path(load.__code__.co_filename).parent / "what_ifs/names-permitted"),
        ],
        [*OTHERS, "--queries", "mine"],
    ],
    ids=["canonical logs", "a rule that does not apply", "another policy and first day", "a rule that somebody brings"],
)
def test_a_database_is_the_same_with_and_without_a_template(tmp_path, monkeypatch, without, how):
    monkeypatch.chdir(tmp_path)
    Path("mine/rules").mkdir(parents=True)
    Path("mine/rules/own.sql").write_text(RULE)
    plain = scanned(tmp_path, "plain", *how)
    assert not is_laid()
    without()
    assert is_laid()
    laid = scanned(tmp_path, "laid", *how)
    assert laid[0].keys() == plain[0].keys()
    for name in plain[0]:
        assert laid[0][name] == plain[0][name], name
    assert laid[1] == plain[1]


def test_what_the_library_and_the_policy_say_is_the_same_when_it_was_kept(own):
    code = (
        "from auditscan.library import Library; from auditscan.policy import load; library = Library.shipped();"
        "print([(query, dict(query.header), dict(query.params)) for query in library.queries], load())"
    )
    found = {
        home: subprocess.run(
            [sys.executable, "-c", code], env=os.environ | {"XDG_CACHE_HOME": home}, capture_output=True, check=True
        ).stdout
        for home in ("/dev/null", str(own.parents[1]))
    }
    assert len(set(found.values())) == 1
    assert len(next(iter(found.values()))) > 1 << 20


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.write_bytes(file.read_bytes()[:-1]),
        lambda file: file.write_bytes(file.read_bytes()[:1000] + b"x" + file.read_bytes()[1001:]),
        lambda file: file.write_bytes(b""),
        lambda file: file.chmod(0o660),
        lambda file: file.chmod(0o602),
        lambda file: (file.rename(file.with_name("elsewhere")), file.symlink_to("elsewhere")),
        lambda file: (file.unlink(), file.mkdir()),
        lambda file: file.parent.chmod(0o770),
        lambda file: (file.parent.rename(file.parent.with_name("real")), file.parent.symlink_to("real")),
        lambda file: shutil.rmtree(file.parent),
    ],
    ids=[
        "cut", "changed", "empty", "of a group", "of all", "a link", "a folder", "a folder of a group",
        "a link to a folder", "gone",
    ],
)  # fmt: skip
def test_a_template_that_cannot_be_relied_on_is_not_used(own, spoil):
    assert is_laid()
    spoil(template(own))
    assert not is_laid()


def test_a_template_of_somebody_else_is_not_used(own, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    assert not is_laid()
    assert template(own)


def test_a_template_of_something_else_is_not_used(own, monkeypatch):
    monkeypatch.setattr(cache, "__version__", "0.0.0")
    assert not is_laid()
    with open_store(None, LIBRARY, threads=1) as store:
        other = cache.name_of("template", ())
        # What lies under another name was made of something else, whatever it is called now.
        template(own).rename(own / other)
        assert cache.kept(other) is None
        assert not store.laid


def test_other_schemas_have_no_template(own, tmp_path):
    shutil.copytree(LIBRARY.queries[0].path.parents[1], tmp_path / "queries")
    with open_store(None, Library.load([tmp_path / "queries"]), threads=1) as store:
        assert not store.laid


def test_a_folder_that_takes_nothing_changes_nothing(tmp_path, monkeypatch, capsys):
    expected = scanned(tmp_path, "before", *LOGS), capsys.readouterr().err
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    real = tempfile.mkstemp

    def full(*at, **how):
        if how["dir"] == cache.folder():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*at, **how)

    monkeypatch.setattr(tempfile, "mkstemp", full)
    found = scanned(tmp_path, "after", *LOGS), capsys.readouterr().err.replace("after.ndjson", "before.ndjson")
    assert found == expected
    assert list(cache.folder().iterdir()) == []


def test_a_name_that_is_no_place_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cache, "folder", lambda: Path("~/made"))
    cache.keep("a", b"b")
    assert not cache.can_keep()
    assert list(tmp_path.iterdir()) == []


def test_processes_that_begin_at_once_make_whole_templates(tmp_path):
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    command = [sys.executable, "-m", "auditscan", "report", LOGS[0], "--no-pager", *AS_OF]
    running = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)
    ]
    told = {process.communicate() for process in running}
    assert [process.returncode for process in running] == [0, 0, 0]
    assert len(told) == 1
    made = tmp_path / "cache" / "auditscan" / "made"
    assert sorted(path.name.partition("-")[0] for path in made.iterdir()) == ["headers", "policy", "template"]
    assert {path.stat().st_mode & 0o777 for path in made.iterdir()} == {0o600}
    assert made.stat().st_mode & 0o777 == 0o700
    assert subprocess.run(command, env=environment, capture_output=True, check=True).stdout == next(iter(told))[0]


def test_what_was_not_asked_for_longest_goes(own):
    asked = template(own).name
    for place in range(3 * cache.MOST_FILES):
        cache.keep(f"new-{place}", b"x")
        assert cache.kept(asked) is not None
    assert len(list(own.iterdir())) == cache.MOST_FILES
    assert cache.kept("new-0") is None
    assert cache.kept(f"new-{place}") == b"x"
