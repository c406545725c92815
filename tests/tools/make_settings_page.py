"""The table of settings in docs/configuration.md: `python -m tools.make_settings_page`, run in `tests/`.

Made from the table that the program works with; a test holds the committed page to it. The words around it are
written by hand and left alone.
"""

from __future__ import annotations

from pathlib import Path

from auditscan.settings.config import SETTINGS, Setting

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"
BEGIN, END = "<!-- settings -->\n", "<!-- end of settings -->\n"


def row(setting: Setting) -> str:
    """One setting as a row of the table."""
    value = setting.takes[0].upper() + setting.takes[1:]
    cells = (
        f"`{setting.name}`",
        f"`{setting.variable}`",
        value.replace(" and without quotation marks", ""),
        setting.default_words,
        setting.about,
    )
    return f"| {' | '.join(cells)} |\n"


def page(text: str) -> str:
    """Return the page with the table as it should be."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    head = "| Setting | Variable | Value | Default | What it does |\n| --- | --- | --- | --- | --- |\n"
    return f"{before}{BEGIN}\n{head}{''.join(map(row, SETTINGS))}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
