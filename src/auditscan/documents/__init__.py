"""What is filed, sorted, looked at or fed on: one judged database as files of several forms, all saying the same."""

from auditscan.documents.content import Content, Made
from auditscan.documents.filing import Filing
from auditscan.documents.forms import ENDINGS, ending_of, write_all

__all__ = ["ENDINGS", "Content", "Filing", "Made", "ending_of", "write_all"]
