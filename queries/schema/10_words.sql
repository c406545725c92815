/*
title = "Macros for words, lists and times"
description = """
How a logged value is read, in one place. `word` gives the normalized look-up word, `text_of` the
text of one JSON value, `items_of` the readable items of a list field, `instant_of` and `day_of` a
time. A value that cannot be read gives null, which everywhere means unknown.
"""
*/
-- Case folding for the few letters whose folded form holds ASCII letters that `lower` leaves alone:
-- without it a long s or a ligature would hide a word from the look-ups.
create or replace macro fold(t) as
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
        lower(t),
        'ſ', 's'), 'ß', 'ss'), 'ẞ', 'ss'), 'ﬀ', 'ff'), 'ﬁ', 'fi'), 'ﬂ', 'fl'),
        'ﬃ', 'ffi'), 'ﬄ', 'ffl'), 'ﬅ', 'st'), 'ﬆ', 'st');

create or replace macro word(t) as
    trim(regexp_replace(fold(t), '[^\p{L}\p{N}]+', '_', 'g'), '_');

-- Blanks at the ends, the Unicode ones included; a value of blanks only is a missing value.
create or replace macro clean(t) as
    nullif(regexp_replace(t, '^[\s\p{Z}\x{1c}-\x{1f}\x{85}]+|[\s\p{Z}\x{1c}-\x{1f}\x{85}]+$', '', 'g'), '');

create or replace macro is_blank(t) as trim(t, e' \t\n\r\x0B\f') = '';

-- The text of a JSON scalar. Quoted text without escapes, by far the most frequent, is cut out by hand:
-- parsing it a second time costs as much as reading the whole line.
create or replace macro text_of(raw) as
    case
        when raw is null or raw = 'null' then null
        when starts_with(raw, '"') and not contains(raw, '\')
            then case when is_blank(substring(raw, 2, length(raw) - 2)) then null
                 else substring(raw, 2, length(raw) - 2) end
        when starts_with(raw, '{') or starts_with(raw, '[') then null
        when is_blank(json_extract_string(raw::json, '$')) then null
        else json_extract_string(raw::json, '$')
    end;

-- A JSON value that is there, but is no scalar where a scalar is meant: its raw text, else null.
create or replace macro unreadable_text(raw) as
    case when starts_with(raw, '{') or starts_with(raw, '[') then raw end;

-- The readable items of a list field, sorted, each once. A scalar is a list of one.
create or replace macro items_of(raw) as
    case
        when raw is null or starts_with(raw, '{') then []::varchar[]
        when starts_with(raw, '[') then coalesce(list_sort(list_distinct(list_filter(
            list_transform(json_extract(raw::json, '$[*]'), lambda x:
                case when json_type(x) in ('OBJECT', 'ARRAY', 'NULL') then null
                else clean(json_extract_string(x, '$')) end),
            lambda x: x is not null))), []::varchar[])
        when clean(text_of(raw)) is null then []::varchar[]
        else [clean(text_of(raw))]
    end;

-- What a list field holds that is no item: an object in its place, or objects and lists among its items.
create or replace macro unreadable_items(raw) as
    case
        when starts_with(raw, '{') then raw
        when starts_with(raw, '[')
            and len(list_filter(json_extract(raw::json, '$[*]'), lambda x: json_type(x) in ('OBJECT', 'ARRAY'))) > 0
            then raw
    end;

-- One CSV cell holds a list, its items parted by semicolons.
create or replace macro cell_items(cell) as
    coalesce(list_sort(list_distinct(list_filter(
        list_transform(string_split(cell, ';'), lambda x: clean(x)), lambda x: x is not null))), []::varchar[]);

create or replace macro day_of(t) as
    case when length(t) = 10 and t not like '0000%' and regexp_full_match(t, '\d{4}-\d{2}-\d{2}') then try_cast(t as date) end;

-- The first branch is the usual form and needs no pattern; the second takes the other ISO 8601 forms
-- with a zone; the third has none and is read in the zone declared for the source.
create or replace macro instant_of(t, zone) as
    case
        when t like '____-__-__T__:__:__Z' and substring(t, 12, 2) < '24' and t >= '0001'
            then try_cast(t as timestamptz)
        when length(t) < 16 or t < '0001' then null
        when regexp_full_match(t, '\d{4}-\d{2}-\d{2}[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)? ?(Z|z|[+-]([01]\d|2[0-3])(:?[0-5]\d)?)')
            then try_cast(regexp_replace(
                case when length(regexp_extract(t, '^.{10}.[0-9:.]+')) = 16
                    then regexp_replace(t, '^(.{16})', '\1:00') else t end,
                ' ?(Z|z)$| ([+-])', case when t like '%Z' or t like '%z' then 'Z' else '\2' end) as timestamptz)
        when regexp_full_match(t, '\d{4}-\d{2}-\d{2}[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?')
            then timezone(zone, try_cast(t as timestamp))
    end;

-- People or rows: a whole number, not negative; `5.0` is one, `5.7` is not.
create or replace macro count_of(t) as
    case
        when t is null then null
        when length(t) < 18 and not contains(t, '.') then
            case when try_cast(t as bigint) >= 0 and not regexp_matches(t, '[^0-9\s]') then try_cast(t as bigint) end
        when regexp_full_match(t, '\s*\d+(\.0+)?\s*') then try_cast(regexp_extract(t, '\d+') as bigint)
    end;

-- A quarter of an hour is the finest clock the rules need: zone offsets and the agreement's hours fall on it.
-- Counted from the year 0, so that it is never negative; bare days and missing times have ranges of their own.
create or replace macro moment_of_instant(ts) as ((epoch_us(ts) + 62167219200000000) // 900000000)::integer;
create or replace macro moment_of_day(d) as (1000000000 + (d - date '1970-01-01'))::integer;
create or replace macro moment_unknown() as 2000000000;

create or replace macro severity_rank(s) as
    case s when 'enjoined' then 3 when 'review' then 2 when 'permitted' then 1 when 'outside' then 0 end;
create or replace macro severity_name(r) as
    case r when 3 then 'enjoined' when 2 then 'review' when 1 then 'permitted' when 0 then 'outside' end;

-- What a finding about content adds where the log does not say what the data were for.
create or replace macro presumed(purpose_kind) as
    case when purpose_kind = 'presumed' then '; purpose presumed' else '' end;

-- A part as evidence: what it means and the words it was logged in.
create or replace macro part_text(key, items) as
    case when items is null or len(items) = 0 then key || ' (nothing logged)'
         when len(items) > 6 then key || ' (' || array_to_string(items[1:6], ', ') || ' and ' || (len(items) - 6) || ' more)'
         else key || ' (' || array_to_string(items, ', ') || ')' end;

-- The bytes one raw JSON value and its key take in a line. A number outside of quotes makes it unknown:
-- JSON lets one number be written in many lengths.
create or replace macro json_bytes(raw, key_length) as
    case
        when raw is null then 0
        when regexp_matches(raw, '(^|[\[,:])[-0-9]') then null
        else strlen(raw) + key_length + 4
    end;

-- Null for a value of blanks only. Blanks sort before every other character, which spares the usual value
-- the closer look.
create or replace macro unless_blank(t) as case when t < '!' and is_blank(t) then null else t end;
