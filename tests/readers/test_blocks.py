"""The same answers whatever the size of the blocks and the number of workers."""

from __future__ import annotations

import io
import json

import duckdb
import pytest

from auditscan.ingest import csv_log, mapped_lines
from auditscan.ingest.canonical_json import CanonicalJsonWorker
from auditscan.ingest.keys import Keys
from auditscan.ingest.staging import Staging
from auditscan.readers import blocks
from auditscan.scanning.scan import scan
from auditscan.store import open_store
from readers.reading import AS_OF, line, read_folder, record, row, table
from scans import LIBRARY, POLICY


def logs() -> dict[str, bytes]:
    lines = [line(f"n{n}", purpose=str(n)) for n in range(24)]
    lines[3] = lines[3][:30] + b"\n"
    lines[8] = b"\n"
    lines[9] = line("n9", note="x" * 2000)
    lines[15] = line("n15").replace(b"sender", b"Sender")
    lines[20] = b"not json\n"
    rows = [row(f"c{n}", purpose=str(n)) for n in range(24)]
    rows[2] = row("c2", purpose='"one\ntwo, ""three""\n\nfour"')
    rows[7] = row("c7", sender='"x')
    rows[10] = row("c10", sender='x"')
    rows[12] = "c12,x"
    rows[14] = row("c14", purpose='"' + "many\n" * 300 + '"')
    rows[18] = ""
    twice = [row(f"h{n}", purpose=str(n)) for n in range(24)]
    twice[16] = "transfer_id,occurred_at,recipient,sender"
    items = json.dumps([record(f"a{n}", purpose=str(n)) for n in range(24)], indent=1)
    return {
        "log.ndjson": b"".join(lines),
        "keys.ndjson": b"".join(keys()),
        "log.csv": table(*rows),
        "headers.csv": table(*twice),
        "register.csv": register().encode(),
        "files.log": b"".join(files()),
        "plain.csv": table(*(row(f"p{n}") for n in range(24))),
        "log.json": items.replace('"a5",', '"a5"').encode(),
        "one.json": b"[" + b",".join(lines[10:15]).replace(b"\n", b"") + b"]",
    }


def keys() -> list[bytes]:
    """Lines with blanks behind their colons, and fields that begin late or are written in another way."""
    lines = [json.dumps(record(f"k{n}", **({"batch": "b1"} if n > 9 else {}))).encode() + b"\n" for n in range(40)]
    lines[16] = lines[16].replace(b'"batch"', b'"Batch"')
    lines[19] = lines[19].replace(b'"sender"', b'"Sender"')
    lines[24] = lines[24].replace(b'"b1"', b"NaN")
    lines[27] = lines[27].replace(b"}", b", }")
    lines[30] = b"\n"
    lines[33] = lines[33].replace(b'"sender"', b'"batch": "b1", "sender"')
    lines[36] = lines[36].replace(b'"b1"', b'"b2", "batch": "b1"')
    lines[38] = b'{"batch": "b1"}\n'
    return lines


def register() -> str:
    rows = [f'07/{n + 1:02}/2025,CMS,ICE,"Name, SSN",Medicaid,{n}' for n in range(24)]
    rows[4] = '07/05/2025,CMS,ICE,"Name\nand SSN, on\ntwo pages",Medicaid,4'
    # Two quotes that close nothing: the second opens a cell that goes on, over the end of its block.
    rows[9] = '07/10/2025,CMS 5" tape,ICE,"Name,\nSSN",Medicaid,9'
    rows[13] = "07/14/2025,CMS,ICE,Name,Medicaid"
    rows[17] = '"Total","","","","",153'
    return "Disclosures\nDate,Discloser,Recipient,Data Elements,Program,Records\n" + "\n".join(rows) + "\n"


def files() -> list[bytes]:
    lines = [
        b"Tue Jul  1 10:%02d:00 2025 3 10.0.0.7 %d /out/f%d.csv b _ o r ice sftp 0 * c\n" % (n, n, n) for n in range(24)
    ]
    lines[3] = b"\n"
    lines[6] = lines[6].replace(b"f6", b"f\xff6")
    lines[11] = lines[11].replace(b"\n", b"\r\n")
    lines[14] = b"no line of an xferlog\n"
    lines[19] = lines[19].replace(b" o r ", b" i r ")
    return lines


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("blocks")
    for name, content in logs().items():
        (made / name).write_bytes(content)
    return made


@pytest.fixture(scope="module")
def whole(folder):
    return read_folder(folder, workers=1)


def test_one_block(whole):
    assert {name: len(seen.kept) for name, seen in whole.items()} == {
        "log.ndjson": 21,
        "keys.ndjson": 35,
        "log.csv": 20,
        "plain.csv": 24,
        "log.json": 23,
        "one.json": 5,
        "headers.csv": 16,
        "register.csv": 23,
        "files.log": 20,
    }
    # Where the last cells of a row are blank, writers leave them out.
    assert whole["register.csv"].bad.keys() == set()
    assert whole["files.log"].bad.keys() == {7, 15}
    assert whole["log.ndjson"].bad.keys() == {4, 21}
    assert whole["keys.ndjson"].bad.keys() == {25, 28, 37, 39}
    assert whole["keys.ndjson"].unknown == ["Batch", "batch"]
    assert whole["log.csv"].bad.keys() == {12, 15, 17}
    assert whole["log.json"].bad.keys() == {6}
    assert whole["log.csv"].kept[4] == "c2"


# An engine that refuses no key that it was not told of reads the same.
@pytest.mark.parametrize(("size", "workers", "refuses"), [(300, 2, True), (3000, 4, True), (700, 1, False)])
def test_small_blocks(folder, whole, monkeypatch, size, workers, refuses):
    if not refuses:
        monkeypatch.setattr(CanonicalJsonWorker, "_refuses", False)
    monkeypatch.setattr(blocks, "BLOCK_BYTES", size)
    monkeypatch.setattr(csv_log, "BLOCK_BYTES", size)
    monkeypatch.setattr(mapped_lines, "BLOCK_BYTES", size)
    seen = read_folder(folder, workers=workers)
    for name, expected in whole.items():
        found = seen[name]
        assert found.kept == expected.kept, name
        assert found.bad == expected.bad, name
        assert found.offsets == expected.offsets, name
        assert found.others == expected.others, name
        assert (found.records, found.blank, found.unknown) == (
            expected.records,
            expected.blank,
            expected.unknown,
        )
        assert [entry[5:] for entry in found.content] == [entry[5:] for entry in expected.content]
        assert found.answers == expected.answers


def test_the_engine_refuses_keys_that_it_was_not_told_of():
    with open_store(None, LIBRARY, threads=1) as store, blocks.Block(1, head=True) as block:
        scan(store, [], POLICY, AS_OF)
        staging = Staging(store, "canonical_json", 1, "UTC", "json")
        block.lead(Keys(unknown=frozenset({"note"})).lines())
        try:
            for line in ('{"x": null}', '{"Sender": "a"}', '{"sender": "a", "sender": "a"}', '{"": 1}'):
                block.fill(b'{"sender": "a", "note": [1, {"b": 2}]}\n' * 5000 + line.encode() + b"\n")
                staging.store.run("incoming_json", block_path=block.path, block_object_size=1 << 20)
                with pytest.raises(duckdb.InvalidInputException, match=r"has (unknown|duplicate) key"):
                    staging.stage()
        finally:
            staging.close()


@pytest.mark.parametrize("head", [True, False])
def test_where_blocks_end_hangs_on_the_bytes_alone(head):
    text = b"".join(b"x" * (at * at % 271) + b"\n" for at in range(400)) + b"y" * 5000 + b"\n" + b"z" * 9000

    def cut(most):
        with blocks.LineBlocks(_Pieces(text, most), 2, 2000, head=head) as made:
            found = []
            for block, offset in made:
                found.append((offset, block.text()))
                block.release()
            return found

    whole = cut(len(text))
    assert b"".join(piece for _, piece in whole) == text + b"\n"
    assert len(whole) > 10
    for most in (1, 7, 999, 2001):
        assert cut(most) == whole


class _Pieces:
    """A stream that gives at most so many bytes at once, as one does that is unpacked."""

    def __init__(self, content: bytes, most: int) -> None:
        self._file, self._most = io.BytesIO(content), most

    def readinto(self, view: memoryview) -> int:
        return self._file.readinto(view[: self._most])
