"""Errors for somebody who writes Python: the hints below this layer name options of the command line."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from auditscan.errors import AuditscanError, ProblemsError

if TYPE_CHECKING:
    from collections.abc import Iterator

_ARGUMENTS = {
    "as-of": "as_of",
    "source-zone": "zone",
    "allow-quarantined": "allow_quarantined",
    "log-format": "log_format",
    "held-by": "held_by",
}
"""Option -> argument, where the two are not called alike."""

_SPELLED = {"unsafe": "unsafe=True", "db": "scan(db=...)"}

# A whole command stays as it is: it is to be typed into a shell.
_OPTION = re.compile(r"`auditscan [^`]*`|--(?P<name>[a-z][a-z-]*)(?: (?P<value>\w+=\w+|[A-Z0-9](?:[\w./+-]*\w)?))?")


def in_python(text: str) -> str:
    """Return a hint with arguments in the place of options: `--timeout SECONDS` becomes `timeout=SECONDS`."""
    return _OPTION.sub(_argument, text).replace("limits are options", "limits are arguments of connect")


def _argument(found: re.Match[str]) -> str:
    name, value = found["name"], found["value"]
    if name is None:
        return found[0]
    if name == "param":
        return "an argument" if value is None else value
    name = _ARGUMENTS.get(name, name)
    if name in _SPELLED:
        return _SPELLED[name]
    return name if value is None else f"{name}={value}"


@contextmanager
def spoken() -> Iterator[None]:
    """Let errors of ours show in a traceback what the command line shows: why it is so, and what to do."""
    try:
        yield
    except AuditscanError as error:
        if not getattr(error, "__notes__", None):
            error.where = error.where and in_python(error.where)
            error.hint = error.hint and in_python(error.hint)
            # The problems of a file are in the message already.
            if error.why and not isinstance(error, ProblemsError):
                error.add_note(f"why: {error.why}")
            if error.hint and error.hint.startswith("did you mean"):
                # Who prints the error and not its notes sees it too.
                error.message = f"{error.message}: {error.hint}"
            elif error.hint:
                error.add_note(f"do: {error.hint}")
        raise
