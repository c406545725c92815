"""The legal situations, look-up words and sources that every verdict rests on, as data."""

from auditscan.policy.load import Policy, load
from auditscan.policy.overlay import Change, OverlayNote
from auditscan.policy.problems import PolicyError
from auditscan.policy.tables import COLUMNS, WHOLE_COUNTRY
from auditscan.policy.words import normalize

__all__ = [
    "COLUMNS",
    "WHOLE_COUNTRY",
    "Change",
    "OverlayNote",
    "Policy",
    "PolicyError",
    "load",
    "normalize",
]
