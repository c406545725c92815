"""Settings of the engine that a client or a program may have, one or several, under scans and under all views."""

from __future__ import annotations

import contextlib
import io
import random
from collections import Counter
from typing import TYPE_CHECKING

import duckdb
import pytest

import asking
from attacks.counted import Counted
from auditscan.cli import run
from auditscan.scanning import scan as scanning
from auditscan.store import configured, store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

FULL = 110
STEP = 28

SCANS_OF_TEN = 4
"""Of ten attacks, how many are scans; the others read every table and view of a database."""

OWN = frozenset(
    {
        # Of the answers themselves in a client that opens the file by itself: docs/sessions.md names them.
        "Calendar", "default_collation", "default_order",
        # Of who may do what, where files go, and what is written beside the answers.
        "access_mode", "enable_external_access", "lock_configuration", "allowed_configs", "allowed_directories",
        "allowed_paths", "disabled_filesystems", "file_search_path", "home_directory", "temp_directory",
        "log_query_path",
        "profile_output", "profiling_output", "enable_profiling", "profiling_mode", "enable_logging", "logging_sink",
        "logging_storage", "schema", "search_path", "secret_directory", "extension_directory", "user", "username",
        "password", "max_temp_directory_size", "extension_directories", "extension_repository_directory",
    }
)  # fmt: skip
"""Settings that are drawn nowhere, or under scans alone."""

ANSWERING = ("Calendar = 'hebrew'", "Calendar = 'japanese'", "default_collation = 'nocase'", "default_order = 'desc'")
"""Settings that change answers, which a scan has to set for itself."""

RELATIONS = """
select table_name from duckdb_tables() where database_name = current_database() and not internal
union all
select view_name from duckdb_views() where database_name = current_database() and not internal
order by 1
"""


def attack(count: int, seed: int, folder: Path) -> Counted:
    """Make that many attacks, each a scan or a reading of all views under settings that are drawn."""
    draw = random.Random(seed)
    counted = Counted()
    case = Case(folder)
    for number in range(count):
        scans = (number * SCANS_OF_TEN) % 10 < SCANS_OF_TEN
        settings = drawn(draw, case, scans=scans)
        try:
            how, wrong = (case.scanned if scans else case.viewed)(settings, draw)
        except Exception as error:  # noqa: BLE001 -- a finding
            how, wrong = "", f"{type(error).__name__}: {error}"
        if wrong:
            counted.broke(f"{'a scan' if scans else 'views'} under {'; '.join(settings)}: {wrong}")
        else:
            counted.held(how)
    return counted


def drawn(draw: random.Random, case: Case, *, scans: bool) -> list[str]:
    """One setting, or some."""
    found = [one(draw, case) for _ in range(draw.choice([1, 1, 2, 4, 8]))]
    if scans and draw.random() < 0.5:
        found.append(f"set {draw.choice(ANSWERING)}")
    # Later than others: what works with little memory shows most.
    return sorted(found, key=lambda text: "memory_limit" in text)


def one(draw: random.Random, case: Case) -> str:
    """One setting, with a value of its kind."""
    name, kind, value = draw.choice(case.settings)
    optimizers = ",".join(draw.sample(case.optimizers, draw.choice([1, 1, 2, 5])))
    usual: Sequence[Callable[[], str]] = (
        lambda: f"set disabled_optimizers = 'join_order,build_side_probe_side,{optimizers}'",
        lambda: f"set threads = {draw.randrange(1, 9)}",
        lambda: f"set memory_limit = '{draw.choice([60, 80, 120, 300])}MB'",
        lambda: draw.choice(["pragma enable_verification", "pragma disable_optimizer", "pragma verify_parallelism"]),
        lambda: f"set TimeZone = '{draw.choice(['America/New_York', 'Asia/Kolkata', 'Pacific/Apia'])}'",
        lambda: f"set default_null_order = '{draw.choice(['nulls_first', 'nulls_last_on_asc_first_on_desc'])}'",
    )
    if draw.random() < 0.4:
        return draw.choice(usual)()
    if kind == "BOOLEAN":
        return f"set {name} = {value != 'true'}"
    if "INT" in kind:
        return f"set {name} = {draw.choice([0, 1, 2, 7, 64, 1000, 100_000])}"
    if kind == "DOUBLE":
        return f"set {name} = {draw.random()}"
    return f"set {name} = '{draw.choice(case.words.get(name) or ['1MB', '16MB', 'auto', 'default'])}'"


class Case:
    """A log and its answers, and a kept database of it, under settings of no one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            self.database = asking.kept_in(folder)
        self.log = folder / "a.ndjson"
        with duckdb.connect(str(self.database), read_only=True) as connection:
            self.settings = [
                (str(name), str(kind), str(value))
                for name, kind, value in connection.execute(
                    "select name, input_type, value from duckdb_settings() order by 1"
                ).fetchall()
                if name not in OWN and "[]" not in kind and "MAP" not in kind
            ]
            self.optimizers = [str(name) for (name,) in connection.execute("from duckdb_optimizers()").fetchall()]
            self.words = {name: _words(connection, name) for name, kind, _ in self.settings if kind == "VARCHAR"}
            self.queries = _listed(connection)
            self.views = _read(connection, self.queries)
        # Its order and form do not matter: files of one record, and one of all.
        self.answers = self._scan(())[1]

    def viewed(self, settings: Sequence[str], _: random.Random) -> tuple[str, str]:
        """Read every table and view; what differs, or an empty text."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            if not _set(connection, settings):
                return "cannot be set", ""
            found = _read(connection, self.queries)
        different = [name for name, rows in found.items() if rows != self.views[name] and not isinstance(rows, str)]
        errors = [rows for rows in found.values() if isinstance(rows, str)]
        return ("told" if errors else "same answers"), ", ".join(different)

    def scanned(self, settings: Sequence[str], draw: random.Random) -> tuple[str, str]:
        """Scan with these settings on every connection; what differs, or an empty text."""
        with duckdb.connect(":memory:") as connection:
            if not _set(connection, settings):
                return "cannot be set", ""
        code, answers, said = self._scan(settings, threads=draw.choice([None, 1, 2, 8]))
        if answers == self.answers:
            return "same answers", ""
        if code in (1, 20) and not answers:
            return "told", ""
        return "", f"exit code {code}, other answers: {said[-200:]}"

    def _scan(self, settings: Sequence[str], threads: int | None = None) -> tuple[int, bytes, str]:
        out, said = self.folder / "out.ndjson", io.StringIO()
        out.unlink(missing_ok=True)
        words = ["scan", str(self.log), "--out", str(out), "--as-of", asking.AS_OF]
        words += ["--threads", str(threads)] if threads else []
        with (
            pytest.MonkeyPatch.context() as patch,
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
        ):
            # Before our own, as those of a settings file or of the program around us are.
            ours = configured._EVERYWHERE  # noqa: SLF001 -- what an attack is for
            patch.setattr(configured, "_EVERYWHERE", (*settings, *ours))
            for share in [text.split("'")[1] for text in settings if "memory_limit" in text]:
                patch.setattr(store, "MEMORY_LIMIT", share)
                patch.setattr(configured, "MEMORY_LIMIT", share)
                patch.setattr(scanning, "scan_memory", lambda _, share=share: share)
            code = run(words)
        return code, out.read_bytes() if out.exists() else b"", said.getvalue()


def _set(connection: duckdb.DuckDBPyConnection, settings: Sequence[str]) -> bool:
    try:
        for text in settings:
            connection.execute(text)
    except duckdb.Error:
        return False
    return True


def _words(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    """The words that a setting takes, as the engine says when it gets another one."""
    try:
        connection.execute(f"set {name} = 'no such word'")
    except duckdb.Error as error:
        _, found, words = str(error).partition("expected one of: ")
        return [word.strip(" '\"[]") for word in words.split(",")] if found else []
    connection.execute(f"reset {name}")
    return []


def _listed(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Name of a table or view -> the query for its rows, instants as numbers: a client shows them in its own zone."""
    found = {}
    for (name,) in connection.execute(RELATIONS).fetchall():
        columns = connection.execute(f'describe "{name}"').fetchall()
        shown = [f'epoch_us("{column}")' if "TIME ZONE" in kind else f'"{column}"' for column, kind, *_ in columns]
        found[str(name)] = f'select {", ".join(shown)} from "{name}"'
    return found


def _read(connection: duckdb.DuckDBPyConnection, queries: Mapping[str, str]) -> dict[str, object]:
    """Name of a table or view -> its rows, whatever their order; or what the engine says instead."""
    found: dict[str, object] = {}
    for name, query in queries.items():
        try:
            rows = connection.execute(query).fetchall()
        except duckdb.Error as error:
            found[name] = str(error)
        else:
            found[name] = Counter(map(str, rows))
    return found
