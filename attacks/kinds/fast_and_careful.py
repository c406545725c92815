"""Odd lines of JSON: a record is what is strict JSON, read fast as one by one, and no line is counted too long."""

from __future__ import annotations

import codecs
import json
import random
import re
from datetime import date
from typing import TYPE_CHECKING, Any
from unittest import mock

from attacks.counted import Counted
from auditscan.ingest.canonical_json import OBJECT_BYTES
from auditscan.ingest.keys import Keys
from auditscan.ingest.staging import Staging
from auditscan.library import Library
from auditscan.policy import load, normalize
from auditscan.readers import blocks
from auditscan.readers.blocks import Block
from auditscan.readers.model import FIELDS
from auditscan.scanning.scan import scan
from auditscan.store import KEYS_A_SOURCE, Store, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

FULL = 24_000
STEP = 6_000

LINES = 250
"""Of a file: a block of it is read fast only where the engine reads every line."""

SMALL_BLOCK = 2_000
"""Bytes of a block that is read fast: what one shows of a log decides how the next is read."""

VALUES = (
    *("NaN", "nan", "NAN", "Infinity", "-Infinity", "inf", "-inf", "iNf", "True", "TRUE", "None", "undefined", "nUll"),
    *("+1", ".5", "5.", "01", "-01", "1.", "1e", "1e5", "1e22", "1E+22", "1e-7", "1e400", "-1e400", "0x10", "-"),
    *("-0", "-0.0", "00", "1_0", "9" * 40, "1" * 400, "0.10", "1e15", "1e-400", "5", "5.0", "true", "false", "null"),
    *("'x'", '"x"', '"a\tb"', '"a\x01b"', '"\\u0041"', '"\\ud800"', '"\\udc00\\ud800"', '"\\ud83d\\ude00"', '"\\x41"'),
    *('"\\/"', '"\\u00e9"', '"\\u0000"', '"\x7f"', '"é"', '"\u2028"', '"a,}"', '"a, NaN]"', '", nan, "', '"\\",}"'),
    *("[1,]", "[,1]", "[1,,2]", "[1 2]", '{"a":1,}', "{,}", "{}", "[]", '["CA"]', '["CA", "OR"]', '["CA","CA"]'),
    *('"a" "b"', '/*c*/"x"', '"x"/*c*/', "[1]]", '"x', '\x0b"x"', '\xa0"x"', '\u2003"x"', '"x"\u00a0', "[NaN]"),
    *("[inf , 1]", '{"a": -inf}', '{"a":{"b":nan }}', "[" * 300 + "]" * 300, '{"a":' * 300 + "1" + "}" * 300, '""'),
    *('" "', '"2026-01-05"', '"2026-01-05T10:00:00Z"', '"CMS"', '"ICE"', '"1e5"', '"true"', '"[1]"', '"{"', "[[]]"),
)
CLOSINGS = (
    "}",
    ",}",
    ", }",
    " }",
    "}}",
    "}]",
    "},",
    "} x",
    "};",
    "}{}",
    "}\x0b",
    "}\x0c",
    "}\xa0",
    "}//",
    "}\0",
    "",
    "]",
)
BROKEN = ("x1", "{", "}", "{}", "[]", "null", "7", '"text"', "\x0b", "\x0c", "\0", "\xa0", "\ufeff", "[{}]", "{]", "")
_BROKEN_BYTES = (b'{"transfer_id":"\xff"}', b"\xed\xa0\x80", b'{"transfer_id":"\xc0\x80"}', b"\xff\xfe", b"\xef\xbb")
BLANKS = ("", "", "", "", "", " ", "\t", "  ", "\r", "\x0b", "\x0c", "\xa0", "\u3000")

_HALF_A_PAIR = re.compile("[\ud800-\udfff]")
_CANONICAL = {"occurred_at": '"2026-01-05"', "sender": '"CMS"', "recipient": '"ICE"', "states": '["CA"]'}
_EVENT = {
    "eventVersion": '"1.08"',
    "userIdentity": '{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/ICE/u"}',
    "eventTime": '"2026-03-01T10:00:00Z"',
    "eventSource": '"s3.amazonaws.com"',
    "eventName": '"GetObject"',
    "requestParameters": '{"bucketName":"cms","key":"medicaid/CA/ssn.csv"}',
}
_QUERY = {
    "QUERY_TEXT": '"select ssn, bene_name from MDCD.PUBLIC.BENE"',
    "DATABASE_NAME": '"MDCD"',
    "USER_NAME": '"ICE_USER"',
    "ROLE_NAME": '"ICE_ROLE"',
    "WAREHOUSE_NAME": '"WH"',
    "EXECUTION_STATUS": '"SUCCESS"',
    "START_TIME": '"2026-03-01T10:00:00Z"',
    "ROWS_PRODUCED": "7",
}
_SYSTEMS = {
    "canonical": ("transfer_id", _CANONICAL),
    # Its SQL reads whole records: these are asked for their keys.
    "cloudtrail": ("eventID", _EVENT),
    # Of its records the engine reads the fields at once.
    "snowflake": ("QUERY_ID", _QUERY),
}
"""The key of an id, and the fields that stand beside it."""
_ROWS = """
    select r.record_key, r.transfer_id, r.occurred_at, r.moment_id, r.record_count, content_of(l), c.content
    from records r
    inner join logged_disclosures l on r.disclosure_id = l.disclosure_id
    inner join contexts c on r.context_id = c.context_id
    order by r.record_key
"""


def odd_line(drawn: random.Random, name: str, fields: dict[str, str], own: str, blank_behind: str = "") -> bytes:
    """A line that begins as a record: with fields under odd names, of odd values, between odd blanks.

    `blank_behind` is what the program that wrote the log puts behind colons and commas.
    """
    if drawn.random() < 0.06:
        return drawn.choice([*(line.encode() for line in BROKEN), *_BROKEN_BYTES])
    members = [(own, f'"{name}"'), *fields.items()]
    oddities = drawn.choice((0, 1, 1, 1, 2, 3))
    for _ in range(oddities):
        kind = drawn.choice(("value", "value", "value", "new", "twice", "key", "lost", "order"))
        at = drawn.randrange(len(members))
        key, value = members[at]
        if kind == "value":
            members[at] = key, drawn.choice(VALUES)
        elif kind == "new":
            members.insert(
                at, (drawn.choice(("note", "x", "elements", "record_count", "purpose")), drawn.choice(VALUES))
            )
        elif kind == "twice":
            members.insert(at, (key, drawn.choice((value, value, drawn.choice(VALUES)))))
        elif kind == "key":
            spelled = (key.upper(), key.replace("_", " "), f"\\u{ord(key[0]):04x}{key[1:]}", key + "\\ud800", key + "é")
            members[at] = drawn.choice(spelled), value
        elif kind == "lost" and len(members) > 1:
            del members[at]
        else:
            drawn.shuffle(members)
    blank: Callable[[], str] = lambda: drawn.choice(BLANKS) if drawn.random() < 0.05 else ""  # noqa: E731
    comma = [drawn.choice((",", ",", ",,", ";", " ")) if drawn.random() < 0.01 else "," for _ in members]
    comma[-1] = ""
    text = "".join(
        f'{blank()}"{key}"{blank()}:{blank_behind}{blank()}{value}{blank()}{end}{end and blank_behind}'
        for (key, value), end in zip(members, comma, strict=True)
    )
    closing = drawn.choice(CLOSINGS) if drawn.random() < 0.12 else "}"
    lead = drawn.choice((" ", "\t", "\ufeff", "\x0c", "\xa0", "[", "//")) if drawn.random() < 0.06 else ""
    line = (lead + "{" + text + closing).encode("utf-8")
    return line if drawn.random() < 0.97 else line[: drawn.randrange(len(line))]


def strict_members(line: bytes) -> list[tuple[str, Any]] | None:
    """The members of the one strict JSON object that a line holds, numbers as they are written; None for none."""
    found: list[list[tuple[str, Any]]] = []

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        found.append(members)
        return dict(members)

    def refuse(word: str) -> None:
        raise ValueError(word)

    try:
        text = line.removeprefix(codecs.BOM_UTF8).decode("utf-8").strip(" \t\r\n\x0b\x0c")
        value = json.loads(
            text,
            object_pairs_hook=pairs,
            parse_constant=refuse,
            parse_int=lambda word: ("number", word),
            parse_float=lambda word: ("number", word),
        )
    except ValueError:
        return None
    return found[-1] if isinstance(value, dict) else None


def is_record(line: bytes, known: frozenset[str] | None) -> bool:
    """Whether a line is a record; `known` are the fields of which it has at least one, None for another system's."""
    members = strict_members(line)
    if members is None:
        return False
    seen: dict[str, Any] = {}
    for key, value in members:
        names = [key] if known is None or normalize(key) not in known else [key, "known " + normalize(key)]
        for name in names:
            if name in seen and repr(seen[name]) != repr(value):
                return False
            seen[name] = value
        judged = known is None or normalize(key) in known
        if judged and _HALF_A_PAIR.search(repr_of(value)):
            return False
        if (known is None or normalize(key) not in known) and _HALF_A_PAIR.search(key):
            return False
    return known is None or any(normalize(key) in known for key, _ in members)


def repr_of(value: Any) -> str:
    """All text in a value."""
    if isinstance(value, dict):
        return "".join(key + repr_of(inner) for key, inner in value.items())
    if isinstance(value, list | tuple):
        return "".join(map(repr_of, value))
    return value if isinstance(value, str) else ""


def is_blank(line: bytes) -> bool:
    """Whether a line is no record and no broken one."""
    return not line.removeprefix(codecs.BOM_UTF8).strip()


def engine_reads(store: Store, lines: Iterable[bytes]) -> list[bytes]:
    """Those of some lines that the engine takes for one JSON object, each key given once."""
    texts = []
    for line in lines:
        try:
            texts.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            continue
    valid = store.rows(
        "select x from (select unnest($1::varchar[]) as x) where case when json_valid(x) then json_type(x) = 'OBJECT' "
        "and len(json_keys(x)) = len(list_distinct(json_keys(x))) else false end",
        [[text for text in texts if "\0" not in text and not text.startswith("\ufeff")]],
    )
    return [text.encode() for (text,) in valid]


def counted_too_long(store: Store, lines: list[bytes]) -> list[bytes]:
    """The lines of which the fast way counts more bytes than they have: another one could be made good by them."""
    staging = Staging(store, "canonical_json", 1, "UTC", "json")
    # A field under another name than its own is never counted.
    told = store.rows(
        "select i, json_keys(x) from (select unnest($1) as x, unnest($2) as i)",
        [[line.decode() for line in lines], list(range(len(lines)))],
    )
    usual = {
        at: set(keys)
        for at, keys in told
        if all(key and (key in FIELDS or normalize(key) not in FIELDS) for key in keys)
    }
    lines = [line for at, line in enumerate(lines) if at in usual]
    text = b"".join(line + b"\n" for line in lines)
    try:
        with Block(len(text), head=True) as block:
            block.fill(text)
            block.lead(Keys(unknown=frozenset(set().union(*usual.values()) - set(FIELDS))).lines())
            staging.store.run("incoming_json", block_path=block.path, block_object_size=OBJECT_BYTES)
            staging.stage()
            staging.account()
            counted = staging.store.rows("""
                select s.record_no,
                    s.row_bytes + coalesce(s.disclosure_bytes, d.text_bytes) + coalesce(s.context_bytes, c.text_bytes)
                from staged s
                left join fresh_disclosures d on s.new_disclosure = d.text
                left join fresh_contexts c on s.new_context = c.text
                where not coalesce(s.unclear, false)
            """)
    finally:
        staging.close()
    return [lines[number - 1] for number, size in counted if size is not None and size > len(lines[number - 1]) + 1]


def _logs(folder: Path, files: dict[str, list[bytes]], behind: bytes = b"") -> Path:
    """Write files, each with as many lines behind it as it has."""
    folder.mkdir()
    for name, lines in files.items():
        (folder / name).write_bytes(b"".join(line + b"\n" for line in lines) + behind * len(lines))
    return folder


def _read(
    folder: Path, block_bytes: int = blocks.BLOCK_BYTES
) -> tuple[dict[str, dict[int, Any]], dict[str, dict[int, str]], dict[str, str]]:
    """File -> number of a record -> what it says; and why it cannot be read; and what was said of the file."""
    with mock.patch.object(blocks, "BLOCK_BYTES", block_bytes), open_store(None, Library.shipped(), threads=1) as store:
        scan(store, [folder], load(), date(2026, 3, 1))
        names = {number: path.rpartition("/")[2] for number, path in store.rows("select source_id, path from sources")}
        records: dict[str, dict[int, Any]] = {name: {} for name in names.values()}
        for key, *said in store.rows(_ROWS):
            records[names[key // KEYS_A_SOURCE]][key % KEYS_A_SOURCE] = said
        bad: dict[str, dict[int, str]] = {name: {} for name in names.values()}
        for source, number, why in store.rows("select source_id, source_record, reason from quarantine"):
            bad[names[source]][number] = why
        notes = dict(store.rows("select regexp_extract(path, '[^/]*$'), status || ' ' || note from sources"))
    return records, bad, notes


def _in_one_style(
    drawn: random.Random, lines: list[bytes], own: str, fields: dict[str, str], behind: str
) -> list[bytes]:
    """Lines among sound ones of the same program, most of which have a field from some line on that nobody knows."""
    late = drawn.choice(
        (*(f',{behind}"batch":{behind}{value}' for value in ('"b1"', "7", "1e5", '{"x":[1]}', "null")), "")
    )
    begins = drawn.randrange(len(lines) + 1)
    styled = []
    for number, line in enumerate(lines):
        members = f",{behind}".join(f'"{key}":{behind}{value}' for key, value in fields.items())
        plain = f'{{"{own}":{behind}"P-{number}",{behind}{members}{late if number >= begins else ""}}}'
        styled.append(plain.encode() if fields is not _EVENT and drawn.random() < 0.8 else line)
    return styled


def attack(count: int, seed: int, folder: Path) -> Counted:
    """Make files of odd lines, and read each as it is and with so many broken ones that all are looked at."""
    drawn = random.Random(seed)
    counted = Counted()
    made: dict[str, list[bytes]] = {}
    with open_store(None, Library.shipped(), threads=1) as store:
        scan(store, [], load(), date(2026, 3, 1))
        store.run("begin")
        for start in range(0, count, LINES):
            (system,) = drawn.choices(list(_SYSTEMS), (5, 2, 3))
            own, fields = _SYSTEMS[system]
            size = min(LINES, count - start)
            behind = drawn.choice(("", "", " "))
            lines = [odd_line(drawn, f"T-{start}-{n}", fields, own, behind) for n in range(size * 4)]
            if drawn.random() < 0.6:
                # A file that the engine reads to its end, or the fast way would never be gone.
                lines = engine_reads(store, lines)
            lines = lines[:size]
            sound = (
                "{" + ",".join(f'"{k}":{v}' for k, v in {own: f'"first-{start}"', **fields}.items()) + "}"
            ).encode()
            # Most of the lines have to be records, or the file is none of the format.
            made[f"{start:06d}-{system}.ndjson"] = [sound] * 2 + _in_one_style(drawn, lines, own, fields, behind)
        canonical = [line for name, lines in made.items() if "canonical" in name for line in lines]
        for line in counted_too_long(store, engine_reads(store, canonical)):
            counted.broke(f"counted longer than it is: {line!r}")
    fast, bad, notes = _read(_logs(folder / "fast", made), SMALL_BLOCK)
    careful, bad_there, _ = _read(_logs(folder / "careful", made, b"x1\n"))
    for name, lines in made.items():
        known = frozenset(FIELDS) if "canonical" in name else None
        if not notes[name].startswith("read"):
            counted.broke(f"{name} is {notes[name]}, seed {seed}")
            continue
        for number, line in enumerate(lines, start=1):
            if is_blank(line):
                ended = number not in fast[name] and number not in bad[name]
            elif is_record(line, known):
                # A record of another system may be none of the kind that its format judges.
                ended = "not JSON" not in bad[name].get(number, "") and (known is None or number in fast[name])
            else:
                ended = number in bad[name] and number not in fast[name]
            same = fast[name].get(number) == careful[name].get(number)
            same = same and bad[name].get(number) == bad_there[name].get(number)
            if ended and same:
                counted.held("a record" if number in fast[name] else "told" if number in bad[name] else "no record")
            else:
                counted.broke(
                    f"{name}, line {number}, seed {seed}: {line[:300]!r} read fast as {fast[name].get(number)} "
                    f"{bad[name].get(number)}, by itself as {careful[name].get(number)} {bad_there[name].get(number)}"
                )
    return counted
