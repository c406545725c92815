"""A user's own rows and keys laid over the base, with a note of every change made."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from auditscan.policy import parties
from auditscan.policy.csvfiles import SHAPES, Rows
from auditscan.policy.overlay import Change
from auditscan.policy.regimefile import REGIME_OVERLAY, STATE_LISTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditscan.policy.problems import Problems, Where
    from auditscan.policy.regimefile import Block, Document, Leaf

STATE_CHANGES = tuple(name for name in REGIME_OVERLAY if name != "like")
CONTRADICTIONS = (
    ("add_states", "add_states_unsettled"),
    ("add_states", "remove_states"),
    ("add_states_unsettled", "remove_states_unsettled"),
)
_BRIEF = 40  # characters of a value that a note repeats


def _change(where: Where, what: str) -> Change:
    return Change(where.source.name, where.line, what)


def overlay_rows(name: str, base: Rows, extra: Rows, problems: Problems) -> list[Change]:
    """Put the rows of an overlay's CSV file into `base`, or take them away, and return what changed.

    A row to be taken away that is not there goes to `problems`.
    """
    shape = SHAPES[name]
    known = {row[shape.target[0]] for row in base.values()} if shape.target else set()
    changes = []
    for key, laid in extra.items():
        row = laid
        word = repr(" ".join(row[column] for column in shape.key))
        stands_for = ", ".join(cell for cell in row.target(shape) if cell)
        old = base.get(key)
        if name == parties.FILE and row["agency"] == parties.NOBODY:
            if base.pop(key, None) is None:
                problems.add(row.where, f"there is no {word} to take away", "correct it or delete the row")
            else:
                changes.append(_change(row.where, f"takes {word} away"))
            continue
        if old is not None and shape.keeps_rest:
            # A column the overlay leaves out keeps what the base says.
            kept = {column: old[column] for column in shape.columns if column not in laid.given}
            row = replace(row, cells={**row.cells, **kept})
        if old is None:
            what = f"adds {word}" + (f": {stands_for}" if stands_for else "")
        elif old.cells == row.cells:
            what = f"repeats {word}, no change"
        else:
            differs = (column for column in shape.columns if old[column] != row[column])
            what = f"replaces {word}: {'; '.join(f'{each} {old[each]!r} -> {row[each]!r}' for each in differs)}"
        # A misspelled category would otherwise be a silent new one.
        if name == "elements.csv" and row["category"] not in known:
            what += f" (a category the base does not know: {row['category']})"
        base[key] = row
        changes.append(_change(row.where, what))
    return changes


def overlay_document(base: Document, extra: Document, problems: Problems, *, may_add: bool) -> list[Change]:
    """Merge an overlay's `regimes.toml` into `base` and return what changed.

    `may_add`: whether a new id adds a regime, or is taken for a misspelled one. What is wrong goes to `problems`.
    """
    changes = list(_merge(base.top, extra.top, ""))
    # A regime that is to be like another is like what lay beneath this file, in whatever order the
    # file is written.
    beneath = {name: block.copy(block.where) for name, block in base.regimes.items()}
    for name, block in extra.regimes.items():
        changes.extend(_regime(base.regimes, name, block, beneath, problems, may_add=may_add))
    for name, block in extra.instruments.items():
        if name in base.instruments:
            changes.extend(_merge(base.instruments[name], block, f"{name}."))
        else:
            base.instruments[name] = block
            changes.append(_change(block.where, f"adds instrument {name}"))
    for block in extra.reported:
        base.reported.append(block)
        changes.append(_change(block.where, f"adds reported transfer of {block.get('date')}"))
    return changes


def _regime(
    regimes: dict[str, Block],
    name: str,
    block: Block,
    beneath: Mapping[str, Block],
    problems: Problems,
    *,
    may_add: bool,
) -> Iterator[Change]:
    """Merge one regime of an overlay into `regimes`, or add it there."""
    prefix = f"{name}."
    like = block.get("like")
    if name not in regimes and not may_add:
        known = ", ".join(sorted(regimes))
        problems.add(block.where, f"there is no regime {name!r} to change", f"the regimes are: {known}")
        return
    if name in regimes:
        if "like" in block.values:
            problems.add(
                block.at("like"),
                f"{name} is there already, so it cannot be made like another",
                "give the new regime an id of its own",
            )
        yield from _merge(regimes[name], block, prefix)
    elif "like" not in block.values:
        regimes[name] = block
        yield _change(block.where, f"adds regime {name}")
    elif like in beneath:
        made = beneath[like].copy(block.where)
        made.values["id"] = block.values["id"]
        regimes[name] = made
        yield _change(block.where, f"adds regime {name}, like {like}")
        yield from _merge(made, block, prefix)
    else:
        if like is not None:
            known = ", ".join(sorted(beneath))
            problems.add(block.at("like"), f"{name} cannot be like {like!r}: no such regime", f"use one of: {known}")
        return
    yield from _change_lists(regimes[name], block, prefix, problems)


def _merge(base: Block, extra: Block, prefix: str) -> Iterator[Change]:
    """Merge key by key; a sub-table entry by entry. The id says which block is meant."""
    for key, leaf in extra.values.items():
        if not prefix or (key != "id" and key not in REGIME_OVERLAY):
            yield _set(base.values, key, leaf, prefix)
            # The row made of these values now rests on the overlay.
            base.where = extra.where
    for name, entries in extra.maps.items():
        into = base.maps.setdefault(name, {})
        for key, leaf in entries.items():
            yield _set(into, key, leaf, f"{prefix}{name}.")


def _set(into: dict[str, Leaf], key: str, leaf: Leaf, prefix: str) -> Change:
    old = into.get(key)
    into[key] = leaf
    if old is None:
        return _change(leaf.where, f"adds {prefix}{key}{_brief(leaf.value, ': {}')}")
    if old.value == leaf.value:
        return _change(leaf.where, f"repeats {prefix}{key}, no change")
    return _change(leaf.where, f"replaces {prefix}{key}{_difference(old.value, leaf.value)}")


def _difference(old: object, new: object) -> str:
    """Return what became of a value, where that can be said in a few words."""
    if isinstance(old, list) and isinstance(new, list):
        gone = ", ".join(str(item) for item in old if item not in new)
        come = ", ".join(str(item) for item in new if item not in old)
        parts = [f"without {gone}" if gone else "", f"with {come}" if come else ""]
        said = ", ".join(part for part in parts if part)
        return f": {said}" if len(said) <= _BRIEF else ""
    if _brief(old) and _brief(new):
        return f": {_brief(old)} -> {_brief(new)}"
    return ""


def _brief(value: object, form: str = "{}") -> str:
    """Return a value as the file writes it, quotation marks apart; nothing for lists and long texts."""
    if value is None or isinstance(value, list):
        return ""
    said = str(value).lower() if isinstance(value, bool) else str(value)
    return form.format(said) if len(said) <= _BRIEF else ""


def _change_lists(into: Block, extra: Block, prefix: str, problems: Problems) -> Iterator[Change]:
    """Take states out of a regime's lists, then put states into them; a state is in one list at most."""
    given = {name: leaf for name in STATE_CHANGES if (leaf := extra.values.get(name)) and leaf.value is not None}
    if not _lists_agree(given, problems):
        return
    for key in STATE_LISTS:
        if (leaf := given.get(f"remove_{key}")) is not None:
            missing = [state for state in leaf.value if state not in (into.get(key) or ())]
            for state in missing:
                other = next((name for name in STATE_LISTS if state in (into.get(name) or ())), None)
                do = f"it is in {other}: write remove_{other}" if other else "correct it or leave it out"
                problems.add(leaf.where, f"{prefix}{key} has no {state!r} to remove", do)
            if not missing:
                yield _take(into, key, leaf, prefix)
    for key in STATE_LISTS:
        if (leaf := given.get(f"add_{key}")) is not None:
            yield from _put(into, key, leaf, prefix)


def _lists_agree(given: Mapping[str, Leaf], problems: Problems) -> bool:
    """Tell whether no state is named twice, and none is meant to go two ways."""
    agree = True
    for name, leaf in given.items():
        for state in sorted({state for state in leaf.value if leaf.value.count(state) > 1}):
            problems.add(leaf.where, f"{state!r} stands twice in {name}", "keep one")
            agree = False
    for one, other in CONTRADICTIONS:
        if one in given and other in given:
            for state in sorted({*given[one].value} & {*given[other].value}):
                problems.add(given[other].where, f"{state!r} is in {one} and in {other}", "keep one of the two")
                agree = False
    return agree


def _take(into: Block, key: str, leaf: Leaf, prefix: str) -> Change:
    """Take the states of `leaf` out of a list."""
    old = into.values[key]
    kept = [state for state in old.value if state not in leaf.value]
    places = {state: old.places[state] for state in kept if state in old.places}
    into.values[key] = replace(old, value=kept, places=places)
    return _change(leaf.where, f"takes {', '.join(leaf.value)} out of {prefix}{key}")


def _put(into: Block, key: str, leaf: Leaf, prefix: str) -> Iterator[Change]:
    """Put the states of `leaf` into a list, and take them out of the other one."""
    old = into.values.get(key)
    before: list[str] = list(old.value or ()) if old else []
    repeated = [state for state in leaf.value if state in before]
    fresh = [state for state in leaf.value if state not in before]
    if repeated:
        yield _change(leaf.where, f"repeats {', '.join(repeated)} in {prefix}{key}, no change")
    if not fresh:
        return
    places = {**(old.places if old else {}), **dict.fromkeys(fresh, leaf.where)}
    into.values[key] = replace(old or leaf, value=[*before, *fresh], places=places)
    yield _change(leaf.where, f"adds {', '.join(fresh)} to {prefix}{key}")
    (other,) = set(STATE_LISTS) - {key}
    moved = [state for state in fresh if state in (into.get(other) or ())]
    if moved:
        yield _take(into, other, replace(leaf, value=moved), prefix)
