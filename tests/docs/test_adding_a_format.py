"""The page that adds a log format, done as it says."""

from __future__ import annotations

import json
import re
from pathlib import Path

from auditscan.cli import run

PAGE = Path(__file__).parents[2] / "docs" / "adding-a-format.md"
BLOCK = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_what_the_page_adds_is_read(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text(encoding="utf-8")
    blocks = dict(BLOCK.findall(text))
    assert list(blocks) == ["gateway.log", "our-queries/sources/gateway.sql"]
    for name, content in blocks.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(content, encoding="utf-8")
    assert run(["sources", "detect", "gateway.log", "--queries", "our-queries", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["format"], found["sure"]) == ("gateway", "likely")
    command, said = re.search(r"^\$ auditscan (.*)\n(.*)$", text, re.MULTILINE).groups()
    # The line in the quarantine makes the scan incomplete.
    assert run([*command.split(), "--out", "answers.ndjson"]) == 20
    assert said in capsys.readouterr().err
    answers = [json.loads(line) for line in Path("answers.ndjson").read_text().splitlines()]
    assert [(a["recipient_agency"], a["outcome"], a["verdict_now"], a["source_record"]) for a in answers] == [
        ("ICE", "success", "review", 1),
        ("ICE", "failure", "review", 3),
    ]
