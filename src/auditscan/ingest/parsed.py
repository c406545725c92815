"""SQL texts in logs, each different one taken apart once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditscan.store import Store

__all__ = ["parse_texts"]


def parse_texts(store: Store, field: str, dialect: str) -> None:
    """Put what each new text of a field of `incoming` put out into `parsed_texts`."""
    raise NotImplementedError(f"{store} {field} {dialect}")
