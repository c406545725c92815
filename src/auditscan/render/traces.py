"""One transfer, many traces: what each log tells of it, and which links were not made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from auditscan.render.figures import figure
from auditscan.render.page import table
from auditscan.render.style import listed, number, shortened
from auditscan.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.tree import Tree

    from auditscan.questions.explanation import Trace
    from auditscan.questions.report import Report
    from auditscan.render.page import Page

TRACES = 12
"""Traces of one transfer that are shown."""

BASES = {
    "disclosed": "disclosed: put out by the query",
    "aggregate": "aggregate: only counted, summed or grouped by",
    "accessed": "accessed: looked at, which need not mean that they were put out",
    "declared": "declared: the log or a register says so",
    "inferred": "inferred: from the name of a file",
    "unknown": "no log tells what the transfer held",
}
"""How elements are known, in words."""

HOW = {"id": "linked by id", "file": "linked by name, size and time of the file", "repeat": "says it again"}
"""How a trace was tied to the transfer that it is counted under, in words."""


def linked(report: Report, page: Page, *, full: bool) -> None:  # noqa: ARG001 -- as every section
    """Write which transfers several logs tell of, and the links that were not made; nothing if there are none."""
    rows, possible = report.tables["linked_transfers"], report.tables["possible_links"]
    if not rows and not possible:
        return
    page.heading("One transfer, many traces")
    said = []
    if rows:
        said.append(f"{counted(rows[0]['in_all'], 'transfer')} with traces in several records, counted once.")
    if possible:
        said.append(f"{counted(possible[0]['in_all'], 'possible link')} not made, each trace counted for itself.")
    page.say(" ".join(said))
    if rows:
        shown = table("transfer", "traces", "logs, and where it counts", left=("transfer", "logs, and where it counts"))
        for row in rows:
            logs = Text(", ".join(printable(log) for log in row["logs"]))
            logs.append(f"\n{report.shown(row['source_file'])}, {printable(row['place'])}", "dim")
            shown.add_row(Text(shortened(row["transfer_id"], 48)), figure(row["traces"]), logs)
        page.table(shown, most=110)
        rest = rows[0]["in_all"] - len(rows)
        if rest:
            page.say(f"And {counted(rest, 'transfer')} more: `auditscan query linked_transfers` has all.")
        page.say("--no-link counts every trace.", "dim")
    for row in possible:
        one, other = report.shown(row["source_file"]), report.shown(row["other_file"])
        where = f"{one}, {printable(row['place'])} and {other}, {printable(row['other_place'])}"
        page.say(f"{shortened(row['why'], 120)}: {where}", indent=4, hang=2)
    if possible and possible[0]["in_all"] > len(possible):
        page.say("`auditscan query possible_links` has all.", "dim", indent=4)


def add_traces(tree: Tree, traces: Sequence[Trace]) -> None:
    """Add what logs of other systems tell of a transfer; nothing where none does."""
    if not traces:
        return
    noun = counted(len(traces), "trace")
    branch = tree.add(Text(f"{noun} in the logs{', counted once' if len(traces) > 1 else ''}:", "bold"))
    for trace in traces[:TRACES]:
        branch.add(_trace(trace))
    if len(traces) > TRACES:
        branch.add(Text(f"and {number(len(traces) - TRACES)} more", "dim"))


def _trace(trace: Trace) -> Text:
    text = Text.assemble((trace.log, "bold"), f", {printable(trace.source_file)}, {printable(trace.place)}")
    if trace.how is not None:
        text.append(f", {HOW[trace.how]}", "dim")
    when = trace.occurred_at or "no time"
    if trace.occurred_until:
        when += f" until {shortened(trace.occurred_until, 40)}"
    if trace.event_count is not None and trace.event_count != 1:
        when += f", one row for {counted(trace.event_count, 'transfer')}"
    lines = [when]
    if trace.file_name:
        lines.append(f"file: {shortened(trace.file_name, 200)}")
    about = [f"{number(trace.bytes)} bytes"] if trace.bytes is not None else []
    about += [f"other side: {shortened(trace.peer, 60)}"] if trace.peer else []
    about.append(f"elements {trace.element_basis}")
    lines.append("; ".join(about))
    if trace.used_elements:
        lines.append(f"only used in filters or joins: {listed(trace.used_elements)}")
    if trace.population_filter:
        lines.append(f"people: {shortened(trace.population_filter)}")
    if trace.query_text:
        lines.append(f"query: {shortened(trace.query_text, 300)}")
    if trace.note:
        lines.append(f"note: {shortened(trace.note)}")
    text.append("".join(f"\n{line}" for line in lines))
    return text
