"""A user's own rows and keys laid over the base, with a note of every change made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from auditscan.policy.csvfiles import SHAPES, Row, Rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from auditscan.policy.problems import Where
    from auditscan.policy.regimefile import Block, Document, Leaf


@dataclass(frozen=True, slots=True)
class Change:
    """One row or key of an overlay, and what it did to the policy beneath."""

    file: str
    """File name inside the overlay's folder."""
    line: int
    what: str
    """For instance `replaces R1.states_unsettled`."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.what}"


@dataclass(frozen=True, slots=True)
class OverlayNote:
    """What one overlay changed, by file and line."""

    folder: Path
    changes: tuple[Change, ...]

    def __str__(self) -> str:
        return "\n".join((f"overlay {self.folder}", *(f"  {change}" for change in self.changes)))


def _change(where: Where, what: str) -> Change:
    return Change(where.source.name, where.line, what)


def overlay_rows(name: str, base: Rows, extra: Rows) -> list[Change]:
    """Put the rows of an overlay's CSV file into `base` and return what changed."""
    shape = SHAPES[name]
    known = {row[shape.target[0]] for row in base.values()} if shape.target else set()
    changes = []
    for key, laid in extra.items():
        row = laid
        word = repr(" ".join(row[column] for column in shape.key))
        stands_for = ", ".join(cell for cell in row.target(shape) if cell)
        old = base.get(key)
        if old is not None:
            # A column the overlay leaves out keeps what the base says.
            kept = {column: old[column] for column in shape.columns if column not in laid.given}
            row = replace(row, cells={**row.cells, **kept})
        if old is None:
            what = f"adds {word}" + (f": {stands_for}" if stands_for else "")
        elif old.cells == row.cells:
            what = f"repeats {word}, no change"
        else:
            what = f"replaces {word}: {_was(old, row, name)}"
        # A misspelled category would otherwise be a silent new one.
        if name == "elements.csv" and row["category"] not in known:
            what += f" (a category the base does not know: {row['category']})"
        base[key] = row
        changes.append(_change(row.where, what))
    return changes


def _was(old: Row, new: Row, name: str) -> str:
    return "; ".join(
        f"{column} {old[column]!r} -> {new[column]!r}" for column in SHAPES[name].columns if old[column] != new[column]
    )


def overlay_document(base: Document, extra: Document) -> list[Change]:
    """Merge an overlay's `regimes.toml` into `base` and return what changed."""
    changes = list(_merge(base.top, extra.top, ""))
    for kind, into, blocks in (
        ("regime", base.regimes, extra.regimes),
        ("instrument", base.instruments, extra.instruments),
    ):
        for name, block in blocks.items():
            if name in into:
                changes.extend(_merge(into[name], block, f"{name}."))
            else:
                into[name] = block
                changes.append(_change(block.where, f"adds {kind} {name}"))
    for block in extra.reported:
        base.reported.append(block)
        changes.append(_change(block.where, f"adds reported transfer of {block.get('date')}"))
    return changes


def _merge(base: Block, extra: Block, prefix: str) -> Iterator[Change]:
    """Merge key by key; a sub-table entry by entry. The id says which block is meant."""
    for key, leaf in extra.values.items():
        if not (prefix and key == "id"):
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
        return _change(leaf.where, f"adds {prefix}{key}")
    if old.value == leaf.value:
        return _change(leaf.where, f"repeats {prefix}{key}, no change")
    return _change(leaf.where, f"replaces {prefix}{key}")
