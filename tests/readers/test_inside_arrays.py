"""Records in a list that an outer object holds: none is lost, however the text is cut into pieces."""

from __future__ import annotations

import pytest

from auditscan.readers.json_array import InsideArray
from auditscan.readers.raw import Pull


class Drip(Pull):
    """Text in pieces of a few bytes."""

    def __init__(self, text: str, size: int) -> None:
        super().__init__()
        self._rest = text.encode()
        self._size = size

    def _piece(self) -> bytes:
        piece, self._rest = self._rest[: self._size], self._rest[self._size :]
        return piece


def lines_of(text: str, size: int) -> tuple[list[str], bool]:
    """The items of the lists under `entry`, and whether the last list lacks its end."""
    items = InsideArray(Drip(text, size), "entry")
    found = bytearray()
    buffer = bytearray(7)
    while count := items.readinto(memoryview(buffer)):
        found += buffer[:count]
    return found.decode().splitlines(), items.unclosed


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    ("text", "items", "unclosed"),
    [
        ('{"a": 1, "entry": [{"x":1}, {"x":2}], "b": [1, {"c": "]"}]}', ['{"x":1}', '{"x":2}'], False),
        ('{"entry":[{"x":1}]}\n{"a":0,"entry":[{"x":2}]}\n', ['{"x":1}', '{"x":2}'], False),
        ('{"entry":[{"x":1}]}\n{"x":2}\n{"entry":[]}\n{"entry":[{"x":3}]}', ['{"x":1}', '{"x":2}', '{"x":3}'], False),
        ('{"entry":[{"x":1}]} rest', ['{"x":1}', "rest"], False),
        ('{"entry":[{"x":1}', ['{"x":1}'], True),
        ('{"entry":[{"x":1}],"b":3', ['{"x":1}'], False),
    ],
)
def test_items_of_outer_objects(text: str, items: list[str], unclosed: bool, size: int) -> None:
    assert lines_of(text, size) == (items, unclosed)
