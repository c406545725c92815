"""Templates of this package, and how a value gets into one without changing what the lines around it mean."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from auditscan.errors import UsageError

_FOLDER = Path(__file__).parent / "templates"
_PLACE = re.compile(r"@([a-z_]+)@")
_ENDS_A_LINE = frozenset({"Cc", "Cs", "Zl", "Zp"})


def fill(template: str, **values: str) -> str:
    """Return the text of a template with a value in each place written `@name@`.

    A line that is nothing but a place goes away where its value is empty. Values are not looked at again, so
    `@name@` in a path stays what it is.
    """
    lines = []
    for line in (_FOLDER / template).read_text(encoding="utf-8").splitlines():
        place = _PLACE.fullmatch(line)
        if place is None or values[place[1]]:
            lines.append(_PLACE.sub(lambda found: values[found[1]], line))
    return "\n".join(lines) + "\n"


def check(text: str, what: str) -> str:
    """Return a text as it is; raises UsageError, naming `what`, for one that no file of a scheduler can hold.

    Those are characters that end a line or are none: no quotation marks help against them everywhere.
    """
    for character in text:
        code = ord(character)
        if (
            unicodedata.category(character) in _ENDS_A_LINE
            or code & 0xFFFE == 0xFFFE
            or 0xFDD0 <= code <= 0xFDEF
            or code == 0xFEFF
        ):
            raise UsageError(
                f"the character {character!a} cannot be written into the files of a scheduler",
                where=f"{what}: {text!a}",
                hint="rename the file or folder, or reach it by a symbolic link",
            )
    return text
