"""The first screen of a report: the whole answer in 24 lines, and figures that add up."""

from __future__ import annotations

import json
import re

from reporting import BASIC, HEALTH, LOG, first_screen, flat, section, transfer


def test_the_first_screen_is_the_whole_answer_and_stands_again_at_the_end(folder, shown):
    text = shown("--width", 80)
    lines = first_screen(text)
    assert lines[0] == "State of California v. HHS, No. 3:25-cv-05536-VC (N.D. Cal.)"
    assert len(lines) <= 24
    assert text.rstrip("\n").split("\n")[-len(lines) :] == lines
    assert first_screen(shown("--brief")) == lines == shown("--brief").rstrip("\n").split("\n")
    said = flat("\n".join(lines))
    assert "12 transfers read. 5 would be barred now; 4 were barred when they happened." in said
    assert "judged as of 22 November 2026" in said
    assert "In force: Second preliminary injunction" in said
    assert "Not applied: Reported pause" in said
    assert "No order was read in full" in said
    assert "INCOMPLETE: 1 record of 1 log that could not be read." in said
    assert "No logs, left aside: 1 documentation." in said
    assert "`auditscan help policy-record`" in said
    assert "`auditscan explain T-06 logs`" in said
    assert "`auditscan report logs --section unread`" in said


CLASSES = r"^ +([\d,]+) (?:barred now|needs? review|permitted|outside|attempt|names? neither|out of scope)"
"""A line of the first screen that counts transfers."""


def test_the_numbers_of_the_first_screen_add_up(own_folder, show):
    nobody = {"sender": None, "recipient": None}
    more = [transfer(n, "2026-03-05", ["CA"], HEALTH, **nobody, transfer_id=f"N-{n}") for n in range(3)]
    more += [transfer(20, "2026-03-06", ["CA"], BASIC, **nobody)]
    more += [transfer(30 + n, "2026-03-07", ["CA"], BASIC, sender="SYSADMIN; DBA") for n in range(6)]
    (own_folder / "logs" / "b.ndjson").write_text("\n".join(map(json.dumps, more)))
    for name in ("a.pdf", "b.pdf"):
        (own_folder / "logs" / name).write_bytes(b"%PDF-1.7 ")
    lines = first_screen(show("logs", "--width", 80))
    text = "\n".join(lines)
    assert len(lines) <= 24
    counts = [int(count) for count in re.findall(CLASSES, text, re.M)]
    assert (len(counts), sum(counts)) == (7, len(LOG) + len(more))
    said = flat(text)
    assert "4 name neither side that is known, 3 with barred data of plaintiff states" in said
    assert "if CMS's systems wrote them, `--held-by CMS` brings them in" in said
    assert re.search(r'[67] of \d+ reviews hang on (one name|two names) that no table knows: "SYSADMIN; DBA"', said)
    assert "`auditscan policy new mine`" in said
    assert "2 PDF" in said


def test_a_section_comes_whole_behind_the_first_screen(folder, shown):
    named = shown("--section", "rules", "--section", "files", "--width", 80)
    assert first_screen(named) == first_screen(shown("--width", 80))
    assert re.findall(r"^(\S.*?) ─+$", named, re.M) == ["The rules that ran", "Every file, every record"]
    whole = shown("--full", "--width", 80)
    for title in ("The rules that ran", "Every file, every record"):
        assert section(named, title).strip() == section(whole, title).strip()
    assert "one barred element bars" in flat(section(named, "The rules that ran"))


def test_no_word_is_broken_at_60_columns(folder, shown):
    wide, narrow = (set(re.findall(r"\w{4,}", shown("--full", "--width", width))) for width in (400, 60))
    assert narrow - wide <= {"transfers", "duplicates", "quarantined"}  # Heads that fold where there is no room.
