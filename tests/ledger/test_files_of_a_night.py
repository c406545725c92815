"""What a night makes of files: new, grown, rewritten, renamed, copied, restored, vanished, or as they were."""

from __future__ import annotations

import csv
import gzip
import io
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from auditscan.errors import NoInputError, UsageError
from ledger.keeping import Keeper, lines, record


@pytest.fixture(scope="module")
def first_night(tmp_path_factory):
    """A folder with the ledger of one night."""
    folder = tmp_path_factory.mktemp("first")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        keeper = Keeper()
        keeper.log("a.ndjson", record(1), record(2))
        assert keeper.changes() == {"a.ndjson": "new"}
    return folder


@pytest.fixture
def keeper(first_night, tmp_path, monkeypatch):
    shutil.copytree(first_night, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    keeper = Keeper()
    keeper.now += timedelta(days=1)
    return keeper


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


def test_a_quiet_night_changes_nothing(keeper):
    before = keeper.answers()
    night = keeper.night()
    assert (night.files, night.files_unchanged, night.new_transfers, night.judged_all) == ((), 1, 0, None)
    assert not night.matters
    assert keeper.answers() == before


def test_a_new_file_is_read_alone(keeper):
    keeper.log("b.ndjson", record(3))
    night = keeper.night()
    assert (file_of(night, "b.ndjson").transfers, night.new_transfers, night.files_unchanged) == (1, 1, 1)
    assert keeper.answers() == keeper.answers_at_once()


@pytest.mark.parametrize("name", ["log.ndjson", "log.csv"])
def test_of_a_grown_file_only_the_new_records_are_read(keeper, name):
    path = keeper.logs / name
    path.write_text(lines(record(3), "", record(4)) if name == "log.ndjson" else as_csv((3, "x"), (4, 'a "b"\nc')))
    keeper.night()
    with path.open("a") as file:
        file.write(
            lines(record(5), "", record(6)) if name == "log.ndjson" else as_csv((5, "x"), (6, "y")).split("\n", 1)[1]
        )
    grown = file_of(keeper.night(), name)
    assert (grown.change, grown.records, grown.transfers, grown.duplicates) == ("grown", 2, 2, 0)
    with path.open("a") as file:
        file.write(record(7) + "\n" if name == "log.ndjson" else "T-7,2026-02-01,CMS\n")
    again = keeper.night()
    assert (file_of(again, name).records, again.totals["records"]) == (1, 7)
    assert again.complete == (name == "log.ndjson")
    assert keeper.answers() == keeper.answers_at_once()
    if name == "log.csv":
        assert keeper.rows("select source_record, bytes from quarantine") == [(7, None)]
        (place,) = keeper.rows("select byte_offset from quarantine")[0]
        assert path.read_bytes()[place:].startswith(b"T-7,2026")


def test_a_last_line_that_was_not_finished_is_read_again(keeper):
    path = keeper.logs / "b.ndjson"
    whole = lines(record(3), record(4))
    path.write_text(whole[:-20])
    broken = keeper.night()
    assert broken.exit_code == 20
    assert "1 record could not be read" in broken.incomplete_because[0]
    path.write_text(whole)
    grown = file_of(keeper.night(), "b.ndjson")
    assert (grown.change, grown.records, grown.transfers, grown.duplicates) == ("grown", 2, 1, 1)
    assert "read again from its beginning" in grown.note


def test_a_last_line_without_its_end_is_no_reason_to_lose_the_next(keeper):
    path = keeper.logs / "b.ndjson"
    path.write_text(record(3))
    keeper.night()
    path.write_text(lines(record(3), record(4)))
    grown = file_of(keeper.night(), "b.ndjson")
    assert (grown.change, grown.transfers, grown.duplicates) == ("grown", 1, 1)
    assert keeper.answers() == keeper.answers_at_once()


def test_new_records_may_tell_how_all_of_a_file_is_written(keeper):
    path = keeper.logs / "b.csv"
    path.write_text(as_csv((3, "x")))
    keeper.night()
    with path.open("ab") as file:
        file.write(as_csv((4, "Muñoz"), (5, "Peña")).split("\n", 1)[1].encode("cp1252"))
    grown = keeper.night()
    assert (file_of(grown, "b.csv").transfers, grown.complete) == (2, True)
    assert "read as Windows-1252" in file_of(grown, "b.csv").note
    assert keeper.answers() == keeper.answers_at_once()


def test_a_packed_file_that_grows_is_read_whole(keeper):
    path = keeper.logs / "b.ndjson.gz"
    path.write_bytes(gzip.compress(lines(record(3)).encode(), mtime=0))
    keeper.night()
    path.write_bytes(path.read_bytes() + gzip.compress(lines(record(4)).encode(), mtime=0))
    grown = file_of(keeper.night(), "b.ndjson.gz")
    assert (grown.change, grown.transfers, grown.duplicates) == ("grown", 1, 1)


def test_a_rewritten_file_is_told_and_both_versions_stay(keeper):
    keeper.log("a.ndjson", record(1), record(2, elements=["ssn"]))
    night = keeper.night()
    assert file_of(night, "a.ndjson").change == "rewritten"
    assert "1 log changed what it said before" in " ".join(night.worse_because)
    assert night.matters
    versions = keeper.rows("select elements, reasons from answers where transfer_id = 'T-2' order by all")
    assert [elements for elements, _ in versions] == [["address"], ["ssn"]]
    assert all("conflicting_id" in reasons for _, reasons in versions)
    assert [change for (change,) in keeper.rows("select change from file_versions order by first_scan")] == [
        "new",
        "rewritten",
    ]


def test_what_looks_untouched_and_is_not_is_seen(keeper):
    path = keeper.logs / "a.ndjson"
    status = path.stat()
    path.write_text(path.read_text().replace("OR", "TX"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size
    assert keeper.changes() == {"a.ndjson": "rewritten"}


def test_a_shortened_file_is_changed_evidence(keeper):
    keeper.log("a.ndjson", record(1))
    assert keeper.changes() == {"a.ndjson": "rewritten"}
    assert keeper.rows("select count(*) from answers") == [(2,)]


def test_an_emptied_file_is_changed_evidence(keeper):
    (keeper.logs / "a.ndjson").write_text("")
    assert keeper.changes() == {"a.ndjson": "rewritten"}
    assert keeper.changes() == {}


def test_an_earlier_content_that_comes_back_is_told(keeper):
    path = keeper.logs / "a.ndjson"
    first = path.read_bytes()
    keeper.log("a.ndjson", record(1), record(3))
    assert keeper.changes() == {"a.ndjson": "rewritten"}
    path.write_bytes(first)
    assert keeper.changes() == {"a.ndjson": "restored"}
    assert keeper.changes() == {}


def test_a_renamed_file_is_no_new_one(keeper):
    (keeper.logs / "a.ndjson").rename(keeper.logs / "z.ndjson")
    night = keeper.night()
    assert [(file.change, file.note.rsplit("/", 1)[-1]) for file in night.files] == [("renamed", "a.ndjson")]
    assert (night.new_transfers, night.totals["records"], night.matters) == (0, 2, False)
    assert keeper.changes() == {}


def test_a_copy_is_counted_and_judged_once(keeper):
    shutil.copyfile(keeper.logs / "a.ndjson", keeper.logs / "b.ndjson")
    night = keeper.night()
    assert [(file.change, file.records, file.duplicates) for file in night.files] == [("copy", 2, 2)]
    assert (night.totals["records"], night.totals["transfers"]) == (4, 2)
    assert keeper.changes() == {}


def test_a_copy_over_another_file_is_changed_evidence(keeper):
    keeper.log("b.ndjson", record(3))
    keeper.night()
    shutil.copyfile(keeper.logs / "a.ndjson", keeper.logs / "b.ndjson")
    assert keeper.changes() == {"b.ndjson": "rewritten"}


def test_logs_that_rotate_are_no_changed_evidence(keeper):
    log, old = keeper.logs / "a.ndjson", keeper.logs / "a.ndjson.1"
    with log.open("a") as file:
        file.write(record(3) + "\n")
    log.rename(old)
    keeper.log("a.ndjson", record(4))
    night = keeper.night()
    assert {file.path.rsplit("/", 1)[-1]: (file.change, file.transfers) for file in night.files} == {
        "a.ndjson": ("new", 1),
        "a.ndjson.1": ("grown", 1),
    }
    assert not night.worse_because or "changed" not in " ".join(night.worse_because)


def test_a_vanished_file_is_told_once_and_its_transfers_stay(keeper):
    keeper.log("b.ndjson", record(3))
    (keeper.logs / "a.ndjson").unlink()
    night = keeper.night()
    assert {file.change for file in night.files} == {"new", "vanished"}
    assert "1 log vanished" in night.worse_because
    assert keeper.changes() == {}
    assert keeper.rows("select count(*) from answers") == [(3,)]
    keeper.log("a.ndjson", record(1), record(2))
    assert keeper.changes() == {"a.ndjson": "restored"}


def test_another_file_in_the_place_of_one_does_not_hide_that_it_is_gone(keeper):
    keeper.log("b.ndjson", record(3))
    keeper.night()
    (keeper.logs / "b.ndjson").rename(keeper.logs / "a.ndjson")
    night = keeper.night()
    told = str((keeper.logs / "a.ndjson").absolute())
    assert [(file.path, file.change) for file in night.files] == [(told, "renamed"), (told, "vanished")]
    assert keeper.changes() == {}


def test_what_cannot_be_read_is_tried_every_night(keeper):
    (keeper.logs / "b.ndjson").symlink_to(Path("nowhere").absolute())
    first = keeper.night()
    assert file_of(first, "b.ndjson").change == "unreadable"
    second = keeper.night()
    assert (second.files, second.exit_code) == ((), 20)
    (Path("nowhere").absolute()).write_text(lines(record(3)))
    third = keeper.night()
    assert file_of(third, "b.ndjson").change == "new"
    assert third.complete


def test_no_log_of_ours_is_an_unknown_format_made_into_transfers(keeper):
    (keeper.logs / "b.txt").write_text("hello\nworld\n")
    night = keeper.night()
    assert (file_of(night, "b.txt").change, night.exit_code) == ("unrecognized", 20)
    assert keeper.night().exit_code == 20
    (keeper.logs / "b.txt").unlink()
    assert keeper.night().complete


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
