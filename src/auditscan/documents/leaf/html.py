"""One transfer as a page for a browser, in the looks of the report's page; no script runs on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from auditscan.documents.page.fill import hash_of, own_files, template

if TYPE_CHECKING:
    from pathlib import Path

    from auditscan.documents.leaf.leaf import Leaf


def write(leaf: Leaf, path: Path) -> None:
    """Write a document on one transfer as one HTML file."""
    style, _ = own_files()
    text = template("leaf.html").render(
        leaf=leaf,
        style=Markup(style),  # noqa: S704 -- our own file
        style_hash=hash_of(style),
        drawn=leaf.drawn(),
        columns=[leaf.why(), leaf.beside()],
        made=leaf.made(),
    )
    path.write_text(text, encoding="utf-8", newline="\n")
