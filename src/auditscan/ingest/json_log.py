"""JSON logs: NDJSON as it stands, arrays as lines of one item each.

A block is first read the fast way, by the engine. What it read is then added up to the byte: if the known
fields do not take exactly the bytes of the block, its keys are looked at; if a line is no record, the block
is read again line by line, and only then does Python look at records.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

from auditscan.ingest.staging import Staging
from auditscan.policy import normalize
from auditscan.readers.blocks import Block, LineBlocks
from auditscan.readers.json_lines import Repaired, repair
from auditscan.readers.model import FIELDS, FileReport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from auditscan.readers.raw import ByteStream
    from auditscan.store import Store

OBJECT_BYTES = 1 << 20
"""Longer lines than this are read the careful way, in a buffer of their own size."""

_TEXTS = ("transfer_id", "occurred_at", "record_count")
"""Read as plain text at once; the other fields keep their JSON until their text is new."""


class BlockWorker(Protocol):
    """Reads blocks of one log, each by its number and its place in the log."""

    @property
    def staging(self) -> Staging:
        """Where its blocks go."""
        ...

    def block(self, number: int, block: Block, offset: int) -> None:
        """Stage what stands in a block, and tell the log by `place` how much that was."""
        ...


class JsonLog:
    """Loads one JSON log with several workers, each a block at a time; `hire` gives a worker."""

    def __init__(
        self, report: FileReport, hire: Callable[[JsonLog], BlockWorker], workers: int, lines_before: int = 0
    ) -> None:
        self._report = report
        self._hire = hire
        self._workers = workers
        self.lock = threading.Lock()
        """Held by whoever adds to the report."""
        self._turn = threading.Condition(self.lock)
        self._next_block = 0
        self._lines = lines_before
        self._failure: BaseException | None = None
        self._running: list[BlockWorker] = []

    def load(self, stream: ByteStream) -> None:
        """Read the stream to its end; what cannot be read is added to the report."""
        blocks = LineBlocks(stream, self._workers + 1)
        numbered = enumerate(blocks)
        if self._workers == 1:
            self._work(numbered)
        else:
            threads = [threading.Thread(target=self._work, args=(numbered,)) for _ in range(self._workers)]
            try:
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
            except BaseException as error:
                # Ctrl-C reaches this thread alone: the others would read on to the end of the log.
                self._stop(error)
                for thread in threads:
                    if thread.ident is not None:
                        thread.join()
                raise
            finally:
                blocks.close()
        if self._failure is not None:
            raise self._failure

    @property
    def stopped(self) -> bool:
        """Whether a worker has failed, or somebody wants all of them to end."""
        return self._failure is not None

    def _stop(self, error: BaseException) -> None:
        with self._turn:
            self._failure = self._failure or error
            self._turn.notify_all()
        for worker in self._running:
            worker.staging.store.connection.interrupt()

    def _work(self, blocks: Iterator[tuple[int, tuple[Block, int]]]) -> None:
        worker = None
        try:
            with self.lock:
                # A worker asks the scan's own connection how it is set, which answers one at a time.
                worker = self._hire(self)
            self._running.append(worker)
            while self._failure is None:
                with self.lock:
                    taken = next(blocks, None)
                if taken is None:
                    worker.staging.write()
                    break
                number, (block, offset) = taken
                worker.block(number, block, offset)
                block.release()
        except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits
            with self._turn:
                self._failure = self._failure or error
                self._turn.notify_all()
        finally:
            if worker is not None:
                self._running.remove(worker)
                worker.staging.close()

    def place(self, number: int, lines: int, records: int, repaired: Repaired | None = None) -> int:
        """The number of lines before a block, once all blocks before it are counted."""
        with self._turn:
            self._turn.wait_for(lambda: self._next_block == number or self._failure is not None)
            before = self._lines
            self._lines += lines
            self._next_block += 1
            self._report.records += records
            if repaired is not None:
                self._report.blank_lines += repaired.blank
                self._report.quarantined += repaired.numbered(before)
                self.note_keys(repaired.present, repaired.unknown)
            self._turn.notify_all()
        return before

    def note_keys(self, present: set[str], unknown: dict[str, int]) -> None:
        """Add to what the file's accounting says of its fields."""
        self._report.fields |= present
        for key, count in unknown.items():
            self._report.unknown_fields[key] = self._report.unknown_fields.get(key, 0) + count


class CanonicalWorker:
    """Reads blocks of one canonical log on a connection of its own."""

    def __init__(self, log: JsonLog, store: Store, source_id: int, zone: str) -> None:
        self.staging = Staging(store, "canonical_json", source_id, zone, "json")
        self._log = log
        self._store = self.staging.store
        self._spelling = {name: name for name in FIELDS}
        """Canonical field -> the key this log uses for it."""

    def block(self, number: int, block: Block, offset: int) -> None:
        """Read a block: added up to the byte as the engine reads it, else line by line."""
        import duckdb

        try:
            done = self._fast(number, block)
        except duckdb.Error:
            if self._log.stopped:
                raise
            done = False
        if not done:
            self._careful(number, block, offset)

    def _fast(self, number: int, block: Block) -> bool:
        """Stage and keep the block as the engine reads it; False if a record needs a closer look."""
        columns = {key: "VARCHAR" if name in _TEXTS else "JSON" for name, key in self._spelling.items()}
        self._open("incoming_json", block, OBJECT_BYTES, columns)
        self.staging.stage()
        account = self.staging.account()
        if account.unclear:
            return False
        present, unknown = set(FIELDS), dict[str, int]()
        if account.size != block.size or any(name != key for name, key in self._spelling.items()):
            checked = self._check_keys(block, account.records)
            if checked is None:
                return False
            present, unknown, again = checked
            if again:
                return self._fast(number, block)
        before = self._log.place(number, account.records, account.records)
        self._log.note_keys(present, unknown)
        self.staging.keep(account.records, before)
        return True

    def _open(self, incoming: str, block: Block, object_bytes: int, columns: dict[str, str] | None = None) -> None:
        if columns is not None:
            self._store.set(block_columns=columns)
        self._store.run(incoming, block_path=block.path, block_object_size=object_bytes)

    def _check_keys(self, block: Block, records: int) -> tuple[set[str], dict[str, int], bool] | None:
        """The fields present, the unknown keys, and whether to stage again under other spellings.

        None where the block has to be read line by line.
        """
        combinations = self._store.run("block_keys")
        if block.text().count(b"\n") != records or sum(row[1] for row in combinations) != records:
            return None
        spelling: dict[str, set[str]] = {}
        unknown: dict[str, int] = {}
        for keys, count, repeated in combinations:
            if keys is None or repeated:
                return None
            names = [normalize(key) for key in keys]
            known = [name for name in names if name in self._spelling]
            if not known or len(known) != len(set(known)):
                return None
            for key, name in zip(keys, names, strict=True):
                if name in self._spelling:
                    spelling.setdefault(name, set()).add(key)
                else:
                    unknown[key] = unknown.get(key, 0) + count
        if any(len(keys) > 1 for keys in spelling.values()):
            return None
        wanted = {name: next(iter(keys)) for name, keys in spelling.items()}
        again = any(self._spelling[name] != key for name, key in wanted.items())
        if again:
            # A field this block lacks must not be looked for under a key that means another.
            taken = set(wanted.values()) | set(unknown)
            free = {name: name if name not in taken else f"no {name}" for name in FIELDS}
            self._spelling = free | wanted
        return set(spelling), unknown, again

    def _careful(self, number: int, block: Block, offset: int) -> None:
        done = repair(block.text().split(b"\n")[:-1], offset)
        readable = done.lines - done.blank - len(done.quarantined)
        if readable:
            block.fill(done.clean)
            self._open("incoming_json_numbered", block, max(OBJECT_BYTES, len(done.clean)))
            self.staging.stage()
            self.staging.account()
        before = self._log.place(number, done.lines, done.lines - done.blank, done)
        if readable:
            self.staging.keep(readable, before)
