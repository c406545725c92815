"""Two policies held against each other, and the open points of one, in a terminal."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from rich.text import Text

from auditscan.policy.words import VERDICTS
from auditscan.render.chart import Timeline, legend
from auditscan.render.figures import figure
from auditscan.render.page import Page, table
from auditscan.render.style import STYLES, listed, number, shortened
from auditscan.text import counted, long_day, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from rich.console import Console
    from rich.table import Table

    from auditscan.questions.what_if import Difference, Row, Side, Sweep

ROWS = 12
"""Rows of a table of states, categories or lines; the rest is told in one."""

TIMES = {"now": "now", "then": "when they happened"}
_BECAUSE = {"law": "The orders do not say", "log": "The log does not say"}
NOT_LEGAL_ADVICE = "A supposition about the law, counted: not legal advice."


def draw_difference(found: Difference, console: Console) -> None:
    """Write what two policies say differently, and which transfers change verdict for it."""
    page = Page(console)
    _sides(found, page)
    _entries(found.entries, page)
    _totals(found, page)
    for time in TIMES:
        if any(row["time"] == time for row in found.by_line):
            _lines([row for row in found.by_line if row["time"] == time], time, page)
            for kind in ("state", "category", "population"):
                _groups([row for row in found.by_part if (row["time"], row["kind"]) == (time, kind)], kind, time, page)
    _weeks(found.by_week, page)
    _transfers(found.transfers, page)
    page.blank()
    page.say(NOT_LEGAL_ADVICE, "dim", indent=0)


def _sides(found: Difference, page: Page) -> None:
    page.say("What changes if the law is read differently", "bold", indent=0)
    page.blank()
    for name, side in (("before", found.before), ("after", found.after)):
        line = Text(f"{name:<8}", "dim")
        line.append(printable(side.label), "bold")
        line.append(f"; now is {_in_force(side)}", "not bold default")
        page.say(line, indent=0, hang=8)


def _in_force(side: Side) -> str:
    regime = side.regime_now
    return f"{long_day(side.as_of)}, under {printable(regime)}" if regime else f"{long_day(side.as_of)}, under no order"


def _entries(entries: Sequence[Row], page: Page) -> None:
    page.heading("What the policies say differently")
    if not entries:
        page.say("Nothing.")
    regimes, entries = _new_regimes(entries)
    for name, rows in regimes.items():
        line = Text(f"{printable(name)}: ", "bold")
        line.append(f"a new regime, {counted(len(rows), 'entry', 'entries')}", "not bold default")
        line.append(f"  {printable(rows[0]['origin_after'] or '')}", "not bold dim")
        page.say(line, hang=4)
    for row in entries[:ROWS]:
        line = Text(f"{_entry(row)}: ", "bold")
        line.append(_quoted(row["said_before"]), "not bold default")
        line.append(" -> ", "not bold dim")
        line.append(_quoted(row["said_after"]), "not bold default")
        origin = row["origin_after"] or row["origin_before"]
        if origin:
            line.append(f"  {printable(origin)}", "not bold dim")
        page.say(line, hang=4)
    if len(entries) > ROWS:
        page.say(f"and {counted(len(entries) - ROWS, 'entry', 'entries')} more; --json lists them all", "dim")


def _new_regimes(entries: Sequence[Row]) -> tuple[dict[str, list[Row]], list[Row]]:
    """Return the entries of regimes that only the second policy has, by regime, and the others."""
    new = {
        row["entry"].removesuffix(".title")
        for row in entries
        if row["policy_table"] == "regimes" and row["entry"].endswith(".title") and row["said_before"] is None
    }
    regimes: dict[str, list[Row]] = {}
    others = []
    for row in entries:
        regime = row["entry"].split(".")[0]
        if row["policy_table"] in ("regimes", "regime_states", "severities") and regime in new:
            regimes.setdefault(regime, []).append(row)
        else:
            others.append(row)
    return regimes, others


_NAMED_IN_FULL = ("regimes", "regime_states", "severities", "implied_by", "settings")
"""Tables whose entries say by themselves what they are about."""


def _entry(row: Row) -> str:
    entry = printable(row["entry"])
    return entry if row["policy_table"] in _NAMED_IN_FULL else f"{row['policy_table']}: {entry}"


def _quoted(said: str | None) -> str:
    return "nothing" if said is None else shortened(said, 80)


def _totals(found: Difference, page: Page) -> None:
    page.heading("Which transfers change verdict")
    row = found.headline
    of = f" of {number(row['in_scope'])} in scope"
    page.say(
        f"{counted(row['changed_now'], 'transfer')}{of} would have another verdict now, "
        f"{number(row['changed_then'])} when they happened.",
        "bold",
    )
    page.blank()
    shown = table("judged", "from", "to", "transfers", "people", left=("judged", "from", "to"))
    for change in found.totals:
        if not change["attempt"]:
            shown.add_row(
                change["time"],
                _verdict(change["verdict_before"]),
                _verdict(change["verdict_after"]),
                figure(change["transfers"]),
                figure(change["people"] or 0),
            )
    if shown.row_count:
        page.table(shown)
        page.blank()
    page.say(
        f"{number(row['newly_flagged'])} newly flagged, {number(row['no_longer_flagged'])} no longer flagged; "
        f"failed attempts that change, apart: {number(row['attempts'])}."
    )


def _verdict(verdict: str) -> Text:
    return Text(verdict.replace("_", " "), STYLES[verdict])


def _lines(rows: Sequence[Row], time: str, page: Page) -> None:
    page.heading(f"Which line of policy does it, {TIMES[time]}")
    shown = table("transfers", "what it says", left=("what it says",))
    for row in rows[:ROWS]:
        what = Text(shortened(row["what"], 200))
        if row["origin"]:
            what.append(f"\n{printable(row['origin'])}", "dim")
        shown.add_row(figure(row["transfers"]), what)
    page.table(shown, most=110)
    _rest(rows, page)
    page.say("A transfer counts at each line that had a part in its change.", "dim")


def _groups(rows: Sequence[Row], kind: str, time: str, page: Page) -> None:
    """Write changed verdicts by state, category or population, and what they become."""
    page.heading(f"By {kind}, {TIMES[time]}")
    groups: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        groups[row["key"]][row["verdict_after"]] += row["transfers"]
    after = [verdict for verdict in (*VERDICTS, "out_of_scope") if any(verdict in group for group in groups.values())]
    shown = table(kind, "transfers", *(f"to {verdict.replace('_', ' ')}" for verdict in after), left=(kind,))
    ordered = sorted(groups.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    for name, group in ordered[:ROWS]:
        shown.add_row(
            printable(name),
            figure(sum(group.values()), "bold"),
            *(figure(group.get(verdict, 0), STYLES[verdict]) for verdict in after),
        )
    page.table(shown)
    _rest(ordered, page)


def _rest(rows: Sequence[Any], page: Page) -> None:
    if len(rows) > ROWS:
        page.say(f"and {number(len(rows) - ROWS)} more; --json lists them all", "dim")


def _weeks(rows: Iterable[Row], page: Page) -> None:
    """Draw how many transfers of each week change, by the verdict they get."""
    weeks: dict[date, dict[str, dict[str, int]]] = {}
    undated = 0
    for row in rows:
        if row["week"] is None:
            undated += row["transfers"] if row["time"] == "now" else 0
            continue
        by = weeks.setdefault(row["week"], {"now": defaultdict(int), "then": defaultdict(int)})
        by[row["time"]][row["verdict_after"]] += row["transfers"]
    if not weeks:
        return
    page.heading("By week, in the verdict they get")
    for time, words in TIMES.items():
        # A picture each, for a handful of changes then would vanish beside many changes now.
        part = {week: {"now": by[time], "then": by[time]} for week, by in weeks.items()}
        if not any(sum(by["now"].get(verdict, 0) for verdict in VERDICTS) for by in part.values()):
            continue
        line = Timeline(part, (), page.width - 2)
        page.say(f"{words}. {line.explained()}")
        page.lines(line.picture("now"))
        page.lines(line.scale())
    page.say(legend())
    if undated:
        page.say(f"{counted(undated, 'transfer')} of an unknown day.", "dim")


def _transfers(rows: Sequence[Row], page: Page) -> None:
    if not rows:
        return
    page.heading("Transfers that change")
    for row in rows:
        line = Text(printable(row["transfer_id"]), "bold")
        line.append(f"  {printable(row['occurred_at'] or 'no time')}", "not bold default")
        line.append(f"  {printable(row['source_file'])}, {printable(row['place'])}", "not bold dim")
        page.say(line, hang=4)
        for time in TIMES:
            before, after = row[f"{time}_before"], row[f"{time}_after"]
            if before != after:
                change = Text(f"{time:<5}")
                change.append_text(_verdict(before)).append(" -> ").append_text(_verdict(after))
                page.say(change, indent=6)
        for cause in row["causes"][:3]:
            page.say(shortened(cause, 200), "dim", indent=6, hang=2)


def draw_sweep(found: Sweep, console: Console) -> None:
    """Write each open point of the regime in force, with a bar for the transfers that hang on it."""
    page = Page(console)
    page.say("Which open question matters most", "bold", indent=0)
    page.blank()
    page.say(f"{printable(found.side.label)}; now is {_in_force(found.side)}", indent=0)
    page.say(
        "Each point that the order or the log leaves open is settled alone, both ways; the rest stays as it is.",
        indent=0,
    )
    parts = {because: [row for row in found.points if row["open_because"] == because] for because in _BECAUSE}
    # One scale for both tables, or their bars could not be compared.
    width = min(40, *(page.room(_points(rows, lambda _: ""), 110) for rows in parts.values()))
    largest = max((row["transfers"] for row in found.points), default=0)
    for because, rows in parts.items():
        page.heading(_BECAUSE[because])
        if not rows:
            page.say("Nothing is open.")
        if any(row["transfers"] for row in rows):
            page.table(_points(rows, lambda row: "█" * max(1, round(width * row["transfers"] / largest))))
        none = [_point(row) for row in rows if not row["transfers"]]
        if none:
            page.say(f"No transfer hangs on: {listed(none, 30)}.", "dim")
    page.blank()
    page.say(
        "The milder way permits it, or lets the order not reach the state or the purpose; the other way bars it, "
        "covers the state, or makes the purpose no difference. A reported regime is applied in place of the one in "
        "force. Verdicts now, failed attempts left out.",
        "dim",
        indent=0,
    )
    page.say(NOT_LEGAL_ADVICE, "dim", indent=0)


def _points(rows: Sequence[Row], bar: Callable[[Row], str]) -> Table:
    shown = table("open point", "transfers", "milder:\npass", "worse:\nbarred", "", left=("open point", ""))
    for row in rows:
        if row["transfers"]:
            shown.add_row(
                _point(row),
                figure(row["transfers"], "bold"),
                figure(row["milder_permitted"] + row["milder_outside"], STYLES["permitted"]),
                figure(row["worse_enjoined"], STYLES["enjoined"]),
                Text(bar(row), STYLES["review"]),
            )
    return shown


def _point(row: Row) -> str:
    kind = "reported regime" if row["kind"] == "regime" else row["kind"]
    return f"{kind} {printable(row['key'])}"
