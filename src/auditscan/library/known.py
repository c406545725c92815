"""Headers of query files as they were read and checked before: to do that again takes longer than many a scan."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from hashlib import sha256
from typing import Any

from auditscan.disk.cache import keep, kept, name_of
from auditscan.library.parameters import Parameter


class Headers:
    """Headers without faults, by the whole text of their files."""

    def __init__(self) -> None:
        self._name = name_of("headers", ("library", "settings"))
        self._before: dict[str, dict[str, Any]] = json.loads(kept(self._name) or b"{}")
        self._now: dict[str, dict[str, Any]] = {}

    def get(self, kind: str, text: str) -> dict[str, object] | None:
        """Return the values of a header as `read_header` returns them; None for one that is not known."""
        key = _key(kind, text)
        values = self._before.get(key)
        if values is None:
            return None
        self._now[key] = values
        params = {name: Parameter(**given) for name, given in values.get("params", {}).items()}
        return {**values, "params": params} if params else dict(values)

    def add(self, kind: str, text: str, values: dict[str, object]) -> None:
        """Take in a header that has been read."""
        self._now[_key(kind, text)] = values

    def keep(self) -> None:
        """Keep those that were read or asked for, where others were kept before."""
        if self._now.keys() != self._before.keys():
            text = json.dumps(self._now, default=asdict)
            keep(self._name, text.encode())
            self._now = json.loads(text)
            self._before = dict(self._now)


@cache
def known_headers() -> Headers:
    """Return the headers known to this process."""
    return Headers()


def _key(kind: str, text: str) -> str:
    return sha256(f"{kind}\n{text}".encode()).hexdigest()
