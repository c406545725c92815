"""The functions a Python program begins with."""

from __future__ import annotations

import warnings
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from auditscan.api import arguments
from auditscan.api.session import Session
from auditscan.api.words import spoken
from auditscan.errors import NoInputError, StoreError, UsageError
from auditscan.library import shipped_folder
from auditscan.questions.summary import summarize
from auditscan.scanning.judged import judged_file, keep_apart, scanned
from auditscan.session.locked import open_session
from auditscan.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from auditscan.api.arguments import FilePath, PolicyLike
    from auditscan.questions.summary import Summary

_DUCKDB = (8, b"DUCK")
"""Where a database file says that it is one, and how."""


class IncompleteWarning(UserWarning):
    """Something could not be looked at: a file, a record or a rule. Answers hold for the rest only.

    Given once for each `connect` and `scan`; `Session.incomplete_because` and `Summary.incomplete_because` have
    all of it. `warnings.simplefilter("error", auditscan.IncompleteWarning)` makes it an error.
    """


@spoken()
def connect(
    source: FilePath | Iterable[FilePath],
    *,
    policy: PolicyLike = (),
    queries: FilePath | Iterable[FilePath] = (),
    as_of: date | str | None = None,
    since: date | str | None = None,
    zone: str = "UTC",
    log_format: str | None = None,
    mapping: FilePath | None = None,
    held_by: str | None = None,
    link: bool = True,
    exclude: str | Iterable[str] = (),
    trust: bool = False,
    threads: int | None = None,
    memory: str = "2GB",
    timeout: float = 300,
    unsafe: bool = False,
) -> Session:
    """Open a judged database for questions, or read and judge logs and open what comes of it.

    `source` is a database that `scan` kept, or logs: a file, a folder, or a list of these. Neither is ever
    changed. Logs are judged into a private temporary database, and so is a kept one that was judged under
    another policy, day or version; it goes when the session is closed, or when nothing refers to it any more.

    * `policy`: a `Policy`; or what is laid over the shipped one: a folder, the name of a what-if, a setting
      such as `R2.categories.name=permitted`, or a list of these.
    * `queries`: folders of more rules and reports.
    * `as_of`: the day of *now*, a date or a text like 2025-10-01; today at the court unless given.
    * `since`: the first day that is asked about; 2025-06-01 unless given.
    * `zone`: of times that a log gives without one.
    * `log_format`: the format of all logs, whatever they look like; `auditscan sources` lists them.
    * `mapping`: a file that says which columns of a register mean what, as `auditscan sources map` writes it.
    * `held_by`: whose systems wrote the logs: the sender of what a log tells of without naming one.
    * `link`: whether the traces that one transfer left in several logs are counted once.
    * `exclude`: patterns of files to leave out, as `*.pdf` or `06_Documents/*`.
    * `trust`: take the mappings that lie beside registers, and remember each by its content. Without, a register
      beside which lies a mapping that nobody said yes to is not read.
    * `threads`: cores to work on; all unless given.
    * `memory`, `timeout`: what one statement of `sql` or `query` may take, the time in seconds; 0 is no limit.
    * `unsafe`: let SQL read and write files and reach the network. The database is read-only still.

    Warns with `IncompleteWarning` where not everything could be looked at. Raises `NoInputError` where there is
    nothing to read, `StoreError` for a file that is no database of ours, `PolicyError` and `LibraryError`
    for faults in an overlay or a query, and `UsageError` for an argument that cannot be used.

    >>> import auditscan
    >>> logs = auditscan.sample_logs() / "02-eft-pushes.csv"
    >>> with auditscan.connect(logs, as_of="2026-03-01") as session:
    ...     session.sql("select count(*) as transfers from answers where verdict_now = 'enjoined'").item()
    8
    """
    limits = arguments.limits(memory, timeout, threads)
    paths = arguments.paths("source", source)
    kept = paths[0] if len(paths) == 1 and _is_database(paths[0]) else None
    if not paths:
        raise UsageError("there is nothing to look at", where="source", hint="name a database, or logs")
    for path in () if kept else paths:
        if _is_database(path):
            raise UsageError(
                "a database among logs", where=str(path), hint="give it alone; scan(logs, db=...) reads logs into one"
            )
    reads = arguments.reads(log_format, mapping, held_by, link, exclude, trust=trust)
    setup = arguments.setup(() if kept else paths, kept, policy, queries, as_of, since, zone, threads, reads)
    with ExitStack() as stack:
        before = None if kept is None else _identity(kept)
        file, result = stack.enter_context(judged_file(setup))
        # Beside the locked session, and for as long: what explains, compares and streams works with tables of its
        # own, and both have to see the same database, whatever takes its place meanwhile.
        store = stack.enter_context(open_store(file, setup.library, threads=threads, read_only=True))
        locked = stack.enter_context(open_session(file, setup.library, limits=limits, unsafe=unsafe))
        if kept is not None and _identity(kept) != before:
            raise StoreError("the database was replaced while it was opened", where=str(kept), hint="connect again")
        summary = summarize(store, setup.policy, result.files if result else ())
        session = Session(locked, store, setup, summary, stack.pop_all())
    _warn(summary)
    return session


@spoken()
def scan(
    logs: FilePath | Iterable[FilePath] = (),
    *,
    db: FilePath | None = None,
    parts: FilePath | Iterable[FilePath] = (),
    out: FilePath | None = None,
    policy: PolicyLike = (),
    queries: FilePath | Iterable[FilePath] = (),
    as_of: date | str | None = None,
    since: date | str | None = None,
    zone: str = "UTC",
    log_format: str | None = None,
    mapping: FilePath | None = None,
    held_by: str | None = None,
    link: bool = True,
    exclude: str | Iterable[str] = (),
    trust: bool = False,
    threads: int | None = None,
    allow_quarantined: int = 0,
) -> Summary:
    """Read logs, judge every transfer, and return the counts and the accounting.

    `logs` is a file, a folder, or a list of these; they are only read. `db` is a database to keep records and
    verdicts in: what it holds already is not read again, and without logs it is judged again. `parts` are databases
    that other scans kept, under the same policy and queries: what they read is taken over and judged together, as if
    one scan had read it all. `out` is a file for one answer a transfer; its name ends in .ndjson, .jsonl, .csv or
    .parquet. Both take their names when all went well, or are left as they were. Up to `allow_quarantined` records
    that could not be read leave the scan complete. The other arguments are those of `connect`.

    Warns with `IncompleteWarning` where not everything could be looked at, and raises what `connect` raises.

    >>> import auditscan
    >>> summary = auditscan.scan(auditscan.sample_logs() / "clean.ndjson", as_of="2026-03-01")
    >>> summary.complete, summary.totals["records"], summary.counts.flagged
    (True, 17, 0)
    """
    target, database = (
        None if given is None else arguments.paths(name, given)[0] for name, given in (("out", out), ("db", db))
    )
    reads = arguments.reads(log_format, mapping, held_by, link, exclude, trust=trust)
    setup = arguments.setup(
        arguments.paths("logs", logs), database, policy, queries, as_of, since, zone, threads, reads
    )
    setup = replace(setup, parts=arguments.paths("parts", parts))
    allowed = arguments.whole("allow_quarantined", allow_quarantined, "records", 0)
    keep_apart(setup, {"out": target, "db": database})
    if not setup.paths and not setup.parts:
        if database is None:
            raise UsageError("there is nothing to look at", where="logs", hint="name logs, or a database with db")
        if not database.exists():
            raise NoInputError("there is no such database", where=str(database), hint="name logs too")
    from auditscan.questions.answers import AnswerFile

    with ExitStack() as stack:
        # Entered first, so that it takes its name last: a database that could not be kept has no answers.
        answers = None if target is None else stack.enter_context(AnswerFile(target))
        store, result = stack.enter_context(scanned(setup))
        summary = summarize(store, setup.policy, result.files, allow_quarantined=allowed)
        if answers is not None:
            answers.write(store)
    _warn(summary)
    return summary


def sample_logs() -> Path:
    """Return the folder of the sample logs that come with auditscan; its README says what is planted in them.

    >>> import auditscan
    >>> sorted(path.name for path in auditscan.sample_logs().glob("*.ndjson"))
    ['01-idr-queries.ndjson', 'broken.ndjson', 'clean.ndjson', 'reported-transfers.ndjson']
    """
    return shipped_folder("sample_logs")


def _warn(summary: Summary) -> None:
    if summary.complete:
        return
    reasons = [*summary.incomplete_because[:3]]
    more = len(summary.incomplete_because) - len(reasons)
    if more:
        reasons.append(f"and {more:,} more, in incomplete_because")
    # 4: past this function, the door, and what puts its errors into words.
    warnings.warn("INCOMPLETE: " + "; ".join(reasons), IncompleteWarning, stacklevel=4)


def _is_database(path: Path) -> bool:
    place, mark = _DUCKDB
    try:
        with path.open("rb") as file:
            return file.read(place + len(mark))[place:] == mark
    except OSError:
        # Not there, a folder, or not ours to read: the scan says so.
        return False


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino
