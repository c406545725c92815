/*
title = "Snowflake logins, grants, loads and hourly transfer totals"
description = """
Histories of what lets nothing out: LOGIN_HISTORY, GRANTS_TO_USERS, GRANTS_TO_ROLES, COPY_HISTORY (files loaded into
tables), and DATA_TRANSFER_HISTORY, whose totals name neither user nor query. They are counted, and are no transfers.
"""
reader = "records"
by_record = true
fields = [
    "event_type", "first_authentication_factor", "grantee_name", "privilege", "transfer_type", "stage_location",
    "last_load_time",
]
needs = [
    "first_authentication_factor|grantee_name|transfer_type|stage_location",
    "user_name|granted_by|bytes_transferred|last_load_time",
]
*/
select
    record_no,
    case
        when transfer_type is not null then 'an hourly total of transferred bytes, without user or query'
        when stage_location is not null or last_load_time is not null then 'a load into the database'
        when grantee_name is not null then 'a grant of rights'
        when first_authentication_factor is not null or upper(event_type) like 'LOG%' then 'a login'
        else unknown_operation(event_type)
    end as set_aside
from incoming
