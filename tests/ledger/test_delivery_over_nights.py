"""What one night could not tell the next one does: late, once, and whatever happened in between."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from auditscan.cli import run
from auditscan.ledger.telling import delivery, outbox
from auditscan.ledger.telling.message import compose
from ledger.nights import BROKEN_DISK, QUIET, REWRITTEN, WORSE
from ledger.receivers import NOBODY
from ledger.remembered import kept, lines


def test_the_next_run_delivers_what_this_one_could_not_and_says_so(tell, posts, mails, tmp_path):
    posts.codes = [500]
    tell(WORSE, posts.url, mails.url)
    posts.codes = [200]
    night = replace(REWRITTEN, scan_id=8, receipt_sha256="cd" * 32)
    result = tell(night, posts.url, mails.url)
    # Tonight's first: should the server fail again, the news got out.
    assert [post["title"] for post in posts.got] == [compose(night).title, "late: " + compose(WORSE).title]
    assert posts.got[1]["message"].startswith("Late: of the scan of 6 January 2026.\n")
    assert posts.got[1]["message"].endswith(compose(WORSE).body)
    assert [mail["subject"] for mail in mails.got] == [compose(WORSE).title, compose(night).title]
    assert (result.delivered, result.undelivered, result.problems, kept(tmp_path)) == (3, 0, [], [])


def test_a_quiet_night_delivers_what_is_late(tell, posts, tmp_path):
    tell(WORSE, NOBODY)
    result = tell(replace(QUIET, scan_id=8), posts.url)
    assert [post["title"] for post in posts.got] == ["late: " + compose(WORSE).title]
    assert (result.problems, kept(tmp_path)) == ([], [])
    tell(replace(QUIET, scan_id=9), posts.url)
    assert len(posts.got) == 1


def test_a_run_killed_between_keeping_and_telling_leaves_the_message(tell, posts, tmp_path):
    delivery.keep(WORSE, tmp_path, [posts.url])
    tell(replace(QUIET, scan_id=8), posts.url)
    assert [post["title"] for post in posts.got] == ["late: " + compose(WORSE).title]


def test_a_process_killed_while_it_tells_leaves_the_message_to_the_next(tell, posts, tmp_path):
    posts.codes = [None]
    code = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[1])\n"
        "from ledger.nights import WORSE; from auditscan.ledger.telling import delivery\n"
        "delivery.notify_night(WORSE, pathlib.Path(sys.argv[2]), [sys.argv[3]])"
    )
    tests = str(Path(__file__).parents[1])
    process = subprocess.Popen([sys.executable, "-c", code, tests, str(tmp_path), posts.url])
    assert posts.busy.wait(30)
    process.kill()
    process.wait(30)
    posts.codes = [200]
    result = tell(replace(QUIET, scan_id=8), posts.url)
    assert [post["title"] for post in posts.got] == ["late: " + compose(WORSE).title]
    assert (result.problems, kept(tmp_path)) == ([], [])


def test_a_run_killed_amid_its_deliveries_tells_nobody_twice(tell, posts, mails, tmp_path):
    tell(WORSE, mails.url)
    # As it was before the last address had the message and it was removed.
    delivery.keep(WORSE, tmp_path, [mails.url, posts.url])
    tell(replace(QUIET, scan_id=8), mails.url, posts.url)
    assert (len(mails.got), len(posts.got)) == (1, 1)


def test_a_run_killed_before_its_ledger_stood_leaves_no_false_message(tell, posts, tmp_path):
    delivery.keep(WORSE, tmp_path, [posts.url])
    tell(QUIET, posts.url)
    assert (posts.got, kept(tmp_path)) == ([], [])
    delivery.keep(WORSE, tmp_path, [posts.url])
    tell(BROKEN_DISK, posts.url)
    assert [post["title"] for post in posts.got] == [compose(BROKEN_DISK).title]


def test_a_ledger_set_back_to_an_earlier_scan_tells_its_new_news(tell, posts):
    tell(WORSE, posts.url)
    tell(REWRITTEN, posts.url)
    assert [post["title"] for post in posts.got] == [compose(WORSE).title, compose(REWRITTEN).title]


def test_an_address_that_fails_is_left_alone_for_the_rest_of_the_run(tell, posts):
    posts.codes = [500]
    for scan in (7, 8, 9):
        asked = posts.asked
        result = tell(replace(WORSE, scan_id=scan), posts.url)
        assert posts.asked - asked == 3
    assert result.undelivered == 3
    assert "was not told of 3 scans, 7 to 9" in result.problems[0]


def test_the_oldest_are_given_up_and_said_so(tell, posts, tmp_path):
    for scan in range(1, 17):
        delivery.keep(replace(WORSE, scan_id=scan), tmp_path, [posts.url])
    result = tell(replace(QUIET, scan_id=17), posts.url)
    assert len(posts.got) == outbox.MOST_KEPT
    assert [problem.split(" was ")[0] for problem in result.problems] == [
        "the message of scan 1, 6 January 2026,",
        "the message of scan 2, 6 January 2026,",
    ]
    assert [line["scan_id"] for line in lines(tmp_path) if line["attempt"] == 0] == [1, 2]
    assert kept(tmp_path) == []


def test_a_line_cut_off_is_said_once_and_the_next_stands_apart(tell, posts, tmp_path):
    tell(WORSE, posts.url)
    record = tmp_path / "deliveries.ndjson"
    record.write_bytes(record.read_bytes()[:-9])
    delivery.keep(WORSE, tmp_path, [posts.url])
    result = tell(replace(QUIET, scan_id=8), posts.url)
    assert "was cut off; a message may come twice" in result.problems[0]
    assert len(posts.got) == 2
    assert json.loads(record.read_text().splitlines()[1])["ok"] is True
    assert tell(replace(QUIET, scan_id=9), posts.url).problems == []


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"{",
        b"null",
        b"\xff\x00",
        b"[" * 100_000,
        b'{"format":2,"scan_id":5}',
        b'{"format":1,"scan_id":6,"day":"x","title":"x","body":"x"}',
        b'{"format":1,"scan_id":5,"day":1,"title":"","body":""}',
    ],
    ids=range(8),
)
def test_junk_in_the_outbox_is_said_once_and_never_fatal(tell, posts, tmp_path, junk):
    (tmp_path / "outbox").mkdir()
    (tmp_path / "outbox" / "000005.json").write_bytes(junk)
    (tmp_path / "outbox" / "notes.txt").write_text("not ours")
    result = tell(WORSE, posts.url)
    assert len(posts.got) == 1
    assert [problem for problem in result.problems if "000005.json is no message" in problem] == result.problems != []
    assert tell(replace(QUIET, scan_id=8), posts.url).problems == []
    assert kept(tmp_path) == ["000005.json.unreadable", "notes.txt"]


@pytest.mark.parametrize("junk", [b"\x00\xff\n", b'{"ok":true}\n[]\n1\n"x"\n\n', b"[" * 100_000 + b"\n"], ids=range(3))
def test_junk_in_the_record_is_never_fatal(tell, posts, tmp_path, junk):
    (tmp_path / "deliveries.ndjson").write_bytes(junk)
    assert tell(WORSE, posts.url).problems == []
    assert len(posts.got) == 1


def test_a_folder_that_cannot_be_written_is_said_and_the_news_go_out(tell, posts, tmp_path):
    (tmp_path / "outbox").write_text("a file where a folder should be")
    (tmp_path / "deliveries.ndjson").mkdir()
    assert delivery.keep(WORSE, tmp_path, [posts.url]) == "File exists"
    result = tell(WORSE, posts.url)
    assert len(posts.got) == 1
    assert any("cannot be kept" in problem for problem in result.problems)
    assert any("cannot be recorded" in problem for problem in result.problems)


# --- from outside --------------------------------------------------------------------------------

LOG = (
    '{"transfer_id":"T-1","occurred_at":"2026-01-05T15:00:00Z","sender":"CMS","recipient":"ICE",'
    '"programs":["medicaid"],"states":["CA"],"elements":["ssn"],"populations":["citizens"]}\n'
)


def test_a_night_whose_message_is_refused_is_incomplete_and_the_next_makes_up_for_it(
    posts, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(delivery, "PAUSES", (0.0, 0.0))
    monkeypatch.chdir(tmp_path)
    Path("logs").mkdir()
    Path("logs/a.ndjson").write_text(LOG)
    Path("auditscan.toml").write_text(
        f'logs = "logs"\nledger = "ledger"\nnotify = "{posts.url}"\nmetrics = "a.prom"\nrun-log = "runs.ndjson"\n'
        "as-of = 2026-02-01\n"
    )
    posts.codes = [500]
    assert run(["--trust", "nightly"]) == 20
    assert "was not told of scan 1: Failed to send" in capsys.readouterr().err
    assert run(["status"]) == 20
    assert "1 message not delivered" in capsys.readouterr().out
    posts.codes = [200]
    assert run(["nightly"]) == 12
    assert [post["title"].split(":")[0] for post in posts.got] == ["late"]
    assert "under R2 (Second preliminary injunction" in " ".join(posts.got[0]["message"].split())
    assert run(["status"]) == 0
    line, last = (json.loads(line) for line in Path("runs.ndjson").read_text().splitlines())
    assert (line["exit_code"], line["undelivered"]) == (20, 1)
    assert (last["exit_code"], last["delivered"]) == (12, 1)
    assert "auditscan_last_run_exit_code 12.0\n" in Path("a.prom").read_text()
