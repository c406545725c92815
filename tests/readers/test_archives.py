"""Archives of logs: every member accounted for as a file of its own, and bombs that end quickly."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import tempfile
import warnings
import zipfile
from pathlib import Path

import pytest

from auditscan.readers import archive as limits
from auditscan.readers.files import Found
from auditscan.readers.kinds import kind_of
from auditscan.readers.members import opened
from auditscan.scanning.scan import scan
from auditscan.store import open_store
from readers.reading import AS_OF, line, read_folder, row, table
from scans import LIBRARY, POLICY

A, B = line("a1") + line("a2"), table(row("b1"), row("b2"))
AB = {"x/a.ndjson": A, "b.csv": B}


def zipped(files, pack=zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w", pack) as file:
        warnings.simplefilter("ignore")  # of names that come twice
        for name, content in files.items() if isinstance(files, dict) else files:
            file.writestr(zipfile.ZipInfo(name), content, pack)
    return made.getvalue()


def tarred(files, mode="w:", odd=()) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as file:
        for name, content in files.items() if isinstance(files, dict) else files:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))
        for info in odd:
            file.addfile(info)
    return made.getvalue()


def entry(name: str, kind: bytes) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, "/etc/passwd"
    return info


def patched(content: bytes, mark: bytes, at: int, value: int) -> bytes:
    """A ZIP whose entries say something else in the 16 bits at a place behind each mark."""
    parts = content.split(mark)
    return mark.join([parts[0], *(part[: at - 4] + struct.pack("<H", value) + part[at - 2 :] for part in parts[1:])])


def flagged(content: bytes, bits: int, method: int | None = None) -> bytes:
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content = patched(content, mark, at, bits)
        content = content if method is None else patched(content, mark, at + 2, method)
    return content


def overlapping() -> bytes:
    """Two entries in the table of contents that are one and the same member."""
    content = zipped({"a.ndjson": A})
    table_at = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    entries = content[table_at:end]
    return (
        content[:table_at]
        + entries * 2
        + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2, 2, len(entries) * 2, table_at, 0)
    )


STORED = zipped(AB, zipfile.ZIP_STORED)
LONG = "n" * 150 + "/" + "m" * 120 + ".ndjson"
ARCHIVES = {
    "ab.zip": zipped(AB),
    "bzip2.zip": zipped({"a.ndjson": line("c1")}, zipfile.ZIP_BZIP2),
    "lzma.zip": zipped({"a.ndjson": line("c2")}, zipfile.ZIP_LZMA),
    "no_suffix": zipped({"a.ndjson": line("c3")}),
    "ab.tar": tarred({"./t.ndjson": line("t1"), LONG: line("t2")}),
    "ab.tgz": tarred({"t.csv": table(row("t3"))}, "w:gz"),
    "pax.tar.xz": tarred({"Verträge.ndjson": line("t4")}, "w:xz"),
    "packed_inside.zip": zipped({"a.ndjson.gz": gzip.compress(line("g1"))}),
    "nested.zip": zipped({"in.zip": zipped({"a.ndjson": line("n1"), "d.zip": zipped({"a.ndjson": line("n2")})})}),
    "tar_in.zip": zipped({"in.tar.gz": tarred({"a.ndjson": line("n3")}, "w:gz")}),
    "skipped.zip": zipped(
        {"README.md": b"x", ".hidden": b"x", "__MACOSX/._a.csv": b"x", ".git/a.ndjson": A, "s.ndjson": line("s1")}
    ),
    "only_readme.zip": zipped({"README": b"x"}),
    "nothing.zip": zipped({}),
    "twice.zip": zipped([("a.ndjson", line("w1")), ("a.ndjson", line("w2")), ("a.ndjson#2", line("w3"))]),
    "climbs.zip": zipped(
        {"../up.ndjson": A, "/abs.ndjson": A, "C:/drive.ndjson": A, "a\\..\\..\\b.ndjson": A, "w\\in.ndjson": line("k")}
    ),
    "climbs.tar": tarred({"../../up.ndjson": A, "/abs.ndjson": A, "in.ndjson": line("k2")}),
    "links.tar": tarred(
        {"in.ndjson": line("l1")},
        odd=(entry("soft", tarfile.SYMTYPE), entry("hard", tarfile.LNKTYPE), entry("dev", tarfile.CHRTYPE)),
    ),
    "encrypted.zip": flagged(zipped({"a.ndjson": A}), 1),
    "method.zip": flagged(zipped({"a.ndjson": A}), 0, 9),
    "checksum.zip": zipped({"a.ndjson": line("d0"), "z.ndjson": line("d1")}, 0).replace(b'"d1"', b'"d2"'),
    "size.zip": patched(zipped({"a.ndjson": line("d3")}), b"PK\x01\x02", 24, 1 << 12),
    "cut.zip": STORED[:-30],
    "table.zip": STORED.replace(b"PK\x01\x02", b"PK\x09\x02"),
    "overlap.zip": overlapping(),
    "cut.tar": tarred({"a.ndjson": line("e1"), "b.ndjson": line("e2")})[: 512 * 3 + 50],
    "no_end.tar": tarred({"a.ndjson": line("e3")})[:1024],
    "checksum.tgz": tarred({"a.ndjson": line("e4")}, "w:gz")[:-8] + bytes(8),
    "more.tar": tarred({"a.ndjson": line("e5")}) + b"more",
    "damaged.tar": tarred({"a.ndjson": line("e6"), "b.ndjson": line("e7")}).replace(b"b.ndjson", b"B.ndjson"),
    "book.xlsx": zipped({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}),
    "letter.docx": zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}),
    "picture.zip": zipped({"p.png": b"\x89PNG\r\n\x1a\n"}),
    "not_utf_8.tar": tarred({}, odd=[tarfile.TarInfo("e\udcff.ndjson")]),
}


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    folder = tmp_path_factory.mktemp("archives")
    for name, content in ARCHIVES.items():
        (folder / name).write_bytes(content)
    return read_folder(folder)


READ = {
    "ab.zip/x/a.ndjson": {1: "a1", 2: "a2"},
    "ab.zip/b.csv": {2: "b1", 3: "b2"},
    "bzip2.zip/a.ndjson": {1: "c1"},
    "lzma.zip/a.ndjson": {1: "c2"},
    "no_suffix/a.ndjson": {1: "c3"},
    "ab.tar/t.ndjson": {1: "t1"},
    f"ab.tar/{LONG}": {1: "t2"},
    "ab.tgz/t.csv": {2: "t3"},
    "pax.tar.xz/Verträge.ndjson": {1: "t4"},
    "packed_inside.zip/a.ndjson.gz": {1: "g1"},
    "nested.zip/in.zip/a.ndjson": {1: "n1"},
    "tar_in.zip/in.tar.gz/a.ndjson": {1: "n3"},
    "skipped.zip/s.ndjson": {1: "s1"},
    "twice.zip/a.ndjson": {1: "w1"},
    "twice.zip/a.ndjson#2": {1: "w2"},
    "twice.zip/a.ndjson#2#2": {1: "w3"},
    "climbs.zip/w/in.ndjson": {1: "k"},
    "climbs.tar/in.ndjson": {1: "k2"},
    "links.tar/in.ndjson": {1: "l1"},
    "checksum.zip/a.ndjson": {1: "d0"},
    "cut.tar/a.ndjson": {1: "e1"},
    "no_end.tar/a.ndjson": {1: "e3"},
    "more.tar/a.ndjson": {1: "e5"},
    "damaged.tar/a.ndjson": {1: "e6"},
}
SAID = {
    "nested.zip/in.zip/d.zip": ("unreadable", "it is the third archive around its files"),
    "skipped.zip/README.md": ("skipped", "documentation"),
    "skipped.zip/.hidden": ("skipped", "hidden"),
    "skipped.zip/__MACOSX/._a.csv": ("skipped", "in a hidden folder"),
    "skipped.zip/.git/a.ndjson": ("skipped", "in a hidden folder"),
    "only_readme.zip/README": ("skipped", "documentation"),
    "only_readme.zip": ("empty", "an archive with no log in it"),
    "nothing.zip": ("empty", "an archive with no log in it"),
    "climbs.zip/../up.ndjson": ("unreadable", "its name leads out of the archive"),
    "climbs.zip//abs.ndjson": ("unreadable", "its name is a place on the disk"),
    "climbs.zip/C:/drive.ndjson": ("unreadable", "its name is a place on the disk"),
    "climbs.zip/a/../../b.ndjson": ("unreadable", "its name leads out of the archive"),
    "climbs.tar/../../up.ndjson": ("unreadable", "its name leads out of the archive"),
    "climbs.tar//abs.ndjson": ("unreadable", "its name is a place on the disk"),
    "links.tar/soft": ("skipped", "a link"),
    "links.tar/hard": ("skipped", "another name of a file that the archive holds"),
    "links.tar/dev": ("skipped", "a device"),
    "encrypted.zip/a.ndjson": ("unreadable", "it is encrypted: unpack the archive with its password"),
    "method.zip/a.ndjson": ("unreadable", "it is packed with Deflate64"),
    "checksum.zip/z.ndjson": ("unreadable", "its checksum is wrong"),
    "size.zip/a.ndjson": ("unreadable", "the table of the archive says 4,"),
    "cut.zip": ("unreadable", "the table of contents at its end is missing"),
    "table.zip": ("unreadable", "the ZIP archive is damaged"),
    "overlap.zip": ("unreadable", "its members overlap, as in a zip bomb"),
    "cut.tar/b.ndjson": ("unreadable", "nothing of it was read, because of its archive"),
    "cut.tar": ("damaged", "the tar archive is cut off: nothing behind the cut was read"),
    "no_end.tar": ("damaged", "the tar archive is cut off"),
    "checksum.tgz": ("unreadable", "a checksum or a code in them is wrong"),
    "more.tar": ("damaged", "what stands behind the end of the tar archive was not read"),
    "damaged.tar": ("damaged", "the tar archive is damaged: nothing behind the damage was read"),
    "book.xlsx": ("unreadable", "the workbook is damaged"),
    "letter.docx": ("no_log", "Word document"),
    "picture.zip/p.png": ("no_log", "image"),
    "not_utf_8.tar/e\\xff.ndjson": ("empty", ""),
}


@pytest.mark.parametrize("name", READ)
def test_members_are_read_as_files_of_their_own(seen, name):
    assert (seen[name].status, seen[name].kept) == ("read", READ[name])


@pytest.mark.parametrize("name", SAID)
def test_what_is_not_read_has_its_reason(seen, name):
    status, note = SAID[name]
    assert seen[name].status == status
    assert note in seen[name].note


def test_nothing_else_is_in_the_accounting(seen):
    assert seen.keys() == READ.keys() | SAID.keys()


def scanned(store, *paths):
    result = scan(store, paths, POLICY, AS_OF)
    return {Path(file.path).name: (file.sha256, file.size, file.status, file.records) for file in result.files}


def test_an_archive_says_what_its_files_say(tmp_path):
    loose = tmp_path / "loose"
    loose.mkdir()
    for name, content in {"a.ndjson": A, "b.csv": B}.items():
        (loose / name).write_bytes(content)
    said = {}
    for kind, content in {
        "ab.zip": zipped({"a.ndjson": A, "b.csv": B}),
        "ab.tgz": tarred({"a.ndjson": A, "b.csv": B}),
    }.items():
        (tmp_path / kind).write_bytes(content)
    columns = "select * exclude (source_file) from answers order by transfer_id"
    for path in (loose, tmp_path / "ab.zip", tmp_path / "ab.tgz"):
        with open_store(None, LIBRARY, threads=1) as store:
            said[path.name] = (scanned(store, path), store.rows(columns))
    assert said["loose"] == said["ab.zip"] == said["ab.tgz"]


class Told:
    """A bar that adds up what it is told."""

    amount = 0

    def advance(self, amount=1):
        self.amount += amount

    def say(self, description):
        pass


def test_the_same_archive_again_and_its_members_elsewhere_add_nothing(tmp_path):
    (tmp_path / "ab.zip").write_bytes(zipped(AB))
    told = Told()
    with open_store(tmp_path / "kept.duckdb", LIBRARY, threads=1) as store:
        scan(store, [tmp_path / "ab.zip"], POLICY, AS_OF, bar=told)
        count = store.one("select count(*) from records")
        again = scan(store, [tmp_path / "ab.zip"], POLICY, AS_OF)
        assert not again.judged_again
        assert [file.status for file in again.files] == ["read", "read"]
        (tmp_path / "loose.csv").write_bytes(B)
        copied = scanned(store, tmp_path / "loose.csv", tmp_path / "ab.zip")
        assert copied["loose.csv"][2] == "copy"
        assert (store.one("select count(*) from records"), count) == (4, 4)
    assert 0 < told.amount <= (tmp_path / "ab.zip").stat().st_size


def members(path: Path) -> list[Found]:
    with opened(Found(path, path.name)) as files:
        return [file for file in files if not file.archive or file.fault or file.path.is_file()]


BOMBS = {
    "ratio.zip": lambda: zipped({"a.ndjson": bytes(3 << 20), "b.ndjson": A}),
    "ratio.tgz": lambda: tarred({"a.ndjson": bytes(3 << 20), "b.ndjson": A}, "w:gz"),
    "nested.zip": lambda: zipped({"in.zip": zipped({f"{n}": bytes(1 << 20) for n in range(9)})}),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_where_the_limit_is(tmp_path, monkeypatch, name):
    monkeypatch.setattr(limits, "MAX_RATIO", 20)
    monkeypatch.setattr(limits, "RATIO_FROM", 1 << 20)
    (tmp_path / name).write_bytes(BOMBS[name]())
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "private"))
    (tmp_path / "private").mkdir()
    found = members(tmp_path / name)
    assert "20 to one beyond 1 MB, as in a zip bomb" in found[-1].fault
    assert not found[-1].fault or len(found) < 6
    assert not list((tmp_path / "private").iterdir())


def test_an_archive_of_more_than_may_be_unpacked_or_counted(tmp_path, monkeypatch):
    (tmp_path / "a.zip").write_bytes(zipped({"1.ndjson": bytes(2 << 10), "2.ndjson": A, "3.ndjson": A}))
    (tmp_path / "a.tar").write_bytes(tarred({"1.ndjson": A, "2.ndjson": A, "3.ndjson": A}))
    monkeypatch.setattr(limits, "MAX_MEMBERS", 2)
    monkeypatch.setattr("auditscan.readers.zip_members.MAX_MEMBERS", 2)
    assert [file.fault[:16] for file in members(tmp_path / "a.zip")] == ["it holds 3 files"]
    assert "more than 2 files" in members(tmp_path / "a.tar")[-1].fault
    monkeypatch.undo()
    monkeypatch.setattr(limits, "MAX_UNPACKED", 1 << 10)
    assert "GB unpacked, which is the most" in members(tmp_path / "a.zip")[-1].fault


def test_a_header_of_any_length_is_not_held_in_memory(tmp_path):
    header = tarfile.TarInfo("long")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 1 << 40
    (tmp_path / "a.tar").write_bytes(header.tobuf(tarfile.GNU_FORMAT) + bytes(1024))
    (found,) = members(tmp_path / "a.tar")
    assert "a header of the tar archive has 1,099,511,627,776 bytes" in found.fault


def test_workbooks_are_told_by_their_content(tmp_path):
    for name in ("book.xlsx", "letter.docx", "ab.zip"):
        (tmp_path / name).write_bytes(ARCHIVES[name])
    (tmp_path / "text").write_bytes(A)
    assert [
        name
        for name in ("book.xlsx", "letter.docx", "ab.zip", "text", "none")
        if (tmp_path / name).exists() and kind_of(tmp_path / name) == "workbook"
    ] == ["book.xlsx"]


def test_a_member_is_a_file_while_it_is_read_and_gone_afterwards(tmp_path):
    (tmp_path / "ab.zip").write_bytes(zipped(AB))
    paths = []
    with opened(Found(tmp_path / "ab.zip", "ab.zip")) as files:
        for file in files:
            assert file.path.read_bytes() == AB[file.shown.removeprefix("ab.zip/")]
            assert not any(path.exists() for path in paths)
            paths.append(file.path)
            break
    assert not paths[0].parent.exists()
