/*
title = "Snowflake logins, grants and hourly transfer totals"
description = """
Histories that name no data: LOGIN_HISTORY, GRANTS_TO_USERS, GRANTS_TO_ROLES, and DATA_TRANSFER_HISTORY, whose totals
name neither user nor query. They are counted, and are no transfers.
"""
reader = "records"
fields = ["event_type", "first_authentication_factor", "grantee_name", "privilege", "transfer_type"]
needs = ["first_authentication_factor|grantee_name|transfer_type", "user_name|granted_by|bytes_transferred"]
*/
select
    record_no,
    case
        when transfer_type is not null then 'an hourly total of transferred bytes, without user or query'
        when grantee_name is not null then 'a grant of rights'
        else 'a login'
    end as set_aside
from incoming
