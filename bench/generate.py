"""Make a canonical log of any size: the same seed gives the same transfers.

    python -m bench.generate 5000000 /tmp/log.ndjson

The log is invented. It has what makes real ones hard or easy: some thousand distinct disclosures, a few of
them in most transfers; working hours and weekly batches; several spellings of each word; ids in a sequence.
A line of NDJSON takes about 390 bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

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
    ['CMS', 'HHS', 'Centers for Medicare & Medicaid Services'][1 + (hash($seed, i, 1) % 3)::int] as sender,
    ['ICE', 'DHS', 'ICE/ERO', 'ICE', 'CBP', 'SSA'][1 + (hash($seed, i, 2) % 6)::int] as recipient,
    [['medicaid', 'medicaid', 'medicaid', 'chip', 'medicare'][1 + (hash($seed, i, 3) % 5)::int]] as programs,
    list_distinct([states[1 + (hash($seed, i, 4, k) % 12)::int] for k in range(1 + (hash($seed, i, 5) % 3)::int)])
        as states,
    list_distinct([elements[1 + (hash($seed, i, 6, k) % 16)::int] for k in range(3 + (hash($seed, i, 7) % 7)::int)])
        as elements,
    list_distinct([people[1 + (hash($seed, i, 8, k) % 5)::int] for k in range(1 + (hash($seed, i, 9) % 2)::int)])
        as populations,
    ['immigration enforcement', '8 U.S.C. 1360(b)', 'program integrity'][1 + (hash($seed, i, 10) % 3)::int] as purpose
from range(16000) t (i)
cross join words
"""

TRANSFERS = """
select
    printf('T-%08d', i) as transfer_id,
    strftime(
        timestamp '2025-06-02 13:00:00'
        + to_days(((hash($seed, i, 11) % 76) * 7 + hash($seed, i, 12) % 5 + (hash($seed, i, 13) % 20 = 0)::int)::int)
        + to_seconds((hash($seed, i, 14) % 36000)::bigint),
        '%Y-%m-%dT%H:%M:%SZ'
    ) as occurred_at,
    sender,
    recipient,
    'user' || (hash($seed, i, 15) % 300) as actor,
    ['push', 'download', 'query', 'view'][1 + (hash($seed, i, 16) % 4)::int] as action,
    'IDR' as system,
    'IEA' as authority,
    programs,
    states,
    elements,
    populations,
    (hash($seed, i, 17) % 100000)::bigint as record_count,
    purpose,
    case when hash($seed, i, 18) % 50 = 0 then 'failure' else 'success' end as outcome
from range($rows) t (i)
inner join disclosures d on d.disclosure = (16000 * pow((hash($seed, i, 19) % 1000000) / 1000000, 2))::int % 16000
"""


def generate(rows: int, path: Path, seed: int = 1) -> None:
    """Write `rows` transfers to `path`: NDJSON, CSV or Parquet by its suffix."""
    kind = {".ndjson": "json", ".parquet": "parquet"}[path.suffix]
    connection = duckdb.connect()
    connection.execute("set enable_progress_bar = false")
    connection.execute(DISCLOSURES, {"seed": seed})
    transfers = TRANSFERS.replace("$seed", str(int(seed))).replace("$rows", str(int(rows)))
    connection.execute(f"copy ({transfers}) to '{path}' (format {kind})")


if __name__ == "__main__":
    generate(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)
