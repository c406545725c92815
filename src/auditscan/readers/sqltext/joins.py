"""How restrictions travel between the tables of one query.

A predicate on one table restricts what is put out of another only over the columns they are joined
on, and over an outer join in one direction only. Which columns carry what is told by `links`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from auditscan.readers.sqltext.constants import bare_column
from auditscan.readers.sqltext.limits import FREE, OPAQUE, Limits, conjuncts, is_hidden, limits_of
from auditscan.readers.sqltext.links import BATCH, FAMILY, KEY, PERSON, SAME, STATE, ask_by_name, carried, link_kind
from auditscan.readers.sqltext.model import NotFollowed
from auditscan.readers.sqltext.names import STATE_CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from auditscan.readers.sqltext.relations import Relation, Scope

MAX_JOINED = 40
"""Tables of one SELECT. Each may be tied to every other, so that time grows with the third power."""

Link = tuple[int, int, str]
"""From relation, to relation, over which kind of equality."""
Pair = tuple[int, int]
PEOPLE = "people"
_OVER = {"people or more": (STATE, SAME, PERSON, KEY, FAMILY, BATCH)}


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
        relation = self.scope.relations[new]
        self.held.append(relation.limits or (OPAQUE if relation.listed else FREE))
        if join is None:
            self._connect(relation.through, new, SAME)
            self._correlate(relation, new)
            return
        side, method = (join.side or "").upper(), (join.method or "").upper()
        on: list[exp.Expr] = list(conjuncts(join.args["on"])) if join.args.get("on") else []
        before = set(self.links)
        self.link(on)
        for identifier in join.args.get("using") or []:
            column = exp.column(identifier.name)
            for place in range(new):
                names = [self.scope.told_by(column, at) for at in (place, new)]
                self._connect([place], new, link_kind(*names))
        if method == "NATURAL":
            for place in range(new):
                for kind in (STATE, PERSON):
                    if self._may_have(place, kind) and self._may_have(new, kind):
                        self._connect([place], new, kind)
        self._connect(relation.through, new, SAME)
        self._correlate(relation, new)
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

    def _may_have(self, place: int, kind: str) -> bool:
        """Whether a relation has a column over which a natural join ties by that kind of equality."""
        relation = self.scope.relations[place]
        columns = {link_kind(item.plain, item.plain) for _, item in relation.columns if item.plain is not None}
        return kind in columns or (relation.national and bool(relation.open))

    def _correlate(self, relation: Relation, new: int) -> None:
        """A query in FROM that looks at the tables before it is tied to them like by a join."""
        for column, kind, whole in relation.outward:
            if whole:
                self._connect(self.places(column) - {new}, new, kind)

    def where(self, condition: exp.Expr) -> None:
        """Take in a condition on the rows put together."""
        parts = list(conjuncts(condition))
        linked = self.link(parts)
        limits = self._read(parts)
        for part in parts:
            tied = linked.get(id(part), set())
            if tied or not_null(part) or not any(isinstance(node, exp.Null) for node in part.walk(prune=_is_query)):
                # What must equal something is there: an outer join of it is none.
                for place in tied or self._mentioned(part):
                    limits[place] = limits[place].meet(self.held[place])
        spread = self._spread(limits, self.links)
        self.held = [held.meet(limit) for held, limit in zip(self.held, spread, strict=True)]

    def beside(self, inner: Relation, links: Sequence[tuple[exp.Column, str]]) -> None:
        """Take in a query of which rows must have a match, as of `in (select ...)`."""
        limits = inner.limits or (OPAQUE if inner.listed else FREE)
        kinds: dict[int, set[str]] = {}
        for column, kind in links:
            for place in self.places(column):
                kinds.setdefault(place, set()).add(kind)
        spread: list[Limits] = [FREE] * len(self.held)
        for place, found in kinds.items():
            for kind in found | ({PERSON} if ask_by_name(found) else set()):
                spread[place] = spread[place].meet(carried(limits, kind, inner, self.scope.relations[place]))
        self.held = [held.meet(limit) for held, limit in zip(self.held, self._spread(spread, self.links), strict=True)]

    def from_outside(self, inner: Relation) -> Limits:
        """What restricts a query among what is put out, whose rows must match those of this one."""
        limits = inner.limits or FREE
        for column, kind, whole in inner.outward:
            for place in self.places(column) if whole else ():
                limits = limits.meet(carried(self.held[place], kind, self.scope.relations[place], inner))
        return limits

    def chosen(self) -> tuple[set[int], set[int]]:
        """The relations whose data are put out, and all that hold data."""
        relations, touched = self.scope.relations, self.scope.touched
        data = {p for p, relation in enumerate(relations) if relation.limits is not None and not relation.hidden}
        found = set(self.scope.reached(touched)) & data if touched else data
        return found or data, data

    def parted(self, chosen: AbstractSet[int]) -> frozenset[str]:
        """For which kinds of conditions a part of what is put out is not restricted by what restricts another."""
        relations = self.scope.relations
        held = frozenset(place for place in chosen if not relations[place].aside)
        found = frozenset[str]().union(*(relations[place].parted for place in held))
        return found | {kind for kind in (STATE, PEOPLE) if len(held) > 1 and not self._tied(held, kind)}

    def outward(self, pairs: Sequence[tuple[exp.Column, exp.Column]]) -> tuple[tuple[exp.Column, str, bool], ...]:
        """Equalities with columns of the queries around, of which kind, and whether they reach all that is put out."""
        chosen, _ = self.chosen() if pairs else (set(), set())
        found = []
        for side, other in pairs:
            around = next((scope for scope in self.scope.outer if scope.here(side)), self.scope)
            kind = link_kind(around.told_by(side), self.scope.told_by(other))
            reached = frozenset(self.places(other) | chosen)
            found.append((side, kind, len(reached) < 2 or self._tied(reached, STATE if kind == STATE else PEOPLE)))
        return tuple(found)

    def link(self, parts: Sequence[exp.Expr]) -> dict[int, set[int]]:
        """Note the equalities of columns of two relations; the places tied by each of the conditions."""
        tied: dict[int, set[int]] = {}
        pairs: dict[Pair, set[str]] = {}
        for part in parts:
            found = self._pairs([part])
            if found:
                tied[id(part)] = {place for pair in found for place in pair}
            for pair, kinds in found.items():
                pairs.setdefault(pair, set()).update(kinds)
        for (one, other), kinds in pairs.items():
            for kind in kinds | ({PERSON} if ask_by_name(kinds) else set()):
                self._connect([one], other, kind)
        return tied

    def _pairs(self, parts: Sequence[exp.Expr]) -> dict[Pair, set[str]]:
        """Which relations some conditions tie that must all hold, and by which kinds of equality."""
        found: dict[Pair, set[str]] = {}
        for part in parts:
            if isinstance(part, exp.Or):
                ways = [self._pairs(list(conjuncts(way))) for way in part.flatten()]
                for pair in set(ways[0]).intersection(*ways[1:]):
                    kinds = [way[pair] | ({PERSON} if ask_by_name(way[pair]) else set()) for way in ways]
                    if common := set.intersection(*kinds):
                        found.setdefault(pair, set()).update(common)
            elif isinstance(part, (exp.EQ, exp.NullSafeEQ)):
                one, other = bare_column(part.this), bare_column(part.expression)
                left, right = (self.places(one) if one else set(), self.places(other) if other else set())
                if one is not None and other is not None and not left & right:
                    kind = link_kind(self.scope.told_by(one), self.scope.told_by(other))
                    for pair in ((a, b) for a in left for b in right):
                        found.setdefault((min(pair), max(pair)), set()).add(kind)
        return found

    def places(self, column: exp.Column) -> set[int]:
        """The relations of this SELECT a column may belong to."""
        found = self.scope.here(column, aliased=False)
        return set(found[1]) if found else set()

    def _mentioned(self, part: exp.Expr) -> set[int]:
        columns = (node for node in part.walk(prune=_is_query) if isinstance(node, exp.Column) and node.table)
        return set().union(*(self.places(column) for column in columns))

    def _read(self, parts: list[exp.Expr]) -> list[Limits]:
        limits: list[Limits] = [FREE] * len(self.held)
        for place, limit in limits_of(parts, self.scope.classify, self._tied).items():
            if place < len(limits):
                limits[place] = limit
        if any(is_hidden(part) for part in parts):
            return [limit.meet(OPAQUE) for limit in limits]
        return limits

    def _tied(self, places: frozenset[int], kind: str) -> bool:
        over = _OVER.get(kind, (STATE, SAME) if kind in STATE_CLASSES else (PERSON, SAME))
        reached, pending = set(), [min(places)]
        while pending:
            place = pending.pop()
            if place not in reached:
                reached.add(place)
                pending += [target for source, target, how in self.links if source == place and how in over]
        return places <= reached

    def _spread(self, limits: list[Limits], over: set[Link]) -> list[Limits]:
        """The restrictions carried over all links, as far as they reach."""
        if all(limit == FREE for limit in limits):
            return limits
        links = sorted(over)
        relations = self.scope.relations
        for _ in limits:
            before = list(limits)
            for source, target, kind in links:
                told = carried(limits[source], kind, relations[source], relations[target])
                limits[target] = limits[target].meet(told)
            if limits == before:
                break
        return limits


def not_null(part: exp.Expr) -> exp.Column | None:
    """The column of a condition `column is not null`."""
    inner = part.this.unnest() if isinstance(part, exp.Not) else None
    null = isinstance(inner, exp.Is) and isinstance(inner.expression, exp.Null)
    return inner.this if null and inner is not None and isinstance(inner.this, exp.Column) else None


def _is_query(node: exp.Expr) -> bool:
    return isinstance(node, exp.Query)
