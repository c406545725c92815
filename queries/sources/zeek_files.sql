/*
title = "Zeek files.log"
description = """
Files that Zeek saw pass on the wire, JSON lines or tab-separated: corroboration of what servers logged. Only addresses
say who sent and who received; what SFTP and HTTPS carry is not seen.
"""
reader = "json"
prepare = "zeek"
pattern = '(?m)\A#separator [^\n]*\n(?:#[^\n]*\n)*?#path\tfiles\s*$'
needs = ["ts", "fuid", "source", "seen_bytes"]
fields = [
    "ts", "fuid", "tx_hosts", "rx_hosts", "id.orig_h", "id.resp_h", "is_orig", "source", "filename", "seen_bytes",
    "missing_bytes", "timedout", "unread",
]
wrapped = ["message", "_raw"]
*/
with sided as ( -- noqa: ST03
    select
        *,
        -- Newer versions name the ends of the connection in the place of sender and receiver.
        case
            when tx_hosts like '[%' then each_inside(tx_hosts, '$[*]')
            when tx_hosts is not null then string_split(tx_hosts, ',')
            when is_orig in ('true', 'T') then [id_orig_h]
            when is_orig in ('false', 'F') then [id_resp_h]
        end as senders,
        case
            when rx_hosts like '[%' then each_inside(rx_hosts, '$[*]')
            when rx_hosts is not null then string_split(rx_hosts, ',')
            when is_orig in ('true', 'T') then [id_resp_h]
            when is_orig in ('false', 'F') then [id_orig_h]
        end as receivers
    from incoming
)

select
    record_no,
    coalesce(unread, case when fuid is null then 'a record without the id of a file' end) as unreadable,
    case
        when upper(source) in ('SSL', 'KRB', 'RADIUS') then 'a certificate'
        else own_submission(eft, null)
    end as set_aside,
    fuid as transfer_id,
    coalesce(instant_of_epoch(ts), ts) as occurred_at,
    coalesce(eft_sender(eft), joined(senders, '; ')) as sender,
    coalesce(eft_recipient(eft), joined(receivers, '; ')) as recipient,
    case when is_orig in ('true', 'T') then 'push' when is_orig in ('false', 'F') then 'download' end as action,
    'Zeek' as system,
    unnest(eft_content(eft)),
    -- What Zeek did not see may have passed all the same.
    case
        when try_cast(missing_bytes as bigint) > 0 or timedout in ('true', 'T') then 'partial'
        when try_cast(seen_bytes as bigint) > 0 then 'success'
        else 'unknown'
    end as outcome,
    'zeek_file:' || fuid as link_key,
    logged(filename) as file_name,
    try_cast(seen_bytes as bigint) as bytes,
    receivers[1] as peer,
    eft_note(eft) as note
from with_eft('sided', filename)
