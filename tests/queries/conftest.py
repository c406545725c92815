"""A judged database, for cases that fill its tables."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from auditscan.library import Library
from auditscan.policy import load
from auditscan.scanning.scan import scan
from auditscan.store import open_store
from queries.case_files import AS_OF, PLAIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditscan.store import Store


@pytest.fixture(scope="module")
def plain_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A judged database with the views of the rules, whose tables a case may fill as it likes."""
    log = tmp_path_factory.mktemp("plain") / "log.ndjson"
    log.write_text(json.dumps(PLAIN | {"transfer_id": "T-1"}) + "\n", encoding="utf-8")
    with open_store(None, Library.shipped(), threads=1) as store:
        scan(store, [log], load(), date.fromisoformat(AS_OF))
        yield store
