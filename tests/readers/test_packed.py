"""Packed logs: cut off, damaged, in several pieces."""

from __future__ import annotations

import bz2
import gzip
import lzma
import random

import duckdb
import pytest
import zstandard

from auditscan.readers.model import DamagedFile
from auditscan.readers.raw import HashedFile, read_up_to
from auditscan.readers.unpack import unpacked
from readers.reading import Case, check, line, read_folder, row, table, write_cases

NUMBERS = random.Random(4)
MANY = b"".join(line(f"t{n}", purpose=f"{NUMBERS.random()}") for n in range(300))
IDS = {n + 1: f"t{n}" for n in range(300)}
AB = line("a") + line("b")


def zstd(content: bytes, *, checksum: bool = True) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=checksum).compress(content)


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 16]) + content[at + 1 :]


def parquet(tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("made") / "made.parquet"
    duckdb.sql("select 'p' || range as transfer_id, 'CMS' as sender from range(3)").write_parquet(str(path))
    return path.read_bytes()


GZ, ZST = gzip.compress(MANY), zstd(MANY)
SKIPPED = bytes((0x50, 0x2A, 0x4D, 0x18)) + (4).to_bytes(4, "little") + b"note"
AB_IDS = {1: "a", 2: "b"}
DAMAGED = "data are damaged: a checksum or a code in them is wrong"

CASES = {
    "gzip": Case(GZ, IDS),
    "zstd": Case(ZST, IDS),
    "gzip_two_members": Case(gzip.compress(line("a")) + gzip.compress(line("b")), AB_IDS),
    "gzip_member_ends_in_a_line": Case(gzip.compress(AB[:50]) + gzip.compress(AB[50:]), AB_IDS),
    "gzip_padding": Case(gzip.compress(line("a")) + b"\0" * 50 + gzip.compress(line("b")) + b"\0" * 9, AB_IDS),
    "gzip_empty": Case(gzip.compress(b""), status="empty"),
    "gzip_empty_member": Case(gzip.compress(b"") + gzip.compress(AB), AB_IDS),
    "gzip_no_checksum": Case(gzip.compress(AB)[:-8], AB_IDS, status="damaged", note="gzip file is cut off"),
    "gzip_only_magic": Case(b"\x1f\x8b", status="damaged", note="cut off"),
    "gzip_flipped": Case(flipped(GZ, len(GZ) // 2), status="unreadable", note=DAMAGED),
    "gzip_wrong_checksum": Case(flipped(GZ, len(GZ) - 6), status="unreadable", note=DAMAGED),
    "gzip_second_member_flipped": Case(gzip.compress(AB) + flipped(GZ, len(GZ) - 6), status="unreadable", note=DAMAGED),
    "gzip_and_more": Case(gzip.compress(AB) + b"more", AB_IDS, status="damaged", note="is not gzip, and was not read"),
    "gzip_csv": Case(gzip.compress(table(row("a"), row("b"))), {2: "a", 3: "b"}),
    "gzip_array": Case(gzip.compress(b"[" + line("a") + b"," + line("b") + b"]"), AB_IDS),
    "zstd_two_frames": Case(zstd(line("a")) + zstd(line("b")), AB_IDS),
    "zstd_skipped_frames": Case(SKIPPED + zstd(line("a")) + SKIPPED + zstd(line("b")) + SKIPPED, AB_IDS),
    "zstd_empty": Case(zstd(b""), status="empty"),
    "zstd_flipped": Case(flipped(ZST, len(ZST) // 2), status="unreadable", note=DAMAGED),
    "zstd_no_checksum": Case(zstd(AB, checksum=False), AB_IDS),
    "zstd_and_more": Case(zstd(AB) + b"more", AB_IDS, status="damaged", note="is not zstd, and was not read"),
    "gzip_twice": Case(gzip.compress(GZ), status="unrecognized"),
    "zip": Case(b"PK\x03\x04rest", status="unreadable", note="the table of contents at its end is missing"),
    "zip_in_gzip": Case(gzip.compress(b"PK\x03\x04rest"), status="unrecognized", note="a ZIP archive: unpack it first"),
    "xz_magic": Case(b"\xfd7zXZ\x00rest", status="damaged", note="the xz file is cut off"),
    "bzip2_in_words": Case(b"BZh9 is a mark\n", status="unrecognized"),
    "gzip_flood": Case(gzip.compress(b" " * (40 << 20)), status="unrecognized", note="nothing but blanks"),
}


for name, pack in {"bzip2": bz2.compress, "xz": lzma.compress}.items():
    CASES |= {
        name: Case(pack(MANY), IDS),
        f"{name}_two_streams": Case(pack(AB[:50]) + pack(AB[50:]), AB_IDS),
        f"{name}_padding": Case(pack(line("a")) + bytes(8) + pack(line("b")) + bytes(4), AB_IDS),
        f"{name}_empty": Case(pack(b""), status="empty"),
        f"{name}_flipped": Case(flipped(pack(MANY), len(pack(MANY)) // 2), status="unreadable", note=DAMAGED),
        f"{name}_cut": Case(pack(AB)[:-6], AB_IDS, status="damaged", note="is cut off"),
        f"{name}_and_more": Case(pack(AB) + b"more", AB_IDS, status="damaged", note=f"is not {name}, and was not read"),
    }


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packed")
    write_cases(folder, CASES)
    (folder / "cut.gz").write_bytes(GZ[: len(GZ) // 2])
    (folder / "cut.zst").write_bytes(ZST[: len(ZST) // 2])
    rows = table(*(row(f"t{n}", purpose=f"{NUMBERS.random()}") for n in range(3000)))
    (folder / "cut.csv.gz").write_bytes(gzip.compress(rows)[:-3000])
    (folder / "in_a_row.csv.gz").write_bytes(gzip.compress(table(row("a"), row("b"))[:-3])[:-8])
    made = parquet(tmp_path_factory)
    (folder / "whole.parquet.gz").write_bytes(gzip.compress(made))
    (folder / "whole.parquet.zst").write_bytes(zstd(made))
    (folder / "cut.parquet.gz").write_bytes(gzip.compress(made)[:-100])
    return read_folder(folder)


@pytest.mark.parametrize("name", CASES)
def test_packed(seen, name):
    check(CASES[name], seen[f"{name}/log"])


@pytest.mark.parametrize("name", ["cut.gz", "cut.zst"])
def test_what_stands_before_a_cut_is_kept(seen, name):
    found = seen[name]
    assert found.status == "damaged"
    # The last record may be cut off; all in front of it are there. zstd gives nothing of a block in
    # part.
    assert found.kept == {n: IDS[n] for n in range(1, len(found.kept) + 1)}
    assert set(found.bad.values()) <= {
        "not JSON: the record is cut off",
        "not JSON: the record is cut off inside a text",
    }
    if name == "cut.gz":
        assert len(found.kept) > 100


@pytest.mark.parametrize("name", ["cut.csv.gz", "in_a_row.csv.gz"])
def test_a_row_cut_off_is_no_row_though_its_cells_are_complete(seen, name):
    found = seen[name]
    assert found.status == "damaged"
    assert found.bad == {len(found.kept) + 2: "the record is cut off"}
    assert not found.raw[len(found.kept) + 2].endswith(b"\xff")


def test_parquet_in_an_archive(seen):
    three = {1: "p0", 2: "p1", 3: "p2"}
    assert seen["whole.parquet.gz"].kept == seen["whole.parquet.zst"].kept == three
    assert (seen["whole.parquet.gz"].format, seen["gzip/log"].format) == ("parquet.gz", "ndjson.gz")
    assert seen["cut.parquet.gz"].status == "unreadable"
    assert "the Parquet file is cut off" in seen["cut.parquet.gz"].note


def test_a_bomb_is_told_by_what_its_first_bytes_unpack_to(tmp_path):
    bomb = tmp_path / "bomb.xz"
    bomb.write_bytes(lzma.compress(bytes(110 << 20), preset=0))
    file = HashedFile(bomb)
    stream, _ = unpacked(file)
    with pytest.raises(DamagedFile, match="over 1,100 to one beyond 100 MB"):
        read_up_to(stream, 110 << 20)
    file.close()
