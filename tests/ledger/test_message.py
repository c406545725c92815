"""The message of a night: what it says, and that nobody else can say it."""

from __future__ import annotations

import os
import re
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from auditscan.ledger.night import Adjustment, FindingCount, Move, NightFile
from auditscan.ledger.telling.message import MOST_CHARACTERS, WIDTH, compose
from ledger.nights import (
    ALL,
    EVIL,
    FIRST,
    HOSTILE,
    NEW_POLICY,
    QUIET,
    REWRITTEN,
    SUPPRESSION,
    VANISHED,
    WORSE,
    counts,
)

GOLDEN = Path(__file__).parents[1] / "golden" / "messages.txt"
NAMES = {"R2": "Second preliminary injunction"}

OURS = re.compile(
    r"NOT LOOKED AT|JUDGED BY|WORSE|NEW FINDINGS|LOGS NOT AS THEY WERE|VERDICTS MOVED|QUARANTINE|SUPPRESSIONS|IN ALL"
    r"|LOOK|RECEIPT \d+|auditscan (compare|report) .*|(ab){32}"
)
"""What stands at the margin under the opening."""


def lines_of(night):
    return compose(night, NAMES).body.splitlines()


def test_golden():
    text = "".join(f"===== {name}\n{(m := compose(night, NAMES)).title}\n\n{m.body}\n\n" for name, night in ALL.items())
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8"), "UPDATE_GOLDEN=1 accepts what has changed"


@pytest.mark.parametrize("night", ALL.values(), ids=ALL)
def test_fits_a_phone(night):
    message = compose(night, NAMES)
    assert len(message.body) <= MOST_CHARACTERS
    assert len(message.title) <= 78
    assert message.title.isprintable()
    whole = re.compile(r"auditscan (compare|report) |[0-9a-f]{64}$|All is")
    assert [line for line in message.body.splitlines() if cell_len(line) > WIDTH and not whole.match(line)] == []


def test_nothing_to_tell_is_one_line():
    assert len(lines_of(QUIET)) == 1
    assert compose(QUIET).title.endswith("all is as it was")


def test_incomplete_comes_first_and_says_what_to_do():
    lines = lines_of(ALL["broken_disk"])
    headings = [line for line in lines if line.isupper() and line[0].isalpha()]
    assert headings[0] == "NOT LOOKED AT"
    assert any(line.startswith("> Make the logs readable") for line in lines)


def test_a_standing_trouble_says_that_nothing_is_worse():
    night = replace(ALL["broken_disk"], files=())
    assert compose(night).title.endswith("INCOMPLETE, nothing worse")
    assert "Nothing is worse than after the scan before." in " ".join(lines_of(night))
    assert "Nothing is worse" not in compose(replace(night, exit_code_before=None)).body
    assert "Nothing is worse" not in compose(replace(night, worse_because=("x",))).body


def test_transfers_that_name_neither_side_are_counted_in_the_title():
    assert "3 new not attributed" in compose(replace(WORSE, new_open=counts(unattributed=3))).title


def test_a_milder_policy_is_told_though_nothing_is_worse():
    message = compose(NEW_POLICY)
    assert message.title.endswith("policy and suppressions changed, 213 verdicts moved")
    assert "JUDGED BY\n- The policy changed: 212 verdicts milder, 1 worse\n" in message.body


def test_what_is_left_out_is_counted():
    assert "  * and 9,992 more" in lines_of(VANISHED)
    many = replace(WORSE, worse_because=tuple(f"reason {number}" for number in range(22)))
    assert "- and 14 more" in lines_of(many)


def test_a_new_policy_is_told_in_words():
    text = " ".join(compose(NEW_POLICY).body.split())
    assert "On 6 January 2026, 212 transfers changed from enjoined to review, as judged now, because" in text
    assert "Every transfer was judged again: the policy changed." in text


def test_both_versions_of_a_rewritten_log_are_kept_and_it_is_named():
    body = compose(REWRITTEN).body
    assert "rewritten, both versions kept" in body
    assert "/logs/2025-12-30.ndjson (3 records fewer)" in body


def test_a_stale_suppression_stands_once():
    assert " ".join(compose(SUPPRESSION).body.split()).count("expired on 2026-01-05") == 1


def test_notes_on_transfers_are_only_counted_but_those_on_logs_are_named():
    silence = FindingCount("silence", "Silent days", "note", "sources", new=1, open=1, examples=("3 days",))
    body = compose(replace(WORSE, findings=(*WORSE.findings, silence))).body
    assert "- note: 6 of 2 rules" in body
    assert "- note: 1 × Silent days (silence), as 3 days" in body


def test_the_head_of_the_receipts_stands_whole():
    lines = lines_of(FIRST)
    assert lines[lines.index("RECEIPT 1") + 1] == "ab" * 32


def test_commands_can_be_copied():
    body = compose(replace(WORSE, ledger="/srv/our ledger; rm")).body
    assert "auditscan compare --ledger '/srv/our ledger; rm'\n" in body
    assert "auditscan report --db '/srv/our ledger; rm/ledger.duckdb'\n" in body


def test_a_path_without_end_does_not_make_the_message_longer():
    assert len(compose(replace(WORSE, ledger="/x" * 3_000)).body) <= MOST_CHARACTERS


def forged(night):
    """The lines at the margin that are not ours."""
    lines = lines_of(night)
    begin = next(place for place, line in enumerate(lines) if line.startswith(("Scan ", "First scan")))
    opening = lines.index("", begin)
    end = next((place for place in range(len(lines) - 1, 0, -1) if re.fullmatch("(ab){32}", lines[place])), len(lines))
    return [
        line
        for line in lines[opening : end + 1]
        if line and not line.startswith(("- ", "> ", "  ")) and not OURS.fullmatch(line)
    ]


def test_a_hostile_log_writes_no_line_of_the_message():
    assert forged(HOSTILE) == []
    body = compose(HOSTILE).body
    assert body.count("\nRECEIPT ") == 1
    assert body.count("\nNOT LOOKED AT\n") == 1
    assert not any(part in body for part in ("@everyone", "<!channel>", "https://", "\x1b", "\r", "\u202e", "\u2028"))


def spoiled(value, text):
    """A night, or a part of one, with every text of others in it replaced."""
    if isinstance(value, str):
        return text
    if isinstance(value, tuple):
        return tuple(spoiled(each, text) for each in value)
    if isinstance(value, NightFile):
        return replace(value, path=text, note=text)
    if isinstance(value, FindingCount):
        return replace(value, title=text, rule=text, examples=(text, text))
    if isinstance(value, Adjustment):
        return replace(value, says=text)
    if isinstance(value, Move):
        return replace(value, because=(text,))
    return value


SPOILED = ("files", "findings", "moves", "suppression_problems", "incomplete_because", "worse_because")
SPOILED += ("adjustments", "quarantine_gone", "caption", "no_order_read")


@settings(max_examples=60, deadline=None)
@given(
    text=st.one_of(
        st.text(max_size=400), st.sampled_from([EVIL, "\n\n- a", " " * 90 + "RECEIPT 1", "a\x85b", "é" * 999])
    )
)
def test_no_text_whatever_writes_a_line_of_the_message(text):
    assert set(SPOILED) < {field.name for field in fields(HOSTILE)}
    night = replace(HOSTILE, **{name: spoiled(getattr(HOSTILE, name), text) for name in SPOILED})
    assert forged(night) == []
    assert len(compose(night).body) <= MOST_CHARACTERS
