"""How restrictions travel between the tables of one query.

A predicate on one table restricts what is put out of another only over the columns they are joined
on, and over an outer join in one direction only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from auditscan.readers.sqltext.limits import FREE, Limits, certain, conjuncts, limits_of
from auditscan.readers.sqltext.model import NotFollowed
from auditscan.readers.sqltext.names import column_class, is_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditscan.readers.sqltext.relations import Scope

MAX_JOINED = 40
"""Tables of one SELECT. Each may be tied to every other, so that time grows with the third power."""

Link = tuple[int, int, str]
"""From relation, to relation, over which kind of equality."""

STATE, KEY, OTHER = "state", "key", "other"


@dataclass(slots=True)
class Restrictions:
    """What restricts each relation of one SELECT, in the order of its scope."""

    scope: Scope
    held: list[Limits] = field(default_factory=list)
    links: set[Link] = field(default_factory=set)
    """All of them, both ways: over these a condition in WHERE travels, which outer joins do not survive."""
    flows: set[Link] = field(default_factory=set)
    """Those that restrict whatever WHERE says: of an outer join, towards its optional side only."""

    def add(self, join: exp.Join | None = None) -> None:
        """Take in the relation just put into the scope, joined so. Raises NotFollowed for too many."""
        new = len(self.held)
        if new >= MAX_JOINED:
            raise NotFollowed(f"it joins more than {MAX_JOINED} tables")
        self.held.append(self.scope.relations[new].limits or FREE)
        if join is None:
            self._connect(self.scope.relations[new].through, new, KEY)
            return
        side, method = (join.side or "").upper(), (join.method or "").upper()
        on: list[exp.Expr] = list(conjuncts(join.args["on"])) if join.args.get("on") else []
        before = set(self.links)
        for part in on:
            self.link(part)
        for identifier in join.args.get("using") or []:
            self._connect(range(new), new, link_kind(identifier.name, identifier.name))
        if method == "NATURAL":
            self._connect(range(new), new, STATE)
            self._connect(range(new), new, KEY)
        self._connect(self.scope.relations[new].through, new, KEY)
        fresh = self.links - before
        trial = [held.meet(limit) for held, limit in zip(self.held, self._read(on), strict=True)]
        trial = self._spread(trial, self.flows | fresh)
        optional, required = self._reach(new, side, (join.kind or "").upper())
        for place in optional:
            self.held[place] = trial[place]
        self.flows |= {link for link in fresh if link[1] in optional and (required or link[0] not in optional)}

    def _reach(self, new: int, side: str, kind: str) -> tuple[range, bool]:
        """Which relations a join restricts, and whether rows on both of its sides must match."""
        if kind == "ANTI" or side == "FULL":
            return range(0), False
        if side == "LEFT" and kind != "SEMI":
            return range(new, new + 1), False
        return (range(new), False) if side == "RIGHT" else (range(new + 1), True)

    def _connect(self, places: Iterable[int], new: int, kind: str) -> None:
        self.links |= {link for place in places for link in ((place, new, kind), (new, place, kind))}

    def where(self, condition: exp.Expr) -> None:
        """Take in a condition on the rows put together."""
        parts = list(conjuncts(condition))
        limits = self._read(parts)
        for part in parts:
            linked = self.link(part)
            if linked or not_null(part) or not any(isinstance(node, exp.Null) for node in part.walk(prune=_is_query)):
                # What must equal something is there: an outer join of it is none.
                for place in linked or self._mentioned(part):
                    limits[place] = limits[place].meet(self.held[place])
        spread = self._spread(limits, self.links)
        self.held = [held.meet(limit) for held, limit in zip(self.held, spread, strict=True)]

    def beside(self, limits: Limits, links: Iterable[tuple[int, str]]) -> None:
        """Take in a query of which rows must have a match, as of `in (select ...)`."""
        for place, kind in links:
            carried = _carried(limits, kind, to_list=self.scope.relations[place].listed)
            if carried != FREE:
                spread: list[Limits] = [FREE] * len(self.held)
                spread[place] = carried
                self.held = [
                    held.meet(limit) for held, limit in zip(self.held, self._spread(spread, self.links), strict=True)
                ]

    def link(self, part: exp.Expr) -> set[int]:
        """Note the equality of columns of two relations; the places of both, or none."""
        if not isinstance(part, (exp.EQ, exp.NullSafeEQ)):
            return set()
        one, other = _column(part.this), _column(part.expression)
        if one is None or other is None:
            return set()
        left, right = self.places(one), self.places(other)
        if not left or not right or left & right:
            return set()
        kind = link_kind(one.name, other.name)
        for place in left:
            self._connect(right, place, kind)
        return left | right

    def places(self, column: exp.Column) -> set[int]:
        """The relations of this SELECT a column may belong to."""
        found = self.scope.here(column, aliased=False)
        return set(found[1]) if found else set()

    def _mentioned(self, part: exp.Expr) -> set[int]:
        columns = (node for node in part.walk(prune=_is_query) if isinstance(node, exp.Column) and node.table)
        return set().union(*(self.places(column) for column in columns))

    def _read(self, parts: list[exp.Expr]) -> list[Limits]:
        limits: list[Limits] = [FREE] * len(self.held)
        for part in parts:
            for place, limit in limits_of(part, self.scope.classify).items():
                if place < len(limits):
                    limits[place] = limits[place].meet(limit)
        return limits

    def _spread(self, limits: list[Limits], over: set[Link]) -> list[Limits]:
        """The restrictions carried over all links, as far as they reach."""
        if all(limit == FREE for limit in limits):
            return limits
        links = sorted(over)
        for _ in limits:
            before = list(limits)
            for source, target, kind in links:
                listed = self.scope.relations[target].listed
                limits[target] = limits[target].meet(_carried(limits[source], kind, to_list=listed))
            if limits == before:
                break
        return limits


def _carried(limits: Limits, kind: str, *, to_list: bool) -> Limits:
    """What a restriction of one table says of another joined to it."""
    if kind == STATE:
        return Limits(states=limits.states)
    if kind == KEY or to_list:
        return Limits(certain(limits.states), limits.people, certain(limits.chip))
    return FREE


def link_kind(one: str, other: str) -> str:
    """What an equality between columns of these names says: the same state, the same person, or neither."""
    if "state" in (column_class(one), column_class(other)):
        return STATE
    return KEY if is_key(one) or is_key(other) else OTHER


def _column(side: exp.Expr) -> exp.Column | None:
    while isinstance(side, (exp.Paren, exp.Cast, exp.Trim, exp.Upper, exp.Lower)):
        side = side.this
    return side if isinstance(side, exp.Column) else None


def not_null(part: exp.Expr) -> exp.Column | None:
    """The column of a condition `column is not null`."""
    inner = part.this.unnest() if isinstance(part, exp.Not) else None
    null = isinstance(inner, exp.Is) and isinstance(inner.expression, exp.Null)
    return inner.this if null and inner is not None and isinstance(inner.this, exp.Column) else None


def _is_query(node: exp.Expr) -> bool:
    return isinstance(node, exp.Query)
