"""What a production hands over, made up."""

from __future__ import annotations


def load_file(rows, quote="\u00fe", delimiter="\x14"):
    """A table as litigation databases export it, in Concordance's form unless other signs are named."""
    return "".join(quote + (quote + delimiter + quote).join(cells) + quote + "\r\n" for cells in rows)
