"""A clock that goes back is told, whatever it says; small steps, and days that somebody names, are not."""

from __future__ import annotations

from datetime import UTC, datetime

from auditscan.cli import run
from auditscan.errors import ExitCode
from ledger.keeping import BEGIN


def test_a_clock_that_goes_back_is_told_once_and_nights_are_counted_by_the_one_before(begun, capsys):
    ((ended,),) = begun.rows("select finished_at from scans")
    begun.now = datetime(1970, 1, 1, tzinfo=UTC)
    battery = begun.night(days=0)
    assert battery.exit_code == ExitCode.INCOMPLETE
    (said,) = battery.incomplete_because
    assert said.startswith(
        "the clock of this machine went back: this scan began on 1970-01-01 00:00 UTC, and scan 1 before it ended on "
        f"{ended:%Y-%m-%d %H:%M} UTC"
    )
    assert battery.missed == 0
    assert run(["status", "--ledger", "ledger", "--now", "1970-01-01T01:00:00Z"]) == ExitCode.INCOMPLETE
    assert "the clock of this machine went back" in " ".join(capsys.readouterr().out.split())
    # The scan of 1970 ran: two days after the first one there is no night missing.
    begun.now = BEGIN
    later = begun.night(days=3)
    assert (later.missed, later.incomplete_because) == (0, ())
    # What was hashed under the wrong clock is hashed again under the right one.
    assert begun.rows("select hashed_at > timestamp '2099-01-01' from file_versions") == [(True,)]


def test_small_steps_back_are_no_alarm_and_neither_is_a_day_that_was_named(begun):
    assert begun.night(days=-9 / 1440).complete
    assert begun.night(days=1, as_of=datetime(2025, 7, 1, tzinfo=UTC).date()).complete
    assert begun.night(days=1).complete
    assert not begun.night(days=-11 / 1440).complete


def test_missed_nights_are_counted_from_the_last_scan(begun):
    assert begun.night(days=4).missed == 3
