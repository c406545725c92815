"""Delivery to real servers on loopback: what arrives, what does not, and what is remembered of it."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditscan.cli import run
from auditscan.ledger import delivery, outbox, sending
from auditscan.ledger.addresses import fingerprint, shown, without_secrets
from auditscan.ledger.message import compose
from ledger.nights import BROKEN_DISK, QUIET, REWRITTEN, WORSE
from ledger.receivers import endpoint, mail_server

NOBODY = "json://127.0.0.1:9/hook"
"""Where nobody listens."""


@pytest.fixture(name="mails", scope="module")
def _mails():
    with mail_server() as mails:
        yield mails


@pytest.fixture(name="posts", scope="module")
def _posts():
    with endpoint() as posts:
        yield posts


@pytest.fixture(autouse=True)
def _well_behaved(mails, posts):
    mails.got.clear()
    posts.got.clear()
    mails.says, mails.hangs_up, posts.codes, posts.asked = "250 ok", False, [200], 0
    posts.busy.clear()


@pytest.fixture(name="tell")
def _tell(tmp_path):
    """Tells of a night, without waiting; `tell.pauses` are the seconds it would have waited."""

    def tell(night, *addresses, timeout=20.0):
        return delivery.notify_night(
            night,
            tmp_path,
            addresses,
            clock=lambda: datetime(2026, 1, 6, 2, 17, tzinfo=UTC),
            sleep=tell.pauses.append,
            timeout=timeout,
        )

    tell.pauses = []
    return tell


def lines(folder):
    return [json.loads(line) for line in (folder / "deliveries.ndjson").read_text().splitlines()]


def kept(folder):
    return sorted(path.name for path in (folder / "outbox").glob("*"))


# --- what arrives --------------------------------------------------------------------------------


def test_a_mail_arrives_with_title_and_body(tell, mails):
    result = tell(WORSE, mails.url)
    message = compose(WORSE)
    (mail,) = mails.got
    assert result.problems == []
    assert (mail["subject"], mail["to"]) == (message.title, "officer@example.org")
    assert mail.get_content().replace("\r\n", "\n").rstrip() == message.body
    assert mail.get_content_type() == "text/plain"


def test_a_post_arrives_and_is_recorded(tell, posts, tmp_path):
    result = tell(WORSE, posts.url)
    (post,) = posts.got
    assert (post["title"], post["message"]) == (compose(WORSE).title, compose(WORSE).body)
    assert (result.delivered, result.undelivered, result.problems) == (1, 0, [])
    assert lines(tmp_path) == [
        {
            "at": "2026-01-06T02:17:00Z",
            "scan_id": 7,
            "message": outbox.Kept(7, "6 January 2026", compose(WORSE)).id,
            "title": compose(WORSE).title,
            "address": posts.url.replace("/hook", "/…"),
            "address_id": fingerprint(posts.url),
            "attempt": 1,
            "ok": True,
            "why": "",
        }
    ]
    assert kept(tmp_path) == []


def test_everybody_is_told_once_though_named_twice(tell, posts, mails):
    result = tell(WORSE, posts.url, mails.url, posts.url)
    assert (len(posts.got), len(mails.got), result.delivered) == (1, 1, 2)


def test_a_quiet_night_tells_nobody(tell, posts, tmp_path):
    assert tell(QUIET, posts.url) == delivery.Deliveries()
    assert posts.asked == 0
    assert list(tmp_path.iterdir()) == []


def test_without_addresses_nothing_is_owed(tell, tmp_path):
    assert tell(WORSE) == delivery.Deliveries()
    assert list(tmp_path.iterdir()) == []


# --- what does not -------------------------------------------------------------------------------


def test_an_error_of_the_server_is_tried_three_times_and_then_said(tell, posts, tmp_path):
    posts.codes = [500]
    result = tell(WORSE, posts.url)
    (problem,) = result.problems
    assert posts.asked == 3
    assert tell.pauses == list(delivery.PAUSES)
    assert tell.pauses[0] < tell.pauses[1]
    assert "was not told of scan 7" in problem
    assert "500" in problem
    assert [(line["attempt"], line["ok"]) for line in lines(tmp_path)] == [(1, False), (2, False), (3, False)]
    assert (result.delivered, result.undelivered, kept(tmp_path)) == (0, 1, ["000007.json"])


def test_a_server_that_recovers_is_no_problem(tell, posts, tmp_path):
    posts.codes = [503, 200]
    assert tell(WORSE, posts.url).problems == []
    assert (len(posts.got), kept(tmp_path)) == (1, [])


def test_a_mail_server_that_refuses(tell, mails):
    mails.says = "550 no such officer"
    result = tell(WORSE, mails.url)
    assert result.undelivered == 1
    assert "officer@example.org" in result.problems[0]
    assert mails.got == []


def test_a_mail_server_that_dies_amid_a_mail(tell, mails):
    mails.hangs_up = True
    result = tell(WORSE, mails.url)
    assert (result.undelivered, len(result.problems)) == (1, 1)
    mails.hangs_up = False
    assert tell(QUIET, mails.url).problems == []


def test_an_endpoint_that_never_answers(tell, posts):
    posts.codes = [None]
    result = tell(WORSE, f"{posts.url}?rto=0.1")
    assert (posts.asked, result.undelivered) == (3, 1)


def test_a_service_that_hangs_is_let_go(tell, posts):
    posts.codes = [None]
    result = tell(WORSE, posts.url, timeout=0.1)
    assert "no answer within 0.1 seconds" in result.problems[0]
    assert posts.asked == 1


def test_nobody_listens(tell):
    assert "Connection refused" in tell(WORSE, NOBODY).problems[0]


@pytest.mark.parametrize("address", ["nonsense://s3cret", "officer@example.org", "tgram://s3cret", "", "json://"])
def test_what_is_no_address_is_a_failure_at_once(tell, address, tmp_path):
    result = tell(WORSE, address)
    assert "no address that Apprise knows" in result.problems[0]
    assert tell.pauses == []
    assert len(lines(tmp_path)) == 1


def test_an_address_called_optional_is_no_more_delivered(tell, posts):
    posts.codes = [500]
    assert tell(WORSE, f"{posts.url}?optional=yes").undelivered == 1


def test_one_that_fails_does_not_keep_the_others_from_it(tell, posts, mails):
    result = tell(WORSE, NOBODY, posts.url, mails.url)
    assert (len(posts.got), len(mails.got)) == (1, 1)
    assert (result.delivered, result.undelivered, len(result.problems)) == (2, 1, 1)


def test_without_apprise_the_extra_is_named(tell, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "apprise", None)
    result = tell(WORSE, NOBODY)
    assert "pip install 'auditscan[notify]'" in result.problems[0]
    assert kept(tmp_path) == ["000007.json"]


def test_apprise_is_not_imported_before_it_is_needed():
    code = "import auditscan.ledger.delivery, sys; sys.exit('apprise' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_nothing_is_written_to_the_terminal(tell, capfd):
    tell(WORSE, NOBODY, "nonsense://x")
    # As a service does that was let go when it took too long, and then fails.
    logging.getLogger("apprise").warning("too late")
    assert capfd.readouterr() == ("", "")


# --- over nights ---------------------------------------------------------------------------------


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
        "from ledger.nights import WORSE; from auditscan.ledger import delivery\n"
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
    assert run(["nightly"]) == 20
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


# --- secrets -------------------------------------------------------------------------------------

SECRET = "s3cretpw"
ADDRESSES = [
    f"mailtos://user:{SECRET}@mail.example.org?to=officer@example.org",
    f"mailtos://user:a/{SECRET}@mail.example.org?to=officer@example.org",
    f"mailto://user:1?{SECRET}@mail.example.org",
    f"mailto://user:1#{SECRET}@mail.example.org",
    f"mailto://user:a@{SECRET}@mail.example.org",
    f"mailto://user:x@mail.example.org?pass={SECRET}&to={SECRET}",
    f"json://user:{SECRET}@127.0.0.1:9/",
    f"json://127.0.0.1:9/{SECRET}?+Authorization={SECRET}",
    f"jsons://127.0.0.1:9/?-token={SECRET}",
    f"https://hooks.slack.com/services/{SECRET}",
    f"tgram://123456789:{SECRET}/chat",
    f"slack://{SECRET}/b/c",
    f" {SECRET}",
    f"json://{SECRET}\n@x",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_address_shows_its_secrets(address):
    assert SECRET not in shown(address)
    assert SECRET not in without_secrets(f"cannot log in with '{SECRET}' at {address}", address)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (
            "mailtos://user:pw@mail.example.org?to=officer@example.org",
            "mailtos://mail.example.org (to officer@example.org)",
        ),
        ("mailto://user:p%40w@mail.example.org:587", "mailto://mail.example.org:587"),
        ("json://[::1]:80", "json://[::1]:80"),
        ("json://host/a/b", "json://host/…"),
        ("tgram://token/chat", "tgram://…"),
        ("officer", "…"),
    ],
)
def test_an_address_is_still_known_by_what_is_shown(address, said):
    assert shown(address) == said


def test_no_secret_reaches_disk_or_words(tell, posts, tmp_path):
    posts.codes = [401]
    address = f"{posts.url.replace('://', f'://user:{SECRET}@')}/{SECRET}?+X-Token={SECRET}"
    result = tell(WORSE, address, f"json://user:{SECRET}@127.0.0.1:9/{SECRET}", f"tgram://{SECRET}")
    assert len(result.problems) == 3
    assert SECRET not in " ".join(result.problems)
    assert all(SECRET.encode() not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_addresses_that_differ_in_the_password_only_are_told_apart():
    assert fingerprint("json://a:1@h") != fingerprint("json://a:2@h")
    assert fingerprint(" json://a:1@h ") == fingerprint("json://a:1@h")


def test_a_message_is_sent_as_it_stands(posts):
    message = replace(compose(WORSE), body="*a* _b_ <c> \\n :smile: é\n  set in")
    assert sending.send(message, posts.url) == sending.Outcome()
    assert posts.got[0]["message"] == message.body


def test_the_endpoint_is_real(posts):
    # What the tests above rest on: it takes a post from anybody.
    url = posts.url.replace("json://", "http://")
    with urllib.request.urlopen(urllib.request.Request(url, b"{}"), timeout=5) as answer:
        assert answer.status == 200
