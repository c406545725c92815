"""The SQL of a query file: what can be told of it without running it.

Words are looked for, no grammar: whoever writes a query is helped to say what it needs, not kept from deceiving
himself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from auditscan.library.header import Fault
from auditscan.library.parameters import SELECTION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditscan.library.parameters import Parameter


def is_empty(sql: str) -> bool:
    """Whether there is nothing to run: comments and semicolons only."""
    return not _without_comments(sql).strip(" \t\r\n;")


def check_body(kind: str, sql: str, params: Mapping[str, Parameter], *, selection: bool) -> list[Fault]:
    """Return what is wrong with the SQL of a rule or report under a header without faults.

    `params` are those of the header; `selection` says whether it names a selection. Queries of other kinds read
    what the engine sets for them.
    """
    code = _without_comments(sql)
    if kind == "rule":
        return _variable_faults(code, params) + _rule_faults(code)
    if kind == "report":
        return _variable_faults(code, params) + _selection_faults(code, selection=selection)
    return []


def _without_comments(sql: str) -> str:
    """Return SQL with its comments blanked, strings left alone."""
    tokens = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)
    return tokens.sub(lambda match: match[0] if match[0][0] in "'\"" else " ", sql)


_SELECTS = re.compile(
    r"\b(selected_(?:tallies|week_tallies|disclosures|verdicts)|(?:is_)?(?:day|verdict|disclosure|records)_asked_for)\b"
)
"""The views and macros of the schema that read the variables of a selection."""


def _variable_faults(code: str, params: Mapping[str, Parameter]) -> list[Fault]:
    """Return a fault for each variable that SQL and header do not agree about.

    A variable that no header declares is null for everybody who does not know of it.
    """
    declared = {name: parameter for name, parameter in params.items() if name not in SELECTION}
    faults = []
    for name, parameter in declared.items():
        if not re.search(rf"getvariable\s*\(\s*'{name}'\s*\)", code, re.IGNORECASE):
            faults.append(
                Fault(1, f"the SQL does not use the parameter `{name}`; it reads it as {parameter.written()}")
            )
        elif not parameter.read_in(code):
            message = f"the SQL must read `{name}` as {parameter.written()}, wherever it does: unset, it is null"
            faults.append(Fault(1, message))
    read = set(re.findall(r"getvariable\s*\(\s*'([^']*)'", code, re.IGNORECASE))
    faults += [
        Fault(1, f"the SQL reads the variable `{name}`, which the header does not declare; add [params.{name}]")
        for name in sorted(read - set(params))
    ]
    return faults


def _selection_faults(code: str, *, selection: bool) -> list[Fault]:
    """Return a fault where a report reads selected transfers and does not say so, or says so and does not."""
    selects = _SELECTS.search(code)
    if selects and not selection:
        return [Fault(1, f"the SQL reads `{selects[0]}`; the header must say `selection = true`")]
    if selection and not selects:
        return [Fault(1, "the header says `selection = true`, and the SQL reads no view of selected transfers")]
    return []


_MADE_OF_RULES = re.compile(
    r"\b(findings|answers|answer_rows|answers_wide|reasons|met_rules|event_bits|disclosure_bits|rule_\w+)\b"
)
"""Views of the schema that hold what the rules found."""


def _rule_faults(code: str) -> list[Fault]:
    """Return a fault for what a rule reads that is made of rules, or changes with what somebody selects."""
    words = re.sub(r"'(?:[^']|'')*'", "''", code)
    faults = []
    if circle := _MADE_OF_RULES.search(words):
        message = f"the SQL names `{circle[0]}`, which is made of what rules find: a rule would wait for itself"
        faults.append(Fault(1, message))
    if selects := _SELECTS.search(words):
        message = f"the SQL names `{selects[0]}`: what a rule finds must not depend on what somebody selects"
        faults.append(Fault(1, message))
    return faults
