/*
title = "Macros for the logs of cloud services"
description = """
What several sources read alike: the parties and places of a list, mail addresses, a time in UTC that lacks its mark,
who is nobody or a service. What one service alone has stands in a file of its own beside.
"""
*/
-- The parties of a list as one text: each once, in the order of their names; null for none.
create or replace macro named_parties(names) as
    list_aggregate(
        list_sort(list_distinct(list_transform(list_transform(names, lambda x: trimmed(x)), lambda x: logged(x)))),
        'string_agg', '; '
    );

-- The places of a list that are there.
create or replace macro named_places(names) as
    nullif(list_sort(list_distinct(list_filter(names, lambda x: x is not null and x <> ''))), []);

-- All mail addresses in a text.
create or replace macro mail_addresses_in(t) as
    coalesce(regexp_extract_all(t, '[A-Za-z0-9._%+#''-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+'), []::varchar[]);

-- A canonical time without a zone is in UTC.
create or replace macro zulu(t) as case when regexp_matches(t, 'T.*[0-9]$') and not regexp_matches(t, '[+-]\d\d:?\d\d$')
    then t || 'Z' else t end;

-- A time that is in UTC without saying so, in whatever spelling.
create or replace macro in_utc(t) as
    case
        when regexp_full_match(t, '\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?') then t || 'Z'
        when t >= '1000-' and t < ':' and regexp_matches(t, '^\d{4}-\d{2}-\d{2}[T ].*([Zz]|[+-]\d\d:?\d\d)$') then t
        else coalesce(list_transform([logged_time(t)], lambda x: zulu(x))[1], t)
    end;

create or replace macro whole_number(t) as
    case
        when try_cast(t as double) >= 0 then coalesce(try_cast(t as bigint), try_cast(try_cast(t as double) as bigint))
    end;

-- What a log writes for somebody who gave no name.
create or replace macro is_nobody(t) as
    lower(t) in (
        'anonymous', 'anonymous_principal', 'anonymous user', '-', 'unknown', 'unknown user', 'n/a', 'not available'
    )
    or starts_with(lower(t), 'urn:spo:anon');

-- The service that did something by itself, or for somebody whom the record does not name.
create or replace macro is_service_account(t) as
    case
        when contains(t, '@') then ends_with(lower(t), '@sharepoint')
        else regexp_matches(
            lower(t),
            '^(s-1-5-\d+|sharepoint\\system|system|nt authority\\.*|nt service\\.*|microsoft\.\w+|serviceprincipal_.*'
            || '|not available|microsoftsupport)$'
        )
    end;

-- A transfer that failed may have sent a part.
create or replace macro transfer_outcome(status, failure, bytes) as
    case
        when regexp_matches(failure, '^PARTIAL') or (status = 'FAILED' and whole_number(bytes) > 0) then 'partial'
        when status = 'COMPLETED' then file_outcome('success', bytes)
        when status = 'FAILED' or logged(failure) is not null then 'failure'
        else 'unknown'
    end;
