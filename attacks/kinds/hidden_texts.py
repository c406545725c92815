"""Secrets in every field of logs, under `--redact` and `--public`: in no byte of any terminal or document."""

from __future__ import annotations

import csv
import json
import os
import random
import string
from dataclasses import dataclass, field
from pathlib import Path

from attacks.counted import Counted
from attacks.kinds.strangers import said
from auditscan.documents.forms import ENDINGS, OF_A_TRANSFER, SHOWING_ALL
from auditscan.questions.redaction import FIELDS
from whole import whole

FULL = 200
STEP = 50

SHAPES = (
    "{0}",
    "{0} office",
    "The {0}",
    "{0}@example.org",
    "{0}/x",
    "({0})",
    "<b>{0}</b>",
    "{0}, {0}",
    "=1+{0}",
    "{0}\u202e",
)


@dataclass(slots=True)
class Planted:
    """Logs with secrets, each of which has a word in it that nothing else has."""

    drawn: random.Random
    words: dict[str, set[str]] = field(default_factory=dict)
    """Field -> the words in it; of what is no field that can be named, under `other`."""

    def secret(self, name: str, shape: str | None = None) -> str:
        """A text for a field."""
        word = "".join(self.drawn.choices(string.ascii_lowercase, k=14))
        self.words.setdefault(name, set()).add(word)
        written = self.drawn.choice((word, word.upper(), word.title()))
        return (shape or self.drawn.choice(SHAPES)).format(written)

    def write(self, root: Path) -> tuple[str, str]:
        """Write logs, and return their folder and the id of a transfer."""
        logs = root / self.secret("source_file", "{0}")
        logs.mkdir()
        lines, ids = [], []
        for number in range(4):
            ids.append(self.secret("transfer_id"))
            record = {
                "transfer_id": ids[-1], "occurred_at": "2026-01-08T10:00:00Z", "record_count": number, "states": ["CA"],
                "sender": self.secret("sender") if number == 1 else "CMS",
                "recipient": self.secret("recipient") if number == 2 else "ICE",
                "elements": [self.secret("elements"), "ssn"], "programs": [self.secret("other")],
                "populations": [self.secret("other")], "outcome": self.secret("other"),
                self.secret("other"): self.secret("other"),
                **{name: self.secret(name) for name in ("actor", "system", "action", "purpose")},
            }  # fmt: skip
            lines.append(json.dumps(record) + "\n")
        # One id with two sayings, and a record that cannot be read.
        lines.append(json.dumps(json.loads(lines[0]) | {"record_count": 99}) + "\n")
        lines.append('{"transfer_id": "' + self.secret("other", "{0}") + "\n")
        (logs / f"{self.secret('source_file', '{0}')}.ndjson").write_text("".join(lines), encoding="utf-8")
        actor, file, host = self.secret("actor", "{0}"), self.secret("file_name", "{0}"), self.secret("other", "{0}")
        (logs / f"{self.secret('source_file', '{0}')}.log").write_text(
            f"Wed Jan  7 14:40:02 2026 480 {host} 402653184 /out/{file}.csv b _ o r {actor} ftp 0 * c\n"
        )
        with (logs / f"{self.secret('source_file', '{0}')}.csv").open("w", newline="", encoding="utf-8") as register:
            rows = csv.writer(register)
            rows.writerow(["Tracking No.", "Date of Disclosure", "Disclosing Agency", "Disclosed To", "Data Elements",
                           "State", "Purpose", "Bates"])  # fmt: skip
            number, to, data, why = (self.secret(name) for name in ("transfer_id", "recipient", "elements", "purpose"))
            rows.writerow([number, "02/01/2026", "CMS", to, data, "CA", why, self.secret("other")])
        (logs / f"{self.secret('source_file', '{0}')}.pdf").write_bytes(b"%PDF-1.4 nothing")
        return logs.name, ids[0]


def attack(count: int, seed: int, folder: Path) -> Counted:
    """Hide something of sets of logs, and look for it: one attack an output."""
    counted = Counted()
    drawn = random.Random(seed)
    before = Path.cwd()
    number = 0
    while counted.tried < count:
        root = folder / str(number)
        root.mkdir()
        os.chdir(root)
        try:
            planted = Planted(drawn)
            logs, chosen = planted.write(root)
            hidden = drawn.sample(sorted(FIELDS), drawn.randint(1, 4)) if drawn.random() < 0.6 else None
            options = ["--public"] if hidden is None else ["--redact", ",".join(hidden)]
            searched = [word for name, words in planted.words.items() if not hidden or name in hidden for word in words]
            others = [word for name, words in planted.words.items() if hidden and name not in hidden for word in words]
            outputs = _outputs(logs, chosen, options)
            for name, found in list(outputs.items())[: count - counted.tried]:
                wrong = found if isinstance(found, str) else _left(found, searched)
                if wrong:
                    counted.broke(f"seed {seed}, logs {number}, {options} in {name}: {wrong}")
                else:
                    counted.held(f"hidden by {options[0]}")
            if others and not any(_left(found, others) for found in outputs.values() if isinstance(found, bytes)):
                counted.broke(f"seed {seed}, logs {number}, {options}: what is not hidden is not found either")
        finally:
            os.chdir(before)
        number += 1
    return counted


def _outputs(logs: str, chosen: str, options: list[str]) -> dict[str, bytes | str]:
    """Every output by its name, as all bytes that it holds; a sentence where it cannot be had."""
    documents = [Path(f"case{ending}") for ending in ENDINGS if ending not in SHOWING_ALL]
    transfer = [Path(f"one{ending}") for ending in OF_A_TRANSFER]
    found: dict[str, bytes | str] = {}
    for command, paths in (
        (["report", logs, "--full", "--no-pager", "--limit", "50"], documents),
        (["explain", chosen, logs], transfer),
        (["explain", chosen, logs, "--json"], []),
    ):
        outs = [word for path in paths for word in ("--out", str(path))]
        code, out, err = said([*command, *options, *outs])
        name = f"the terminal of {command[0]}{' --json' if '--json' in command else ''}"
        found[name] = out.lower().encode() if code == 0 else f"ended with {code}: {err[-300:]}"
        found |= {path.name: whole(path) if path.exists() else "it was not written" for path in paths}
    return found


def _left(found: bytes, words: list[str]) -> str:
    """The first of the words that stands there, however it is written."""
    return next((word for word in words for form in ("utf-8", "utf-16-le") if word.encode(form) in found), "")
