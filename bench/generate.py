"""Make a log of any size and kind: the same kind and size give the same transfers.

    python -m bench.generate ndjson 5000000 /tmp/log.ndjson

The log is invented. It has what makes real ones hard or easy: some thousand distinct disclosures, a few of
them in most transfers; working hours and weekly batches; several spellings of each word; ids in a sequence.
A line of NDJSON takes about 390 bytes. The logs of other systems are those of bench/formats.py.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from bench.formats import QUERIES

DISCLOSURES = """
create table disclosures as
with words as (
    select
        ['name', 'address', 'ssn', 'date_of_birth', 'phone', 'medicaid_id', 'citizenship', 'immigration_status',
         'diagnosis', 'procedure', 'claims', 'sex', 'race', 'email', 'zip code', 'ELIGIBLE-FIRST-NAME'] as elements,
        ['CA', 'IL', 'TX', 'FL', 'WA', 'DC', 'NY', 'OR', 'AZ', 'WI', 'GA', '39'] as states,
        ['not_lawfully_residing', 'us_citizen', 'lpr', 'tps', 'unknown'] as people
)

select
    i as disclosure,
    ['CMS', 'HHS', 'Centers for Medicare & Medicaid Services'][1 + (hash(i, 1) % 3)::int] as sender,
    ['ICE', 'DHS', 'ICE/ERO', 'ICE', 'CBP', 'SSA'][1 + (hash(i, 2) % 6)::int] as recipient,
    [['medicaid', 'medicaid', 'medicaid', 'chip', 'medicare'][1 + (hash(i, 3) % 5)::int]] as programs,
    list_distinct([states[1 + (hash(i, 4, k) % 12)::int] for k in range(1 + (hash(i, 5) % 3)::int)])
        as states,
    list_distinct([elements[1 + (hash(i, 6, k) % 16)::int] for k in range(3 + (hash(i, 7) % 7)::int)])
        as elements,
    list_distinct([people[1 + (hash(i, 8, k) % 5)::int] for k in range(1 + (hash(i, 9) % 2)::int)])
        as populations,
    ['immigration enforcement', '8 U.S.C. 1360(b)', 'program integrity'][1 + (hash(i, 10) % 3)::int] as purpose
from range($disclosures) t (i)
cross join words
"""

TRANSFERS = """
select
    printf('T-%08d', i) as transfer_id,
    strftime(
        timestamp '2025-06-02 13:00:00'
        + to_days(((hash(i, 11) % 76) * 7 + hash(i, 12) % 5 + (hash(i, 13) % 20 = 0)::int)::int)
        + to_seconds((hash(i, 14) % 36000)::bigint),
        '%Y-%m-%dT%H:%M:%SZ'
    ) as occurred_at,
    sender,
    recipient,
    'user' || (hash(i, 15) % 300) as actor,
    ['push', 'download', 'query', 'view'][1 + (hash(i, 16) % 4)::int] as action,
    'IDR' as system,
    'IEA' as authority,
    programs,
    states,
    elements,
    populations,
    (hash(i, 17) % 100000)::bigint as record_count,
    purpose,
    case when hash(i, 18) % 50 = 0 then 'failure' else 'success' end as outcome
from range($rows) t (i)
inner join disclosures d on d.disclosure = $pick
"""


LINES = {
    "ndjson": "line",
    "blanks": """replace(replace(line, '":', '": '), ',"', ', "')""",
    "unknown": """replace(line, '"purpose":', '"batch":"b' || right(transfer_id, 2) || '","purpose":')""",
    "escapes": r"""replace(replace(line, '/', '\/'), '"actor":"us', '"actor":"\u00e9s')""",
    "case": """replace(replace(line, '"transfer_id":', '"Transfer_ID":'), '"sender":', '"SENDER":')""",
    "broken": "case when transfer_id like '%0007' then left(line, 100) else line end",
    "many_lists": "line",
    "few_lists": "line",
}
"""How a line of a kind is made of a plain one: as `json.dumps` writes, cut off once in ten thousand, and so on."""

LISTS_AS_TEXT = ", ".join(
    f"array_to_string({name}, ';') as {name}" for name in ("programs", "states", "elements", "populations")
)

PARQUET = {"parquet": "", "parquet_lists": f"{LISTS_AS_TEXT}, "}
"""Which columns of a kind are of other types. Ids differ from those of NDJSON, so that both can lie in one folder."""

SHARES = {"many_lists": 0.968, "few_lists": 1 / 150}
"""How many disclosures are made for each record, to be used in turn. One in eleven is like another."""


def generate(kind: str, rows: int, path: Path) -> None:
    """Write a log of `rows` records to `path`."""
    connection = duckdb.connect()
    connection.execute("set enable_progress_bar = false")
    if kind in QUERIES:
        connection.execute(QUERIES[kind].replace("$rows", str(rows)).replace("$file", str(path)))
        return
    # The transfers stay in their order, however few they are beside the disclosures.
    connection.execute("set disabled_optimizers = 'build_side_probe_side'")
    disclosures, pick = 16000, "(16000 * pow((hash(i, 19) % 1000000) / 1000000, 2))::int % 16000"
    if kind in SHARES:
        disclosures = max(1, int(rows * SHARES[kind]))
        pick = f"i % {disclosures}"
    connection.execute(DISCLOSURES.replace("$disclosures", str(disclosures)))
    transfers = TRANSFERS.replace("$rows", str(rows)).replace("$pick", pick)
    if kind == "csv":
        table = f"select * replace ({LISTS_AS_TEXT}) from ({transfers})"
        connection.execute(f"copy ({table}) to '{path}' (format csv, header true, force_quote *)")
        return
    if kind in PARQUET:
        columns = f"* replace ({PARQUET[kind]}'P' || substr(transfer_id, 2) as transfer_id)"
        connection.execute(f"copy (select {columns} from ({transfers})) to '{path}' (format parquet)")
        return
    lines = f"select {LINES[kind]} from (select to_json(t)::varchar as line, transfer_id from ({transfers}) t)"
    # Neither quoted nor divided: each line as it is.
    connection.execute(f"copy ({lines}) to '{path}' (format csv, header false, quote '', escape '', delimiter '\x01')")


if __name__ == "__main__":
    generate(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
