"""Commands run as a page shows them: those of the program in this process, the others by a shell."""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from auditscan.cli import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OPERATORS = {"|", ">", "<", "&&", ";"}


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def blocks(page: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the language of each fenced block of a page, the name of the file that it is, if any, and its text."""
    for told, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        language, _, name = told.partition(" ")
        yield language, name, text


def commands(text: str) -> Iterator[str]:
    """Take a block of the shell apart: a command may take several lines where a quotation does."""
    begun = ""
    for line in text.splitlines():
        begun = f"{begun}\n{line}" if begun else line
        try:
            if shlex.split(begun, comments=True):
                yield begun
        except ValueError:
            continue
        begun = ""
    assert not begun, f"a quotation does not end: {begun}"


def typed(command: str) -> Ended:
    """Run a command in the working folder."""
    words = shlex.split(command, comments=True)
    if words[0] != "auditscan" or OPERATORS & set(words):
        return _by_shell(command)
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", words)
        # Nobody types.
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
        code = run(words[1:])
    for stream in (out, err):
        stream.flush()
    return Ended(code, out.buffer.getvalue().decode(), err.buffer.getvalue().decode())


def _by_shell(command: str) -> Ended:
    """Run a command that is more than one program, or another, by a shell that knows the program."""
    program = f'auditscan() {{ "{sys.executable}" -m auditscan "$@"; }}'
    done = subprocess.run(
        ["bash", "-c", f"{program}\n{command}"], capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    return Ended(done.returncode, done.stdout, done.stderr)
