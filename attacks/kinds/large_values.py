"""Values of 20 to 150 MB and broken records by the hundred thousand, in every kind of file, beside a sound log.

A process of its own scans each. It must name the file, or read all of it; the answers on the sound log must be what
they are without the file; and neither memory nor time may grow out of bounds.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from attacks.counted import Counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FULL = 24
STEP = 3

MEGABYTES = ((4, 15.9), (20, 150))
"""How large a value is: shorter than the longest record that is read, or longer."""
LINES = (100_000, 600_000)
"""How many broken records a file has."""

MOST_MEMORY = 1_500
"""Megabytes that a scan may take."""
MOST_SECONDS = 120
"""Seconds of a processor that a scan may take: others may be at work beside it."""

PIECES = ("x", "ICE;", "ssn, ", "ab.", "a@b.gov;", "[[", "{", "é", "ssn ", "2026-01-01 ", "0", "/", "\u200b", "_", ":")
"""What long texts are made of."""

FIELDS = ("transfer_id", "occurred_at", "sender", "recipient", "states", "elements", "programs", "purpose", "actor")

HEADER = ",".join(FIELDS)


def _record(number: int, **more: object) -> dict[str, Any]:
    known = {
        "transfer_id": f"L-{number}",
        "occurred_at": "2026-02-01",
        "sender": "CMS",
        "recipient": "ICE",
        "states": ["OR"],
        "elements": ["diagnosis"],
        "programs": ["medicaid"],
        "purpose": "care",
        "actor": "somebody",
    }
    return {**known, **more}


def _line(number: int, **more: object) -> bytes:
    return json.dumps(_record(number, **more)).encode() + b"\n"


def _row(number: int, **more: str) -> bytes:
    cells = {name: value if isinstance(value, str) else value[0] for name, value in _record(number).items()} | more
    return ",".join(cells[name] for name in FIELDS).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What an attack is made of."""

    random: random.Random

    def size(self) -> int:
        return int(self.random.uniform(*self.random.choice(MEGABYTES)) * (1 << 20))

    def lines(self) -> int:
        return int(self.random.uniform(*LINES))

    def text(self) -> str:
        """One value, long and of a shape that some step may trip over."""
        size = self.size()
        piece = self.random.choice(PIECES)
        return piece * (size // len(piece.encode()))

    def some(self) -> list[str]:
        """A value that is a list: of many items, or of one."""
        size = self.size()
        if self.random.random() < 0.3:
            return ["x" * size]
        width = self.random.choice((4, 12, 1000))
        return [f"{number:0{width}}" for number in range(size // (width + 4))]


_LISTS = ("states", "elements", "programs")


def _one_field(drawn: _Drawn) -> dict[str, object]:
    field = drawn.random.choice((*FIELDS, "somebody else's field"))
    value = drawn.some() if field in _LISTS and drawn.random.random() < 0.7 else drawn.text()
    return {field: value}


def _json_value(drawn: _Drawn) -> Iterator[bytes]:
    yield from (_line(1), _line(2, **_one_field(drawn)), _line(3))


def _item_value(drawn: _Drawn) -> Iterator[bytes]:
    yield from (b"[", _line(1), b",", _line(2, **_one_field(drawn)), b",", _line(3), b"]")


def _cell_value(drawn: _Drawn) -> Iterator[bytes]:
    cell = '"' + drawn.text().replace("\n", " ") + '"'
    yield from (HEADER.encode(), b"\n", _row(1), _row(2, **{drawn.random.choice(FIELDS): cell}), _row(3))


def _trail_value(drawn: _Drawn) -> Iterator[bytes]:
    keys = ["a.csv", drawn.text(), "b.csv"]
    events = [
        {
            "eventVersion": "1.08",
            "eventTime": "2026-02-01T10:00:00Z",
            "eventSource": "s3.amazonaws.com",
            "eventName": "GetObject",
            "awsRegion": "us-east-1",
            "userIdentity": {"type": "IAMUser", "userName": "somebody"},
            "requestParameters": {"bucketName": "cms", "key": key},
            "eventID": str(number),
        }
        for number, key in enumerate(keys)
    ]
    yield json.dumps({"Records": events}).encode()


def _transfer_value(drawn: _Drawn) -> Iterator[bytes]:
    for number, name in enumerate(("a.csv", "y" * drawn.size(), "b.csv")):
        yield f"Sun Feb 01 10:00:0{number} 2026 1 198.51.100.7 12 /out/ice/{name} b _ o r cms ftp 0 * c\n".encode()


def _broken_lines(drawn: _Drawn) -> Iterator[bytes]:
    broken = drawn.random.choice(
        [b"x1", b'{"transfer_id":"T', b"\x00", b"\xff\xfe{}", b"[]", b"{}", b'"', b'{"transfer_id":1,"transfer_id":2}']
    )
    yield _line(1)
    yield (broken + b"\n") * drawn.lines()
    yield _line(2)


def _text_log(drawn: _Drawn) -> Iterator[bytes]:
    yield _line(1) * 3
    for number in range(drawn.lines()):
        yield b"2026-02-01 10:00:00,%d INFO some.package - a line that says things, %d of them\n" % (number, number)


def _broken_items(drawn: _Drawn) -> Iterator[bytes]:
    yield b"[" + _line(1) + b","
    yield b'{"transfer_id":"T" "sender":"CMS"},' * drawn.lines()
    yield _line(2) + b"]"


def _broken_rows(drawn: _Drawn) -> Iterator[bytes]:
    broken = drawn.random.choice([b"x1", b'a,"b"c,d', b"\x00", b"\xff,a", b"a,b\rc", b","])
    yield HEADER.encode() + b"\n" + _row(1)
    yield (broken + b"\n") * drawn.lines()
    yield _row(2)


def _never_closed(drawn: _Drawn) -> Iterator[bytes]:
    yield HEADER.encode() + b"\n" + _row(1)
    yield b'T-9,2026-02-01,CMS,ICE,OR,"' + b"ssn,x\n" * drawn.lines()
    yield _row(2)


def _other_header(drawn: _Drawn) -> Iterator[bytes]:
    yield HEADER.encode() + b"\n" + _row(1) + b"sender,recipient,transfer_id,when,what\n"
    yield b"CMS,ICE,T-1,2026-01-01,ssn\n" * drawn.lines()


def _many_fields(drawn: _Drawn) -> Iterator[bytes]:
    yield _line(1, **{f"field {number}": number for number in range(drawn.lines() // 4)}) + _line(2)
    for number in range(drawn.lines() // 10):
        yield _line(number + 3, **{f"other {number}": 1})


def _many_columns(drawn: _Drawn) -> Iterator[bytes]:
    more = drawn.lines() // 30
    yield HEADER.encode() + b"".join(b",c%d" % number for number in range(more)) + b"\n"
    yield (_row(1).rstrip() + b"," * more + b"\n") + _row(2)


ATTACKS: tuple[tuple[str, Callable[[_Drawn], Iterator[bytes]]], ...] = (
    ("log.ndjson", _json_value),
    ("log.ndjson.gz", _json_value),
    ("log.json", _item_value),
    ("log.csv", _cell_value),
    ("trail.json", _trail_value),
    ("xferlog", _transfer_value),
    ("log.ndjson", _broken_lines),
    ("server.ndjson", _text_log),
    ("log.json", _broken_items),
    ("log.csv", _broken_rows),
    ("log.csv", _never_closed),
    ("log.csv", _other_header),
    ("log.ndjson", _many_fields),
    ("log.csv", _many_columns),
)


def attack(count: int, seed: int, folder: Path) -> Counted:
    """Scan `count` folders, each with one file that is too much."""
    counted = Counted()
    drawn = random.Random(seed)
    csv.field_size_limit(sys.maxsize)
    sound = b"".join(_line(number).replace(b"L-", b"S-") for number in range(20))
    (folder / "sound").mkdir()
    (folder / "sound" / "sound.ndjson").write_bytes(sound)
    expected = _scanned(folder / "sound").answers
    order = [ATTACKS[number % len(ATTACKS)] for number in range(count)]
    if count < len(ATTACKS):
        order = drawn.sample(ATTACKS, count)
    for number, (name, made) in enumerate(order):
        one = drawn.randrange(1 << 31)
        logs = folder / f"{number}"
        logs.mkdir()
        (logs / "sound.ndjson").write_bytes(sound)
        with gzip.open(logs / name, "wb", compresslevel=1) if name.endswith(".gz") else (logs / name).open("wb") as log:
            for piece in made(_Drawn(random.Random(one))):
                log.write(piece)
        counted_before = len(counted.findings)
        _judge(counted, _scanned(logs), expected, logs / name, f"{made.__name__} drawn with {one}")
        if len(counted.findings) == counted_before:
            (logs / name).unlink()
    return counted


@dataclass(frozen=True, slots=True)
class _Scan:
    code: int
    told: dict[str, Any]
    answers: list[list[str]]
    """On the sound log, without their keys."""
    said: str
    seconds: float
    megabytes: int


def _scanned(logs: Path) -> _Scan:
    out = logs.parent / f"{logs.name}.csv"
    command = [sys.executable, "-m", "auditscan", "scan", str(logs), "--as-of", "2026-03-01", "--json"]
    began = time.monotonic()
    with (logs.parent / "said").open("w+") as said, (logs.parent / "told").open("w+") as told:
        process = subprocess.Popen([*command, "--threads", "2", "--out", str(out)], stdout=told, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        for file in (said, told):
            file.seek(0)
        text = told.read()
        try:
            parsed = json.loads(text)
        except ValueError:
            parsed = {}
        answers = []
        if out.exists():
            with out.open(newline="") as file:
                rows = csv.DictReader(file)
                answers = [
                    [row["transfer_id"], row["verdict_now"], row["verdict_then"], row["reasons"]]
                    for row in rows
                    if row["source_file"].endswith("sound.ndjson")
                ]
            out.unlink()
        unit = 20 if sys.platform == "darwin" else 10
        seconds = min(used.ru_utime + used.ru_stime, time.monotonic() - began)
        return _Scan(process.returncode, parsed, answers, said.read(), seconds, used.ru_maxrss >> unit)


def _judge(counted: Counted, scan: _Scan, expected: list[list[str]], log: Path, what: str) -> None:
    files = {file["path"].rsplit("/", 1)[-1]: file for file in scan.told.get("files", [])}
    file = files.get(log.name)
    if scan.code not in (12, 20) or file is None:
        counted.broke(f"{what}: exit {scan.code}: {scan.said[-300:]}")
        return
    named = any(log.name in why for why in scan.told["incomplete_because"])
    parts = ("transfers", "not_transfers", "duplicates", "quarantined")
    accounted = file["records"] == sum(file[part] for part in parts)
    whole = file["status"] == "read" and not file["quarantined"]
    if scan.answers != expected:
        counted.broke(f"{what}: the answers on the sound log are others")
    elif scan.megabytes > MOST_MEMORY:
        counted.broke(f"{what}: {scan.megabytes} MB")
    elif scan.seconds > MOST_SECONDS:
        counted.broke(f"{what}: {scan.seconds:.0f} s")
    elif not accounted:
        counted.broke(f"{what}: its records do not add up")
    elif not named and not whole:
        counted.broke(f"{what}: the file is {file['status']}, and the scan does not name it")
    else:
        counted.held("named" if named else "read")


__all__ = ["FULL", "STEP", "attack"]
