/*
title = "Macros for hosts, domains and tenants"
description = "The host of an address, whose drive it names, and whether an account and a site are of one organization."
*/
create or replace macro host_of(url) as
    nullif(regexp_extract(lower(url), '^[a-z][a-z0-9+.-]*://(?:[^/@]*@)?([^/:?#]+)', 1), '');

-- The organization that a host of SharePoint or OneDrive belongs to, by the name it chose.
create or replace macro tenant_of(host) as
    nullif(regexp_extract(host, '^([a-z0-9-]+?)(?:-my|-admin)?\.sharepoint(?:-[a-z]+)?\.[a-z]+$', 1), '');

-- Whose OneDrive a file lies in, as its address spells the account: x_cms_hhs_gov.
create or replace macro drive_owner_of(url) as nullif(regexp_extract(url, '(?i)://[^/]+/personal/([^/?#]+)', 1), '');

-- The domain by which an organization is known: of .gov and .mil what was registered, of others the whole.
create or replace macro home_domain_of(domain) as
    regexp_replace(domain, '(?s)^.*?([^.]+\.(?:gov|mil))$', '\1');

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
