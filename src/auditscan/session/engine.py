"""The thread in which a session asks the engine, and what ends a call that takes too long.

The engine looks at its clock between pieces of work. A call that does not look up (one function over a huge value, the
planning of a huge statement) is interrupted from here, again and again. What heeds no interruption either cannot
be ended at all within a process: it is left to itself, and then the session is lost.
"""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any

from auditscan.session.faults import not_ended, too_late

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditscan.session.faults import Limits

WAKE_SECONDS = 0.1
"""How long Ctrl-C may wait at most."""

GRACE_SECONDS = 3.0
"""How long a call may take to heed that it is interrupted."""


class Engine:
    """One thread for calls into the engine, one after the other."""

    def __init__(self, limits: Limits, interrupt: Callable[[], None]) -> None:
        self._limits = limits
        self._interrupt = interrupt
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._last: Future[Any] | None = None
        self.lost = False
        """Whether a call heeds no interruption. Nothing can be asked any more, and only the end of the process ends
        that call."""

    def call(self, call: Callable[[], Any]) -> Any:  # noqa: ANN401 -- whatever the call gives
        """Run a call: one that blocks in the thread of the caller would hear of Ctrl-C when it is done.

        Raises LimitError where it met its time limit, or does not end when it is stopped.
        """
        import duckdb

        future = self._last = self._thread.submit(call)
        # A little later than the engine's own limit, whose error is the better one.
        late = time.monotonic() + self._limits.seconds + 2 * WAKE_SECONDS
        try:
            # In turns: the signal may reach a thread of the engine, and then nothing wakes this one to handle it.
            while not wait((future,), WAKE_SECONDS).done:
                if self._limits.seconds and time.monotonic() > late:
                    if not self._stopped():
                        raise not_ended(self._limits, by_hand=False)
                    error = future.exception()
                    if not isinstance(error, duckdb.Error) or isinstance(error, duckdb.InterruptException):
                        raise too_late(self._limits) from error
            return future.result()
        except KeyboardInterrupt:
            if not self._stopped():
                raise not_ended(self._limits, by_hand=True) from None
            raise

    def close(self) -> None:
        """Stop what runs, and end the thread unless it heeds nothing."""
        if self._last is None or self._stopped():
            self._thread.shutdown(wait=True)

    def _stopped(self) -> bool:
        """Interrupt the last call until it ends; False, and lost, where it goes on."""
        begun = time.monotonic()
        # Again and again: what comes before the engine has begun is forgotten when it begins.
        while self._last is not None and not self._last.done():
            if self.lost or time.monotonic() - begun > GRACE_SECONDS:
                self.lost = True
                self._thread.shutdown(wait=False)
                return False
            self._interrupt()
            wait((self._last,), WAKE_SECONDS)
        return True
