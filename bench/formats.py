"""Logs of other systems: Snowflake's history, an xferlog, a register.

They are invented. They have what makes real ones hard or easy: some thousand statements over thirty tables
behind a million queries, file names of which no two are alike, cells in quotes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

SNOWFLAKE = """
copy (
    with columns as (
        select ['bene_first_name', 'bene_last_name', 'ssn', 'mbi', 'dob', 'home_address', 'zip', 'phone', 'email',
                'medicaid_id', 'citizenship', 'immigration_status', 'dx_code', 'claim_id', 'paid_amount', 'sex']
            as names
    ),

    statements as (
        select
            i as statement,
            'IDRC_PRD.CMS_VDM_VIEW_MDCD.' || upper('t_' || (i % 30)) as source,
            array_to_string(list_distinct(
                [names[1 + (hash(i, k) % 16)::int] for k in range(2 + (hash(i, 3) % 8)::int)]), ', ') as columns,
            ['ICE', 'CMS_OEDA', 'STATE_CA', 'ANALYST', 'DHS_EXCHANGE'][1 + (hash(i, 5) % 5)::int] as taker,
            case hash(i, 6) % 10 when 0 then 'COPY' when 1 then 'CREATE' when 2 then 'INSERT' else 'SELECT' end as kind
        from range(2000) t (i)
        cross join columns
    ),

    texts as (
        select
            *,
            'select ' || columns || ' from ' || source || ' where submtg_state_cd in (''06'', ''17'') and load_id = '
            || statement as query,
            case kind
                when 'COPY' then 'copy into @out.' || lower(taker) || '/extract_' || statement || '.csv from (' || query
                    || ') file_format = (type = csv)'
                when 'CREATE' then 'create or replace table WORK.TMP_' || statement || ' as ' || query
                when 'INSERT' then 'insert into WORK.HISTORY_' || (statement % 30) || ' ' || query
                else query
            end as text
        from statements
    ),

    queries as (
        select
            i,
            (2000 * pow((hash(i, 1) % 1000000) / 1000000, 2))::int % 2000 as statement,
            timestamp '2025-06-02 13:00:00' + to_seconds(i * 30 + (hash(i, 2) % 30)::bigint) as begun,
            (hash(i, 3) % 120000)::bigint as lasted
        from range($rows) t (i)
    )

    select
        printf('01b%05x-0604-%04x-0001-%012x', i // 65536, i % 65536, hash(i, 9) % 281474976710656) as "QUERY_ID",
        t.text as "QUERY_TEXT",
        'IDRC_PRD' as "DATABASE_NAME",
        'CMS_VDM_VIEW_MDCD' as "SCHEMA_NAME",
        case kind when 'COPY' then 'UNLOAD' when 'CREATE' then 'CREATE_TABLE_AS_SELECT' else kind end as "QUERY_TYPE",
        (hash(i // 40) % 100000000)::bigint as "SESSION_ID",
        -- A statement that runs again and again is the job of a few users.
        'USER' || ((statement * 7 + hash(i, 7) % 3) % 300) as "USER_NAME",
        taker || '_ROLE' as "ROLE_NAME",
        'WH_' || (statement % 7) as "WAREHOUSE_NAME",
        'X-Large' as "WAREHOUSE_SIZE",
        case when statement % 3 = 0 then 'job ' || (statement % 50) else '' end as "QUERY_TAG",
        case when hash(i, 8) % 50 = 0 then 'FAIL' else 'SUCCESS' end as "EXECUTION_STATUS",
        case when hash(i, 8) % 50 = 0 then '000604' end as "ERROR_CODE",
        case when hash(i, 8) % 50 = 0 then 'SQL execution canceled' end as "ERROR_MESSAGE",
        strftime(begun, '%Y-%m-%dT%H:%M:%S.%gZ') as "START_TIME",
        strftime(begun + to_milliseconds(lasted), '%Y-%m-%dT%H:%M:%S.%gZ') as "END_TIME",
        lasted as "TOTAL_ELAPSED_TIME",
        (hash(i, 10) % 100000000000)::bigint as "BYTES_SCANNED",
        case when kind = 'COPY' then (hash(i, 11) % 1000000000)::bigint else 0 end as "BYTES_WRITTEN",
        (hash(i, 12) % 100000)::bigint as "ROWS_PRODUCED",
        case when kind = 'COPY' then (hash(i, 12) % 100000)::bigint else 0 end as "ROWS_UNLOADED",
        0 as "OUTBOUND_DATA_TRANSFER_BYTES",
        '8.23.1' as "RELEASE_VERSION"
    from queries
    inner join texts t using (statement)
    order by i
) to '$file' (format json)
"""

XFERLOG = """
copy (
    select
        strftime(timestamp '2025-06-02 13:00:00' + to_seconds(i * 30 + (hash(i, 2) % 30)::bigint), '%a %b ')
        || lpad(day(timestamp '2025-06-02 13:00:00' + to_seconds(i * 30 + (hash(i, 2) % 30)::bigint))::varchar, 2, ' ')
        || strftime(timestamp '2025-06-02 13:00:00' + to_seconds(i * 30 + (hash(i, 2) % 30)::bigint), ' %H:%M:%S %Y ')
        || (hash(i, 3) % 90) || ' 10.' || (hash(i, 4) % 4) || '.7.' || (hash(i, 5) % 250) || ' '
        || (hash(i, 6) % 900000000) || ' /out/' || ['ice', 'ssa', 'state_ca', 'cbp'][1 + (hash(i, 7) % 4)::int]
        || case when hash(i, 8) % 3 = 0
            then '/P#EFT.ON.MDCD.T' || (hash(i, 9) % 40) || '.D' || printf('%06d', i % 1000000) || '.T1200000'
            else '/extract_' || (hash(i, 9) % 40) || '_' || i || '.csv.gz' end
        || ' b _ ' || case when hash(i, 10) % 20 = 0 then 'i' else 'o' end || ' r user' || (hash(i, 11) % 12)
        || ' sftp 0 * ' || case when hash(i, 12) % 50 = 0 then 'i' else 'c' end
    from range($rows) t (i)
    order by i
) to '$file' (format csv, header false, quote '', escape '', delimiter '\x01')
"""

REGISTER = """
copy (
    with disclosures as (
        select
            i as disclosure,
            ['CMS', 'HHS/CMS', 'Centers for Medicare & Medicaid Services'][1 + (hash(i, 1) % 3)::int] as sender,
            ['ICE', 'DHS, U.S. Immigration and Customs Enforcement', 'SSA', 'CBP', 'State of California']
                [1 + (hash(i, 2) % 5)::int] as recipient,
            ['Medicaid', 'Medicaid; CHIP', 'Medicare'][1 + (hash(i, 4) % 3)::int] as program,
            array_to_string(list_distinct([
                ['CA', 'IL', 'TX', 'FL', 'WA', 'NY', 'OR', 'AZ'][1 + (hash(i, 5, k) % 8)::int]
                for k in range(1 + (hash(i, 6) % 3)::int)
            ]), '; ') as states,
            array_to_string(list_distinct([
                ['Name', 'Address', 'SSN', 'Date of Birth', 'Phone', 'Medicaid ID', 'Citizenship', 'Diagnosis',
                 'Immigration Status', 'Claims', 'Sex', 'Email'][1 + (hash(i, 7, k) % 12)::int]
                for k in range(3 + (hash(i, 8) % 6)::int)
            ]), ', ') as elements,
            ['immigration enforcement', 'program integrity', '8 U.S.C. 1360(b), as requested']
                [1 + (hash(i, 9) % 3)::int] as purpose
        from range(3000) t (i)
    )

    select
        'D-' || printf('%07d', i) as "Disclosure ID",
        strftime(timestamp '2025-06-02' + to_days((i // 2000)::int), '%m/%d/%Y') as "Date of Disclosure",
        sender as "Disclosing Agency",
        recipient as "Recipient",
        'officer' || (hash(i, 3) % 200) as "Disclosed By",
        program as "Program",
        states as "State",
        elements as "Data Elements",
        purpose as "Purpose",
        (hash(i, 10) % 100000)::bigint as "Number of Records",
        ['SFTP', 'encrypted email', 'portal download'][1 + (hash(i, 11) % 3)::int] as "Method"
    from range($rows) t (i)
    inner join disclosures d on d.disclosure = (3000 * pow((hash(i, 19) % 1000000) / 1000000, 2))::int % 3000
    order by i
) to '$file' (format csv)
"""

QUERIES = {"snowflake": SNOWFLAKE, "xferlog": XFERLOG, "register": REGISTER}

TYPED = {
    "QUERY_ID": "VARCHAR", "QUERY_TEXT": "VARCHAR", "DATABASE_NAME": "VARCHAR", "SCHEMA_NAME": "VARCHAR",
    "QUERY_TYPE": "VARCHAR", "SESSION_ID": "BIGINT", "USER_NAME": "VARCHAR", "ROLE_NAME": "VARCHAR",
    "WAREHOUSE_NAME": "VARCHAR", "WAREHOUSE_SIZE": "VARCHAR", "QUERY_TAG": "VARCHAR", "EXECUTION_STATUS": "VARCHAR",
    "ERROR_CODE": "VARCHAR", "ERROR_MESSAGE": "VARCHAR", "START_TIME": "TIMESTAMPTZ", "END_TIME": "TIMESTAMPTZ",
    "TOTAL_ELAPSED_TIME": "BIGINT", "BYTES_SCANNED": "BIGINT", "BYTES_WRITTEN": "BIGINT", "ROWS_PRODUCED": "BIGINT",
    "ROWS_UNLOADED": "BIGINT", "OUTBOUND_DATA_TRANSFER_BYTES": "BIGINT", "RELEASE_VERSION": "VARCHAR",
}  # fmt: skip


def read(connection: duckdb.DuckDBPyConnection, log: str, kind: str) -> duckdb.DuckDBPyRelation:
    """The records of a log, every column typed."""
    if kind == "snowflake":
        return connection.read_json(log, columns=TYPED, format="newline_delimited", ignore_errors="broken" in log)
    if kind == "xferlog":
        # A day of one digit stands behind two blanks: its line has one field more, so every field is text.
        return connection.read_csv(
            log, sep=" ", header=False, columns={f"c{place}": "VARCHAR" for place in range(19)}, null_padding=True,
            quotechar="", auto_detect=False,
        )  # fmt: skip
    types = {"Date of Disclosure": "DATE", "Number of Records": "BIGINT"}
    return connection.read_csv(log, dtype=types, date_format="%m/%d/%Y", header=True)
