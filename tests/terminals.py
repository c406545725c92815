"""A process on a terminal: keys are typed, and what it shows is read."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time


class Terminal:
    """A process on a terminal of its own, 80 by 24."""

    def __init__(self, command, environment, folder):
        self.place, child = pty.openpty()
        fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.shown = ""
        self.process = subprocess.Popen(
            command, stdin=child, stdout=child, stderr=child, env=environment, cwd=folder, start_new_session=True
        )
        os.close(child)

    def type(self, keys):
        os.write(self.place, keys.encode())

    def wait_for(self, pattern, seconds=30):
        """Read until the pattern is shown, and forget what is in front of it; return what was."""
        deadline = time.monotonic() + seconds
        while not (match := re.search(pattern, self.shown)):
            assert time.monotonic() < deadline, repr(self.shown)
            self._read()
        before, self.shown = self.shown[: match.end()], self.shown[match.end() :]
        return before

    def end(self, seconds=60):
        """Read until the process is gone; return its exit code and what it still showed."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < deadline, repr(self.shown)
            self._read()
        self._read()
        return self.process.returncode, self.shown

    def _read(self):
        ready, _, _ = select.select([self.place], [], [], 0.1)
        if ready:
            try:
                text = os.read(self.place, 65536).decode(errors="replace")
            except OSError:  # how Linux says that the other end of a terminal is closed
                time.sleep(0.05)
                return
            # A terminal that is asked where its cursor is says so.
            if "\x1b[6n" in text:
                os.write(self.place, b"\x1b[1;1R")
            self.shown += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r", "", text)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.place)
