"""Values of the command line that are read without typer's checks.

Those rest on a library that takes longer to load than many a command to run. What is plainly right needs none of
them; all else goes their way, and is told in their words.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typer._click import Context, Parameter
    from typer.models import ParameterInfo


class _NotPlain(Exception):
    """A value that has to be checked."""


def read_plainly(parameters: list[Parameter]) -> list[Parameter]:
    """Let parameters of a command read what is plainly right by themselves, and return them."""
    for parameter in parameters:
        checked = getattr(parameter, "get_runtime_param")  # noqa: B009 -- of typer's own parameters
        if not isinstance(checked, _Plain):
            vars(parameter)["get_runtime_param"] = _Plain(checked)
    return parameters


class _Plain:
    """Stands in the place of what typer makes to read the values of a parameter."""

    def __init__(self, checked: Any) -> None:  # noqa: ANN401 -- as typer has it
        self._checked = checked

    def __call__(self) -> _Plain:
        return self

    def coerce(self, value: Any, param: Any, ctx: Context) -> Any:  # noqa: ANN401
        """Return the value for a function that takes it; raises what typer raises for one that is wrong."""
        several = param.multiple or param.nargs == -1
        if value is None:
            return () if several else None
        kind, info = param.type_descriptor.annotation, param.type_descriptor.parameter_info
        try:
            if several and isinstance(value, list | tuple):
                (kind,) = kind.__args__
                return [_read(item, kind, info) for item in value]
            return _read(value, kind, info)
        except (_NotPlain, ValueError):
            return self._checked().coerce(value, param=param, ctx=ctx)


def _read(value: Any, kind: Any, info: ParameterInfo) -> Any:  # noqa: ANN401
    if info.parser is not None:
        return info.parser(value)
    if kind is str and isinstance(value, str):
        return value
    if kind is int and not info.clamp and (isinstance(value, int) or re.fullmatch(r"0|[1-9][0-9]{0,8}", value)):
        number = int(value)
        if (info.min is None or number >= info.min) and (info.max is None or number <= info.max):
            return number
    if kind is Path and _is_plain_path(value, info):
        return Path(value)
    raise _NotPlain


def _is_plain_path(value: Any, info: ParameterInfo) -> bool:  # noqa: ANN401
    asked = info.exists or info.writable or info.resolve_path or info.allow_dash or info.path_type
    if asked or not (info.file_okay and info.dir_okay):
        return False
    # A name in another encoding than the system's is none that can be shown.
    os.fspath(value).encode()
    return os.access(value, os.R_OK) or not os.path.lexists(value)
