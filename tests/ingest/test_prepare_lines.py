"""Preparations of line logs: a line of JSON for every line, wherever the reading cuts them."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from auditscan.ingest import Reads
from auditscan.ingest.detection import detect
from auditscan.ingest.prepare import PREPARATIONS, openssh
from auditscan.readers import raw
from auditscan.readers.raw import Fixed, read_up_to
from auditscan.scanning.scan import scan
from auditscan.store import open_store
from scans import LIBRARY, POLICY

if TYPE_CHECKING:
    from pathlib import Path


def prepared(name: str, content: bytes) -> list[str]:
    """The lines that a preparation makes."""
    return read_up_to(PREPARATIONS[name](Fixed(content)), 1 << 24).decode("utf-8", "replace").split("\n")[:-1]


@pytest.mark.parametrize("size", [1, 7, 64, 1 << 20])
def test_lines_that_the_reading_cuts(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw, "CHUNK", size)
    made = prepared("w3c", b"#Fields: c-ip cs-method\r\n\n198.51.100.20 RETR\r\n198.51.100.21 STOR")
    assert made[:2] == ["", ""]
    assert [json.loads(line)["cs-method"] for line in made[2:]] == ["RETR", "STOR"]


def test_undecodable_lines_stay_what_they_are() -> None:
    made = read_up_to(PREPARATIONS["w3c"](Fixed(b"#Fields: c-ip\n\xff\xfe\n192.0.2.1\n")), 1 << 20)
    assert made.split(b"\n")[1] == b"\xff\xfe"


def test_a_line_without_an_end_is_not_kept_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw, "CHUNK", 100)
    monkeypatch.setattr(raw, "LINE_BYTES", 300)
    content = b"#Fields: c-ip\n" + b"x" * 1000 + b"\n192.0.2.1\n"
    made = prepared("w3c", content)
    assert len(made) == 3
    assert json.loads(made[2]) == {"c-ip": "192.0.2.1"}


def test_lines_above_the_names_of_the_columns() -> None:
    made = prepared("zeek", b'1\tC1\n#fields\tts\tuid\n1\tC1\n{"ts":2,"uid":"C2"}\n')
    assert "no #fields line" in json.loads(made[0])["unread"]
    assert [json.loads(line)["uid"] for line in made[2:]] == ["C1", "C2"]


def test_old_sessions_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openssh, "SESSIONS", 2)
    line = "Jan  7 14:40:01 eft1 internal-sftp[{0}]: session opened for local user u{0} from [192.0.2.{0}]\n"
    close = 'Jan  7 14:40:02 eft1 internal-sftp[{0}]: close "/a" bytes read 5 written 0\n'
    text = "".join(line.format(n) for n in (1, 2, 3)) + close.format(1) + close.format(3)
    made = [json.loads(record) for record in prepared("sftp_server", text.encode())]
    assert [record["user"] for record in made[3:]] == [None, "u3"]


def test_the_first_line_of_the_server_may_stand_far_below_those_of_others(tmp_path: Path) -> None:
    log = tmp_path / "secure"
    other = "2026-01-07T00:00:00Z gw1 sshd[7]: Accepted publickey for icepull from 198.51.100.20 port 50312 ssh2\n"
    line = '2026-01-07T14:40:02Z gw1 internal-sftp[9]: close "/out/elg.csv" bytes read 5 written 0\n'
    log.write_text(other * 20_000 + line)
    taken = detect(log, LIBRARY, Reads())
    assert (taken.kind, taken.log_format and taken.log_format.name) == ("prepared", "openssh_sftp")
    with open_store(None, LIBRARY, threads=1) as store:
        scan(store, [log], POLICY, date(2026, 3, 1))
        assert store.rows("select source_record, place from transfers") == [(20_001, "line 20001")]
    log.write_text(other * 20_000)
    assert detect(log, LIBRARY, Reads()).kind is None
