/*
title = "Snowflake LISTING_ACCESS_HISTORY"
description = """
What the accounts that a share was given to read of it: the only trace of what was done with a share. Their queries
themselves stand in their own histories. Only the day is logged.
"""
reader = "records"
by_record = true
fields = [
    "query_token", "query_date", "provider_account_locator", "provider_account_name", "share_name",
    "listing_global_name", "consumer_account_locator", "consumer_account_name", "consumer_account_organization",
    "consumer_name", "share_objects_accessed", "listing_objects_accessed",
]
needs = ["consumer_account_locator|consumer_account_name", "share_objects_accessed|listing_objects_accessed"]
*/
with named as (
    select
        *,
        accessed_objects(coalesce(share_objects_accessed, listing_objects_accessed)) as objects,
        objects_cut(coalesce(share_objects_accessed, listing_objects_accessed)) as is_cut
    from incoming
),

told as (
    select
        *,
        programs_of_tables(list_transform(objects, lambda o: o.name)) as deduced_programs,
        object_columns(objects) || list_transform(cut_off(is_cut), lambda d: d.item) as told_elements
    from named
)

select
    record_no,
    case
        when coalesce(query_token, query_date, consumer_account_name, consumer_account_locator) is null
            then 'names neither an access nor an account'
    end as unreadable,
    query_token as transfer_id,
    query_date as occurred_at,
    joined([logged(provider_account_name), logged(provider_account_locator)], '; ') as sender,
    databases_of(list_transform(objects, lambda o: o.name), 'snowflake') as places,
    joined([
        logged(consumer_account_name), logged(consumer_name), logged(consumer_account_organization),
        logged(consumer_account_locator)
    ], '; ') as recipient,
    'query' as action,
    'Snowflake' as system,
    'success' as outcome,
    nullif(list_transform(deduced_programs, lambda d: d.item), []) as programs,
    nullif(told_elements, []) as elements,
    case when len(told_elements) > 0 then 'accessed' else 'unknown' end as element_basis,
    deduced_programs || cut_off(is_cut) as deduced,
    'listing:' || query_token as link_key,
    objects as accessed,
    concat_ws(
        '; ', 'read from the share ' || share_name,
        case when is_cut then 'the list of columns was cut off' end
    ) as note
from told
