"""The memory that the process of a command may take for SQL, beside what the engine counts."""

from __future__ import annotations

import io
import resource

import pytest

import asking
from auditscan.cli import run

HUGE = [
    "select unnest(range(1000000000))",
    "select len(range(1, 2000000000))",
    "select length(format('{:>2000000000}', 1))",
    "select length(repeat('x', 4000000000))",
    "select list_sort(list_transform(range(300000000), lambda x: md5(x::varchar)))",
    "select repeat('x', 1500000000) as a from range(3)",
]


@pytest.fixture
def query(database, capsys):
    def query(sql, *arguments):
        words = ["query", "--db", str(database), "--as-of", asking.AS_OF, "--format", "csv"]
        code = run([*words, "--sql", sql, *arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return query


@pytest.mark.parametrize("sql", HUGE)
def test_what_a_function_makes_beside_the_engines_count_is_refused_as_too_much_memory(query, sql):
    before = resource.getrlimit(resource.RLIMIT_DATA)
    code, _, err = query(sql, "--memory", "200MB", "--timeout", "60")
    assert code == 20, err
    assert "the statement needs more than the 200MB of memory that it may take" in err
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


@pytest.mark.parametrize("threads", ["1", "4", "16"])
def test_what_fits_into_the_engines_own_limit_runs(query, threads):
    sql = "select count(distinct md5(i::varchar)) as n from (select i from range(1000000) t(i) order by hash(i))"
    assert query(sql, "--memory", "500MB", "--threads", threads)[:2] == (0, "n\n1000000\n")
    code, out, _ = query("select i, 'x' || i as t from range(300000) t(i)", "--threads", threads)
    assert (code, out.count("\n")) == (0, 300_001)


def test_memory_that_is_refused_beside_the_engine_is_told_as_the_limit(database, monkeypatch, capsys):
    """What a statement took may be given back only after the next thing was refused."""

    def refuse(*_):
        raise MemoryError

    monkeypatch.setattr("auditscan.prompt.conversation.Conversation.run_sql", refuse)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"select 1;\nselect 2;\n")))
    assert run(["sql", "--db", str(database), "--no-ide", "--keep-going"]) == 20
    assert capsys.readouterr().err.count("needs more than the 2GB of memory") == 2
