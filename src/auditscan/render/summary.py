"""The first screen: the whole answer in 24 lines of 80 columns, which a report begins and ends with."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from rich.text import Text

from auditscan.questions.left_aside import kinds_told
from auditscan.questions.summary import doubtful, doubtful_text
from auditscan.render.style import STYLES, graded, number, shortened
from auditscan.text import counted, joined, long_day, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditscan.questions.report import Report, Row, Selection
    from auditscan.render.page import Page

MOST_COMMANDS = 3
"""What to do next: more than these nobody does."""

MOST_KINDS = 3
"""Kinds of files that are no logs; the section on files has all."""

LEAST_HELD = 10
"""Percent of the reviews that a few names must hold for the first screen to speak of them."""

_LITTLE = ("none", "one", "two", "three")


def summary(report: Report, page: Page, *, full: bool = True) -> None:  # noqa: ARG001 -- as every section
    """Write the case, where every transfer is counted, the law of the day, what was not seen, and what to do next."""
    row = report.headline
    page.say(printable(row["caption"]), "bold", indent=0)
    page.say(f"Transfers of health data from CMS to DHS, judged as of {long_day(row['as_of'])}", indent=0)
    if report.selection:
        page.say(
            f"Only {_selected(report.selection)}; files, rules and logs are those of the whole scan.",
            "bold",
            indent=0,
        )
    if report.redaction.said:
        page.say(report.redaction.said, "bold", indent=0)
    first = Text(f"{counted(row['transfers'], 'transfer')} read. ", style="bold")
    first.append(number(row["barred_now"]), STYLES["enjoined"] if row["barred_now"] else "bold")
    first.append(" would be barred now")
    if row["barred_now_deduced"]:
        first.append(f", {number(row['barred_now_deduced'])} of them only by what was deduced")
    first.append("; ")
    first.append(number(row["barred_then"]), STYLES["enjoined"] if row["barred_then"] else "bold")
    once = row["barred_then"] == 1
    first.append(f" {'was' if once else 'were'} barred when {'it' if once else 'they'} happened")
    if row["unattributed"]:
        first.append(f"; of {number(row['unattributed'])} more neither side is known")
    first.append(".")
    page.say(first, indent=0)
    wide = max(len(number(count)) for count, _, _ in _classes(report))
    for count, style, words in _classes(report):
        line = Text(number(count).rjust(wide), style if count else "")
        line.append(f" {words}", "not bold not dim default")
        page.say(line, hang=wide + 1)
    page.say(_in_force(report), indent=0)
    for more in (_reported(report), _names(report)):
        if more:
            page.say(more, indent=0)
    doubt = doubtful_text(*doubtful(report.tables["records_set_aside"]))
    if doubt:
        page.say(f"{doubt}: look at them with `--section others`.", STYLES["review"], indent=0)
    _seen(report, page)
    page.say(f"{printable(row['no_order_read'])}.", indent=0)
    # Where a line is taken by what is doubtful, one command less fits the screen.
    for place, command in enumerate(list(_next(report))[: MOST_COMMANDS - bool(doubt)]):
        page.say(Text.assemble(("Next: " if not place else "      ", "bold"), command), indent=0, hang=8)


def _classes(report: Report) -> list[tuple[int, str, str]]:
    """Return where the transfers are counted, each once: how many, in which style, and what it means."""
    row = report.headline
    deduced = row["barred_now_deduced"]
    only = f", {number(deduced)} only by deduction (queried tables, missing filters, names)"
    unflagged = row["not_cleared"]
    also = f", {number(unflagged)} of them neither flagged nor cleared" if unflagged else ""
    tried = (
        f"{'attempt' if row['attempts'] == 1 else 'attempts'}: nothing passed; "
        f"{number(row['attempts_barred_now'])} would be barred now, {number(row['attempts_barred_then'])} then"
    )
    beyond = f"out of scope: not from CMS to DHS, or before {long_day(row['since'])}"
    lines = [
        (row["barred_now"], STYLES["enjoined"], f"barred now{only if deduced else ''}"),
        (row["review_now"], STYLES["review"], f"{'needs' if row['review_now'] == 1 else 'need'} review{also}"),
        (row["permitted_now"], STYLES["permitted"], "permitted"),
        (row["outside_now"], "", "outside the order's reach, which is not to say lawful"),
        (row["attempts"], "", tried),
        (row["unattributed"], STYLES["review"], _unattributed(row)),
        (row["out_of_scope"], "", beyond),
    ]
    return [line for place, line in enumerate(lines) if place < 4 or line[0]]


def _unattributed(row: Row) -> str:
    """Return what is to be said of transfers of which neither side is known, and what would settle them."""
    count, nameless = row["unattributed"], row["unattributed_nameless"]
    barred = number(row["unattributed_barred"]) if row["unattributed_barred"] else "none"
    said = f"name neither side that is known, {barred} with barred data of plaintiff states:"
    if not nameless:
        return f"{said} parties.csv says whom their names mean"
    them = "it" if count == 1 else "them"
    which = f"{them} in" if nameless == count else f"in {number(nameless)} of them"
    return f"{said} if CMS's systems wrote {them}, `--held-by CMS` brings {which}"


def _in_force(report: Report) -> str:
    """Return the law of the as-of date, and how sure it is."""
    row = report.headline
    if row["regime_now"] is None:
        return "In force on that day: no order that the policy tables know."
    text = f"In force: {row['regime_title']} ({row['regime_now']}), from {long_day(row['regime_first_day'])}"
    text += f" to {long_day(row['regime_last_day'])}" if row["regime_last_day"] else ""
    return f"{text}; evidence {graded(row['certainty'])}."


def _reported(report: Report) -> str:
    """Return what an order that is reported and not applied would move; nothing where there is none."""
    row = report.headline
    if row["reported_regime"] is None:
        return ""
    worse = row["reported_worse"]
    would = f"{counted(worse, 'verdict')} would be worse" if worse else "no verdict would be worse"
    title, day = printable(row["reported_title"]), long_day(row["reported_first_day"])
    return f"Not applied: {title} ({row['reported_regime']}, from {day}). If it holds, {would}."


def _names(report: Report) -> str:
    """Return which few names hold many verdicts at review; nothing where none do."""
    rows = report.tables["deciding_names"]
    held = sum(row["reviews"] for row in rows)
    if not rows or held * 100 < rows[0]["in_all"] * LEAST_HELD:
        return ""
    names = ", ".join(f'"{shortened(row["text"], 40)}"' for row in rows)
    hang = "hangs" if held == 1 else "hang"
    few = f"{_LITTLE[len(rows)]} {'name' if len(rows) == 1 else 'names'}" if len(rows) < len(_LITTLE) else "names"
    reviews = counted(rows[0]["in_all"], "review")
    return f"{number(held)} of {reviews} {hang} on {few} that no table knows: {names}."


def _seen(report: Report, page: Page) -> None:
    """Write what was not seen, by kind, and which files are no logs."""
    line = Text()
    if report.unseen:
        line.append("INCOMPLETE: ", "bold red").append(f"{joined(report.unseen)}. ", "red")
    if report.no_logs:
        line.append(f"No logs, left aside: {kinds_told(report.no_logs, MOST_KINDS)}.", "default")
    if line:
        page.say(line, indent=0)
    if report.digests:
        _digests(report, page)


def _digests(report: Report, page: Page) -> None:
    """Write how many logs are as AWS delivered them."""
    told = [
        f"{counted(report.digests[state], 'log')} {said}"
        for state, said in (
            ("as listed", "as AWS delivered them"),
            ("differs", "changed since"),
            ("not compared", "not compared"),
            ("not here", "not among the files"),
        )
        if report.digests.get(state)
    ]
    page.say(Text(f"By the CloudTrail digests: {', '.join(told)}. Their signatures were not checked."), indent=0)


def _next(report: Report) -> Iterator[str]:
    """Yield what to do next, beside --held-by, what moves most first."""
    logs = report.logs
    if _names(report):
        yield "`auditscan policy new mine`, names into mine/parties.csv, `--policy mine`"
    # An id with characters that are not shown could not be typed.
    ids = [] if report.redaction.said else [row["transfer_id"] for row in report.tables["most_serious"]]
    typed = next((name for name in ids if printable(name) == name), None)
    if typed is not None:
        yield f"`auditscan explain {shlex.quote(typed)} {logs}`"
    if report.unseen:
        yield f"`auditscan report {logs} --section unread`"


def _selected(selection: Selection) -> str:
    """Return the filters that are on, in words."""
    parts = []
    if selection.states is not None:
        states = [word if word != "unknown" else "an unknown state" for word in selection.states]
        parts.append(f"transfers about {' or '.join(states)}")
    if selection.recipients is not None:
        names = [word if word != "unknown" else "an agency no table knows" for word in selection.recipients]
        parts.append(f"to {' or '.join(printable(name) for name in names)}")
    if selection.verdicts is not None:
        parts.append(f"with the verdict {' or '.join(selection.verdicts)}, now or then")
    if selection.first_day is not None:
        parts.append(f"from {long_day(selection.first_day)}")
    if selection.last_day is not None:
        parts.append(f"until {long_day(selection.last_day)}")
    if selection.states is None:
        parts.insert(0, "transfers")
    return ", ".join(parts).replace("transfers, ", "transfers ", 1)
