"""The sample logs are what their program makes."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING

import duckdb
import pytest
import zstandard

from tools import make_samples, sample_files

if TYPE_CHECKING:
    from pathlib import Path

SAMPLES = make_samples.ROOT


def unpacked(path: Path) -> bytes:
    content = path.read_bytes()
    if path.suffix == ".gz":
        return zlib.decompressobj(31).decompress(content)  # takes a file that was cut short
    if path.suffix == ".zst":
        return zstandard.ZstdDecompressor().decompressobj().decompress(content)
    return content


@pytest.mark.parametrize("name", make_samples.texts())
def test_text_log_is_what_the_program_makes(name: str) -> None:
    assert unpacked(SAMPLES / name) == make_samples.texts()[name]


@pytest.mark.parametrize("name", sample_files.no_logs())
def test_what_is_no_log_is_what_the_program_makes(name: str) -> None:
    assert unpacked(SAMPLES / make_samples.NO_LOGS / name) == sample_files.no_logs()[name]


@pytest.mark.parametrize("name", make_samples.others())
def test_log_of_another_system_is_what_the_program_makes(name: str) -> None:
    made, kept = make_samples.others()[name], unpacked(SAMPLES / make_samples.OTHERS / name)
    if name.endswith((".zip", ".xlsx")):
        # Packed by whatever version of zlib: what is inside counts.
        assert members(kept) == members(made)
    else:
        assert kept == made


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as box:
        return {name: box.read(name) for name in box.namelist()}


def test_cut_log_is_what_the_program_makes() -> None:
    made = zlib.decompressobj(31).decompress(make_samples.cut_short())
    assert unpacked(SAMPLES / make_samples.CUT) == made


def test_parquet_log_holds_what_the_program_makes(tmp_path: Path) -> None:
    make_samples.write_parquet(tmp_path / "made.parquet")
    with duckdb.connect() as connection:
        made, kept = (
            connection.read_parquet(str(path)) for path in (tmp_path / "made.parquet", SAMPLES / make_samples.PARQUET)
        )
        assert kept.columns == made.columns
        assert kept.types == made.types
        assert kept.except_(made).fetchall() == made.except_(kept).fetchall() == []
        assert len(kept) == len(made)


def test_nothing_else_lies_there() -> None:
    files = {path.relative_to(SAMPLES).as_posix() for path in SAMPLES.rglob("*") if path.is_file()}
    made = {*make_samples.texts(), make_samples.PARQUET, make_samples.CUT}
    made |= {f"{make_samples.OTHERS}/{name}" for name in make_samples.others()}
    made |= {f"{make_samples.NO_LOGS}/{name}" for name in sample_files.no_logs()}
    assert files == made | {"README.md"}
    assert sum((SAMPLES / name).stat().st_size for name in files) < 300_000
