"""Comments on the tables, views and columns of a judged database, so that every client can say what they hold.

Written only for databases that somebody will look into, and only where they are missing: half a thousand statements
take longer than judging a small log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.text import literal

if TYPE_CHECKING:
    from auditscan.library import Query
    from auditscan.store import Store


def write_comments(store: Store) -> None:
    """Comment on each table and view of a judged database that has no comment, and on its columns.

    One that was made anew has lost all of them. A column has the comment of its own, or else that of its name; the
    views of rules say what the headers of the rules say.
    """
    bare = store.rows(_WITHOUT_COMMENT)
    if not bare:
        return
    said = {f"rule_{rule.name}": _about(rule) for rule in store.library.of("rule")}
    said |= dict(store.run("table_comments"))
    columns = dict(store.run("column_comments") + store.run("own_comments"))
    statements = []
    for kind, table, column in bare:
        name = table if column is None else f'{table}."{column}"'
        comment = said.get(table) if column is None else columns.get(f"{table}.{column}", columns.get(column))
        if comment is not None:
            statements.append(f"comment on {kind} {name} is {literal(comment)}")
    # One transaction: each statement in its own would go to the disk by itself.
    store.connection.execute(";\n".join(["begin", *statements, "commit"]))


_WITHOUT_COMMENT = """
with bare as (
    select 'table' as kind, table_name from duckdb_tables()
    where database_name = current_database() and not temporary and comment is null
    union all
    select 'view', view_name from duckdb_views()
    where database_name = current_database() and not internal and not temporary and comment is null
)
select kind, table_name, null from bare
union all
select 'column', c.table_name, c.column_name
from duckdb_columns() c
inner join bare b on c.table_name = b.table_name
where c.database_name = current_database() and c.schema_name = 'main'
"""


def _about(rule: Query) -> str:
    """The comment on the view of a rule."""
    why = " ".join((rule.why or "").split())
    return f"Rule ({rule.severity}): {rule.title}. {why}"
