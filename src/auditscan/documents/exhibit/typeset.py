"""What an exhibit tells, set in type: glyphs found by trying, parts below a limit, the same bytes every time."""

from __future__ import annotations

import ctypes
import json
import re
import sys
import warnings
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditscan.documents.exhibit.fitting import beyond_ascii, codes, fit
from auditscan.errors import UnsureWarning, UsageError

try:
    import typst
except ImportError as error:
    raise UsageError(
        "a .pdf is made by typst, which is not installed",
        where="--out",
        hint="install it with pip install 'auditscan[pdf]'",
    ) from error

if TYPE_CHECKING:
    from auditscan.documents.filing import Filing

MB = 1_000_000

WARNED_MB = 30
"""The least that a court was found to take at once, apart from one."""

MOST_PARTS = 99

STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
"""To be kept and shown for decades, and read aloud."""

_FOLDER = Path(__file__).parent
_TEMPLATE = (_FOLDER / "exhibit.typ").read_bytes()

_TRIAL = b"""#set document(title: "Trial", date: datetime(year: 2000, month: 1, day: 1))
#set text(lang: "en")
#for one in json(bytes(sys.inputs.told)) [#one #linebreak()]"""

_LARGE = -3
"""The option from how many bytes on a piece is large, as the C library numbers it (`M_MMAP_THRESHOLD`)."""

_NO_GLYPH = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")

_lacking: dict[str, bool] = {}
"""Character -> whether no font has it: each is tried once a run."""


def in_parts(told: str, filing: Filing, path: Path) -> list[tuple[Path, bytes]]:
    """Return the files that an exhibit called `path` is filed in, each whole; page numbers run through.

    What it tells comes as JSON.

    Warns with UnsureWarning of one that is larger than many courts take. Raises UsageError where no part can be as
    small as was asked for.
    """
    limit = None if filing.max_mb is None else int(filing.max_mb * MB)
    whole = compiled(told)
    if limit is not None and len(whole) > limit:
        return _split(json.loads(told), len(whole), limit, path)
    if limit is None and len(whole) > WARNED_MB * MB:
        warnings.warn(
            f"{path} has {len(whole) / MB:.1f} MB, and some courts take no more than {WARNED_MB}: --max-mb {WARNED_MB} "
            "files it in parts",
            UnsureWarning,
            stacklevel=2,
        )
    return [(path, whole)]


def _split(told: dict[str, Any], size: int, limit: int, path: Path) -> list[tuple[Path, bytes]]:
    """Return an exhibit in as few parts as keep below a limit, cut between transfers."""
    blocks = told["transfers"]
    count = max(2, -(-size // limit))
    while count <= min(MOST_PARTS, max(2, len(blocks))):
        cuts = [place * len(blocks) // count for place in range(count + 1)]
        parts = [
            {
                **told,
                "transfers": blocks[begin:end],
                "front": place == 0,
                "back": place == count - 1,
                "part": {"number": place + 1, "of": count, "first": begin + 1, "last": end},
            }
            for place, (begin, end) in enumerate(pairwise(cuts))
        ]
        asked = [_compiler(_TEMPLATE, _fit(part)).query("<pages>", field="value", one=True) for part in parts]
        pages = [int(json.loads(answer)) for answer in asked]
        for place, part in enumerate(parts):
            part["part"] |= {"before": sum(pages[:place]), "pages": sum(pages)}
        made = [compiled(json.dumps(part)) for part in parts]
        if max(map(len, made)) <= limit:
            return [(path.with_name(f"{path.stem}-{place}{path.suffix}"), data) for place, data in enumerate(made, 1)]
        count += max(1, count // 4)
    raise UsageError(
        f"the exhibit cannot be cut into parts of {limit / MB:g} MB",
        where="--max-mb",
        why=f"whole it has {size / MB:.1f} MB",
        hint="allow more, or leave out --record",
    )


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


def _compiler(source: bytes, told: str) -> typst.Compiler:
    return typst.Compiler(
        source, root=_FOLDER, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs={"told": told}
    )


def compiled(told: str, template: bytes = _TEMPLATE) -> bytes:
    """Return JSON as a PDF, by a template that takes its texts from the input `told`."""
    _try(beyond_ascii(json.loads(told)))
    while True:
        try:
            return _pdf(template, _fit(json.loads(told)))
        except typst.TypstError as error:
            # What stands alone may be missing where it stands together.
            found = {character for character in _without_glyph(error) if not _lacking.get(character)}
            if not found:
                raise
            _lacking.update(dict.fromkeys(found, True))


def _fit(told: Any) -> str:  # noqa: ANN401 -- whatever JSON holds
    return json.dumps(fit(told, codes({character for character, lacks in _lacking.items() if lacks})))


def _try(characters: set[str]) -> None:
    """Find out which characters the fonts lack: no table tells, and the standards refuse a page with one."""
    new = sorted(characters - _lacking.keys())
    if not new:
        return
    missing: set[str] = set()
    try:
        _pdf(_TRIAL, json.dumps(new))
    except typst.TypstError as error:
        missing = _without_glyph(error)
        if not missing:
            raise
    _lacking.update({character: character in missing for character in new})


def _without_glyph(error: typst.TypstError) -> set[str]:
    """Return the characters, beyond ASCII, that an error says are missing."""
    texts = (_ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) for text in _NO_GLYPH.findall(error.diagnostic))
    return {character for text in texts for character in text if not character.isascii()}


@cache
def _give_back_at_once() -> None:
    """Have the C library of Linux give back each large piece when it is freed: else it keeps 50 MB between others."""
    if sys.platform == "linux" and (set_option := getattr(ctypes.CDLL(None), "mallopt", None)):
        set_option(_LARGE, 128 * 1024)


def _pdf(source: bytes, told: str) -> bytes:
    _give_back_at_once()
    made = _compiler(source, told).compile(format="pdf", pdf_standards=STANDARDS, timestamp=0)
    if not isinstance(made, bytes):
        raise TypeError(made)
    return made
