/*
title = "Macros for the logs of other systems"
description = """
How the sources read what other systems write: a value inside of a JSON text that may be no JSON at all, a time in one
of the spellings of mail, spreadsheets and programs or as seconds or milliseconds since 1970, the text in a base64
value. And what they say of it: what was deduced, and that nothing passed.
"""
*/
-- The fields of a JSON object that hold something, by their names: as one text, which two objects share only where
-- they say the same.
create or replace macro json_fields(object) as
    to_json(list_sort(list_filter(
        map_entries(object::map (varchar, varchar)), lambda field: not is_blank(field.value)
    )))::varchar;

-- The same for the cells of a row under the names of its columns, which stand in their order.
create or replace macro cell_fields(names, cells) as
    to_json(list_filter(
        list_transform(list_zip(names, cells), lambda pair: {'key': pair[1], 'value': pair[2]}),
        lambda field: not is_blank(field.value)
    ))::varchar;

-- A value of a JSON text by its path; null where the text is no JSON, so that one odd record costs only itself.
create or replace macro inside(json, path) as
    case when looks_nested(json) and json_valid(json) then json_extract_string(json, path) end;

-- All values under a path with a wildcard, as texts.
create or replace macro each_inside(json, path) as
    case
        when looks_nested(json) and json_valid(json)
            then coalesce(json_extract_string(json, path)::varchar[], []::varchar[])
        else []::varchar[]
    end;

-- Microseconds since 1970 as a canonical time; null for a number that no calendar holds.
create or replace macro epoch_text(us) as
    replace(try(make_timestamp(round(us)::bigint))::varchar, ' ', 'T') || 'Z';

-- A time as a number since 1970, whatever its unit: seconds, milliseconds, microseconds or nanoseconds. Null for what
-- would be nanoseconds before 2001: Windows and .NET write today's times as such numbers, counted from another year.
create or replace macro instant_of_epoch(t) as
    list_transform([try_cast(t as double)], lambda n: case
        when abs(n) < 100000000000 then epoch_text(n * 1000000)
        when abs(n) < 100000000000000 then epoch_text(n * 1000)
        when abs(n) < 100000000000000000 then epoch_text(n)
        when abs(n) < 1000000000000000000 then null
        when n is not null then epoch_text(n / 1000)
    end)[1];

-- The hours of a zone in the letters that Americans write; null for others. Letters of other countries mean several.
create or replace macro zone_hours(letters) as
    case letters
        when 'EST' then '-05:00' when 'EDT' then '-04:00' when 'CST' then '-06:00' when 'CDT' then '-05:00'
        when 'MST' then '-07:00' when 'MDT' then '-06:00' when 'PST' then '-08:00' when 'PDT' then '-07:00'
    end;

-- Two numbers either of which may be the month, on a clock of 24 hours, which Americans seldom write.
create or replace macro could_be_either(t) as
    regexp_full_match(t, '(0?[1-9]|1[0-2])/(0?[1-9]|1[0-2])/\d{4} \d?\d:\d\d(:\d\d(\.\d+)?)?')
    and try_cast(split_part(t, '/', 1) as integer) <> try_cast(split_part(t, '/', 2) as integer);

-- A time without its zone, in one of the spellings of mail, spreadsheets, pages, databases and programs. The month
-- comes first where both stand as numbers and the hours are those of a.m. and p.m.
create or replace macro spelled_moment(t) as
    try_strptime(case when not could_be_either(t) then t end, [
        '%m/%d/%Y %H:%M', '%m/%d/%Y %H:%M:%S', '%m/%d/%Y %H:%M:%S.%f', '%m/%d/%Y %I:%M %p', '%m/%d/%Y %I:%M:%S %p',
        '%d-%b-%y %I.%M.%S.%n %p', '%d-%b-%y %I.%M.%S %p', '%d-%b-%Y %H:%M:%S',
        '%b %d %Y %H:%M:%S', '%b %d %Y %I:%M:%S %p', '%b %d %Y %I:%M %p', '%b %d %Y %H:%M', '%B %d %Y %H:%M:%S',
        '%B %d %Y %I:%M:%S %p', '%B %d %Y %I:%M %p', '%a %d %b %Y %H:%M:%S', '%a %d %b %Y %H:%M', '%d %b %Y %H:%M:%S',
        '%d %b %Y %H:%M', '%d/%b/%Y:%H:%M:%S', '%Y/%m/%d %H:%M:%S', '%Y/%m/%d %H:%M', '%Y-%m-%d %I:%M:%S %p',
        '%Y-%m-%d %H:%M:%S', '%Y-%m-%d %H:%M:%S.%f', '%Y-%m-%dT%H:%M:%S', '%Y-%m-%dT%H:%M:%S.%f', '%Y%m%dT%H%M%S'
    ]);

-- Such a time and what stands behind it, `parts.said` and `parts.zone`, as a canonical one.
create or replace macro spelled_time(parts) as
    list_transform([parts], lambda p: list_transform(
        [strftime(spelled_moment(p.said), '%Y-%m-%dT%H:%M:%S.%f')],
        lambda moment: case
            when p.zone = '' then moment
            when p.zone in ('Z', 'UTC', 'GMT', 'UT') then moment || 'Z'
            when contains(p.zone, '/')
                then epoch_text(epoch_us(try_cast(replace(moment, 'T', ' ') || ' ' || p.zone as timestamptz)))
            else moment || coalesce(zone_hours(p.zone), regexp_replace(p.zone, '^(UTC|GMT)', ''))
        end
    )[1])[1];

-- Whether a time is none that `instant_of` or `day_of` reads.
create or replace macro is_spelled_otherwise(t) as
    not regexp_full_match(t, '\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)? *(Z|[+-]\d\d(:?\d\d)?)?)?');

-- A time as other systems spell it, as a canonical one: seconds or finer since 1970, mail (Mon, 02 Mar 2026 10:01:00
-- -0500), spreadsheets (3/2/2026 10:01), pages (Mar 2, 2026 10:01:00 AM), programs (10:01:00,123). Null for any other.
create or replace macro logged_time(t) as
    case
        when regexp_full_match(t, '\s*(\d{9,13}|\d{16}|\d{19})(\.\d+)?\s*') then instant_of_epoch(trim(t))
        when regexp_full_match(t, '\d{8}') then strftime(try_strptime(t, '%Y%m%d'), '%Y-%m-%d')
        when regexp_full_match(t, '\d{14}(\.\d+)?')
            then strftime(try_strptime(left(t, 14), '%Y%m%d%H%M%S'), '%Y-%m-%dT%H:%M:%S') || substring(t, 15)
        when length(t) between 12 and 64
            then spelled_time(regexp_extract(
                regexp_replace(replace(regexp_replace(
                    regexp_replace(t, '(\d:\d\d:\d\d),(\d{1,6})\d*', '\1.\2'), '(\d:\d\d:\d\d\.\d{6})\d+', '\1'
                ), ',', ''), '\s+(at )?', ' ', 'g'),
                '^\s*(.*?\d(?: ?[AaPp]\.?[Mm]\.?)?)\s*\(?(Z|UT|(?:UTC|GMT)?[+-]\d\d:?\d\d|UTC|GMT|[ECMP][SD]T'
                || '|[A-Z][A-Za-z]+/[A-Za-z_/]+|)\)?\s*$',
                ['said', 'zone']
            ))
    end;

-- The last part of a path, whatever parts it.
create or replace macro base_name(path) as regexp_extract(rtrim(path, '/\'), '[^/\\]*$');

-- A whole number, its thousands parted by commas or not at all; null for anything else.
create or replace macro grouped_count(t) as
    case
        when try_cast(t as bigint)::varchar = t then try_cast(t as bigint)
        when regexp_full_match(t, '[1-9]\d{0,2}(,\d{3})+') then try_cast(replace(t, ',', '') as bigint)
    end;

-- Null for blanks, and for the marks that logs write in the place of a value. As `is_blank`, with the text in as few
-- places as can be: each takes the expression that stands for it once more, which has to be planned for every log.
create or replace macro logged(t) as
    case
        when case
            when t < '!' then regexp_full_match(t, '[\s\p{Z}\x{b}\x{1c}-\x{1f}\x{85}]*')
            else t in ('-', 'null', 'NULL', 'N/A', 'n/a', '\N')
        end
            then null
        else t
    end;

-- Those of some texts that are there, as one; null where that is blank.
create or replace macro joined(texts, separator) as
    list_filter([list_aggregate(texts, 'string_agg', separator)], lambda t: not is_blank(t))[1];

-- Text in base64; null where it is none.
create or replace macro base64_text(t) as try(decode(from_base64(t)));

-- The value of the first `KEY=value` with this key.
create or replace macro keyed(parts, key) as
    logged(substring(list_filter(parts, lambda p: starts_with(p, key || '='))[1], length(key) + 2));

-- What succeeded and passed nothing on: no bytes, no rows. A size that is not known is none.
create or replace macro unless_empty(outcome, amount) as
    case when outcome = 'success' and try_cast(amount as double) = 0 then 'empty' else outcome end;

-- How a file's transfer ended, by what its log says and by the bytes that passed: what broke off behind them may have
-- disclosed them, what broke off before the first has not. A size that is not known settles nothing.
create or replace macro file_outcome(status, bytes) as
    case
        when status = 'success' and try_cast(bytes as double) = 0 then 'empty'
        when status = 'failure' and try_cast(bytes as double) > 0 then 'partial'
        when status = 'partial' and try_cast(bytes as double) = 0 then 'failure'
        else coalesce(status, 'unknown')
    end;

-- Why a record is set aside whose operation no list knows: never called harmless, and counted apart by these words.
create or replace macro unknown_operation(name) as
    'an operation that auditscan does not know: ' || coalesce(left(name, 60), '(not named)');

-- Items of one list, all deduced from the same.
create or replace macro as_deduced(kind, items, why) as
    coalesce(list_transform(
        list_filter(items, lambda x: x is not null), lambda x: {'kind': kind, 'item': x, 'why': why}
    ), []);

-- Fields that the mapping of a register gives to all records alike.
create or replace macro is_shared(field) as
    coalesce(list_contains(getvariable('shared_fields')::varchar[], field), false);

create or replace macro from_mapping() as 'the mapping gives it to all records';

create or replace macro deduced_items(deduced) as
    list_distinct(list_transform(coalesce(deduced, []), lambda d: {'kind': d.kind, 'item': d.item}));

-- Whether something of a kind was deduced.
create or replace macro deduces(kind, deduced) as
    coalesce(list_contains(list_transform(deduced, lambda d: d.kind), kind), false);

create or replace macro deduced_item(kind, deduced) as list_filter(deduced, lambda d: d.kind = kind)[1].item;

-- What of it nothing logs: each item once, with the first of its reasons.
create or replace macro only_deduced(deduced, logged) as
    list_sort(list_transform(
        list_filter(deduced_items(deduced), lambda x: not list_contains(logged, x)),
        lambda x: list_sort(list_filter(deduced, lambda d: d.kind = x.kind and d.item = x.item))[1]
    ));
