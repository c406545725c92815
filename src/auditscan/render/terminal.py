"""The report in a terminal: the answer on one screen, the sections behind it, and the answer again.

What hangs on names that nobody knows comes after those names, and the account of every record last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.questions.report import SECTIONS
from auditscan.render.account import files, unread
from auditscan.render.beside import BESIDE, beside, logs, others, overlays
from auditscan.render.figures import content, flags, recipients, states, verdicts
from auditscan.render.page import Page
from auditscan.render.parties import onward, parties
from auditscan.render.rules import rules, suppressed
from auditscan.render.summary import summary
from auditscan.render.traces import linked
from auditscan.render.transfers import serious, weeks
from auditscan.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

    from auditscan.questions.report import Report


def limits(report: Report, page: Page, *, full: bool) -> None:  # noqa: ARG001 -- as every section
    """Write what no figure says, and what the report rests on."""
    page.heading("What this report does not say")
    page.say(
        "Outside of an order is not the same as lawful: the Privacy Act, the Social Security Act, HIPAA and the "
        "agreements are not decided here. Whether a transfer was unlawful is for a court to say. No legal advice."
    )
    versions = report.versions
    page.say(
        f"auditscan {versions['auditscan']}, policy {versions['policy'][:12]}, queries "
        f"{versions['queries'][:12]}. The same logs, policy and as-of date give the same report.",
        "dim",
    )


DRAWN: dict[str, Callable[..., None]] = {
    "parties": parties,
    "verdicts": verdicts,
    "flags": flags,
    "states": states,
    "content": content,
    "recipients": recipients,
    "weeks": weeks,
    "serious": serious,
    "rules": rules,
    "suppressed": suppressed,
    "unread": unread,
    "files": files,
    "logs": logs,
    "others": others,
    "onward": onward,
    "traces": linked,
    "policy": overlays,
    "limits": limits,
}
"""What draws each section: `full` asks for all of it, else for what fits beside the others."""


def sections(report: Report, page: Page, named: Sequence[str] | None = None, *, full: bool = False) -> None:
    """Write on a page what stands behind the first screen; `named` and `full` as for `draw`."""
    if report.folder and named != ():
        page.say(f"Files are named as they lie in {printable(report.folder)}", "dim", indent=0)
    whole = full or named is not None
    for name in SECTIONS:
        if not whole and name in BESIDE:
            if name == BESIDE[0]:
                beside(report, page)
        elif named is None or name in named:
            DRAWN[name](report, page, full=whole)


def draw(report: Report, console: Console, named: Sequence[str] | None = None, *, full: bool = False) -> None:
    """Write a report on a console, at its width.

    `named` are sections, drawn whole behind the first screen, none of them for that screen alone. Without them come
    all, the long ones shortened unless `full`, and the first screen again at the end.
    """
    page = Page(console)
    summary(report, page)
    sections(report, page, named, full=full)
    if named is None:
        page.blank()
        summary(report, page)
