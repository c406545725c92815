"""A small log that has one of everything, and how to find one's way in the report on it."""

from __future__ import annotations

import json
import re

AS_OF = "2026-11-22"
BASIC = ["address", "phone", "date_of_birth", "medicaid_id"]
HEALTH = [*BASIC, "diagnosis", "claims"]


def transfer(number, day, states, elements, **more):
    """A transfer that is in scope and succeeded, unless `more` says otherwise."""
    return {
        "transfer_id": f"T-{number:02}",
        "occurred_at": f"{day}T18:00:00Z" if day else None,
        "sender": "CMS",
        "recipient": "ICE",
        "action": "view",
        "programs": ["medicaid"],
        "states": states,
        "elements": elements,
        "populations": ["not_lawfully_residing"],
        "record_count": 1000 * number,
        "outcome": "success",
        **more,
    }


LOG = [
    transfer(1, "2025-06-10", ["CA", "IL"], HEALTH),
    transfer(2, "2025-07-16", ["TX"], HEALTH),
    transfer(3, "2025-09-03", ["OR"], BASIC),
    transfer(4, "2025-09-04", ["OR", "WA"], HEALTH, recipient="CBP"),
    transfer(5, "2026-01-06", ["NY"], BASIC),
    transfer(6, "2026-02-10", ["NY"], [*HEALTH, "[bold]x[/bold]"], purpose="immigration enforcement"),
    transfer(7, "2026-02-11", ["WI"], HEALTH, record_count=None),
    transfer(8, "2026-03-02", ["OR"], BASIC, populations=["us_citizen"], transfer_id="\x1b[31mT-08\u202e"),
    transfer(9, None, ["CA"], HEALTH, recipient="DHS"),
    transfer(10, "2026-03-03", ["GA"], BASIC, recipient="SSA"),
    transfer(11, "2026-03-04", ["CA"], HEALTH, outcome="failure"),
    transfer(12, "2026-03-05", [], BASIC, sender="HQ box", elments=["ssn"]),
]


def make_folder(path):
    """Put a small log that has one of everything into a folder, and return the folder."""
    (path / "logs").mkdir()
    lines = [json.dumps(record) for record in [*LOG, LOG[0]]]
    (path / "logs" / "a.ndjson").write_text("\n".join([*lines, '{"transfer_id": "T-1']) + "\n")
    (path / "logs" / "README.md").write_text("not a log\n")
    return path


def section(text, title):
    """The lines of one section."""
    found = re.search(rf"^{re.escape(title)} ─+\n(.*?)(?=^\S[^\n]* ─+\n|\Z)", text, re.S | re.M)
    assert found, f"there is no section {title!r} in\n{text}"
    return found[1]


def flat(text):
    """Text on one line, however it was wrapped."""
    return " ".join(text.split())


def first_screen(text):
    """The lines before the first section."""
    return re.split(r"^(?=Files are named as|\S[^\n]* ─+$)", text, maxsplit=1, flags=re.M)[0].rstrip("\n").split("\n")
