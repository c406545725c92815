"""`auditscan policy diff` and `sweep` from outside."""

from __future__ import annotations

import io
import json
import os
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from auditscan.cli import run

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
AS_OF = ("--as-of", "2026-11-22")
# The logs of other systems ask nothing more of a policy, and are read in other tests.
LOGS = sorted(f"sample_logs/{path.name}" for path in (ROOT / "sample_logs").iterdir() if path.name != "other-systems")


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """The sample logs, judged."""
    path = tmp_path_factory.mktemp("kept") / "case.duckdb"
    here = Path.cwd()
    os.chdir(ROOT)
    try:
        assert run(["scan", *LOGS, "--db", str(path), *AS_OF]) == 20
    finally:
        os.chdir(here)
    return path


@pytest.fixture
def say(capsys, kept, monkeypatch):
    """Run a command on the kept database and return its code and what it wrote."""
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("COLUMNS", raising=False)

    def command(*arguments, db=True):
        capsys.readouterr()
        code = run(["policy", *arguments, *AS_OF, *(("--db", str(kept)) if db else ())])
        return code, *capsys.readouterr()

    return command


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("diff_names_80", ("diff", "base", "names-permitted", "--list", "2")),
        ("diff_wisconsin_80", ("diff", "base", "wisconsin-from-2025-08-14")),
        ("diff_days_120", ("diff", "2025-10-01", "2026-02-01", "--width", "120")),
        ("sweep_80", ("sweep",)),
        ("sweep_then_80", ("sweep", "--under", "2025-10-01")),
    ],
)
def test_what_it_draws(name, arguments, say):
    code, out, err = say(*arguments)
    assert (code, err) == (0, "")
    width = 120 if name.endswith("120") else 80
    assert max(len(line) for line in out.splitlines()) <= width
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(out, encoding="utf-8")
    assert out == golden.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def changed(kept):
    """What a comparison says as JSON, of all transfers that it changes."""
    with redirect_stdout(io.StringIO()) as out:
        arguments = ["--list", "-1", "--json", *AS_OF, "--db", str(kept)]
        assert run(["policy", "diff", "base", "names-enjoined", *arguments]) == 0
    return json.loads(out.getvalue())


def test_json_holds_what_is_drawn(say, changed):
    assert changed["before"]["policy"] == "base"
    assert changed["after"]["policy"] == "names-enjoined"
    assert changed["before"]["sha256"] != changed["after"]["sha256"]
    happened = [row for row in changed["transfers"] if row["outcome"] != "failure"]
    assert len(happened) == changed["headline"]["changed_now"]
    _, out, _ = say("sweep", "--json")
    points = json.loads(out)["points"]
    assert points[0]["transfers"] == max(point["transfers"] for point in points)


@pytest.mark.parametrize("ending", [".csv", ".ndjson", ".parquet", ".xlsx", ".md"])
def test_all_changed_transfers_in_a_file(ending, say, changed, tmp_path):
    out = tmp_path / f"changed{ending}"
    code, _, err = say("diff", "base", "names-enjoined", "--out", str(out))
    assert code == 0
    assert out.stat().st_size > 500
    found = changed["transfers"]
    assert f"{len(found)} transfers in " in err
    if ending == ".ndjson":
        written = [json.loads(line) for line in out.read_text().splitlines()]
        assert written == found


@pytest.mark.parametrize("name", ["changed", "changed.exe", "changed.txt", "no/such/folder.csv", "."])
def test_a_name_that_cannot_be_written(name, say, tmp_path):
    code, out, err = say("diff", "base", "names-enjoined", "--out", str(tmp_path / name))
    assert (code, out) == (2, "")
    assert err.startswith("auditscan: ")
    assert list(tmp_path.iterdir()) == []


def test_the_database_is_not_written_over(say, kept):
    before = kept.read_bytes()
    code, _, err = say("diff", "base", "names-enjoined", "--out", str(kept))
    assert code == 2
    assert "the database itself" in err
    assert kept.read_bytes() == before


def test_logs_instead_of_a_database(say, tmp_path):
    logs, case = LOGS[:2], str(tmp_path / "case.duckdb")
    assert run(["scan", *logs, "--db", case, *AS_OF]) == 12
    asked = ("diff", "base", "names-enjoined", "--json")
    code, kept, _ = say(*asked, "--db", case, db=False)
    code, fresh, _ = say(*asked, *logs, db=False)
    assert code == 0
    assert json.loads(fresh) == json.loads(kept)
    assert json.loads(kept)["headline"]["changed_now"] > 0


def test_a_policy_laid_under_both(say, tmp_path):
    (tmp_path / "regimes.toml").write_text('[[regimes]]\nid = "R2"\nadd_states = ["WI"]\n')
    code, out, _ = say("diff", "base", "R2.remove_states=WI", "--policy", str(tmp_path), "--json")
    assert code == 0
    assert {row["entry"] for row in json.loads(out)["entries"]} == {"R2.WI", "R2.WI.certainty", "R2.WI.note"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("diff", "base", "names-permited"), "did you mean names-permitted"),
        (("diff", "base", "R9.enabled=true"), "R9"),
        (("diff", "base", "R2.categories.name=maybe"), "maybe"),
        (("diff", "base", "2026-13-01"), "no day"),
        (("diff", "base", "2026-01-01+2026-02-01"), "two days"),
        (("diff", "base", ""), "empty"),
        (("diff", "base"), "AFTER"),
        (("diff", "base", "names-permitted", "--list", "-2"), "--list"),
        (("sweep", "--under", "nowhere"), "nowhere"),
    ],
)
def test_what_it_cannot_read(arguments, said, say):
    code, out, err = say(*arguments)
    assert (code, out) == (2, "")
    assert said in err


def test_a_kept_database_is_read_in_place(say, monkeypatch):
    """Judging a copy again would take longer than the comparison, and an as-of date alone needs none."""

    def refuse(*_, **__):
        raise AssertionError("a copy was made")

    monkeypatch.setattr("shutil.copyfile", refuse)
    code, out, _ = say("diff", "2025-10-01", "names-permitted+R1.enabled=false", "--json")
    assert code == 0
    assert json.loads(out)["headline"]["changed_now"] > 0


def test_without_a_database(say, tmp_path):
    code, _, err = say("sweep", "--db", str(tmp_path / "none.duckdb"), db=False)
    assert code == 3
    assert "no such database" in err
    code, _, err = say("sweep", db=False)
    assert code == 2
    assert "--db" in err
