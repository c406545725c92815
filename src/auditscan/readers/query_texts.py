"""Many query texts analyzed side by side, in processes of their own: Python uses one core in each.

A history of queries may have as many different texts as records, and to take one apart takes a millisecond. Where no
process can be started, or one ends, its texts are analyzed here.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from auditscan.readers.query_text import analyze

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

    from auditscan.readers.query_text import Analysis

WORTH_A_PROCESS = 750
"""Texts: to start one takes as long as to take half as many apart."""

MOST = 8
"""Processes: each takes 50 MB."""

Row = list[object]
"""What one text put out, as `COLUMNS` has it."""

COLUMNS = {
    "kind": "varchar",
    "direction": "varchar",
    "outputs": "varchar[]",
    "excluded": "varchar[]",
    "open_tables": "varchar[]",
    "used": "varchar[]",
    "aggregate": "boolean",
    "tables": "varchar[]",
    "programs": "varchar[]",
    "states": "varchar[]",
    "populations": "varchar[]",
    "population_filter": "varchar",
    "picks_persons": "boolean",
    "deduced": "struct(kind varchar, item varchar, why varchar)[]",
    "file": "varchar",
    "let_in": "varchar",
    "problem": "varchar",
}
"""What is kept of an analysis, each with its type in the database."""


def rows_of(texts: Iterable[str], dialect: str) -> list[Row]:
    """A row for each text. Raises ValueError as `analyze` does."""
    return [_row(analyze(text, dialect)) for text in texts]


def each_batch(
    batches: Iterable[list[str]], dialect: str, total: int, cores: int
) -> Iterator[tuple[list[str], list[Row]]]:
    """Batches of texts, `total` of them in all, each with its rows, in their order.

    Uses so many cores, where there are texts enough, and never holds more batches than two more.
    """
    processes = min(cores, MOST, total // WORTH_A_PROCESS)
    # Where Python is part of another program, that is what would be started.
    if processes < 2 or not Path(sys.executable or "").name.startswith("python"):
        for texts in batches:
            yield texts, rows_of(texts, dialect)
        return
    own = threading.local()

    def ask(texts: list[str]) -> list[Row]:
        if not hasattr(own, "ask"):
            own.ask = started.enter_context(_asking())
        found: list[Row] = own.ask(texts, dialect)
        return found

    with contextlib.ExitStack() as started, ThreadPoolExecutor(processes) as threads:
        asked: deque[tuple[list[str], Future[list[Row]]]] = deque()
        try:
            for texts in batches:
                asked.append((texts, threads.submit(ask, texts)))
                if len(asked) > processes + 1:
                    done, answer = asked.popleft()
                    yield done, answer.result()
            for done, answer in asked:
                yield done, answer.result()
        finally:
            threads.shutdown(cancel_futures=True)


@contextlib.contextmanager
def _asking() -> Iterator[Callable[[list[str], str], list[Row]]]:
    """A process that answers like `rows_of`; what it does not answer is found here."""
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", "from auditscan.readers.query_texts import answer; answer()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Modules are found where this process found them, and never in the folder in which it was started.
            env={**os.environ, "PYTHONPATH": os.pathsep.join(place for place in sys.path if place)},
            # Ctrl-C is for who asks: it ends when nobody asks any more.
            start_new_session=True,
        )
    except OSError:
        yield rows_of
        return
    questions, answers = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)

    def ask(texts: list[str], dialect: str) -> list[Row]:
        try:
            questions.write(json.dumps([dialect, texts]).encode() + b"\n")
            questions.flush()
            found: list[Row] = json.loads(answers.readline())
        except (OSError, ValueError):
            return rows_of(texts, dialect)
        return found

    try:
        yield ask
    finally:
        process.kill()
        with contextlib.suppress(OSError):
            questions.close()
        answers.close()
        process.wait()


def answer() -> None:
    """Be such a process: a line of JSON for each line of JSON, until there are no more."""
    for line in sys.stdin.buffer:
        dialect, texts = json.loads(line)
        sys.stdout.buffer.write(json.dumps(rows_of(texts, dialect)).encode() + b"\n")
        sys.stdout.buffer.flush()


def _row(found: Analysis) -> Row:
    told = {name: getattr(found, name) for name in COLUMNS}
    told |= {"deduced": [known._asdict() for known in found.deduced], "problem": found.problem or None}
    # As JSON has them, too: a row is the same from whichever process.
    return [list(value) if isinstance(value, tuple) else value for value in told.values()]
