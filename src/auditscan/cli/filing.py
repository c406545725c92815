"""The options of an exhibit: how it is marked, numbered and filed."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from auditscan.documents.filing import Filing
from auditscan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_MARK = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,23}")
"""What a clerk can type, and a footer can hold."""


@dataclass(frozen=True, slots=True)
class FilingOptions:
    """As the command line gives them."""

    exhibit: Annotated[
        str | None, typer.Option("--exhibit", metavar="LABEL", help="What a .pdf is called on every page: `Ex. A`.")
    ] = None
    bates: Annotated[
        str | None,
        typer.Option("--bates", metavar="PREFIX", help="Number the pages of a .pdf, bottom right: AUD000001."),
    ] = None
    bates_start: Annotated[
        int | None,
        typer.Option("--bates-start", metavar="N", min=1, max=99_999_999, help="The number of its first page."),
    ] = None
    bates_suffix: Annotated[
        str | None,
        typer.Option("--bates-suffix", metavar="SUFFIX", help="Stands behind each number: CONF."),
    ] = None
    no_links: Annotated[
        bool, typer.Option("--no-links", help="No links in a .pdf, not even in its contents: some courts want none.")
    ] = False
    max_mb: Annotated[
        float | None,
        typer.Option(
            "--max-mb", metavar="N", min=0.1, help="File a .pdf in parts, NAME-1.pdf and so on, none larger than this."
        ),
    ] = None
    record: Annotated[
        bool,
        typer.Option("--record", help="In a .pdf, print the record of each barred transfer as it stands in its file."),
    ] = False

    def filing(self, out: Collection[Path]) -> Filing:
        """Return what the options amount to.

        Raises UsageError where they are given without a .pdf, or cannot be printed or told apart.
        """
        # An option has the name of its field.
        given = [f"--{name.replace('_', '-')}" for name, value in asdict(self).items() if value not in (None, False)]
        exhibits = sum(path.name.lower().endswith(".pdf") for path in out)
        if given and not exhibits:
            raise UsageError("this is about a .pdf", where=", ".join(given), hint="add `--out FILE.pdf`")
        if self.bates is None and (self.bates_start is not None or self.bates_suffix is not None):
            raise UsageError("pages are numbered with a prefix", where=given[0], hint="add `--bates PREFIX`")
        if exhibits > 1 and (self.bates is not None or self.max_mb is not None):
            raise UsageError(
                "two exhibits cannot have the same numbers, nor parts of the same names",
                where="--bates" if self.bates is not None else "--max-mb",
                hint="write one at a time",
            )
        for option, text in (
            ("--exhibit", self.exhibit),
            ("--bates", self.bates),
            ("--bates-suffix", self.bates_suffix),
        ):
            if text is not None and not _MARK.fullmatch(text):
                raise UsageError(
                    f"{text!r} does not fit the margin of a page",
                    where=option,
                    hint="up to 24 letters, digits, blanks, `.`, `-` and `_`",
                )
        return Filing(
            exhibit=self.exhibit or "",
            bates=self.bates or "",
            bates_start=self.bates_start or 1,
            bates_suffix=self.bates_suffix or "",
            links=not self.no_links,
            max_mb=self.max_mb,
            record=self.record,
        )
