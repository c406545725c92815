"""One transfer as a tree: what was logged, each verdict, and the lines that decided it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from rich.text import Text
from rich.tree import Tree

from auditscan.render.style import STYLES, SURE, listed, number, short_day, shortened, suppression
from auditscan.render.traces import BASES, add_traces
from auditscan.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditscan.questions.explanation import Explanation, Judged, LogFinding, Part, Regime, State
    from auditscan.render.page import Page

LOG_FINDINGS = 5
"""How many findings about its log a transfer is shown with: the report has them all."""

_HEADINGS = {"category": "data", "population": "people", "program": "programs"}
_STATES = {
    "covered": "covered",
    "unsettled": "unsettled whether covered",
    "unknown": "which state is not known",
    "not covered": "not covered",
}


def draw(explanations: Sequence[Explanation], page: Page) -> None:
    """Write one tree a record on a page."""
    for place, explanation in enumerate(explanations):
        if place:
            page.blank()
        page.tree(_tree(explanation))
    if len(explanations) > 1:
        page.blank()
        page.say(f"{len(explanations)} records have this id and do not say the same: each is judged.", indent=0)
    page.blank()
    page.say(
        "Outside an order is not the same as lawful: other law is not decided here. Not legal advice.",
        "dim",
        indent=0,
    )


def _tree(explanation: Explanation) -> Tree:
    record = explanation.record
    tree = Tree(Text(printable(record["transfer_id"]), style="bold"), guide_style="dim")
    for line in _logged(explanation):
        tree.add(line)
    add_traces(tree, explanation.traces)
    if explanation.now == explanation.then:
        _add_time(tree, f"now, as of {explanation.as_of}, and then", explanation.now, explanation)
    else:
        _add_time(tree, f"now, as of {explanation.as_of}", explanation.now, explanation)
        then = f"then, on {record['court_day']}" if record["court_day"] else "then"
        _add_time(tree, then, explanation.then, explanation)
    findings = tree.add(_label("rules that it meets", counted(len(explanation.findings), "rule")))
    above = {
        judged.regime.citation
        for judged in (explanation.now, explanation.then)
        if judged.regime is not None and judged.verdict != "out_of_scope"
    }
    for finding in explanation.findings:
        text = Text.assemble(
            (f"{finding.severity} ", STYLES.get(finding.severity, "")),
            (finding.rule, "bold"),
            f": {shortened(finding.evidence)}{suppression(finding.suppressed_until, finding.suppressed_by)}",
        )
        cited = "cited above" if finding.citation in above else printable(finding.citation)
        text.append(f"\n{cited} ({finding.certainty})", "dim")
        findings.add(text)
    if explanation.log_findings:
        _add_log(tree, explanation.log_findings)
    return tree


def _add_log(tree: Tree, found: Sequence[LogFinding]) -> None:
    branch = tree.add(Text("what rules found about its log:", "dim"))
    for finding in found[:LOG_FINDINGS]:
        branch.add(
            Text.assemble(
                (f"{finding.severity} ", STYLES.get(finding.severity, "")),
                (finding.rule, "bold"),
                f": {shortened(finding.evidence)}{suppression(finding.suppressed_until, finding.suppressed_by)}",
                (f"\n{shortened(finding.subject, 120)}", "dim"),
            )
        )
    if len(found) > LOG_FINDINGS:
        branch.add(Text(f"and {number(len(found) - LOG_FINDINGS)} more", "dim"))


def _logged(explanation: Explanation) -> list[Text]:
    record = explanation.record
    when = record["occurred_at"] or "not known"
    if record["court_day"] and len(when) > len("2026-01-06"):
        when += f", {short_day(date.fromisoformat(record['court_day']))} in California"
    lines = [_label("when", when), _label("from", _party(record, "sender")), _label("to", _party(record, "recipient"))]
    lines.append(
        _label("elements", f"{listed(record['elements'] or ['none logged'])} ({BASES[record['element_basis']]})")
    )
    count = record["record_count"]
    lines.append(_label("records", "not known" if count is None else number(count)))
    named = ("outcome", "action", "system", "actor", "authority")
    lines += [_label(name, shortened(record[name])) for name in named if record[name]]
    purpose = {
        "presumed": "no known purpose: immigration enforcement is presumed",
        "immigration_enforcement": "immigration enforcement",
        "other": "other than immigration enforcement",
        "unrecognized": "a word that no table knows: it clears nothing",
    }[record["purpose_kind"]]
    logged = shortened(record["purpose"]) if record["purpose"] else "nothing logged"
    lines.append(_label("purpose", f"{logged} ({purpose})"))
    lines.append(_label("logged in", printable(f"{record['source_file']}, {record['place']}")))
    if explanation.repeats:
        lines.append(_label("and again in", listed(explanation.repeats)))
    flags = [
        words
        for flag, words in (
            ("flag_category", "content barred now, whatever the state"),
            ("flag_state", "a state covered now, whatever the content"),
        )
        if record[flag]
    ]
    lines.append(_label("flags", "; ".join(flags) or "none"))
    return lines


def _party(record: dict[str, object], side: str) -> str:
    logged = shortened(str(record[side])) if record[side] else "nothing logged"
    agency = record[f"{side}_agency"]
    if agency is None:
        return f"{logged} (an agency that no table knows)"
    where = f"the data lay in {logged}" if side == "sender" and record["sender_is_place"] else f"the log says {logged}"
    if record[f"{side}_basis"] == "deduced":
        said = "the log names none" if record["held_by"] == record["sender"] else where
        return f"{agency} (deduced: --held-by; {said})"
    if side == "sender" and record["sender_is_place"]:
        return f"{agency}: {where}"
    inferred = " (inferred from words of the name)" if record[f"{side}_basis"] == "inferred" else ""
    return str(agency) if agency == logged else f"{agency}, logged as {logged}{inferred}"


def _label(name: str, text: str) -> Text:
    return Text.assemble((f"{name}: ", "dim"), text)


def _add_time(tree: Tree, name: str, judged: Judged, explanation: Explanation) -> None:
    head = Text.assemble((f"{name}: ", "bold"), (judged.verdict.replace("_", " "), STYLES[judged.verdict]))
    if judged.because:
        head.append(f", because {judged.because}")
    branch = tree.add(head)
    if judged.regime is None or judged.verdict == "out_of_scope":
        return
    _add_regime(branch, judged.regime, explanation)
    if judged.permitted_if:
        ways = branch.add(Text("what it would take to be permitted", style="bold"))
        for way in judged.permitted_if:
            ways.add(Text(printable(way)))


def _add_regime(branch: Tree, regime: Regime, explanation: Explanation) -> None:
    days = f"from {regime.first_day}" + (f" to {regime.last_day}" if regime.last_day else "")
    text = Text.assemble((f"{regime.regime_id} {printable(regime.title)}", "bold"), f", {days}")
    text.append(f"\n{printable(regime.citation)}")
    sure = SURE.get(regime.evidence, "")
    text.append(f"\nhow sure: {regime.evidence}, {sure}; {printable(regime.origin)}", "dim")
    branch.add(text)
    if not regime.reaches_somebody:
        branch.add(Text("it covers no state: everything is outside"))
        return
    for kind, heading in _HEADINGS.items():
        parts = branch.add(Text(heading))
        for part in regime.parts:
            if part.kind == kind:
                parts.add(_part(part, regime, explanation))
    branch.add(_content(regime, str(explanation.record["purpose_kind"])))
    states = branch.add(Text("states"))
    for text in _states(regime.states):
        states.add(text)


def _part(part: Part, regime: Regime, explanation: Explanation) -> Text:
    text = Text.assemble((part.severity, STYLES[part.severity]), " ", (part.key, "bold"))
    if part.items and part.items != [part.key]:
        text.append(f": {listed(part.items)}")
    if part.deduced:
        text.append(f" (deduced: {listed(part.deduced, 3)})")
    elif not part.items:
        text.append(" (nothing logged)")
    why = f"{regime.regime_id} names it" if part.listed else f"{regime.regime_id}'s default"
    if part.implied_by:
        why = f"says nothing new beside {part.implied_by}, which is permitted"
    kind = "element" if part.kind == "category" else part.kind
    rows = sorted(
        {word.origin for word in explanation.words if word.kind == kind and word.word in part.items} - {None},
        key=str,
    )
    text.append(f"\n{why}, {printable(part.origin)}", "dim")
    if rows:
        text.append(f"; read by {listed([str(row) for row in rows], 4)}", "dim")
    return text


def _content(regime: Regime, purpose_kind: str) -> Text:
    text = Text.assemble("content: ", (regime.content, STYLES[regime.content]))
    if regime.content != regime.content_before_purpose:
        text.append(
            f", not {regime.content_before_purpose}: under {regime.regime_id} another purpose than "
            f"immigration enforcement makes it {regime.other_purpose} at most"
        )
    elif purpose_kind == "presumed":
        text.append(", the worst of these; purpose presumed")
    else:
        text.append(", the worst of these")
    return text


def _states(states: Sequence[State]) -> list[Text]:
    """One line for all states that fare alike: fifty lines for a whole country help nobody."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for state in states:
        groups.setdefault((state.severity, state.status, state.origin), []).append(state.state)
    lines = []
    for (severity, status, origin), names in groups.items():
        text = Text.assemble((severity, STYLES[severity]), " ", (", ".join(names), "bold"))
        text.append(f": {_STATES[status]}")
        text.append(f", {printable(origin)}", "dim")
        lines.append(text)
    return lines
