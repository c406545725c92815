"""Odd lines among many sound ones: they are taken out of their block, and cost no other line its number or reading."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditscan.readers import blocks
from auditscan.readers.odd_lines import OddLines, lines_of
from readers.reading import line, read_folder

SOUND = 40
"""Lines before each odd one."""


def changed(was: bytes, now: bytes) -> bytes:
    return line("odd").replace(was, now)


ODD = {
    "broken off": (line("odd")[:60] + b"\n", "cut off"),
    "no JSON": (b"hello\n", "not JSON"),
    "null": (b"null\n", "and no record"),
    "a list": (b"[1]\n", "and no record"),
    "no field": (b'{"exported":"2026-01-05"}\n', "none of the fields"),
    "no UTF-8": (changed(b"CMS", b"C\x81S"), "undecodable"),
    "a NUL byte": (changed(b"CMS", b"C\0S"), "a NUL byte"),
    "a comma too many": (changed(b"}", b",}"), "not JSON"),
    "no number": (changed(b'"record_count":5', b'"record_count":NaN'), "NaN"),
    "given twice": (changed(b"}", b',"sender":"HHS"}'), "given twice"),
    "half a pair": (changed(b"CMS", b"\\ud800"), "surrogate"),
    "blank": (b"\n", None),
    "blanks": (b" \t\r\n", None),
    "spelled otherwise": (changed(b'"sender"', b'"Sender"'), ""),
    "a rare field": (changed(b"}", b',"batch":"b1"}'), ""),
    "an object for an id": (changed(b'"odd"', b'{"odd":1}'), ""),
    "no id, and a field that nobody knows": (changed(b'"transfer_id":"odd"', b'"batch":"b1"'), ""),
}
"""An odd line, and a part of why it cannot be read: nothing for a record, None for what is none."""


def log(*kinds: str, spaced: bool = False) -> bytes:
    """A log in which each kind of odd line stands behind sound ones, one of them beside another."""
    sound = [line(f"T-{number}") for number in range(SOUND)]
    if spaced:
        sound = [json.dumps(json.loads(each)).encode() + b"\n" for each in sound]
    text = b"".join(b"".join(sound) + ODD[kind][0] for kind in (*kinds, kinds[0]))
    return text + ODD[kinds[-1]][0] + sound[0]


@pytest.mark.parametrize("spaced", [False, True])
@pytest.mark.parametrize("size", [1 << 20, 9_000])
def test_odd_lines_among_sound_ones(tmp_path, monkeypatch, size, spaced):
    monkeypatch.setattr(blocks, "BLOCK_BYTES", size)
    logs = {f"{number:02}.ndjson": [kind] for number, kind in enumerate(ODD)} | {"all.ndjson": list(ODD)}
    texts = {name: log(*kinds, spaced=spaced) for name, kinds in logs.items()}
    for name, text in texts.items():
        (tmp_path / name).write_bytes(text)
    seen = read_folder(tmp_path, workers=2)
    for name, text in texts.items():
        found, lines = seen[name], text.splitlines(keepends=True)
        sound = {number: json.loads(each)["transfer_id"] for number, each in enumerate(lines, 1) if b'"T-' in each}
        odd = {number: each for number, each in enumerate(lines, 1) if number not in sound}
        why = {number: next(why for each, why in ODD.values() if each == odd[number]) for number in odd}
        assert {number: kept for number, kept in found.kept.items() if number in sound} == sound, name
        assert found.bad.keys() == {number for number in odd if why[number]}, name
        assert all(why[number] in found.bad[number] for number in found.bad), name
        assert found.kept.keys() - sound.keys() == {number for number in odd if why[number] == ""}, name
        assert found.blank == sum(each is None for each in why.values()), name
        assert found.offsets == {number: sum(map(len, lines[: number - 1])) for number in found.bad}, name


@pytest.mark.parametrize("size", [1 << 20, 3_000])
def test_a_blank_line_behind_each(tmp_path, monkeypatch, size):
    monkeypatch.setattr(blocks, "BLOCK_BYTES", size)
    (tmp_path / "log.ndjson").write_bytes(b"".join(line(f"T-{number}") + b"\n" for number in range(SOUND)))
    found = read_folder(tmp_path)["log.ndjson"]
    assert found.kept == {number * 2 + 1: f"T-{number}" for number in range(SOUND)}
    assert (found.bad, found.blank) == ({}, SOUND)


LINES = st.lists(st.sampled_from([b"", b" ", b"\r", b"a", b"bb", b'{"c":1}']), max_size=60)


@settings(max_examples=300, deadline=None)
@given(LINES, st.data())
def test_other_lines_stay_where_they_are(lines, data):
    text = b"".join(each + b"\n" for each in lines)
    with blocks.Block(1) as block:
        block.fill(text)
        odd, taken = OddLines(block), set()
        for _ in range(2):
            # The engine counts no blank line.
            rows = [number for number, each in enumerate(block.text().split(b"\n")[:-1], 1) if each.strip()]
            drawn = data.draw(st.sets(st.sampled_from(range(1, len(rows) + 1)), max_size=3)) if rows else set()
            before = block.text()
            if not odd.take(drawn, len(rows)):
                # Too many: then all are looked at.
                assert block.text() == before
                break
            taken |= {rows[row - 1] for row in drawn}
            taken |= {number for number, each in enumerate(lines, 1) if not each.strip()} if odd else set()
            left = [b"{}" if number in taken else each for number, each in enumerate(lines, 1)]
            assert block.text() == b"".join(each + b"\n" for each in left)
            assert odd.numbers == sorted(taken)
            assert odd.stand_ins == 3 * len(taken)
            assert [each.number for each in odd.each(7)] == sorted(taken)
            assert all(text[each.offset - 7 :].startswith(each.raw + b"\n") for each in odd.each(7))
        assert not odd.take([], len(lines) + 1)
        odd.take_all()
        assert list(odd.each(0)) == list(lines_of(text))
