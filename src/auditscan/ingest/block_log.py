"""One log, read by several workers side by side, each a block at a time."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Protocol

from auditscan.readers.blocks import LineBlocks
from auditscan.readers.model import TOO_LONG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from auditscan.ingest.staging import Staging
    from auditscan.readers.blocks import Block
    from auditscan.readers.json_lines import Repaired
    from auditscan.readers.model import FileReport, Quarantine
    from auditscan.readers.raw import ByteStream
    from auditscan.store import Store


class BlockWorker(Protocol):
    """Reads blocks of one log, each by its number and its place in the log."""

    @property
    def staging(self) -> Staging:
        """Where its blocks go."""
        ...

    def block(self, number: int, block: Block, offset: int) -> None:
        """Stage what stands in a block, and tell the log when it is its `turn` how much that was."""
        ...


class BlockLog:
    """Loads one log with several workers; `hire` gives a worker.

    Whatever hangs on the blocks before one, the numbers of its records first of all, is settled when its turn has
    come; the rest is done while other workers do theirs.
    """

    def __init__(
        self,
        store: Store,
        report: FileReport,
        hire: Callable[[BlockLog], BlockWorker],
        workers: int,
        *,
        lines_before: int = 0,
        block_bytes: int | None = None,
        head: bool = False,
    ) -> None:
        self.store = store
        self._report = report
        self._hire = hire
        self._workers = workers
        self._block_bytes = block_bytes
        self._head = head
        self.lock = threading.Lock()
        """Held by whoever takes the next block, hires, or adds to the report."""
        self._turn = threading.Condition(self.lock)
        self._next_block = 0
        self.lines = lines_before
        """Lines before the block whose turn it is."""
        self._failure: BaseException | None = None
        self._running: list[BlockWorker] = []

    def load(self, stream: ByteStream) -> None:
        """Read the stream to its end; what cannot be read is added to the report."""
        blocks = LineBlocks(stream, self._workers + 1, self._block_bytes, head=self._head)
        numbered = enumerate(self.blocks(blocks))
        try:
            if self._workers == 1:
                self._work(numbered)
            else:
                with self.store.side_by_side(self._workers):
                    self._work_together(numbered)
        finally:
            blocks.close()
        if self._failure is not None:
            raise self._failure

    def blocks(self, blocks: LineBlocks) -> Iterator[tuple[Block, int]]:
        """The blocks that are to be read: all of them, where no log says otherwise."""
        return blocks

    def _work_together(self, blocks: Iterator[tuple[int, tuple[Block, int]]]) -> None:
        threads = [threading.Thread(target=self._work, args=(blocks,)) for _ in range(self._workers)]
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
                if block.whole:
                    with self.turn(number):
                        self.pass_over(worker, block, offset)
                else:
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

    @contextlib.contextmanager
    def turn(self, number: int) -> Iterator[None]:
        """Wait until every block before this one has had its turn; the next begins when this one ends."""
        with self._turn:
            self._turn.wait_for(lambda: self._next_block == number or self._failure is not None)
        yield
        with self._turn:
            self._next_block += 1
            self._turn.notify_all()

    def pass_over(self, worker: BlockWorker, block: Block, offset: int) -> None:  # noqa: ARG002 - others need it
        """Account for a line that is too long to be a record, when it is its turn; the block holds its beginning."""
        with self.lock:
            self.lines += 1
            self._report.records += 1
        self._report.quarantined.add(self.lines, TOO_LONG, offset, block.text()[:-1], block.whole)

    def place(self, number: int, lines: int, records: int) -> int:
        """The number of lines before a block, once all blocks before it are counted."""
        with self.turn(number), self.lock:
            before = self.lines
            self.lines += lines
            self._report.records += records
        return before

    def look_closer(self, number: int, lines: int, look: Callable[[int, Quarantine], Repaired]) -> tuple[Repaired, int]:
        """What `look` makes of those lines of a block that need a closer look, and the number of lines before it.

        It is told that number, and where unreadable records go: one block after the other, so that they have their
        numbers at once, and need not wait for them in memory. `lines` are all of the block.
        """
        with self.turn(number):
            before = self.lines
            done = look(before, self._report.quarantined)
            with self.lock:
                self.lines += lines
                self._report.records += lines - done.blank
                self._report.blank_lines += done.blank
                self.note_keys(done.present, done.unknown)
        return done, before

    def note_keys(self, present: set[str], unknown: dict[str, int]) -> None:
        """Add to what the file's accounting says of its fields."""
        self._report.fields |= present
        for key, count in unknown.items():
            self._report.count_unknown(key, count)
