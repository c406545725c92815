"""CSV read as the engine reads it, and row by row: the same records, and the same ones that are none."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditscan.ingest import csv_log, sheet_log
from readers.reading import HEADER, Seen, read_folder, row
from scans import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditscan.readers.csv_blocks import Sifted

ODD = [
    *(b"", b" ", b"\t", b"\v\f", b"\r", b"\0", b"\xff", b'"', b'""', b",", b",,,,,", b"x", b"\xef\xbb\xbf"),
    *(b"%n,2025-07-02,a,b,c", b"%n,2025-07-02,a,b,c,d,e", b"%n,2025-07-02,\xe9,b,c,d", b"%n,2025-07-02,a\0,b,c,d"),
    *(b"%n,2025-07-02,a\rb,b,c,d", b"%n,2025-07-02,a,b,c,d\r", b'%n,2025-07-02,"a\rb",b,c,d', b"%n,2025-07-02,a,b,c, "),
    *(b'%n,2025-07-02,5" a,6" b,c,d', b'%n,2025-07-02,5" a,b,c,"d', b'%n,2025-07-02,5" a,b,c,d'),
    *(b'%n,2025-07-02, "a",b,c,d', b'%n,2025-07-02,"a" ,b,c,d', b'%n,2025-07-02,"a"x,b,c,d', b'"",%n,"","",b,""'),
    *(b'%n,2025-07-02,"a, ""b""",b,c,d', b'%n,2025-07-02,"a, ""b",b,c,d', b'%n,2025-07-02,"""",b,c,d'),
    *(b'%n,2025-07-02,"a\nb",c,d,e', b'%n,2025-07-02,"a,b,c\n%n,2025-07-02,a,b,c,d",d,e', b'%n,2025-07-02,"a,b,c,d'),
    *(b"\xef\xbb\xbf%n,2025-07-02,a,b,c,d", "%n,2025-07-02,é\u2028ü,b,c,\u00a0".encode(), b"%n,,,,,", b"\\,',;,|,#,%n"),
]
SOUND = [
    b"%n,2025-07-01,CMS,ICE,CA;OR,some purpose",
    b'"%n","2025-07-01","CMS","ICE","CA;OR","this, and ""that"""',
    '%n,2025-07-01,CMS,"ICE",,"für ""é"""'.encode(),
]


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """Rows of one writer, among them odd ones, but more seldom."""
    written, end = draw(st.sampled_from(SOUND)), draw(st.sampled_from([b"\n", b"\r\n"]))
    rows = [written] * draw(st.integers(1, 60))
    for _ in range(draw(st.integers(0, 6))):
        rows.insert(draw(st.integers(0, len(rows))), draw(st.sampled_from([*ODD, *SOUND])))
    ended = [line + (end if draw(st.integers(0, 20)) else draw(st.sampled_from([b"\n", b"\r\n"]))) for line in rows]
    return b"".join(line.replace(b"%n", b"n%d" % number) for number, line in enumerate(ended))


def both_ways(folder: Path, block_bytes: int) -> tuple[dict[str, Seen], dict[str, Seen]]:
    with mock.patch.object(sheet_log, "WHOLE_LINES", 0), contextlib.ExitStack() as small:
        small.enter_context(mock.patch.object(csv_log, "BLOCK_BYTES", block_bytes))
        fast = read_folder(folder, workers=2)
        small.enter_context(mock.patch.object(csv_log, "ways_to_read", return_value=()))
        return fast, read_folder(folder, workers=1)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(tables(), min_size=3, max_size=3), st.sampled_from([600, 1500, csv_log.BLOCK_BYTES]))
def test_the_same_as_row_by_row(texts, block_bytes):
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for number, text in enumerate(texts):
            (folder / f"log-{number}.csv").write_bytes(HEADER.encode() + b"\n" + text)
            head = b"Date,Disclosing Agency,Recipient,Purpose,State,Data Elements\n"
            (folder / f"register-{number}.csv").write_bytes(head + text)
        fast, careful = both_ways(folder, block_bytes)
    assert fast == careful


def test_only_odd_lines_are_read_row_by_row(tmp_path):
    """A blank line, one too short, one that cannot be decoded, and a cell over lines, among rows of either line end."""
    rows = [row(f"n{n}", purpose='"a, ""b"""').encode() + b"\r\n" * (n % 2) + b"\n" * (1 - n % 2) for n in range(100)]
    rows[20], rows[40], rows[60] = b"\r\n", b"x,y\n", rows[60].replace(b",x,", b",\xe9,", 1)
    rows[70] = rows[70].replace(b"CA;OR", b'"CA\nOR,\nGA"')
    rows[80] = rows[80].replace(b",x,x,", b',5" x,6" y,')
    (tmp_path / "log.csv").write_bytes(HEADER.encode() + b"\n" + b"".join(rows))
    found: list[tuple[int, int]] = []
    read = csv_log.ways_to_read

    def noted(*given: object) -> Iterator[Sifted]:
        for sifted in read(*given):
            found.append((sifted.lines, sifted.blank))
            yield sifted

    with mock.patch.object(csv_log, "ways_to_read", noted):
        seen = read_folder(tmp_path)["log.csv"]
    assert found == [(102, 1)]
    assert seen.kept == {n + 2 + 2 * (n > 70): f"n{n}" for n in range(100) if n not in (20, 40, 60)}
    assert seen.bad == {
        42: "2 cells where the header has 6",
        62: "undecodable text: byte 16 of the record is no UTF-8",
    }
    assert seen.raw[42] == b"x,y"
    assert (seen.records, seen.blank) == (99, 1)
    assert seen.content[77][1] == "n80"
    assert '5\\" x' in seen.content[77][5]
