"""The session that Python programs hold: questions in, polars frames out."""

from __future__ import annotations

import html
import weakref
from contextlib import contextmanager
from dataclasses import dataclass
from threading import RLock
from typing import TYPE_CHECKING

from auditscan.api.arguments import whole
from auditscan.api.words import spoken
from auditscan.errors import UsageError
from auditscan.policy import Policy
from auditscan.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import ExitStack
    from datetime import date

    import duckdb
    import polars as pl

    from auditscan.questions.explanation import Explanation, Judged
    from auditscan.questions.summary import Summary
    from auditscan.questions.what_if import Difference, Side, Sweep
    from auditscan.scanning.judged import Setup
    from auditscan.session import locked as below
    from auditscan.store import Store


@dataclass(frozen=True, slots=True)
class _Below:
    """What a session stands on."""

    locked: below.Session
    store: Store
    setup: Setup
    summary: Summary


class Session:
    """A judged database that answers questions; made by `connect`.

    It is a context manager: at the end of the block, or on `close`, connections and temporary files go. What was
    forgotten goes with the last reference to it. Threads may share a session: their statements take turns.

    >>> import auditscan
    >>> session = auditscan.connect(auditscan.sample_logs() / "02-eft-pushes.csv", as_of="2026-03-01")
    >>> session
    <auditscan.Session: 66 transfers as of 2026-03-01, complete>
    >>> session.close()
    """

    def __init__(
        self, locked: below.Session, store: Store, setup: Setup, summary: Summary, resources: ExitStack
    ) -> None:
        self._below = _Below(locked, store, setup, summary)
        self._turn = RLock()
        self._end = weakref.finalize(self, resources.close)

    @property
    def summary(self) -> Summary:
        """Counts by verdict, rules and the accounting, as `scan` returns them."""
        return self._below.summary

    @property
    def complete(self) -> bool:
        """Whether every file and record was read and every rule ran."""
        return self.summary.complete

    @property
    def incomplete_because(self) -> tuple[str, ...]:
        """What could not be looked at, a sentence each; empty where the session is complete."""
        return tuple(self.summary.incomplete_because)

    @property
    def policy(self) -> Policy:
        """The policy that the verdicts rest on."""
        return self._below.setup.policy

    @property
    def as_of(self) -> date:
        """The day of *now*."""
        return self._below.setup.as_of

    @property
    def duckdb(self) -> duckdb.DuckDBPyConnection:
        """A connection of the engine itself, under the same lock: it reads the database, and nothing else.

        Its errors are DuckDB's own. It is not for two threads at once.
        """
        self._open()
        return self._below.locked.spare

    @spoken()
    def sql(self, text: str, /, **params: object) -> pl.DataFrame:
        """Run SQL and return the rows of its last statement.

        `params` are values for the names written `$name` in it; they are bound, never put into the text. Columns
        have the engine's types; what polars has no type for comes as text. Rows come in no order of their own, and all
        of them are held in memory: for every answer of a large log take `answers`.

        Raises `SqlError` for SQL that the session does not run or the engine cannot, `UsageError` for a
        parameter too many or too few, and `LimitError` where a statement took too much time or memory.

        >>> import auditscan
        >>> with auditscan.connect(auditscan.sample_logs() / "02-eft-pushes.csv", as_of="2026-03-01") as session:
        ...     found = session.sql("select count(*) as n from answers where list_contains(states, $state)", state="OR")
        >>> found.columns, found.height
        (['n'], 1)
        """
        if not isinstance(text, str):
            raise UsageError(f"{text!r} is no SQL", hint="give it as text")
        with self._turn:
            return self._below.locked.run(text, params).frame()

    @spoken()
    def query(self, name: str, /, **params: object) -> pl.DataFrame:
        """Run a rule or a report of the library by name; a rule returns its hits.

        `auditscan queries` lists them, and `auditscan queries show NAME` the parameters of one. Raises `UsageError`
        for a name the library lacks and for a parameter that the query does not take, else as `sql`.

        >>> import auditscan
        >>> with auditscan.connect(auditscan.sample_logs() / "02-eft-pushes.csv", as_of="2026-03-01") as session:
        ...     session.query("then_and_now", select_states=["OR"]).columns
        ['verdict_then', 'verdict_now', 'transfers', 'people']
        """
        with self._turn:
            return self._below.locked.run_query(name, params).frame()

    @spoken()
    def answers(self) -> pl.LazyFrame:
        """The answers, one row a transfer, as a lazy frame: in the promised order, columns and types.

        The order is `occurred_at` (nulls last), `transfer_id`, `source_file`, `source_record`. Nothing is computed
        until it is collected, then slice by slice and only the columns that are asked for; so ten million
        transfers can be filtered, counted or written with `sink_parquet` without being in memory at once. It can
        be collected as often as you like while the session is open, and is a `UsageError` after that.

        Columns: `transfer_id, occurred_at, sender_agency, recipient_agency, states, programs, populations,
        elements, categories, record_count, outcome, regime_now, verdict_now, regime_then, verdict_then,
        flag_category, flag_state, flagged, plaintiff_states, enjoined_categories, unclassified_elements, reasons,
        source_file, source_record`. `record_count` is people or rows; `occurred_at` is text, as the answer file
        has it; `reasons` are ids of rules, worst first.

        >>> import auditscan, polars as pl
        >>> with auditscan.connect(auditscan.sample_logs() / "02-eft-pushes.csv", as_of="2026-03-01") as session:
        ...     answers = session.answers()
        ...     answers.filter(pl.col("verdict_now") == "enjoined").select(pl.len()).collect().item()
        8
        """
        from auditscan.api.lazy import lazy_answers

        return lazy_answers(self._beside)

    @spoken()
    def explain(self, transfer_id: str) -> pl.DataFrame:
        """Why a transfer has its verdicts, as a frame: one row a part that was judged, now before then.

        * `source_file`, `source_record`: the record, for one id may stand in several
        * `time`: `now` or `then`
        * `regime`: its id; null where none was in force, or the time is not known
        * `kind`: `transfer` (the verdict itself, first), then `category`, `population`, `program` and `state`
        * `part`: which one; of the transfer, its id
        * `logged`: the words of the log that it stands for, a list
        * `severity`: of the part; of the transfer, its verdict
        * `why`: what decided, in words
        * `origin`: file and line of the policy that decided; null for the transfer

        `explanation` has more: findings, citations, and what would have made it permitted. Raises `NoInputError`,
        with ids that look like it, where no transfer has the id.

        >>> import auditscan
        >>> with auditscan.connect(auditscan.sample_logs() / "02-eft-pushes.csv", as_of="2026-03-01") as session:
        ...     session.explain("EFT-2508-003").select("time", "kind", "part", "severity").row(1)
        ('now', 'category', 'dates_of_service', 'enjoined')
        """
        import polars as pl

        rows = [
            row
            for one in self.explanation(transfer_id)
            for time, judged in (("now", one.now), ("then", one.then))
            for row in _rows(one, time, judged)
        ]
        schema: dict[str, pl.DataType | type[pl.DataType]] = {
            "source_file": pl.String,
            "source_record": pl.Int64,
            "time": pl.String,
            "regime": pl.String,
            "kind": pl.String,
            "part": pl.String,
            "logged": pl.List(pl.String),
            "severity": pl.String,
            "why": pl.String,
            "origin": pl.String,
        }
        return pl.DataFrame(rows, schema=schema, orient="row")

    @spoken()
    def explanation(self, transfer_id: str) -> list[Explanation]:
        """Why a transfer has its verdicts, whole: one `Explanation` a record kept under the id, by file and record.

        Raises `NoInputError`, with ids that look like it, where no transfer has the id.
        """
        from auditscan.questions.explanation import explain

        if not isinstance(transfer_id, str):
            raise UsageError(f"{transfer_id!r} is no id", where="transfer_id", hint="give it as text")
        with self._beside() as store:
            return explain(store, transfer_id)

    def tables(self) -> pl.DataFrame:
        """The tables and views that SQL can ask, those that answer questions first.

        Columns: `name, kind, row_count, comment`; `kind` is table or view, `row_count` is near enough, and null for
        a view, `comment` is what it holds.
        """
        return self.query("tables_and_views")

    @spoken()
    def describe(self, name: str) -> pl.DataFrame:
        """The columns of a table or view, in order: `column_name, column_type, comment`.

        Raises `UsageError`, with near names, where there is no such table.

        >>> import auditscan
        >>> with auditscan.connect(auditscan.sample_logs() / "02-eft-pushes.csv", as_of="2026-03-01") as session:
        ...     session.describe("answers")["column_name"].to_list()[:2]
        ['transfer_id', 'occurred_at']
        """
        with self._turn:
            found = self._below.locked.run_query("columns_of", {"table_name": name}).frame()
            if found.is_empty():
                meant = did_you_mean(name, self._below.locked.tables())
                raise UsageError(f"no table or view is named {name!r}", hint=meant or "`Session.tables` lists them")
        return found

    def accounting(self) -> pl.DataFrame:
        """What became of every record, one row a file, sorted by path.

        Columns: `path, status, note, format, sha256, records, transfers, not_transfers, duplicates, quarantined`.
        In each row `records` is the sum of the four behind it. Files that were skipped (pipes, READMEs, ...) are in
        `summary.files` only.
        """
        return self.query("files_accounted")

    @spoken()
    def diff(self, before: str | Policy, after: str | Policy, *, limit: int = 0) -> Difference:
        """Compare two policies on these transfers: what they say differently, and which verdicts change.

        A policy is a `Policy`, or a text: `base` (this session's), a day like 2025-10-01 (this session's as of that
        day), the folder of an overlay, the name of a what-if, a setting such as `R2.categories.name=permitted`,
        or several of these joined by `+`. `limit` is how many of the changed transfers to list; -1 lists all.

        The tables of a `Difference` are lists of rows, for `polars.DataFrame`. Raises `UsageError` and `PolicyError`
        for what is no policy.

        >>> import auditscan
        >>> with auditscan.connect(auditscan.sample_logs() / "02-eft-pushes.csv", as_of="2026-03-01") as session:
        ...     found = session.diff("base", "names-permitted")
        >>> found.after.label
        'names-permitted'
        """
        from auditscan.questions.what_if import compare, forget

        most = whole("limit", limit, "transfers", -1)
        sides = self._side(before), self._side(after)
        with self._turn, self._beside() as store:
            try:
                return compare(store, *sides, limit=most)
            finally:
                forget(store)

    @spoken()
    def sweep(self, under: str | Policy = "base") -> Sweep:
        """Settle each open point of the order in force alone, both ways, and count the transfers that change.

        `under` is the policy whose open points are taken, as in `diff`. `Sweep.points` is a list of rows, most
        transfers first.
        """
        from auditscan.questions.what_if import forget, sweep

        side = self._side(under)
        with self._turn, self._beside() as store:
            try:
                return sweep(store, side)
            finally:
                forget(store)

    def close(self) -> None:
        """End the session; what runs in it is stopped. Closing twice does nothing."""
        if self._end.alive:
            self._below.locked.interrupt()
        self._end()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        state = "complete" if self.complete else "INCOMPLETE"
        if not self._end.alive:
            state = "closed"
        return f"<auditscan.Session: {self.summary.counts.transfers:,} transfers as of {self.as_of}, {state}>"

    def _repr_html_(self) -> str:
        summary = self.summary
        rows = "".join(
            f"<tr><td>{name.replace('_', ' ')}</td><td>{count:,}</td><td>{summary.counts.then[name]:,}</td></tr>"
            for name, count in summary.counts.now.items()
        )
        reasons = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in self.incomplete_because)
        return (
            f"<div><p>{html.escape(repr(self).strip('<>'))}</p>"
            f"<table><tr><th>verdict</th><th>now</th><th>then</th></tr>{rows}</table>"
            + (f"<p>Not looked at:</p><ul>{reasons}</ul>" if reasons else "")
            + "</div>"
        )

    def _open(self) -> None:
        if not self._end.alive:
            raise UsageError("this session is closed", hint="open another with auditscan.connect")

    @contextmanager
    def _beside(self) -> Iterator[Store]:
        """Lend a connection beside the locked session: its temporary tables are in nobody's way."""
        self._open()
        store = self._below.store.worker()
        try:
            yield store
        finally:
            store.connection.close()

    def _side(self, given: str | Policy) -> Side:
        from auditscan.policy import read_spec
        from auditscan.questions.what_if import Side

        if isinstance(given, Policy):
            return Side("+".join(note.name for note in given.overlays) or "base", given, self.as_of)
        if not isinstance(given, str):
            raise UsageError(f"{given!r} is no policy", hint="give a Policy, or a text such as names-permitted")
        spec = read_spec(given, self.policy.laid)
        return Side(spec.label, spec.policy, spec.as_of or self.as_of)


def _rows(one: Explanation, time: str, judged: Judged) -> Iterator[tuple[object, ...]]:
    """Give the rows of one record at one time."""
    regime = judged.regime
    place = one.record["source_file"], one.record["source_record"], time, regime.regime_id if regime else None
    why = judged.because or (regime.citation if regime else "")
    yield (*place, "transfer", one.record["transfer_id"], [], judged.verdict, why, None)
    if regime is None:
        return
    for part in regime.parts:
        why = "the regime names it" if part.listed else "the regime does not name it: its default"
        if part.implied_by is not None:
            why = f"says nothing new beside {part.implied_by}"
        yield (*place, part.kind, part.key, part.items, part.severity, why, part.origin)
    for state in regime.states:
        yield (*place, "state", state.state, [], state.severity, state.status, state.origin)
