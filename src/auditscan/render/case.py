"""What stands under every page: which case it is about, and that no order was read in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.render.page import Page
from auditscan.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console


def draw_case(case: Mapping[str, str], console: Console) -> None:
    """Write the caption and the sentence on the orders, as `policy.describe.case_of` gives them."""
    page = Page(console)
    page.say(printable(case["caption"]), "dim", indent=0)
    page.say(f"{printable(case['no_order_read'])}.", "dim", indent=0)
