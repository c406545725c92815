"""docs/notifications.md says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from auditscan.ledger.telling import delivery, message, outbox, runlog
from auditscan.settings import config
from ledger.nights import WORSE

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "notifications.md").read_text(encoding="utf-8")


def test_the_message_it_shows_is_the_one_that_is_sent():
    made = message.compose(WORSE, {"R2": "Second preliminary injunction"})
    assert f"```text\n{made.title}\n\n{made.body}\n```" in TEXT


def test_it_names_every_gauge_with_its_labels_and_no_other():
    golden = (ROOT / "tests" / "golden" / "metrics.prom").read_text(encoding="utf-8")
    written = {
        name: set(re.findall(r'(\w+)="', labels))
        for name, labels in re.findall(r"^(auditscan_\w+)(.*)$", golden, re.MULTILINE)
    }
    rows = re.findall(r"^\| `(auditscan_\w+)` \| (.*?) \|", TEXT, re.MULTILINE)
    assert {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in rows} == written
    alerts = TEXT.split("```yaml")[1].split("```")[0]
    assert set(re.findall(r"auditscan_\w+", alerts)) <= set(written)


def test_its_numbers_are_the_programs():
    assert f"{message.MOST_CHARACTERS:,} characters, in lines of {message.WIDTH} cells" in TEXT
    first, second = (f"{pause:g}" for pause in delivery.PAUSES)
    assert f"after {first} seconds, the third after {second}" in TEXT
    assert f"most {outbox.MOST_KEPT} messages wait" in TEXT
    assert f"Lists end after {runlog.MOST_ITEMS} items" in TEXT


def test_its_settings_are_settings():
    for name in ("notify", "metrics", "run-log", "every"):
        config.setting(name)
        assert f"{name} = " in TEXT or f"`{name}`" in TEXT
