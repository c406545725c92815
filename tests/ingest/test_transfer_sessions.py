"""The preparation of Transfer Family's sessions: lines keep their places and, where none is a step, their bytes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hypothesis import example, given
from hypothesis import strategies as st

from auditscan.ingest.prepare.transfer_sessions import TransferSessions
from auditscan.readers.raw import Fixed, read_up_to

if TYPE_CHECKING:
    from collections.abc import Sequence


def prepared(lines: Sequence[bytes]) -> list[bytes]:
    stream = TransferSessions(Fixed(b"".join(line + b"\n" for line in lines)))
    return read_up_to(stream, 1 << 24).split(b"\n")[:-1]


def step(**parts: str) -> bytes:
    return json.dumps({name.replace("_", "-"): value for name, value in parts.items()}).encode()


@given(st.lists(st.binary(max_size=40).map(lambda line: line.replace(b"\n", b" ")), max_size=20))
@example([b"", b"{", b"\xff", b'{"a":1e999}', b"[" * 5000, b'{"session-id":"\\ud800","activity-type":"OPEN"}'])
@example([b'{"session-id":"s","activity-type":"OPEN","path":"p","x":NaN}', b'{"session-id":"s","session-id":"s"}'])
def test_lines_that_are_no_steps_stay_as_they_are(lines: list[bytes]) -> None:
    kept = prepared(lines)
    assert len(kept) == len(lines)
    for before, after in zip(lines, kept, strict=True):
        assert after == before or json.loads(after).pop("session") is not None


def test_a_step_gets_what_the_steps_before_it_told() -> None:
    steps = [
        step(activity_type="CONNECTED", session_id="s", user="ice", source_ip="198.51.100.20"),
        step(activity_type="OPEN", session_id="s", path="/a", mode="READ"),
        step(activity_type="OPEN", session_id="s", path="/b", mode="READ"),
        step(activity_type="ERROR", session_id="s", path="/a", operation="READ"),
        step(activity_type="CLOSE", session_id="s", path="/a"),
        step(activity_type="CLOSE", session_id="other", path="/a"),
        step(activity_type="DISCONNECTED", session_id="s"),
    ]
    told = [json.loads(line)["session"] for line in prepared(steps)]
    who = {"user": "ice", "source-ip": "198.51.100.20"}
    assert told == [
        who,
        {**who, "mode": "READ", "file": "opened"},
        {**who, "mode": "READ", "file": "never closed"},
        {**who, "mode": "READ", "file": "open"},
        {**who, "mode": "READ", "file": "failed"},
        {},
        who,
    ]


def test_a_session_id_that_comes_back_is_another_session() -> None:
    steps = [
        step(activity_type="CONNECTED", session_id="s", user="ice"),
        step(activity_type="OPEN", session_id="s", path="/a", mode="READ"),
        step(activity_type="CONNECTED", session_id="s", user="state"),
        step(activity_type="CLOSE", session_id="s", path="/a"),
    ]
    told = [json.loads(line)["session"] for line in prepared(steps)]
    assert told[1]["file"] == "never closed"
    assert told[3] == {"user": "state"}
