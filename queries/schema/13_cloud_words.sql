/*
title = "Macros for the logs of cloud services"
description = """
What several sources read alike: the parts of a JSON text, the host of an address, whose account and whose site are of
one organization, a time in UTC that lacks its mark, the parties of a list. What one service alone has stands in a file
of its own beside.
"""
*/
-- A value of a JSON text by its path or its name; null where there is none, and where the text is no JSON at all.
-- The text stands once in each: these macros are nested, and what stands twice doubles with every level.
create or replace macro value_at(t, path) as nullif(try(json_extract_string(t, path)), '');

create or replace macro part_of(t, name) as value_at(t, '$."' || name || '"');

-- Of a list of records the first that has such a part.
create or replace macro first_part_of(t, name) as
    list_filter(try(json_extract_string(t, '$[*]."' || name || '"')), lambda x: x is not null)[1];

-- The same of JSON, or of the text that Athena makes of a row: {type=AssumedRole, arn=arn:...}.
create or replace macro row_part_of(t, name) as
    coalesce(part_of(t, name), nullif(nullif(regexp_extract(t, '(?i)[{, ]' || name || '=([^,}\]]*)', 1), ''), 'null'));

-- The texts under a path, be it one or a list of them.
create or replace macro texts_at(t, path) as
    each_inside(t, path || '[*]') || list_filter([inside(t, path)], lambda x: x is not null and not looks_nested(x));

-- The parties of a list as one text: each once, in the order of their names; null for none.
create or replace macro named_parties(names) as
    nullif(array_to_string(
        list_sort(list_distinct(list_filter(
            list_transform(names, lambda x: logged(clean(x))), lambda x: x is not null
        ))), '; '
    ), '');

-- The places of a list that are there.
create or replace macro named_places(names) as
    nullif(list_sort(list_distinct(list_filter(names, lambda x: x is not null and x <> ''))), []);

-- All mail addresses in a text.
create or replace macro mail_addresses_in(t) as
    coalesce(regexp_extract_all(t, '[A-Za-z0-9._%+#''-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+'), []::varchar[]);

create or replace macro host_of(url) as
    nullif(regexp_extract(lower(url), '^[a-z][a-z0-9+.-]*://(?:[^/@]*@)?([^/:?#]+)', 1), '');

-- The organization that a host of SharePoint or OneDrive belongs to, by the name it chose.
create or replace macro tenant_of(host) as
    nullif(regexp_extract(host, '^([a-z0-9-]+?)(?:-my|-admin)?\.sharepoint(?:-[a-z]+)?\.[a-z]+$', 1), '');

-- Whose OneDrive a file lies in, as its address spells the account: x_cms_hhs_gov.
create or replace macro drive_owner_of(url) as nullif(regexp_extract(url, '(?i)://[^/]+/personal/([^/?#]+)', 1), '');

-- The domain by which an organization is known: of .gov and .mil what was registered, of others the whole.
create or replace macro home_domain_of(domain) as
    coalesce(nullif(regexp_extract(domain, '([^.]+\.(?:gov|mil))$', 1), ''), domain);

-- Whether an account is surely of another organization than the one whose name a tenant chose: no part of its domain
-- begins that name (dhs.gov has dhsgov). Both by their words alone.
create or replace macro is_foreign_to(domain, tenant) as
    domain is not null and tenant is not null and len(list_filter(
        string_split(domain, '.'),
        lambda x: length(x) > 1 and not list_contains(['gov', 'com', 'org', 'net', 'mil', 'onmicrosoft', 'mail'], x)
            and starts_with(replace(tenant, '-', ''), replace(x, '-', ''))
    )) = 0;

-- Whether an account is surely of the organization that a tenant is named after: ice.dhs.gov has ice, or dhsgov.
create or replace macro is_at_home(domain, tenant) as
    coalesce(len(list_filter(
        string_split(domain, '.'),
        lambda x: length(x) > 1 and not list_contains(['gov', 'com', 'org', 'net', 'mil', 'onmicrosoft', 'mail'], x)
            and replace(tenant, '-', '') in (replace(x, '-', ''), replace(x, '-', '') || 'gov')
    )) > 0, false);

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
