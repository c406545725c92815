"""What is higher than the terminal goes through a pager, as a person set it up.

The second module beside `streams` that reaches the terminal: a pager is a process of its own, and gets it whole.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from auditscan.cli import streams

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console


def pager() -> list[str]:
    """Return the pager's command line: that of $PAGER, else `less`; empty where there is none or nobody watches."""
    if not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        return []
    given = os.environ.get("PAGER")
    try:
        words = ["less"] if given is None else shlex.split(given)
    except ValueError:
        return []
    return words if words and shutil.which(words[0]) else []


class Paged:
    """Output that holds back until it is higher than the terminal, and then starts a pager."""

    def __init__(self, command: list[str], height: int) -> None:
        self._command = command
        self._height = height
        self._held: list[bytes] = []
        self._lines = 0
        self._process: subprocess.Popen[bytes] | None = None

    def write(self, data: bytes) -> bool:
        """Take the next piece; returns False once nobody wants more."""
        if self._process is not None:
            return self._send(data)
        self._held.append(data)
        self._lines += data.count(b"\n")
        if not self._command:
            self._flush()
        elif self._lines >= self._height:
            return self._start()
        return True

    def close(self) -> None:
        """Show what was held back, or wait until the pager is left."""
        if self._process is None:
            self._flush()
            return
        with suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        # Ctrl-C in a pager is the pager's.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            self._process.wait()
        finally:
            signal.signal(signal.SIGINT, before)

    def _flush(self) -> None:
        for data in self._held:
            streams.output.write_bytes(data)
        self._held.clear()
        streams.output.flush()

    def _start(self) -> bool:
        streams.output.flush()
        # No history of searches, and no way from a locked session to a shell: `!`, `v` and `s` are off.
        environment = {"LESS": "FRSX", **os.environ, "LESSSECURE": "1", "LESSHISTFILE": "-"}
        try:
            self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, env=environment)  # noqa: S603 -- the person's own pager
        except OSError:
            self._command = []
            self._flush()
            return True
        held, self._held = b"".join(self._held), []
        return self._send(held)

    def _send(self, data: bytes) -> bool:
        if self._process is None or self._process.stdin is None:
            return False
        try:
            self._process.stdin.write(data)
            self._process.stdin.flush()
        except OSError:  # the pager was left before its end
            return False
        return True


@contextmanager
def paged() -> Iterator[Paged]:
    """Yield output for one result; it is shown when the block ends."""
    output = Paged(pager(), shutil.get_terminal_size().lines - 1)
    try:
        yield output
    finally:
        output.close()


def draw_paged(console: Console, draw: Callable[[Console], None]) -> None:
    """Draw on a console, and show it."""
    with console.capture() as captured:
        draw(console)
    with paged() as output:
        output.write(captured.get().encode(errors="backslashreplace"))
