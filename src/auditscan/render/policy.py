"""The policy on a page: the regime in force in full, the others in short."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from auditscan.policy.describe import KINDS, implied_by, is_overlaid, meanings, parties, regimes, settings
from auditscan.policy.words import VERDICTS
from auditscan.render.page import Page
from auditscan.render.style import MEANINGS, STYLES, SURE
from auditscan.text import counted, long_day, printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from rich.console import Console

    from auditscan.policy import Policy
    from auditscan.policy.describe import Regime, State

_KIND_TITLES = {"category": "data", "population": "people", "program": "programs"}
_NOUNS = {"category": "category", "population": "people", "program": "program"}
_LABEL = 15  # cells of the labels before facts
_WORDS = 6  # words of a log shown of each category, population and program at most


def draw(policy: Policy, day: date, console: Console) -> None:
    """Write the law of a day on the console, at its width."""
    page = Page(console)
    found = regimes(policy)
    current = [regime for regime in found if regime.in_force(day)]
    page.say(f"The law on {long_day(day)}, as the policy tables have it", "bold", indent=0)
    page.say(printable(settings(policy)["caption"]), indent=0)
    page.blank()
    if current:
        page.say(f"In force: {_named(current[0])}.", indent=0)
    else:
        page.say("No regime is in force on that day: every verdict is `outside`.", indent=0)
    for regime in found:
        if regime.not_applied(day):
            page.say(
                f"Reported, not applied: {_named(regime)} ({_sure(regime.evidence)}). "
                "`auditscan policy sweep` tells how many verdicts it would move.",
                indent=0,
            )
    for note in policy.overlays:
        page.say(f"Laid over: {printable(note.name)} ({counted(len(note.changes), 'change')}).", indent=0)
    for regime in current:
        _full(regime, policy, page)
    others = [regime for regime in found if regime not in current]
    if others:
        page.heading("Other regimes")
    for regime in others:
        _short(regime, page)
    _implied(policy, page)
    _parties(policy, page)
    _last_words(policy, page)


def draw_regime(policy: Policy, regime: Regime, console: Console) -> None:
    """Write one regime in full."""
    page = Page(console)
    _full(regime, policy, page)
    _implied(policy, page)
    _last_words(policy, page)


def days_of(regime: Regime) -> str:
    """Return from when to when a regime holds, in words."""
    if regime.first_day is None:
        return "no day is known"
    if regime.last_day is None or regime.last_day.year == 9999:
        return f"from {long_day(regime.first_day)}, no end known"
    return f"from {long_day(regime.first_day)} through {long_day(regime.last_day)}"


def _named(regime: Regime) -> str:
    return f"{printable(regime.regime_id)}, {printable(regime.title)}"


def _full(regime: Regime, policy: Policy, page: Page) -> None:
    page.heading(f"{printable(regime.regime_id)}: {printable(regime.title)}")
    days = days_of(regime)
    if regime.ordered is not None:
        days += f"; ordered {long_day(regime.ordered)}"
    _fact(page, "days", days if regime.enabled else f"switched off; {days}")
    _fact(page, "citation", printable(regime.citation))
    _fact(page, "how sure", _sure(regime.evidence))
    if is_overlaid(regime.origin):
        _fact(page, "changed by", printable(regime.origin))
    if not regime.reaches_somebody:
        _fact(page, "reaches", "nobody: every verdict under it is `outside`")
        return
    _fact(page, "covered", _states(regime.covered))
    _fact(page, "unsettled", _states(regime.unsettled))
    cap = regime.other_purpose
    _fact(page, "other purpose", f"the content counts as `{cap}`" if cap else "makes no difference")
    words = meanings(policy)
    for kind in KINDS:
        _severities(regime, kind, words, page)
    _open_questions(regime, words, page)


def _severities(regime: Regime, kind: str, words: Mapping[tuple[str, str], Sequence[str]], page: Page) -> None:
    """Write what is settled of one kind, worst first."""
    for severity in VERDICTS:
        lines = _lines(regime, kind, severity, words)
        if severity != "review" and lines:
            page.blank()
            page.say(_title(_KIND_TITLES[kind], severity))
            _entries(lines, page)


def _open_questions(regime: Regime, words: Mapping[tuple[str, str], Sequence[str]], page: Page) -> None:
    page.blank()
    found = {kind: _lines(regime, kind, "review", words) for kind in KINDS}
    if not any(found.values()) and not regime.unsettled:
        page.say("Open questions: none.")
        return
    page.say(_title("Open questions", "review"))
    if regime.unsettled:
        page.say("states", indent=4)
        lines = [
            (entry.state, _joined(printable(entry.note or ""), _certainty(entry.certainty)))
            for entry in regime.unsettled
        ]
        _entries(lines, page, indent=6)
    for kind, lines in found.items():
        if lines:
            page.say(_KIND_TITLES[kind], indent=4)
            _entries(lines, page, indent=6)


def _title(what: str, severity: str) -> Text:
    return Text.assemble((f"{what}, ", "bold"), (severity, STYLES[severity]), (f": {MEANINGS[severity]}", "dim"))


def _lines(
    regime: Regime,
    kind: str,
    severity: str,
    words: Mapping[tuple[str, str], Sequence[str]],
) -> list[tuple[str, str]]:
    """Return key and meaning of everything of one kind and severity."""
    found = []
    for entry in regime.severities:
        if (entry.kind, entry.severity) == (kind, severity):
            said = _joined(_meaning(words.get((kind, entry.key), ()), entry.key), _certainty(entry.certainty))
            if is_overlaid(entry.origin):
                said = f"{said} [{printable(entry.origin)}]".lstrip()
            found.append((printable(entry.key), said))
    if regime.defaults[kind] == severity:
        listed = {entry.key for entry in regime.severities if entry.kind == kind}
        if listed:
            others = sorted(key for of_kind, key in words if of_kind == kind and key not in listed)
            said = _joined(", ".join(map(printable, others)), _certainty(regime.default_certainties[kind]))
            found.append((f"any other {_NOUNS[kind]}", said))
        else:
            found.append(
                (f"every {_NOUNS[kind]}".replace("every people", "everybody"), "which makes no difference here")
            )
    return found


def _certainty(certainty: str | None) -> str:
    """Return how sure a line is where that differs from its regime."""
    return f"how sure: {certainty}" if certainty else ""


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _meaning(words: Sequence[str], key: str) -> str:
    """Return the shortest words for something, and how many more there are."""
    if key in ("unknown", "unclassified"):
        return f"a word that no table knows, or none logged{''.join(f', {printable(word)}' for word in words)}"
    shown = ", ".join(printable(word) for word in words[:_WORDS])
    more = len(words) - _WORDS
    return f"{shown} and {more:,} more" if more > 0 else shown


def _entries(lines: Sequence[tuple[str, str]], page: Page, indent: int = 4) -> None:
    pad = min(max(len(key) for key, _ in lines), 26) + 2
    for key, meaning in lines:
        page.say(Text.assemble(f"{key:<{pad - 2}}  ", (meaning, "dim")), indent=indent, hang=pad)


def _short(regime: Regime, page: Page) -> None:
    line = Text.assemble((printable(regime.regime_id), "bold"), f"  {printable(regime.title)}")
    page.say(line, hang=4)
    days = days_of(regime) if regime.enabled else f"switched off; {days_of(regime)}"
    reach = "reaches nobody"
    if regime.reaches_somebody:
        reach = f"{counted(len(regime.covered), 'state')} covered, {len(regime.unsettled)} unsettled"
    page.say(f"{days}; {reach}; {_sure(regime.evidence)}", indent=6)
    if is_overlaid(regime.origin):
        page.say(f"changed by {printable(regime.origin)}", "dim", indent=6)


def _implied(policy: Policy, page: Page) -> None:
    found = implied_by(policy)
    if not found:
        return
    page.heading("Categories that say nothing new beside others")
    page.say("Each counts as permitted where one of those beside it is permitted and disclosed too.")
    origins = {row[0]: str(row[-1]) for row in policy.tables["policy_implied_by"]}
    lines = []
    for category, others in found.items():
        said = " or ".join(printable(other) for other in others)
        if is_overlaid(origins[category]):
            said += f" [{printable(origins[category])}]"
        lines.append((printable(category), said))
    _entries(lines, page)


def _parties(policy: Policy, page: Page) -> None:
    """Write what is looked up where a log names no agency, by kind and agency."""
    page.heading("What stands in a log instead of an agency")
    page.say("Looked up in this order where agencies.csv knows no word; a token is one word of a longer name.")
    lines = []
    for kind, rows in parties(policy).items():
        agencies = []
        for agency, group in groupby(rows, key=lambda row: row["agency"]):
            values = [
                printable(row["value"]) + (f" [{printable(row['origin'])}]" if is_overlaid(row["origin"]) else "")
                for row in group
            ]
            agencies.append(f"{printable(agency)}: {', '.join(values)}")
        lines.append((kind.replace("_", " "), "; ".join(agencies) or "none"))
    _entries(lines, page)


def _last_words(policy: Policy, page: Page) -> None:
    page.blank()
    page.say(f"policy {policy.sha256}", "dim", indent=0)
    page.say(printable(settings(policy)["no_order_read"]), indent=0)
    page.say("Outside an order is not the same as lawful. Not legal advice.", "dim", indent=0)


def _states(states: Sequence[State]) -> str:
    """Return a list of states; what overlays put there, with its line."""
    if not states:
        return "none"
    shipped = [entry.state for entry in states if not is_overlaid(entry.origin)]
    laid: dict[str, list[str]] = {}
    for entry in states:
        if is_overlaid(entry.origin):
            laid.setdefault(entry.origin, []).append(entry.state)
    parts = [", ".join(shipped)] if shipped else []
    parts += [f"{', '.join(names)} [{printable(origin)}]" for origin, names in laid.items()]
    return f"{counted(len(states), 'state')}: {'; '.join(parts)}"


def _sure(evidence: str) -> str:
    return f"{evidence}, {SURE.get(evidence, 'not known how sure')}"


def _fact(page: Page, label: str, text: str) -> None:
    page.say(Text.assemble((f"{label:<{_LABEL}}", "dim"), text), hang=_LABEL)
