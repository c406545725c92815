"""What the policy tables tell of whoever holds the logs, asked by the first log that has to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditscan.store import Store


def names_of_dhs(store: Store) -> tuple[str, str]:
    """Return a pattern for what names a part of DHS, and one for the departments of states that are called so.

    Both are variables of the connection from then on, and so is the side of the holder of the logs.
    """
    names, states_own = store.rows("select getvariable('dhs_names'), getvariable('states_own')")[0]
    if names is None:
        side, names, states_own = store.run("holder")[0]
        store.set(holder_side=side, dhs_names=names, states_own=states_own)
    return names, states_own
