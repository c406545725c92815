"""Random damage: nothing crashes, nothing is invented, everything adds up."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from auditscan.readers.csv_rows import NO_REST, read_header, take_apart
from auditscan.readers.json_array import ArrayLines
from auditscan.readers.json_lines import repair
from auditscan.readers.odd_lines import lines_of
from auditscan.readers.raw import read_up_to
from readers.reading import line, read_folder, record, row, table

IDS = [f"id-{n}{n}{n}-x" for n in range(5)]
SOUND = {
    "log.ndjson": b"".join(line(name, purpose="p") for name in IDS),
    "log.csv": table(*(row(name, purpose='"a, ""b"""') for name in IDS)),
    "plain.csv": table(*(row(name) for name in IDS)),
    "log.json": json.dumps([record(name) for name in IDS], indent=2).encode(),
    "one.json": b"[" + b",".join(line(name) for name in IDS).replace(b"\n", b"") + b"]",
    "log.gz": gzip.compress(b"".join(line(name) for name in IDS)),
}
ODD = [
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b"\n",
    b"\r",
    b"\0",
    b"\\",
    b"\xff",
    b"\xc3",
    b":",
    b" ",
    b"\xef\xbb\xbf",
]

changes = st.lists(
    st.tuples(st.floats(0, 1), st.one_of(st.sampled_from(ODD), st.binary(max_size=3)), st.integers(0, 4)),
    min_size=1,
    max_size=3,
)


def damaged(content: bytes, done: list[tuple[float, bytes, int]]) -> bytes:
    for place, put, dropped in done:
        at = round(place * len(content))
        content = content[:at] + put + content[at + dropped :]
    return content


@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.fixed_dictionaries(dict.fromkeys(SOUND, changes)))
def test_damaged_logs(done):
    texts = {name: damaged(content, done[name]) for name, content in SOUND.items()}
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for name, content in texts.items():
            (folder / name).write_bytes(content)
        (folder / "good.ndjson").write_bytes(line("good-1") + line("good-2"))
        seen = read_folder(folder, workers=1)
    packed = seen.pop("log.gz")
    assert set(packed.kept.values()) <= set(IDS) or packed.status == "read"
    del seen["good.ndjson"]
    for name, file in seen.items():
        _nothing_invented(file.kept.values(), texts[name])


@settings(max_examples=300, deadline=None)
@given(changes, st.booleans())
def test_damaged_lines(done, as_array):
    text = damaged(SOUND["log.json" if as_array else "log.ndjson"], done)
    if as_array:
        text = read_up_to(ArrayLines(_Whole(text)), 1 << 20)
    lines = text.split(b"\n")
    found = repair(lines_of(b"".join(line + b"\n" for line in lines)))
    kept = [json.loads(clean) for clean in found.clean.splitlines()]
    assert found.lines == len(lines)
    assert found.lines == found.blank + len(kept) + len(found.quarantined)
    _nothing_invented([str(clean.get("transfer_id", IDS[0])) for clean in kept], text)


@settings(max_examples=300, deadline=None)
@given(changes, st.sampled_from([10, 100, 10_000]))
@example([(1.0, b'"', 0), (0.5, b"\xef\xbb\xbf", 4), (0.65625, b"\n", 0)], 100)  # doubt that a block leaves to the next
def test_damaged_rows(done, size):
    text = damaged(SOUND["log.csv"], done)
    first, _, text = text.partition(b"\n")
    header = read_header(first, ",")
    if header.problem or not header.columns:
        return
    text += b"" if text.endswith(b"\n") else b"\n"
    pieces = [piece for piece in re.findall(rb"(?s)(?:.{0,%d}?\n|.+\n)" % size, text) if piece]
    assert b"".join(pieces) == text
    count, before, rest = 0, 0, NO_REST
    kept: list[str] = []
    for number, piece in enumerate(pieces):
        rows = take_apart(piece, header, 0, before, number == len(pieces) - 1, rest=rest)
        count, before = count + rows.records, before + rows.lines
        rest = rows.rest
        made = list(csv.reader(io.StringIO(rows.clean.decode(), newline="")))
        assert rows.records == len(made) + len(rows.quarantined)
        place = list(header.columns).index("transfer_id") + 1 if "transfer_id" in header.columns else 0
        kept += [cells[place] for cells in made if place]
    assert not rest.text
    whole = take_apart(text, header, 0, 0, True)
    assert (count, before) == (whole.records, text.count(b"\n"))
    _nothing_invented(kept, text)


class _Whole:
    """A stream of bytes that are there already."""

    def __init__(self, content: bytes) -> None:
        self._file = io.BytesIO(content)

    def readinto(self, view: memoryview) -> int:
        return self._file.readinto(view)


def _nothing_invented(kept, text: bytes) -> None:
    for transfer_id in kept:
        # An id that was damaged itself is read as it stands; no other text becomes one.
        known = transfer_id in IDS or transfer_id.startswith("content-")
        assert known or _stands_in(transfer_id, text), (transfer_id, text)


def _stands_in(kept: str, text: bytes) -> bool:
    raw = kept.encode()
    written = (raw, raw.replace(b'"', b'""'), json.dumps(kept)[1:-1].encode())
    return any(form in text for form in written) or kept.replace("\\", "") in text.decode("utf-8", "ignore").replace(
        "\\", ""
    )


def test_sound_logs(tmp_path):
    for name, content in SOUND.items():
        (tmp_path / name).write_bytes(content)
    seen = read_folder(tmp_path, workers=1)
    for name in SOUND:
        # The header of a table is a line like any other.
        assert seen[name].kept == dict(enumerate(IDS, 2 if name.endswith(".csv") else 1)), name
