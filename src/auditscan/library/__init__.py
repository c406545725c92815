"""The query library: folders of SQL files -> Query objects."""

from auditscan.library.library import FOLDERS, Library, Query, row_macros, shipped_folder
from auditscan.library.parameters import Parameter

__all__ = ["FOLDERS", "Library", "Parameter", "Query", "row_macros", "shipped_folder"]
