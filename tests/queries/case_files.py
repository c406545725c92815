"""The cases of rules and sources: YAML files that a person reads at a glance.

Every case of a rule file has `name`, `kind` (hit, miss or boundary), `because`, `given` (a list of
canonical records, each laid over `plain.yml`) and `expect` (what the rule must return: `row`, the
1-based place of the record in `given`, 1 unless it says otherwise, and `evidence`). It may have
`as_of`, `since`, `zone` and `overlay` (policy file name -> text), and `register: true` where `given` is to be
written as a register, whose rows may have `occurred_until` and `event_count`; or `history: true` where it is the
text of a query each, to be written as a history of queries by a role of ICE.

A case of a rule about the logs themselves has in `given` the rows of the tables that the rule reads (a list as a
value stands for as many rows), and `expect`s `subject` and `evidence`.

Every case of a source file has `name`, `kind`, `because`, `text` (the log as it stands) and
`expect`: `transfers` (the columns that matter, by `record`) and `quarantine` (`record`, and words
of its `reason`); there may be `status`, `unknown_fields`, `blank_lines` and `unreadable` ('field:
raw value'). It may have `file` (the log's name), `encoding` and `zone`.

The YAML is read as the JSON schema of YAML 1.2, where `NO`, `06` and `2026-02-03` are texts: they
are a state, a state and a day.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
KINDS = ("hit", "miss", "boundary")
OPTIONS = {"as_of", "since", "zone", "overlay", "register", "history"}


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML whose bare words are texts, and whose keys are unique."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.constructor.ConstructorError(
                None, None, f"given twice: {', '.join(sorted(twice))}", node.start_mark
            )
        return super().construct_mapping(node, deep)


for _tag, _pattern, _first in (
    ("null", r"null|~|", ["n", "~", ""]),
    ("bool", r"true|false", ["t", "f"]),
    ("int", r"-?(0|[1-9][0-9]*)", list("-0123456789")),
    ("float", r"-?(0|[1-9][0-9]*)\.[0-9]+", list("-0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), _first)


@dataclass(frozen=True, eq=False)
class Case:
    """One named case of a rule or source."""

    of: str
    """The rule or source."""
    name: str
    kind: str
    because: str
    given: Any
    """Records (rule) or text (source)."""
    expect: Any
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The name pytest shows."""
        return f"{self.of}-{self.name}".replace(" ", "_")


def read_yaml(path: Path) -> Any:
    """Return what a YAML file holds; raises yaml.YAMLError, with the place, where it is none."""
    return yaml.load(path.read_bytes(), _Loader)


AS_OF = "2026-03-01"
"""The day as of which cases are judged."""

RECORDS_A_FILE = 2**36
"""What the key of a record has for each log."""

PLAIN: dict[str, Any] = read_yaml(FOLDER / "plain.yml")


@cache
def rule_cases() -> list[Case]:
    """Return the cases of every rule."""
    return [
        _case(path, entry, "given", OPTIONS)
        for path in sorted((FOLDER / "rules").glob("*.yml"))
        for entry in read_yaml(path)
    ]


@cache
def source_cases() -> list[Case]:
    """Return the cases of every source."""
    return [
        _case(path, entry, "text", {"file", "encoding", "zone", "format", "held_by"})
        for path in sorted((FOLDER / "sources").glob("*.yml"))
        for entry in read_yaml(path)
    ]


def check_kinds(cases: list[Case]) -> None:
    """Assert that whatever the cases are of has enough of each kind."""
    for name in {case.of for case in cases}:
        kinds = Counter(case.kind for case in cases if case.of == name)
        assert kinds["hit"] >= 2, name
        assert kinds["miss"] >= 2, name
        assert kinds["boundary"] >= 1, name
        assert set(kinds) <= set(KINDS)


def _case(path: Path, entry: dict[str, Any], given: str, options: set[str]) -> Case:
    """Return a case; raises ValueError where it lacks a key, has an unknown one or no such kind."""
    needed = {"name", "kind", "because", given, "expect"}
    wrong = (needed - entry.keys()) | (entry.keys() - needed - options)
    if wrong or entry["kind"] not in KINDS:
        raise ValueError(f"{path.name}: {entry.get('name')}: {sorted(wrong) or entry['kind']}")
    return Case(
        of=path.stem,
        name=entry["name"],
        kind=entry["kind"],
        because=entry["because"],
        given=entry[given],
        expect=entry["expect"],
        options={key: entry[key] for key in options & entry.keys()},
    )
