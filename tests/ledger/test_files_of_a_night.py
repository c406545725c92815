"""What a night makes of files: new, grown, rewritten, renamed, copied, restored, vanished, or as they were."""

from __future__ import annotations

import csv
import gzip
import io
import os
import shutil
from contextlib import chdir
from functools import cached_property
from pathlib import Path

import pytest

from auditscan.errors import NoInputError, UsageError
from ledger.keeping import Keeper, lines, record


@pytest.fixture
def keeper(begun):
    return begun


def file_of(night, name):
    (found,) = [file for file in night.files if file.path.endswith(name)]
    return found


def as_csv(*rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["transfer_id", "occurred_at", "sender", "recipient", "states", "actor"])
    for number, actor in rows:
        writer.writerow([f"T-{number}", "2026-02-01", "CMS", "ICE", "OR;CA", actor])
    return out.getvalue()


# --- many files in the same nights ------------------------------------------------------------------


class Story:
    """Four nights over logs of which each has a fate of its own; tests ask what became of one."""

    def __init__(self):
        self.keeper = Keeper()
        self.logs = self.keeper.logs
        self.nights = []
        for chapter in (self.first, self.second, self.third, self.fourth):
            chapter()
            self.nights.append(self.keeper.night())

    def log(self, name, *numbers, **fields):
        return self.keeper.log(f"{name}.ndjson", *(record(f"{name}-{number}", **fields) for number in numbers))

    def append(self, name, *numbers):
        with (self.logs / f"{name}.ndjson").open("a") as file:
            file.write(lines(*(number and record(f"{name}-{number}") for number in numbers)))

    def first(self):
        for name in (
            "rewritten",
            "shortened",
            "emptied",
            "back",
            "renamed",
            "copied",
            "covered",
            "gone",
            "place",
            "into",
        ):
            self.log(name, 1, 2)
        self.log("rotated", 1, 2)
        self.log("untouched", 1, 2, states=["OR"])
        self.log("grown", 3)
        self.append("grown", "", 4)
        (self.logs / "table.csv").write_text(as_csv(("table-3", "x"), ("table-4", 'a "b"\nc')))
        (self.logs / "latin.csv").write_text(as_csv(("latin-3", "x")))
        (self.logs / "open.ndjson").write_text(record("open-3"))
        (self.logs / "packed.ndjson.gz").write_bytes(gzip.compress(lines(record("packed-3")).encode(), mtime=0))
        self.back = (self.logs / "back.ndjson").read_bytes()

    def second(self):
        self.log("new", 1)
        self.append("grown", 5, "", 6)
        with (self.logs / "table.csv").open("a") as file:
            file.write(as_csv(("table-5", "x"), ("table-6", "y")).split("\n", 1)[1])
        with (self.logs / "latin.csv").open("ab") as file:
            file.write(as_csv(("latin-4", "Muñoz"), ("latin-5", "Peña")).split("\n", 1)[1].encode("cp1252"))
        (self.logs / "open.ndjson").write_text(lines(record("open-3"), record("open-4")))
        with (self.logs / "packed.ndjson.gz").open("ab") as file:
            file.write(gzip.compress(lines(record("packed-4")).encode(), mtime=0))
        self.keeper.log("rewritten.ndjson", record("rewritten-1"), record("rewritten-2", elements=["ssn"]))
        untouched = self.logs / "untouched.ndjson"
        status = untouched.stat()
        untouched.write_text(untouched.read_text().replace("OR", "TX"))
        os.utime(untouched, ns=(status.st_atime_ns, status.st_mtime_ns))
        assert untouched.stat().st_size == status.st_size
        self.log("shortened", 1)
        (self.logs / "emptied.ndjson").write_text("")
        self.log("back", 1, 3)
        (self.logs / "renamed.ndjson").rename(self.logs / "other-name.ndjson")
        for name in ("copy", "covered"):
            shutil.copyfile(self.logs / "copied.ndjson", self.logs / f"{name}.ndjson")
        self.append("rotated", 3)
        (self.logs / "rotated.ndjson").rename(self.logs / "rotated.ndjson.1")
        self.log("rotated", 4)
        (self.logs / "gone.ndjson").unlink()
        (self.logs / "into.ndjson").rename(self.logs / "place.ndjson")

    def third(self):
        self.append("grown", 7)
        with (self.logs / "table.csv").open("a") as file:
            file.write("T-table-7,2026-02-01,CMS\n")
        (self.logs / "back.ndjson").write_bytes(self.back)

    def fourth(self):
        self.log("gone", 1, 2)

    def files(self, name):
        """What each night after the first told of a file; None where it was as it had been."""
        found = [[file for file in night.files if file.path.endswith(f"/{name}")] for night in self.nights[1:]]
        return [told[0] if told else None for told in found]

    def changes(self, name):
        return [file and file.change for file in self.files(name)]

    @cached_property
    def told(self):
        """The answer files of the ledger, and of a scan of the logs that only grew."""
        names = ("new.ndjson", "grown.ndjson", "table.csv", "open.ndjson", "latin.csv")
        return self.keeper.answers(), self.keeper.answers_at_once([self.logs / name for name in names])

    def is_as_at_once(self, name, transfers):
        """Whether the ledger says of a file what a scan of it as it lies now says; it has that many transfers."""
        ledger, at_once = ([line for line in text.splitlines() if f'/{name}"'.encode() in line] for text in self.told)
        return len(ledger) == transfers and ledger == at_once


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    with chdir(tmp_path_factory.mktemp("story")):
        yield Story()


def test_nothing_else_is_told_of(story):
    assert {file.change for file in story.nights[0].files} == {"new"}
    later = [{Path(file.path).name: file.change for file in night.files} for night in story.nights[2:]]
    assert later == [
        {"grown.ndjson": "grown", "table.csv": "grown", "back.ndjson": "restored"},
        {"gone.ndjson": "restored"},
    ]


def test_a_new_file_is_read_alone(story):
    assert (story.files("new.ndjson")[0].change, story.files("new.ndjson")[0].transfers) == ("new", 1)
    assert story.files("copied.ndjson") == [None] * 3
    assert story.is_as_at_once("new.ndjson", 1)


@pytest.mark.parametrize(("name", "transfers"), [("grown.ndjson", 5), ("table.csv", 4)])
def test_of_a_grown_file_only_the_new_records_are_read(story, name, transfers):
    grown, again, _ = story.files(name)
    assert (grown.change, grown.records, grown.transfers, grown.duplicates) == ("grown", 2, 2, 0)
    assert (again.change, again.records) == ("grown", 1)
    assert story.is_as_at_once(name, transfers)


def test_a_broken_row_that_a_table_has_got_is_found_at_its_place(story):
    assert [night.complete for night in story.nights[:3]] == [True, True, False]
    ((number, content, place),) = story.keeper.rows("select source_record, bytes, byte_offset from quarantine")
    assert (number, content) == (7, None)
    assert (story.logs / "table.csv").read_bytes()[place:].startswith(b"T-table-7,2026")


def test_a_last_line_without_its_end_is_no_reason_to_lose_the_next(story):
    grown = story.files("open.ndjson")[0]
    assert (grown.change, grown.transfers, grown.duplicates) == ("grown", 1, 1)
    assert story.is_as_at_once("open.ndjson", 2)


def test_new_records_may_tell_how_all_of_a_file_is_written(story):
    grown = story.files("latin.csv")[0]
    assert (grown.transfers, story.nights[1].complete) == (2, True)
    assert "read as Windows-1252" in grown.note
    assert story.is_as_at_once("latin.csv", 3)


def test_a_packed_file_that_grows_is_read_whole(story):
    grown = story.files("packed.ndjson.gz")[0]
    assert (grown.change, grown.transfers, grown.duplicates) == ("grown", 1, 1)


def test_a_rewritten_file_is_told_and_both_versions_stay(story):
    assert story.changes("rewritten.ndjson") == ["rewritten", None, None]
    assert story.nights[1].matters
    versions = story.keeper.rows(
        "select elements, reasons from answers where transfer_id = 'T-rewritten-2' order by all"
    )
    assert [elements for elements, _ in versions] == [["address"], ["ssn"]]
    assert all("conflicting_id" in reasons for _, reasons in versions)
    assert story.keeper.rows(
        "select change from file_versions where path like '%/rewritten.ndjson' order by first_scan"
    ) == [("new",), ("rewritten",)]


def test_what_looks_untouched_and_is_not_is_seen(story):
    assert story.changes("untouched.ndjson") == ["rewritten", None, None]


def test_a_shortened_file_is_changed_evidence(story):
    assert story.changes("shortened.ndjson") == ["rewritten", None, None]
    assert story.keeper.rows("select count(*) from answers where transfer_id like 'T-shortened%'") == [(2,)]


def test_an_emptied_file_is_changed_evidence(story):
    assert story.changes("emptied.ndjson") == ["rewritten", None, None]


def test_an_earlier_content_that_comes_back_is_told(story):
    assert story.changes("back.ndjson") == ["rewritten", "restored", None]


def test_a_copy_is_counted_and_judged_once(story):
    copy = story.files("copy.ndjson")[0]
    assert (copy.change, copy.records, copy.duplicates) == ("copy", 2, 2)
    assert story.keeper.rows("select count(*) from answers where transfer_id like 'T-copied%'") == [(2,)]


def test_a_copy_over_another_file_is_changed_evidence(story):
    assert story.changes("covered.ndjson") == ["rewritten", None, None]


def test_logs_that_rotate_are_no_changed_evidence(story):
    for name, change in (("rotated.ndjson", "new"), ("rotated.ndjson.1", "grown")):
        file = story.files(name)[0]
        assert (file.change, file.transfers) == (change, 1)
    # Those that did change are counted: rewritten, untouched, shortened, emptied, back and covered.
    assert "6 logs changed what they said before" in " ".join(story.nights[1].worse_because)


def test_a_vanished_file_is_told_once_and_its_transfers_stay(story):
    assert story.changes("gone.ndjson") == ["vanished", None, "restored"]
    # Another one lies in the place of the second.
    assert "2 logs vanished" in story.nights[1].worse_because
    assert story.keeper.rows("select count(*) from answers where transfer_id like 'T-gone%'") == [(2,)]


def test_another_file_in_the_place_of_one_does_not_hide_that_it_is_gone(story):
    told = [file.change for file in story.nights[1].files if file.path.endswith("/place.ndjson")]
    assert told == ["renamed", "vanished"]


# --- what is about all of a night -------------------------------------------------------------------


def test_a_quiet_night_changes_nothing(keeper):
    before = keeper.answers()
    night = keeper.night()
    assert (night.files, night.files_unchanged, night.new_transfers, night.judged_all) == ((), 1, 0, None)
    assert not night.matters
    assert keeper.answers() == before


def test_a_renamed_file_is_no_new_one(keeper):
    (keeper.logs / "a.ndjson").rename(keeper.logs / "z.ndjson")
    night = keeper.night()
    assert [(file.change, file.note.rsplit("/", 1)[-1]) for file in night.files] == [("renamed", "a.ndjson")]
    assert (night.new_transfers, night.totals["records"], night.matters) == (0, 2, False)


@pytest.fixture(scope="module")
def incomplete(tmp_path_factory):
    """Three nights over logs with something wrong, which is mended in the second or before the third."""
    with chdir(tmp_path_factory.mktemp("incomplete")):
        keeper = Keeper()
        keeper.log("a.ndjson", record(1), record(2))
        whole = lines(record(3), record(4))
        (keeper.logs / "half.ndjson").write_text(whole[:-20])
        nowhere = Path("nowhere").absolute()
        (keeper.logs / "link.ndjson").symlink_to(nowhere)
        (keeper.logs / "hello.txt").write_text("hello\nworld\n")
        nights = [keeper.night()]
        (keeper.logs / "half.ndjson").write_text(whole)
        nights.append(keeper.night())
        nowhere.write_text(lines(record(5)))
        (keeper.logs / "hello.txt").unlink()
        nights.append(keeper.night())
    return nights


def because(night, name):
    """The sentences that name a file among those that say why a night is incomplete."""
    return [said for said in night.incomplete_because if name in said]


def test_a_last_line_that_was_not_finished_is_read_again(incomplete):
    broken, mended, _ = incomplete
    assert broken.exit_code == 20
    assert sum("1 record could not be read" in said for said in broken.incomplete_because) == 1
    assert not any("1 record could not be read" in said for said in mended.incomplete_because)
    grown = file_of(mended, "half.ndjson")
    assert (grown.change, grown.records, grown.transfers, grown.duplicates) == ("grown", 2, 1, 1)
    assert "read again from its beginning" in grown.note


def test_what_cannot_be_read_is_tried_every_night(incomplete):
    first, second, third = incomplete
    assert file_of(first, "link.ndjson").change == "unreadable"
    assert [Path(file.path).name for file in second.files] == ["half.ndjson"]
    assert (second.exit_code, len(because(second, "link.ndjson"))) == (20, 1)
    assert file_of(third, "link.ndjson").change == "new"
    assert third.complete


def test_no_log_of_ours_is_an_unknown_format_made_into_transfers(incomplete):
    first, second, third = incomplete
    assert (file_of(first, "hello.txt").change, len(because(first, "hello.txt"))) == ("unrecognized", 1)
    assert (second.exit_code, len(because(second, "hello.txt"))) == (20, 1)
    assert third.complete


def test_a_place_that_is_not_there_makes_the_night_incomplete(keeper):
    night = keeper.night(logs=(keeper.logs, Path("mount")))
    assert night.exit_code == 20
    assert "mount is not there" in night.incomplete_because[0]


def test_logs_that_are_all_gone_are_told(keeper):
    (keeper.logs / "a.ndjson").unlink()
    night = keeper.night()
    assert [file.change for file in night.files] == ["vanished"]


def test_without_any_log_there_is_no_ledger(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    keeper = Keeper()
    with pytest.raises(NoInputError):
        keeper.night()
    assert not keeper.setup.database.exists()


def test_ledger_and_logs_do_not_lie_in_each_other(keeper):
    for logs, ledger in ((Path(), keeper.ledger), (keeper.logs, keeper.logs / "ledger")):
        with pytest.raises(UsageError, match="lie in each other"):
            keeper.night(logs=(logs,), ledger=ledger)


def test_after_some_days_everything_is_hashed_again(keeper):
    keeper.night()
    (hashed,) = keeper.rows("select hashed_at from file_versions")
    keeper.night(days=3)
    assert keeper.rows("select hashed_at from file_versions") == [hashed]
    keeper.night(days=5, every=200)
    assert keeper.rows("select hashed_at from file_versions") != [hashed]
