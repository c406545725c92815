"""Judge past transfers of health data from CMS to DHS against the court orders in force."""

from auditscan.version import __version__

__all__ = ["__version__"]
