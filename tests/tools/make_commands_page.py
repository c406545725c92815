"""docs/commands.md, every command and option: `python -m tools.make_commands_page`, run in `tests/`.

Made from what `--help` is made from; a test holds the committed page to it. With the name of a folder, manual
pages of the same are written there: `man ./auditscan-report.1` shows one.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from auditscan.cli import app
from auditscan.cli.layout import COMMAND_PANELS, in_panels
from auditscan.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "commands.md"

INTRODUCTION = """\
# Commands

Every command with all that it takes, as `auditscan COMMAND --help` says it. Most options can be set once for all
commands: [configuration.md](configuration.md).

Standard output is data, standard error is narration; `auditscan scan --json` prints one JSON object. Exit codes:

| | |
| ---: | --- |
| 0 | complete, nothing flagged |
| 10 | flagged, nothing worse than permitted or outside now |
| 11 | something to review now, neither side known, or set-aside records that name DHS or that no list knows |
| 12 | something enjoined now |
| 20 | incomplete: a record, a file or a rule could not be looked at (wins over 10 to 12) |
| 21 | `verify`, `show`, `nightly`: something is not what it was when scanned; a nightly scan then writes nothing |
| 2, 3 | wrong usage; nothing to read |
| 1, 130 | a fault of the program; interrupted |

`report`, `explain`, `query`, `sql`, `compare` and `policy` end with 0 whatever they show.
`eval "$(auditscan completion bash)"` (or zsh, fish) completes commands.
"""


def commands() -> Iterator[tuple[str, Any]]:
    """Yield the name of each command, in the order of use, and what it is made of; groups are taken apart."""
    top: Any = typer.main.get_command(app)
    for panel in COMMAND_PANELS.values():
        for name in panel:
            command = top.commands[name]
            yield name, command
            for inner, part in getattr(command, "commands", {}).items():
                yield f"{name} {inner}", part


def page() -> str:
    """Return the page."""
    parts = [INTRODUCTION]
    for name, command in commands():
        parts.append(f"## auditscan {name}\n\n{_prose(command.help or '')}\n")
        for heading, records in in_panels(command.get_params(typer.Context(command))).items():
            rows = "".join(f"| `{names.replace('|', '/')}` | {_cell(text)} |\n" for names, text in records)
            parts.append(f"| {heading} | |\n| --- | --- |\n{rows}")
    return "\n".join(parts)


def manuals() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of the manual page of each command."""
    for name, command in commands():
        own = f"auditscan-{name.replace(' ', '-')}"
        lines = [f'.TH {own.upper()} 1 "" "auditscan {__version__}"', ".SH NAME"]
        first, *rest = (" ".join(part.split()) for part in (command.help or "").split("\n\n"))
        lines += [f"{own} \\- {_roff(first)}", ".SH SYNOPSIS", f"auditscan {name} [OPTIONS] ...", ".SH DESCRIPTION"]
        for part in rest:
            lines += [_roff(part), ".PP"]
        for heading, records in in_panels(command.get_params(typer.Context(command))).items():
            lines.append(f".SS {heading}")
            for names, text in records:
                lines += [".TP", f".B {_roff(names)}", _roff(" ".join(text.split()))]
        yield f"{own}.1", "\n".join(lines) + "\n"


def _roff(text: str) -> str:
    """Return text in which roff finds nothing to do."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped[:1] in (".", "'") else escaped


def _prose(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n")).replace("<", "&lt;")


def _cell(text: str) -> str:
    """Return text for a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        folder = Path(sys.argv[1])
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in manuals():
            (folder / file).write_text(text, encoding="utf-8")
    else:
        PAGE.write_text(page(), encoding="utf-8")
