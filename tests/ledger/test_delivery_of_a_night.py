"""A night is told to real servers on loopback: what arrives, what does not, and that no secret is shown."""

from __future__ import annotations

import logging
import subprocess
import sys
import urllib.request
from dataclasses import replace

import pytest

from auditscan.ledger.telling import delivery, outbox, sending
from auditscan.ledger.telling.addresses import fingerprint, shown, without_secrets
from auditscan.ledger.telling.message import compose
from ledger.nights import QUIET, WORSE
from ledger.receivers import NOBODY
from ledger.remembered import kept, lines

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
    code = "import auditscan.ledger.telling.delivery, sys; sys.exit('apprise' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_nothing_is_written_to_the_terminal(tell, capfd):
    tell(WORSE, NOBODY, "nonsense://x")
    # As a service does that was let go when it took too long, and then fails.
    logging.getLogger("apprise").warning("too late")
    assert capfd.readouterr() == ("", "")


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
