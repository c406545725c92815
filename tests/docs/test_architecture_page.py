"""The page on the way of a record names every room in the order of the layers, and no file that is not there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text()
SOURCE = ROOT / "src" / "auditscan"


def test_the_rooms_are_the_layers_that_the_build_checks():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = [layer.split(" | ") for layer in contracts[0]["layers"] if layer != "__main__"]
    told = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", PAGE, re.MULTILINE)
    assert [re.findall(r"\w+", rooms) for rooms in told] == layers
    rooms = {entry.stem for entry in SOURCE.iterdir() if entry.is_dir() or entry.suffix == ".py"}
    assert {room for layer in layers for room in layer} == {room for room in rooms if not room.startswith("__")}


def test_what_the_page_names_is_there():
    named = re.findall(r"`([\w/-]+(?:\.\w+|/))`", PAGE)
    assert len(named) > 30
    folders = (ROOT, SOURCE, SOURCE / "ingest", ROOT / "queries" / "steps", ROOT / "queries" / "sources")
    own = {"auditscan.toml", "ledger.duckdb", "receipts/"}
    assert [name for name in named if name not in own and not any((folder / name).exists() for folder in folders)] == []
