"""The legal situations, look-up words and sources that every verdict rests on, as data."""

from auditscan.policy.load import Policy, load
from auditscan.policy.overlay import Change, Overlay, OverlayNote
from auditscan.policy.overlay_text import read_overlay
from auditscan.policy.problems import PolicyError
from auditscan.policy.spec import PolicySpec, read_spec
from auditscan.policy.tables import COLUMNS, WHOLE_COUNTRY
from auditscan.policy.what_ifs import WhatIf, what_ifs
from auditscan.policy.words import normalize

__all__ = [
    "COLUMNS", "WHOLE_COUNTRY", "Change", "Overlay", "OverlayNote", "Policy", "PolicyError", "PolicySpec", "WhatIf",
    "load", "normalize", "read_overlay", "read_spec", "what_ifs",
]  # fmt: skip
