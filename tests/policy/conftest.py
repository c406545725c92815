"""Folders of policy files, written for one test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import auditscan.policy

PACKAGE = Path(auditscan.policy.__file__).parent

Write = Callable[..., Path]


@pytest.fixture
def overlay(tmp_path: Path) -> Write:
    """Return a function that writes an overlay folder and returns it."""

    def write(files: Mapping[str, str | bytes], folder: str = "mine") -> Path:
        where = tmp_path / folder
        where.mkdir(parents=True)
        for name, text in files.items():
            content = text if isinstance(text, bytes) else text.encode()
            (where / name).write_bytes(content)
        return where

    return write


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Return a copy of the shipped tables that a test may spoil."""
    where = tmp_path / "base"
    where.mkdir()
    for file in (*PACKAGE.glob("*.csv"), *PACKAGE.glob("*.toml")):
        shutil.copyfile(file, where / file.name)
    return where
