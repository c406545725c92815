"""Files that nobody would make in good faith, one function a kind; what each must come to is said with it."""

from __future__ import annotations

import gzip
import io
import json
import os
import socket
import stat
import struct
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

READ = frozenset({"read"})
UNREAD = frozenset({"unreadable", "unrecognized", "damaged"})
ASIDE = frozenset({"skipped", "no_log", "empty"})
ANY = READ | UNREAD | ASIDE


@dataclass(frozen=True)
class Expected:
    """What has to be said of a hostile file."""

    shown: str
    """Its name in the accounting, or how that begins."""
    statuses: frozenset[str] = ANY
    ids: tuple[str, ...] = ()
    """Transfers that must come out of it."""


def record(transfer_id: str, pad: int = 0) -> bytes:
    """A record that is barred, as a line of a canonical log."""
    said = {
        "transfer_id": transfer_id,
        "occurred_at": "2026-02-10T15:00:00Z",
        "sender": "CMS",
        "recipient": "ICE",
        "programs": ["medicaid"],
        "states": ["CA"],
        "elements": ["diagnosis"],
        "actor": "x" * pad,
    }
    return json.dumps(said).encode() + b"\n"


@dataclass
class Maker:
    """Makes hostile files in a folder of its own below the logs."""

    rng: random.Random
    folder: Path
    number: int

    @property
    def shown(self) -> str:
        """The folder as the accounting names it."""
        return self.folder.as_posix()

    @property
    def id(self) -> str:
        """Of the record in the file, if it has one."""
        return f"H-{self.number}"

    def log(self, name: bytes, *, at: Path | None = None) -> Expected:
        """A sound log under an odd name."""
        ((at or self.folder) / os.fsdecode(name)).write_bytes(record(self.id))
        return Expected(self.shown, READ, (self.id,))


# --- names -----------------------------------------------------------------------------------------


def long_name(make: Maker) -> Expected:
    """Of 230 to 255 bytes, the most that a name may have."""
    return make.log(b"x" * (make.rng.randint(230, 255) - 7) + b".ndjson")


def odd_name(make: Maker) -> Expected:
    """With what shells, terminals, patterns and SQL take for something else."""
    names = [
        b"two\nlines.ndjson", b"\x1b[31mred\x1b[0m.ndjson", b"caf\xe9\xff.ndjson", b"-rf.ndjson", b"   .ndjson",
        "\u202egnp.ndjson".encode(), b"[a-z]*?.ndjson", b"';drop table records;--.ndjson", b"%s{0}$HOME`id`.ndjson",
        b"a\\b\\xff.ndjson", "\U0001f600\u200b.ndjson".encode(), b"~", b"x.ndjson ", b"\x01\x7f.ndjson", b"CON.ndjson",
        b".hidden.ndjson", b".hidden", b"README_export_2026-01.ndjson", b"README", b"readme.txt", b"a.mapping.toml",
        b"http:..x?y#z.ndjson", b"--out=x.csv", b"\xf0\x28\x8c\x28.ndjson", b"@file.ndjson", b"Thumbs.db", b"x.PDF",
    ]  # fmt: skip
    return make.log(make.rng.choice(names))


def names_alike(make: Maker) -> Expected:
    """Two names that would be shown alike: a byte that is no UTF-8, and the words for it."""
    byte = make.rng.randint(0x80, 0xFF)
    make.log(b"x%c.ndjson" % byte)
    (make.folder / f"x\\x{byte:02x}.ndjson").write_bytes(record(f"{make.id}b"))
    return Expected(make.shown, READ, (make.id, f"{make.id}b"))


def dot_folder(make: Maker) -> Expected:
    """A folder whose name begins with a dot, one in the other."""
    inner = make.folder / f".{make.rng.randint(2000, 2030)}" / ".x"
    inner.mkdir(parents=True)
    return make.log(make.rng.choice([b"a.ndjson", b".a.ndjson"]), at=inner)


def deep_folders(make: Maker) -> Expected:
    """Folders in folders, as deep as the system lets a path be."""
    inner = make.folder
    while len(str(inner)) < 3900:
        inner = inner / "d"
        inner.mkdir()
    return make.log(b"a.ndjson", at=inner)


def path_too_long(make: Maker) -> Expected:
    """Folders in folders, beyond what the system lets a path be."""
    handle = os.open(make.folder, os.O_RDONLY)
    for _ in range(4500 // 200):
        name = "d" * make.rng.randint(200, 255)
        os.mkdir(name, dir_fd=handle)
        inner = os.open(name, os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = inner
    os.close(handle)
    return Expected(make.shown, UNREAD)


def kept_by_program(make: Maker) -> Expected:
    """A folder that programs keep for themselves."""
    inner = make.folder / make.rng.choice([".git", "__pycache__", ".venv", ".snapshot", ".svn"])
    inner.mkdir()
    make.log(b"a.ndjson", at=inner)
    return Expected(make.shown, ASIDE)


# --- what is no file -------------------------------------------------------------------------------


def pipe(make: Maker) -> Expected:
    """A pipe that nobody writes into."""
    os.mkfifo(make.folder / "a.ndjson")
    return Expected(f"{make.shown}/a.ndjson", ASIDE)


def unix_socket(make: Maker) -> Expected:
    """A socket."""
    here = Path.cwd()
    os.chdir(make.folder)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("a.ndjson")
    os.chdir(here)
    return Expected(f"{make.shown}/a.ndjson", ASIDE)


def device(make: Maker) -> Expected:
    """A device, or a link to one."""
    place = make.folder / "a.csv"
    try:
        os.mknod(place, 0o666 | stat.S_IFCHR, os.makedev(1, make.rng.choice([5, 8, 9, 3])))
    except OSError:
        place.symlink_to(make.rng.choice(["/dev/zero", "/dev/full", "/dev/urandom", "/dev/null"]))
    return Expected(f"{make.shown}/a.csv", ASIDE)


def kernel(make: Maker) -> Expected:
    """A link to what the kernel makes up as it is read, which may wait for ever."""
    places = [
        "/proc/kmsg", "/proc/self", "/proc/self/mem", "/proc/kcore", "/proc/self/pagemap", "/proc", "/sys", "/proc/1",
        "/sys/kernel/mm/transparent_hugepage/enabled", "/proc/self/fd", "/proc/self/maps", "/sys/power/wakeup_count",
        "/proc/sys/kernel/hostname",
    ]  # fmt: skip
    (make.folder / "a.ndjson").symlink_to(make.rng.choice([place for place in places if os.path.lexists(place)]))
    return Expected(f"{make.shown}/a.ndjson", UNREAD)


def no_way(make: Maker) -> Expected:
    """A link that leads nowhere: to itself, in a round, to what is gone, to a name too long."""
    place = make.folder / "a.ndjson"
    to = make.rng.choice(["a.ndjson", "b.ndjson", "nowhere", "/nowhere/at/all", "x" * 300, "a.ndjson/b"])
    place.symlink_to(to)
    if to == "b.ndjson":
        (make.folder / to).symlink_to("a.ndjson")
    return Expected(f"{make.shown}/a.ndjson", UNREAD)


def round_about(make: Maker) -> Expected:
    """Links to the folders above, many of them."""
    for number in range(make.rng.randint(2, 40)):
        (make.folder / f"round{number}").symlink_to(make.folder)
    return make.log(b"z.ndjson")


# --- archives --------------------------------------------------------------------------------------


def _zip(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as file:
        for name, content in members:
            file.writestr(name, content)
    return made.getvalue()


def _tar(*members: tuple[str, bytes | None], kind: bytes = tarfile.SYMTYPE) -> bytes:
    """A tar; a member without content is of the kind."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as file:
        for name, content in members:
            info = tarfile.TarInfo(name)
            if content is None:
                info.type, info.linkname = kind, "/etc/hostname"
            else:
                info.size = len(content)
            file.addfile(info, io.BytesIO(content or b""))
    return made.getvalue()


def _any(make: Maker, endings: str) -> str:
    """A name with one of these endings."""
    return f"a.{make.rng.choice(endings.split())}"


def _write(make: Maker, name: str, content: bytes, statuses: frozenset[str] = ANY, *ids: str) -> Expected:
    (make.folder / name).write_bytes(content)
    return Expected(f"{make.shown}/{name}", statuses, ids)


def climbing(make: Maker) -> Expected:
    """A name in an archive that leads out of it, beside one that does not."""
    name = make.rng.choice(["../../x.ndjson", "/etc/x.ndjson", "C:\\x.ndjson", "a/../../x.ndjson", "..\\..\\x.ndjson"])
    pair = ((name, record("climbs")), ("b.ndjson", record(make.id)))
    packed, ending = (_zip(*pair), "zip") if make.rng.random() < 0.5 else (_tar(*pair), "tar")
    return _write(make, f"a.{ending}", packed, READ | UNREAD, make.id)


def tar_kinds(make: Maker) -> Expected:
    """Links, second names, devices and pipes in a tar."""
    kind = make.rng.choice([tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
    return _write(make, "a.tar", _tar(("l.ndjson", None), ("b.ndjson", record(make.id)), kind=kind), ANY, make.id)


def overlapping(make: Maker) -> Expected:
    """Two members of a ZIP that have the same bytes."""
    packed = bytearray(_zip(("a.ndjson", record("o1")), ("b.ndjson", record("o2")), method=zipfile.ZIP_STORED))
    second = packed.rfind(b"PK\x01\x02")
    struct.pack_into("<L", packed, second + 42, make.rng.randint(0, 20))
    return _write(make, "a.zip", bytes(packed), UNREAD)


def wrong_table(make: Maker) -> Expected:
    """A size, a checksum, a method or a flag that is wrong in the table of contents of a ZIP."""
    packed = bytearray(_zip(("a.ndjson", record("w") * 50)))
    at = packed.rfind(b"PK\x01\x02")
    place, form, value = make.rng.choice(
        [(8, "<H", 1), (8, "<H", 0x2041), (10, "<H", 97), (16, "<L", 7), (20, "<L", 5), (24, "<L", 1 << 31)]
    )
    struct.pack_into(form, packed, at + place, value)
    return _write(make, "a.zip", bytes(packed), UNREAD)


def cut(make: Maker) -> Expected:
    """An archive cut anywhere, or with a few bytes changed."""
    many = [(f"{number}.txt", os.urandom(200).hex().encode()) for number in range(5)]
    kind = make.rng.choice(["zip", "tar", "tar.gz", "tar.bz2", "tar.xz"])
    content = _zip(*many) if kind == "zip" else _tar(*many)
    if "." in kind:
        import bz2
        import lzma

        content = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}[kind[4:]](content)
    content = content[: make.rng.randint(max(6, len(content) // 3), len(content) - 23)]
    return _write(make, f"a.{kind}", content, UNREAD)


def nested(make: Maker) -> Expected:
    """Archives in archives, up to 30 deep, of one kind or of several."""
    ways = {"zip": lambda n, c: _zip((n, c)), "tar": lambda n, c: _tar((n, c)), "gz": lambda _, c: gzip.compress(c)}
    content, name = record("deep"), "a.ndjson"
    for _ in range(make.rng.randint(3, 30)):
        how = make.rng.choice(list(ways))
        content, name = ways[how](name, content), f"a.{how}"
    return _write(make, name, content, UNREAD)


def bomb(make: Maker) -> Expected:
    """Much out of little."""
    zeros = b"\0" * (110 << 20)
    if make.rng.random() < 0.5:
        return _write(make, "a.zip", _zip(("a.csv", zeros)), UNREAD)
    return _write(make, "a.ndjson.gz", gzip.compress(zeros, 1), ANY)


def many_members(make: Maker) -> Expected:
    """10,000 members that are no logs, and one that is."""
    many = [(f"d{number}/", b"") for number in range(make.rng.randint(10_000, 11_000))]
    return _write(make, "a.zip", _zip(*many, ("b.ndjson", record(make.id))), READ, make.id)


def too_many(make: Maker) -> Expected:
    """A table of contents that claims more members than are ever read."""
    packed = _zip(("a.ndjson", record("t")))
    at = packed.rfind(b"PK\x01\x02")
    entry, end = packed[at : packed.rfind(b"PK\x05\x06")], packed[packed.rfind(b"PK\x05\x06") :]
    count = make.rng.randint(100_001, 120_000)
    ended = bytearray(end)
    struct.pack_into("<HHL", ended, 8, 0xFFFF, 0xFFFF, len(entry) * count)
    return _write(make, "a.zip", packed[:at] + entry * count + bytes(ended), UNREAD)


def one_name(make: Maker) -> Expected:
    """Members of one name, one of them the archive in which another of that path lies."""
    inner = _zip(("c.ndjson", record(f"{make.id}c")))
    packed = _tar(
        ("a.ndjson", record(make.id)),
        ("a.ndjson", record(f"{make.id}b")),
        ("b", inner),
        ("b/c.ndjson", record(f"{make.id}d")),
    )
    return _write(make, "a.tar", packed, READ, *(make.id + end for end in ("", "b", "c", "d")))


def like_a_document(make: Maker) -> Expected:
    """An archive of logs that also has the parts of an office document."""
    parts = [("[Content_Types].xml", b"<x/>"), (make.rng.choice(["word/document.xml", "xl/workbook.bin"]), b"<x/>")]
    return _write(make, "a.docx", _zip(*parts, ("b.ndjson", record(make.id))), ANY, make.id)


# --- contents --------------------------------------------------------------------------------------


def tiny(make: Maker) -> Expected:
    """Nothing, a byte, a mark of the byte order, NULs, blanks."""
    content = make.rng.choice(
        [b"", bytes([make.rng.randrange(256)]), b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\n" * 5000, b"\r", b'"',
         b"\0" * make.rng.choice([1, 100, 70_000, 1 << 20]), b"\x1f\x8b", b"PK\x03\x04", b"PAR1", b"BZh9"]
    )  # fmt: skip
    return _write(
        make,
        _any(make, "ndjson csv json log xlsx parquet gz"),
        content,
        UNREAD | ASIDE | READ,
    )


def many_columns(make: Maker) -> Expected:
    """A table of thousands of columns."""
    extra = make.rng.randint(1000, 20_000)
    header = "transfer_id,occurred_at,sender,recipient,states,elements," + ",".join(f"c{n}" for n in range(extra))
    row = f"{make.id},2026-02-10,CMS,ICE,CA,diagnosis," + ",".join("1" for _ in range(extra))
    return _write(make, "a.csv", f"{header}\n{row}\n".encode(), ANY)


def deep_json(make: Maker) -> Expected:
    """Brackets in brackets."""
    depth = make.rng.randint(10_000, 1_000_000)
    opened, closed = make.rng.choice([("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
    text = opened * depth + ("1" + closed * depth if make.rng.random() < 0.5 else "")
    return _write(make, _any(make, "json ndjson log"), text.encode(), UNREAD | READ | ASIDE)


def noise(make: Maker) -> Expected:
    """Bytes of all kinds."""
    return _write(
        make,
        _any(make, "csv json log xml parquet xlsx"),
        make.rng.randbytes(make.rng.randint(10, 200_000)),
        ANY,
    )


STILL: tuple[Callable[[Maker], Expected], ...] = (
    long_name, long_name, odd_name, odd_name, odd_name, names_alike, dot_folder, deep_folders, path_too_long,
    kept_by_program, pipe, unix_socket, device, kernel, kernel, no_way, no_way, round_about, climbing, tar_kinds,
    overlapping, wrong_table, wrong_table, cut, cut, nested, bomb, many_members, too_many, one_name, like_a_document,
    tiny, tiny, tiny, many_columns, deep_json, noise,
)  # fmt: skip
"""What lies still while it is read; what comes in many forms stands here more often."""
