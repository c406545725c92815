"""docs/configuration.md says what the program does."""

from __future__ import annotations

import re
import tomllib

from auditscan.cli import run
from auditscan.settings import config
from tools.make_settings_page import PAGE, page

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_table_of_settings_is_current():
    assert page(TEXT) == TEXT, "run `python -m tools.make_settings_page` in tests/"
    assert all(f"\n| `{setting.name}` | `{setting.variable}` |" in TEXT for setting in config.SETTINGS)


def test_the_file_that_the_page_shows_can_be_used(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    example = re.search(r"```toml\n(.*?)```", TEXT, re.DOTALL)[1]
    (tmp_path / "auditscan.toml").write_text(example)
    assert run(["config", "show"]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in tomllib.loads(example))


def test_every_variable_the_page_names_is_known():
    known = {*config.OTHER_VARIABLES, *(setting.variable for setting in config.SETTINGS)}
    assert set(re.findall(r"AUDITSCAN_[A-Z_]+[A-Z]", TEXT)) == known
