"""One transfer as a document of its own: why it has its verdicts, and the record beside it."""

from auditscan.documents.leaf.leaf import ENDINGS, Leaf, ending_of, write_all

__all__ = ["ENDINGS", "Leaf", "ending_of", "write_all"]
