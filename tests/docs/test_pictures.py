"""The pictures that the README shows are of the report as it is: they say what it says of the sample logs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.make_pictures import EXHIBIT, PAGE, SCREEN, words_of

ROOT = Path(__file__).parents[2]
# What `auditscan report sample_logs` writes; test_readme_questions holds it to that.
REPORT = (ROOT / "tests" / "golden" / "questions" / "1.txt").read_text(encoding="utf-8")


def words(text):
    return " ".join(re.findall(r"\w+", text))


def between(begin, end):
    return words(REPORT[REPORT.index(begin) : REPORT.index(end)])


@pytest.mark.parametrize("picture", [SCREEN, PAGE, EXHIBIT], ids=lambda picture: picture.name)
def test_a_picture_says_what_the_report_says(picture):
    seen = words(words_of(picture))
    parts = [between("Transfers of health data", "Next: ")]
    if picture != EXHIBIT:
        parts.append(between("Then and now", "Barred data and plaintiff states"))
    for part in parts:
        assert part in seen, "`make pictures` draws it anew"


def test_pictures_are_small_and_shown():
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert [ROOT / name for name in shown] == [SCREEN, PAGE, EXHIBIT]
    assert all(picture.stat().st_size < 200_000 for picture in (SCREEN, PAGE, EXHIBIT))


def test_the_picture_of_the_screen_fetches_nothing():
    # No font, script or picture from elsewhere: the namespace is the only address in it.
    assert re.findall(r"https?://[^\"')\s]+", SCREEN.read_text()) == ["http://www.w3.org/2000/svg"]
