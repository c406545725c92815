"""What one query text disclosed: which columns of which tables were put out, about whom, and where to.

Accessed is not disclosed: a log names the columns that a query filtered and joined by as well. Only
the text tells the two apart, so it is followed here from its output list back to the tables. Where
it cannot be followed, the answer is `unparsed` with the reason, and never an empty disclosure.
"""

from __future__ import annotations

from auditscan.readers.sqltext.model import Analysis

__all__ = ["Analysis", "analyze"]

_DIALECTS = frozenset(
    (
        "athena", "bigquery", "databricks", "oracle", "postgres", "redshift", "snowflake", "teradata", "trino", "tsql",
    )
)  # fmt: skip
"""Names of the parser's: `presto` and the like are other words for one of these."""
_ALSO = {"presto": "trino", "postgresql": "postgres", "spark": "databricks", "mssql": "tsql", "sqlserver": "tsql"}


def analyze(text: str, dialect: str) -> Analysis:
    """What the text did, in the dialect of a database.

    Dialects are `athena`, `bigquery`, `databricks`, `oracle`, `postgres`, `redshift`, `snowflake`, `teradata`, `trino`
    and `tsql`; raises ValueError for another. Never raises for a text, whatever it holds. Of several statements the one
    that lets most out counts, and all that let out as much.
    """
    dialect = _ALSO.get(dialect, dialect)
    if dialect not in _DIALECTS:
        raise ValueError(f"no dialect of query texts: {dialect}")
    # The parser takes 60 ms to load: only those who have query texts wait for it.
    from auditscan.readers.sqltext.following import follow

    return follow(text, dialect)
