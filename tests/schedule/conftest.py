"""A folder with logs, a ledger and settings, and the files that `auditscan schedule` makes of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditscan.cli import run


class Installed:
    """Somebody's settings, and what schedulers are told by them."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture) -> None:
        self.folder = folder
        self._capsys = capsys
        self.config = folder / "auditscan.toml"
        (folder / "logs").mkdir()
        (folder / "ledger").mkdir()
        self.set(logs=["logs"], ledger="ledger")

    def set(self, **settings: object) -> None:
        lines = (
            f"{name.replace('_', '-')} = {json.dumps(value, ensure_ascii=False)}" for name, value in settings.items()
        )
        self.config.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def run(self, kind: str, *arguments: str) -> tuple[int, str, str]:
        code = run(["--config", str(self.config), "schedule", kind, *arguments])
        said = self._capsys.readouterr()
        return code, said.out, said.err

    def files(self, kind: str, *arguments: str) -> dict[str, str]:
        """Return the files written for a scheduler, by name."""
        out = self.folder / f"out-{len(list(self.folder.iterdir()))}"
        code, said, err = self.run(kind, "--out", str(out), *arguments)
        assert code == 0, err
        assert said.splitlines() == [str(path) for path in (out / name for name in _names(out, said))]
        return {path.name: path.read_text(encoding="utf-8") for path in out.iterdir()}


def _names(out: Path, said: str) -> list[str]:
    names = [Path(line).name for line in said.splitlines()]
    assert sorted(names) == sorted(path.name for path in out.iterdir())
    return names


@pytest.fixture
def installed(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Installed(tmp_path, capsys)
