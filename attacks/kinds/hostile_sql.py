"""SQL and client commands that write, read beside the case, or take time and memory: five doors of a locked session."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import random
import resource
import subprocess
import sys
import time
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

import asking
from attacks.counted import Counted
from auditscan.cli import run
from auditscan.library import Library
from auditscan.session.locked import Limits, open_session
from auditscan.text import literal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FULL = 300
STEP = 50

DOORS = {"raw": 20, "pipe": 9, "bomb": 9, "dot": 6, "client": 6}
"""Of 50 attacks, how many go through which door: the engine's own connection, `auditscan sql` in a pipe, SQL that takes
too much there, its dot commands, DuckDB's own client under `auditscan connect`."""

CANARY = "the canary sings at midnight"
LETTING_GO = (
    ["use memory", "detach auditscan"],
    ["attach ':memory:' as m", "use m", "detach auditscan", "detach memory"],
    [],
)


def attack(count: int, seed: int, folder: Path) -> Counted:
    """Make that many attacks on a case of its own."""
    draw = random.Random(seed)
    doors = Counter[str]()
    for number in range(count):
        # The door that is furthest behind its share.
        share = {name: doors[name] - DOORS[name] * (number + 1) / sum(DOORS.values()) for name in DOORS}
        doors[min(share, key=lambda name: share[name])] += 1
    place = Place(folder)
    counted = Counted()
    with contextlib.chdir(place.folder):
        for door, one in {"raw": raw, "pipe": pipe, "bomb": bombs, "dot": dots, "client": client}.items():
            if doors[door]:
                one(doors[door], draw, place, counted)
    return counted


class Place:
    """A folder with a case, something to steal, and links to both; nothing in it may change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "there"
        self.folder.mkdir()
        # Out of the way: it is no secret, and its folder may change.
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            asking.kept_in(self.folder)
        self.case = self.folder / "kept.duckdb"
        secret = self.folder / "secret.csv"
        secret.write_text(f"a\n{CANARY}\n")
        with duckdb.connect(str(self.folder / "other.duckdb")) as other:
            other.execute("create table t as select $1 as a", [CANARY])
        for one, name in ((secret, "secret"), (self.case, "case")):
            (self.folder / f"soft-{name}.csv").symlink_to(one)
            (self.folder / f"hard-{name}.csv").hardlink_to(one)
        (self.folder / "linked").symlink_to(self.folder)
        self.before = self.seen()

    def seen(self) -> dict[str, str]:
        """What lies in the folder, by name."""
        return {
            str(path.relative_to(self.folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            for path in sorted(self.folder.rglob("*"))
        }

    def changed(self) -> str:
        """What is other than before; it counts once."""
        now = self.seen()
        different = {name for name in {*now, *self.before} if now.get(name) != self.before.get(name)}
        self.before = now
        return ", ".join(sorted(different))

    def spelled(self, draw: random.Random, *names: str) -> str:
        """One of some files, in one of the ways to name it."""
        name = draw.choice(names)
        path = self.folder / name
        return draw.choice(
            [
                name,
                str(path),
                f"./{name}",
                f"../{self.folder.name}/{name}",
                f"linked/{name}",
                f"linked/linked/../there/{name}",
                f"file://{path}",
                f"file:{path}",
                f"/proc/self/cwd/{name}",
                f"/proc/self/root{path}",
                f"//{path}",
                f"{name[:-2]}*",
                f"{path.parent}/**/{name}",
                f"{name}?x=1",
                f"{self.folder}/./{name}",
                f"/proc/self/fd/{draw.randrange(3, 40)}",
                f"/dev/fd/{draw.randrange(3, 40)}",
            ]
        )


def statement(draw: random.Random, place: Place, known: Known) -> str:
    """One statement that tries to read, write or change what it must not."""
    source = literal(place.spelled(draw, "secret.csv", "soft-secret.csv", "hard-secret.csv", "other.duckdb"))
    own = literal(place.spelled(draw, "kept.duckdb", "soft-case.csv", "hard-case.csv", "kept.duckdb.wal"))
    target = draw.choice([own, source, literal(place.folder / "written"), "'written'", "'/dev/stdout'", "'linked/w'"])
    setting, value = draw.choice(known.settings), draw.choice(["'x'", "true", "false", "'/'", "['/']", "1", "''"])
    function = draw.choice(known.functions)
    form = draw.choice(["csv", "parquet", "json", "csv, use_tmp_file false", "json, overwrite_or_ignore"])
    ways: Sequence[Callable[[], str]] = (
        lambda: f"select * from {function}({source})",
        lambda: f"select * from {function}({draw.choice([own, source, target])}, {draw.choice([source, target, '1'])})",
        lambda: f"select {draw.choice(known.scalars)}({source}), {draw.choice(known.scalars)}({source}, {target})",
        lambda: f"call {function}({target})",
        lambda: f"select * from {source}",
        lambda: f"from query('select * from read_text({source.replace(chr(39), chr(39) * 2)})')",
        lambda: f"set variable x = (select content from read_text({source}))",
        lambda: f"with a as materialized (from read_blob({source})) select * from a",
        lambda: f"explain analyze copy answers to {target}",
        lambda: f"copy (select 1) to {target} (format {form})",
        lambda: f"copy answers to {target} (format {form}, partition_by (outcome))",
        lambda: f"copy answers from {source}",
        lambda: f"attach {own} as rw{draw.randrange(99)}",
        lambda: f"attach {draw.choice([own, source, target])} as rw{draw.randrange(99)} (read_write)",
        lambda: f"attach {source} as other (type {draw.choice(['sqlite', 'duckdb', 'postgres'])})",
        lambda: f"export database {target}",
        lambda: f"import database {source}",
        lambda: f"set {draw.choice(['', 'global ', 'session '])}{setting} = {value}",
        lambda: f"reset {draw.choice(['', 'global '])}{setting}",
        lambda: f"pragma {setting} = {value}",
        lambda: f"pragma {draw.choice(known.pragmas)}",
        lambda: f"pragma {draw.choice(known.pragmas)}({target})",
        lambda: draw.choice(["install", "load", "force install"]) + f" {draw.choice(['httpfs', source])}",
        lambda: f"delete from auditscan.{draw.choice(known.tables)}",
        lambda: f"insert into auditscan.{draw.choice(known.tables)} select *",
        lambda: f"create or replace view auditscan.{draw.choice(known.tables)} as select 1",
        lambda: f"drop {draw.choice(['table', 'view'])} auditscan.{draw.choice(known.tables)}",
        lambda: f"update auditscan.{draw.choice(known.tables)} set record_key = 0",
        lambda: f"alter table auditscan.{draw.choice(known.tables)} add column x integer",
        lambda: f"create persistent secret s (type s3, key_id {source})",
        lambda: draw.choice(["checkpoint", "force checkpoint", "vacuum", "checkpoint auditscan"]),
        lambda: f"copy from database {draw.choice(['auditscan to memory', 'memory to auditscan'])}",
    )
    return draw.choice(ways)()


class Known:
    """What the engine has names for."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        def names(sql: str) -> list[str]:
            found = connection.execute(f"select distinct name from ({sql}) order by 1").fetchall()
            return [f'"{name}"' for (name,) in found]

        of = "select function_name as name from duckdb_functions() where function_type"
        self.functions = names(f"{of} = 'table' and function_name not in ('sleep_ms')")
        self.scalars = names(
            f"{of} = 'scalar' and list_contains(parameter_types::varchar[], 'VARCHAR') "
            "and (function_name ~ 'file|path|env|read|url|setting|config|write|secret|format|json|blob|var')"
        )
        self.pragmas = names(f"{of} = 'pragma'")
        # Which schema a bare name means is the session's own affair.
        self.settings = names("select name from duckdb_settings() where name not in ('schema', 'search_path')")
        self.tables = names("select table_name as name from duckdb_tables() where database_name = 'auditscan'")


SETTINGS = "select name, value from duckdb_settings() where name not in ('schema', 'search_path') order by 1"


def raw(count: int, draw: random.Random, place: Place, counted: Counted) -> None:
    """On the engine's own connection, where no look at statements stands in front."""
    with open_session(place.case, Library.shipped(), limits=Limits(memory="300MB", seconds=5, threads=1)) as session:
        connection, known = session.spare, Known(session.spare)
        settings = connection.execute(SETTINGS).fetchall()
        for number in range(count):
            if number == count // 2:
                for letting_go in draw.choice(LETTING_GO):
                    with contextlib.suppress(duckdb.Error):
                        connection.execute(letting_go)
            text = statement(draw, place, known)
            try:
                said, how = str(connection.execute(text).fetchmany(1000)), "without effect"
            except (duckdb.Error, ValueError, RuntimeError) as error:
                said, how = str(error), "refused"
            _judge(counted, place, text, how, said)
        if connection.execute(SETTINGS).fetchall() != settings:
            counted.findings.append("a setting was changed on the raw connection")


def pipe(count: int, draw: random.Random, place: Place, counted: Counted) -> None:
    """Through `auditscan sql`, each an error and none the end."""
    with open_session(place.case, Library.shipped()) as session:
        known = Known(session.spare)
    for _ in range(count // 5 + bool(count % 5)):
        texts = [statement(draw, place, known) for _ in range(min(5, count))]
        count -= len(texts)
        script = "".join(f"{text};\nselect 'after {number}';\n" for number, text in enumerate(texts))
        code, out, err = _sql(place, script)
        refused = err.count("auditscan: ")
        for number, text in enumerate(texts):
            _judge(counted, place, text, "refused" if refused else "without effect", out + err)
            if f"after {number}" not in out:
                counted.findings.append(f"the session did not go on after {text}")
        if (code != 0) != bool(refused) or code not in (0, 2, 20):
            counted.findings.append(f"exit code {code} with {refused} refusals: {texts}")


OF_OTHER_CLIENTS = ("read", "open", "import", "shell", "output", "once", "log", "cd", "load")


def dots(count: int, draw: random.Random, place: Place, counted: Counted) -> None:
    """The prompt's own commands, and those that other clients have."""
    for _ in range(count):
        name = draw.choice(["kept.duckdb", "soft-case.csv", "hard-case.csv", "secret.csv", "/etc/passwd", "../x", "a"])
        kept = draw.choice(["kept.duckdb", "./kept.duckdb", "linked/kept.duckdb", str(place.case)])
        line = draw.choice(
            [
                *(f".{word} {name}" for word in OF_OTHER_CLIENTS),
                f".out {kept}\nselect 1;",
                f".schema {name}",
                f".schema {literal(name)}",
                f".show {name}",
                f".run {name}",
                f".run by_state select_states={name}",
                f".run columns_of table_name={literal(name)}",
                f".explain {name}",
                ".explain '; copy (select 1) to 'written",
                f".format {name}",
                f".queries {name}",
                f".rows {name}",
                f".timer {name}",
                ".safe_mode off",
                ".\x00",
                "." * draw.randrange(1, 2000),
            ]
        )
        code, out, err = _sql(place, f"{line}\nselect 'after';\n")
        _judge(counted, place, line, "refused" if code else "without effect", out + err)
        if "after" not in out or code not in (0, 2, 3):
            counted.findings.append(f"exit code {code} after {line[:200]!r}: {err[-300:]}")


def client(count: int, draw: random.Random, place: Place, counted: Counted) -> None:
    """DuckDB's own client with the file of `auditscan connect`, which knows no filter of ours."""
    program = Path(find_spec("duckdb_cli").origin).with_name("duckdb")  # type: ignore[union-attr, arg-type]
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        run(["connect", "--db", str(place.case), "--memory", "300MB", "--threads", "1"])
    with open_session(place.case, Library.shipped()) as session:
        known = Known(session.spare)
    letting_go = draw.choice(LETTING_GO)
    own = (".open", ".read", ".import", ".output", ".once", ".shell", ".log", ".cd", ".excel")
    texts = []
    for _ in range(count):
        text = statement(draw, place, known)
        if draw.random() < 0.3:
            text = f"{draw.choice(own)} {place.spelled(draw, 'kept.duckdb', 'secret.csv')}"
        texts.append(text)
    typed = [f"{text};" for text in letting_go]
    for text in texts:
        typed += [text if text.startswith(".") else f"{text};", "delete from rw.records;", "select 'after';"]
    done = subprocess.run(
        [str(program), "-init", out.getvalue().strip(), "-csv"],
        input="\n".join([*typed, ""]), capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    # All of them in one process: a change is found once, and told of all.
    what = "; ".join([*letting_go, *texts])
    for number in range(count):
        _judge(counted, place, what if number == 0 else texts[number], "refused", done.stdout + done.stderr)
    if done.stdout.count("\nafter") < count:
        counted.findings.append(f"the client did not go on after one of {what}")


def _judge(counted: Counted, place: Place, text: str, how: str, said: str) -> None:
    changed = place.changed()
    if changed:
        counted.broke(f"{text!r} changed {changed}")
    elif CANARY in said:
        counted.broke(f"{text!r} shows what lies beside the case")
    elif "stopped by a fault of the program" in said:
        counted.broke(f"{text!r} is a fault: {said[-300:]}")
    else:
        counted.held(how)


def _sql(place: Place, text: str, *options: str) -> tuple[int, str, str]:
    """Run a script in `auditscan sql`, within this process."""
    out, err = io.StringIO(), io.StringIO()
    before = sys.stdin
    out.buffer = Bytes(out)  # type: ignore[attr-defined]
    sys.stdin = io.TextIOWrapper(io.BytesIO(text.encode()))
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            words = ["sql", "--db", str(place.case), "--as-of", asking.AS_OF, "--no-ide", "--keep-going"]
            code = run([*words, "--memory", "300MB", "--threads", "1", "--timeout", "5", *options])
    finally:
        sys.stdin = before
    return code, out.getvalue(), err.getvalue()


class Bytes(io.RawIOBase):
    """The bytes below a stream of text that keeps what it gets."""

    def __init__(self, text: io.StringIO) -> None:
        self._text = text

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._text.write(bytes(data).decode(errors="backslashreplace"))
        return len(data)


BOMB_SECONDS = 1
BOMB_MEMORY_MB = 200
MOST_MB = 1800
"""What a process with such bombs may have taken at its end: a library or two, the memory, half of it, and 0.5 GB."""


def bombs(count: int, draw: random.Random, place: Place, counted: Counted) -> None:
    """What takes time or memory without end, one after the other while the session lives."""
    left = [bomb(draw) for _ in range(count)]
    while left:
        begun = time.monotonic()
        script = "".join(f"{text};\nselect 'after {number}';\n" for number, text in enumerate(left))
        words = ["sql", "--db", str(place.case), "--as-of", asking.AS_OF, "--no-ide", "--keep-going", "--threads", "1"]
        words += ["--memory", f"{BOMB_MEMORY_MB}MB", "--timeout", str(BOMB_SECONDS)]
        # The machine is in no danger, whatever becomes of the bounds that are tried here.
        net = f'ulimit -v 4194304; exec {sys.executable} -m auditscan "$@"'
        ended = ""
        try:
            done = subprocess.run(
                ["/bin/sh", "-c", net, "sh", *words], input=script, capture_output=True, text=True, check=False,
                timeout=30 + len(left) * (BOMB_SECONDS + 5),
            )  # fmt: skip
            code, out, err = done.returncode, done.stdout, done.stderr
        except subprocess.TimeoutExpired as error:
            code, ended = -1, f"did not end in {error.timeout} seconds"
            out, err = (error.stdout or b"").decode(), (error.stderr or b"").decode()
        passed = next((number for number in range(len(left)) if f"after {number}" not in out), len(left))
        for text in left[:passed]:
            _judge(counted, place, text[:200], "ended by a limit", err)
        if passed < len(left):
            if code == 20 and "so the session has ended" in err:
                _judge(counted, place, left[passed][:200], "ended with the session", err)
            else:
                counted.broke(f"{left[passed][:200]!r} {ended or f'ended with {code}'}: {err[-300:]}")
        elif code not in (0, 2, 20):
            counted.findings.append(f"exit code {code} of {[text[:80] for text in left]}")
        elif time.monotonic() - begun > 30 + len(left) * (BOMB_SECONDS + 5):
            counted.findings.append(f"took {time.monotonic() - begun:.0f} seconds: {[text[:80] for text in left]}")
        left = left[passed + 1 :]
    taken = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    if taken > MOST_MB:
        counted.findings.append(f"a process with bombs took {taken} MB")


def bomb(draw: random.Random) -> str:
    """One statement that would take minutes, or gigabytes."""
    size = draw.randrange(1_000, 4_000) * 1_000_000
    some = draw.randrange(200, 900) * 1_000
    many = draw.randrange(8_000, 20_000)
    ways: Sequence[Callable[[], str]] = (
        lambda: f"select unnest(range({size}))",
        lambda: f"select len(range(1, {size}))",
        lambda: f"select len(string_split(repeat('a,', {size // 4}), ','))",
        lambda: f"select length(format('{{:>{size // 2}}}', 1))",
        lambda: f"select length({draw.choice(['lpad', 'rpad'])}('x', {size // 2}, 'y'))",
        lambda: f"select length(repeat('x', {size}))",
        lambda: f"select list_sort(list_transform(range({size // 10}), lambda x: md5(x::varchar)))",
        lambda: f"select len(list_{draw.choice(['reverse', 'distinct', 'sort'])}(range({size // 100})))",
        lambda: f"select sleep_ms({draw.randrange(10, 100) * 1_000})",
        lambda: f"select bit_count(bitstring('1', {size // 4}))",
        lambda: f"select jaro_similarity(repeat('ab', {some}), repeat('ba', {some}))",
        lambda: f"select levenshtein(repeat('a', {some * 4}), repeat('b', {some * 4}))",
        lambda: "select " + ", ".join(f"{number} as c{number}" for number in range(many)),
        lambda: " union all ".join(["select 1"] * many),
        lambda: f"select count(*) from {', '.join(f'range(2) t{n}' for n in range(draw.randrange(40, 300)))}",
        lambda: f"select count(*) from json_tree('{'[' * some}{']' * some}')",
        lambda: "select 1; " * (many * 5) + "select 2",
        lambda: f"select 1 in ({', '.join(map(str, range(many * 15)))})",
        lambda: f"select count(*) from range({size}) a, range({size}) b where a.range * b.range = -1",
        lambda: (
            "with recursive t(n, s) as (select 1, 'x' union all select n + 1, s || s from t) "
            "select max(length(s)) from t"
        ),
        lambda: (
            f"with recursive t(n) as (select 1 union all select n + 1 from t where n < {size}) select max(n) from t"
        ),
        lambda: f"select list(i) from range({size}) t(i)",
        lambda: f"select string_agg(i::varchar) from range({size}) t(i)",
        lambda: f"select i from range({size}) t(i) order by md5(i::varchar)",
        lambda: f"select count(*) from (select md5(i::varchar) from range({size}) t(i) group by all)",
        lambda: f"select histogram(i) from range({size}) t(i)",
        lambda: f"select * from range({size}) using sample {size // 2}",
        lambda: f"select repeat('x', {size // 2}) from range(9)",
        lambda: f"select max(length(regexp_replace(repeat('a', {some * 100}), '(a|aa)+$', 'b', 'g')))",
        lambda: f"pivot (select i % {many} as a, i as b from range({size}) t(i)) on a using sum(b)",
    )
    return draw.choice(ways)()
