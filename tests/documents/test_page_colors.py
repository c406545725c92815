"""Colors of the page, by arithmetic: text on its ground at 4.5 to 1, marks at 3 to 1, verdicts apart in gray."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import auditscan.documents.page
from auditscan.render.style import GLYPHS

CSS = (Path(auditscan.documents.page.__file__).parent / "page.css").read_text()
LIGHT, DARK = (
    dict(re.findall(r"--(\w[\w-]*): (#[0-9a-f]{6});", block))
    for block in re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
)
VERDICTS = ("enjoined", "review", "permitted", "outside")

TEXT = [
    *((name, ground) for name in ("text", "quiet", "link") for ground in ("ground", "raised")),
    *((verdict, ground) for verdict in VERDICTS for ground in ("ground", "raised", f"{verdict}-ground")),
    ("text", "enjoined-ground"),
    ("text", "level1"),
    ("text", "level2"),
    ("ground", "level3"),
    ("ground", "level4"),
]
"""Which color is written on which."""


def luminance(color):
    """As WCAG 2 defines it."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read(colors):
    low = {
        f"{text} on {ground}": round(contrast(colors[text], colors[ground]), 2)
        for text, ground in TEXT
        if contrast(colors[text], colors[ground]) < 4.5
    }
    assert not low


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_marks_and_borders_stand_out(colors):
    for verdict in VERDICTS:
        assert contrast(colors[verdict], colors["ground"]) >= 3
    assert contrast(colors["quiet"], colors["ground"]) >= 3  # around what is typed in


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_levels_of_the_map_are_apart_in_gray(colors):
    grays = [luminance(colors[name]) for name in ("ground", "level1", "level2", "level3", "level4")]
    assert grays in (sorted(grays), sorted(grays, reverse=True))
    assert all(contrast(colors[f"level{at}"], colors[f"level{at + 1}"]) >= 1.4 for at in (1, 2, 3))


def test_no_color_but_those_named_and_held():
    outside = re.sub(r":root \{.*?\}", "", CSS, flags=re.DOTALL)
    assert not re.findall(r"#[0-9a-f]{3,8}\b(?!\))", outside)
    assert set(LIGHT) == set(DARK)
    assert set(re.findall(r"var\(--([\w-]+)\)", CSS)) == set(LIGHT)


def test_verdicts_have_the_glyphs_of_the_terminal_and_a_pattern_in_pictures():
    for verdict in VERDICTS:
        assert f'.verdict.{verdict}::before {{ content: "{GLYPHS[verdict]} ";' in CSS
    fills = [re.search(rf"rect\.{verdict} \{{ fill: ([^;]+);", CSS)[1] for verdict in VERDICTS]
    assert fills == ["var(--enjoined)", "url(#hatched)", "url(#dotted)", "var(--outside-ground)"]
