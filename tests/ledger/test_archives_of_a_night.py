"""Archives among the logs of a ledger: their members are its files, and they are found again."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from auditscan.ledger.receipts.replay import replayed
from auditscan.ledger.receipts.verify import Request, verify_ledger
from auditscan.readers import members
from ledger.keeping import Keeper, lines, record
from scans import LIBRARY, POLICY


@pytest.fixture
def keeper(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Keeper()


def zipped(path: Path, **files: str) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(f"{name}.ndjson", text)


def checks(keeper: Keeper, *roots: Path) -> dict[str, tuple[str, tuple[str, ...]]]:
    request = Request(keeper.ledger, LIBRARY, POLICY, threads=2, extra=(replayed,), logs=roots)
    return {
        check.subject: (check.outcome, check.details)
        for check in verify_ledger(request).checks
        if check.subject in ("logs", "replay")
    }


def test_members_come_stay_grow_and_go_as_files_do(keeper, monkeypatch):
    export = keeper.logs / "export.zip"
    a, b = lines(record(1), record(2)), lines(record(3))
    zipped(export, a=a)
    assert keeper.changes() == {"export.zip/a.ndjson": "new"}

    with monkeypatch.context() as patch:
        patch.setattr(members, "zip_members", None)  # an archive that nothing touched is not opened
        quiet = keeper.night()
    assert (quiet.files, quiet.files_unchanged, quiet.new_transfers, quiet.complete) == ((), 1, 0, True)
    assert keeper.night(days=10).files == ()  # and opened again after some days

    zipped(export, a=a, b=b)
    more = keeper.night()
    assert [(Path(file.path).name, file.change) for file in more.files] == [("b.ndjson", "new")]
    assert (more.new_transfers, more.complete) == (1, True)

    (keeper.logs / "loose.ndjson").write_text(b)
    assert keeper.changes() == {"loose.ndjson": "copy"}

    zipped(export, a=a + lines(record(4)), b=b)
    (grown,) = keeper.night().files
    assert (grown.change, grown.transfers) == ("grown", 1)
    assert "only what follows was read" in grown.note
    assert keeper.answers() == keeper.answers_at_once()

    zipped(export, b=b)
    gone = keeper.night()
    assert [(Path(file.path).name, file.change) for file in gone.files] == [("a.ndjson", "vanished")]
    assert gone.matters


def test_logs_that_are_packed_away_are_renamed(begun):
    zipped(begun.logs / "old.zip", a=lines(record(1), record(2)))
    (begun.logs / "a.ndjson").unlink()
    assert begun.changes() == {"old.zip/a.ndjson": "renamed"}


def test_a_damaged_archive_is_incomplete_until_a_sound_one_takes_its_place(keeper):
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as file:
        for name in ("a", "b"):
            text = lines(record(name)).encode()
            info = tarfile.TarInfo(f"{name}.ndjson")
            info.size = len(text)
            file.addfile(info, io.BytesIO(text))
    path = keeper.logs / "x.tar"
    path.write_bytes(made.getvalue()[:1600])
    night = keeper.night()
    assert {Path(file.path).name: file.change for file in night.files} == {
        "a.ndjson": "new", "b.ndjson": "unreadable", "x.tar": "damaged"
    }  # fmt: skip
    assert night.exit_code == 20
    again = keeper.night()
    assert (again.files, again.exit_code) == ((), 20)
    path.write_bytes(made.getvalue())
    mended = keeper.night()
    assert [(Path(file.path).name, file.transfers) for file in mended.files] == [("b.ndjson", 1)]
    assert mended.complete


def test_verify_finds_members_again(keeper, tmp_path):
    export = keeper.logs / "export.zip"
    zipped(export, a=lines(record(1), record(2)), b=lines(record(3)))
    keeper.log("loose.ndjson", record(4))
    keeper.night()
    assert checks(keeper) == {"logs": ("holds", ()), "replay": ("holds", ())}

    moved = tmp_path / "elsewhere" / "moved.zip"
    moved.parent.mkdir()
    export.rename(moved)
    assert checks(keeper)["logs"] == (
        "unchecked",
        ("logs/export.zip/a.ndjson is not at hand", "logs/export.zip/b.ndjson is not at hand"),
    )
    assert checks(keeper, moved.parent) == {"logs": ("holds", ()), "replay": ("holds", ())}

    zipped(export, a=lines(record(1), record(9)))
    assert checks(keeper)["logs"] == (
        "differs",
        ("logs/export.zip/a.ndjson is not what was read: it was rewritten", "logs/export.zip/b.ndjson is not at hand"),
    )
