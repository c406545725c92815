"""Tables that a log's own statements made, and the statements of the same log that read them.

An extract is made in two steps: a table from the data, a file from the table. What the second put out stands in the
text of the first. Once a log was read to its end it is known which tables it made: where others read them, the log is
read once more, and each of those texts together with the statements that made what it reads.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from auditscan.ingest.parsed import keep_in_context
from auditscan.readers.sqltext.made import Written, parts_of_name, written_by

if TYPE_CHECKING:
    from datetime import datetime

    from auditscan.store import Store

_STATEMENTS = 16
_CHARACTERS = 48_000
"""More than these are not read together: what they made stays unknown."""


class _Writer(NamedTuple):
    at: datetime
    query_id: str | None
    session: str | None
    place: str | None
    text: str
    written: Written
    own: tuple[str, ...]
    """The parts of the table's name."""

    def wrote(self, name: tuple[str, ...], session: str | None, place: str | None) -> bool:
        """Whether it wrote to the table that a statement of that session calls by this name."""
        own = self.own
        shorter = min(len(own), len(name))
        if own[-shorter:] != name[-shorter:]:
            return False
        if self.session is not None and self.session == session:
            return True
        if self.written.temporary or len(own) != len(name) or len(own) == 1:
            return False
        return len(own) > 2 or (self.place is not None and self.place == place)


@dataclass
class MadeTables:
    """What the statements of one log wrote."""

    store: Store
    dialect: str
    _writers: dict[str, list[_Writer]] = field(default_factory=dict)
    """By the last part of the table's name, in their order."""
    _reads: dict[str, list[str]] = field(default_factory=dict)
    """Which tables a text reads."""
    _done: set[tuple[object, ...]] = field(default_factory=set)
    _parsed: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Take what was collected of the tables that are read."""
        made = {
            parts_of_name(one.name)[-1]
            for (text,) in self.store.rows(
                "select distinct query_text from memory.made_tables where makes order by all"
            )
            for one in written_by(text, self.dialect)
            if one.how == "made"
        }
        self.store.set(made_names=sorted(made), source_dialect=self.dialect)
        self._reads = dict(self.store.run("made_readers")) if made else {}
        if not self._reads:
            return
        for at, query_id, session, place, text in self.store.run("writers_of_made"):
            for one in written_by(text, self.dialect):
                own = parts_of_name(one.name)
                self._writers.setdefault(own[-1], []).append(_Writer(at, query_id, session, place, text, one, own))

    def __bool__(self) -> bool:
        """Whether some statement that put something out reads a table that was made."""
        return bool(self._reads) and bool(
            self.store.one(
                "select count(*) from memory.parsed_texts where dialect = $1 and direction in ('out', 'unknown') "
                "and text in (select unnest($2::varchar[]))",
                [self.dialect, list(self._reads)],
            )
        )

    def read_together(self, store: Store) -> bool:
        """Read the texts of `mapped_rows` together with what made their tables; whether there were any."""
        store.set(reading_texts=list(self._reads))
        found = store.run("readers_of_made")
        readings: dict[tuple[object, ...], tuple[str, str]] = {}
        for at, query_id, occurred_at, session, place, text in found:
            made = self._made_for(text, at, session, place)
            if made:
                context = ";\n".join(one.written.sql for one in made)
                ids = list(dict.fromkeys(one.query_id for one in made if one.query_id))
                told = f"{'query' if len(ids) == 1 else 'queries'} {', '.join(ids)}" if ids else "earlier statements"
                readings[query_id, occurred_at, session, text] = (context, told)
        new = {key: value for key, value in readings.items() if key not in self._done}
        self._done |= new.keys()
        texts = {(str(key[-1]), context) for key, (context, _) in new.items()} - self._parsed
        self._parsed |= texts
        keep_in_context(store, self.dialect, sorted(texts))
        columns = ("query_id", "occurred_at", "session", "query_text", "context", "made_by")
        store.insert(
            "memory.made_readings", dict.fromkeys(columns, "varchar"), [(*key, *value) for key, value in new.items()]
        )
        return bool(readings)

    def _made_for(self, text: str, at: datetime, session: str | None, place: str | None) -> list[_Writer]:
        """The statements that made what a text reads, in their order; none where that is not known for sure."""
        needed: dict[_Writer, None] = {}
        open_texts = [(text, at, session, place)]
        while open_texts:
            reading, then, within, where = open_texts.pop()
            for name in self._reads.get(reading, ()):
                for writer in self._filled(parts_of_name(name), then, within, where):
                    if writer in needed or writer.text == reading:
                        continue
                    needed[writer] = None
                    open_texts.append((writer.text, writer.at, writer.session, writer.place))
                    if len(needed) > _STATEMENTS or sum(len(w.written.sql) for w in needed) > _CHARACTERS:
                        return []
        return sorted(needed, key=lambda writer: writer.at)

    def _filled(self, name: tuple[str, ...], at: datetime, session: str | None, place: str | None) -> list[_Writer]:
        """What made a table as it was at that time, and filled it since; none where it may hold something else."""
        writers = self._writers.get(name[-1], [])
        since: list[_Writer] = []
        # Backwards: a table that is made anew each day was made many times before.
        for number in reversed(range(bisect_right(writers, at, key=lambda writer: writer.at))):
            writer = writers[number]
            if writer.wrote(name, session, place):
                since.insert(0, writer)
                if writer.written.how == "changed":
                    return []
                if writer.written.how == "made":
                    return since
        return []
