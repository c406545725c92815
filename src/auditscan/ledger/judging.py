"""Judging in a ledger: what is new, or everything where the law or the queries changed; and what that moved."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING

from auditscan.policy import COLUMNS, Policy
from auditscan.questions import what_if
from auditscan.readers.faults import is_not_of_the_file
from auditscan.scanning.apart import BrokenFiles, without_broken
from auditscan.scanning.judging import is_linked, judge_all, judge_words
from auditscan.scanning.rules import found_alone, judge
from auditscan.store import KEYS_A_SOURCE, prepare
from auditscan.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditscan.ledger.setup import NightlySetup
    from auditscan.store import Changed, Store

_OTHERWISE = {
    "queries": "the queries changed",
    "version": "this is another version of auditscan",
    "since": "the first day asked about changed",
}
"""What makes verdicts move that no line of policy moved."""

_LOOKING_UP = ("find_parties", "look_up", "judge")
"""The steps of judging that read disclosures and no record."""


class Judging:
    """One night's judging. Begun before files are read, for what changes the law has to be held against the old."""

    def __init__(self, store: Store, setup: NightlySetup, scan_id: int) -> None:
        self._store = store
        self._setup = setup
        self._scan_id = scan_id
        self.why_all = "first scan" if scan_id == 1 else self._why_all()
        """Why every transfer is judged; None where only new ones are."""
        self._moved_because = ""
        self.problems: list[str] = []
        """A sentence for what could not be told."""
        if self.why_all is not None and scan_id > 1:
            store.run("remember_events")
            self._begin_moves(self.why_all.split(", "))
        self._changed: Changed = prepare(store, setup.policy, setup.as_of, setup.since)
        self._counts = self._disclosed()

    def _why_all(self) -> str | None:
        policy, queries, since, regime, version = self._store.rows(
            "select policy_sha256, queries_sha256, since, regime_now, auditscan_version from settings"
        )[0]
        asked = self._setup
        why = {
            "queries": queries != asked.library.judging_sha256,
            "policy": policy != asked.policy.sha256,
            "regime now": regime != asked.policy.regime_on(asked.as_of),
            "since": since != asked.since,
            "version": version != __version__,
        }
        return ", ".join(name for name, differs in why.items() if differs) or None

    def _begin_moves(self, why: Sequence[str]) -> None:
        """See to it that the verdicts which move are written down, and why."""
        import duckdb

        otherwise = [said for name, said in _OTHERWISE.items() if name in why]
        if not otherwise:
            self._write_moves()
            return
        if {"policy", "regime now"} & set(why):
            otherwise.append("the policy, or the order in force, changed")
        try:
            self._store.run("remember_verdicts")
            self._moved_because = "; ".join(otherwise)
        except duckdb.Error as error:
            self._untold(error)

    def _untold(self, error: Exception) -> None:
        # The ledger of another version may lack what the comparison reads: it is judged anew all the same.
        why = str(error).splitlines()[0]
        self.problems.append(f"which verdicts moved could not be told: {why}")

    def _write_moves(self) -> None:
        """Write down which verdicts the new policy or day moves, and because of which lines."""
        import duckdb

        store = self._store
        as_of, sha256 = store.rows("select as_of, policy_sha256 from settings")[0]
        after = what_if.Side(str(self._setup.as_of), self._setup.policy, self._setup.as_of)
        try:
            before = what_if.Side(str(as_of), _kept_policy(store, sha256), as_of)
            what_if.compare(store, before, after)
            store.run("verdict_moves_of_scan", scan_id=self._scan_id)
        except duckdb.Error as error:
            self._untold(error)
        finally:
            what_if.forget(store)

    def _disclosed(self) -> list[tuple[int, ...]]:
        return self._store.rows("select (select count(*) from logged_disclosures), (select count(*) from contexts)")

    def judge(self, first_new_key: int, *, added: bool, last: bool) -> None:
        """Judge what was read, find what breaks rules, and write down when each finding began and ended.

        Raises BrokenFiles where that fails because of files that were read tonight: what is in the database is of no
        use then, and the night has to be begun again without them. Where it is not the `last` time that it is begun, it
        is begun again with more memory before files are thought too large: raises duckdb.OutOfMemoryException.
        """
        import duckdb

        try:
            self._judge(first_new_key, added=added)
        except BaseException as error:
            if is_not_of_the_file(error):
                raise
            if isinstance(error, duckdb.OutOfMemoryException) and not last:
                raise
            new = dict(
                self._store.rows(
                    "select source_id, path from sources where source_id * $2 >= $1 and status in ('read', 'damaged')",
                    [first_new_key, KEYS_A_SOURCE],
                )
            )
            judging = partial(judge_all, self._store, link=self._setup.reads.link, new_views=True)
            broken = without_broken(self._store, list(new), judging, error)
            if not broken:
                raise
            raise BrokenFiles({new[source_id]: why for source_id, why in broken.items()}) from error

    def _judge(self, first_new_key: int, *, added: bool) -> None:
        store = self._store
        if self.why_all is None and added and self._may_link(first_new_key):
            # A new trace may stand for a transfer that was judged, and change what is known of it.
            self.why_all = "traces of one transfer"
            store.rows("update scans set judged_all = $1 where scan_id = $2", [self.why_all, self._scan_id])
            store.run("remember_events")
        if self.why_all is not None:
            self._judge_all()
        else:
            self._judge_new(first_new_key, added=added)
        with found_alone(store):
            store.run("span_findings", scan_id=self._scan_id)
        rules = {rule.name: hashlib.sha256(rule.sql.encode()).hexdigest() for rule in store.library.of("rule")}
        store.run("rules_of_scan", scan_id=self._scan_id, rule_names=list(rules), rule_hashes=list(rules.values()))

    def _may_link(self, first_new_key: int) -> bool:
        if not self._setup.reads.link:
            return is_linked(self._store)
        # A record without a trace can repeat one that is linked, and settling that would undo the link.
        return bool(
            self._store.one(
                "select (select count(*) from traces where record_key >= $1) + (select count(*) from links)",
                [first_new_key],
            )
        )

    def _judge_all(self) -> None:
        store = self._store
        store.set(first_new_key=None)
        for step in ("unlink", "repeats", "settle"):
            store.run(step)
        judge_words(store, link=self._setup.reads.link)
        store.connection.execute("drop table repeated_records")
        judge(store, anew=True, new_views=self._changed.queries)
        store.run("find_events", asked_few=[])
        if self._scan_id > 1:
            store.run("changed_events")
        if self._moved_because:
            store.run("verdict_moves_of_queries", scan_id=self._scan_id, because=self._moved_because)
        store.run("span_events", scan_id=self._scan_id, some_asked_all=True)

    def _judge_new(self, first_new_key: int, *, added: bool) -> None:
        store = self._store
        store.set(first_new_key=first_new_key)
        if added:
            store.run("new_repeats")
            store.run("settle")
            if self._disclosed() != self._counts:
                for step in _LOOKING_UP:
                    store.run(step)
            store.run("date")
            store.run("affected")
        few = judge(store, anew=added, new_views=False, narrow=added)
        store.run("find_events", asked_few=few)
        if added:
            store.run("narrow_new")
            store.run("find_new_events")
            store.run("widen")
        on_events = {rule.name for rule in store.library.of("rule") if rule.reads == "transfers"}
        store.run("span_events", scan_id=self._scan_id, some_asked_all=not on_events <= set(few))
        store.set(first_new_key=None)


def _kept_policy(store: Store, sha256: str) -> Policy:
    """The policy that the database was judged by."""
    tables = {
        name: tuple(
            tuple(tuple(value) if isinstance(value, list) else value for value in row)
            for row in store.rows(f"select {', '.join(dict(columns))} from {name} order by rowid")  # noqa: S608 - ours
        )
        for name, columns in COLUMNS.items()
    }
    return Policy(tables, sha256, ())
