/*
title = "Macros for words, lists and times"
description = """
How a logged value is read, in one place. `word` gives the normalized look-up word, `text_of` the
text of one JSON value, `sorted_items` the readable items of a list field, `instant_of` and `day_of` a
time. A value that cannot be read gives null, which everywhere means unknown.
"""
*/
-- Case folding for the few letters whose folded form holds ASCII letters that `lower` leaves alone:
-- without it a long s or a ligature would hide a word from the look-ups. A capital I with a dot folds to an i and a
-- dot, which is no letter.
create or replace macro fold(t) as
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
        lower(replace(t, 'İ', 'i̇')),
        'ſ', 's'), 'ß', 'ss'), 'ẞ', 'ss'), 'ﬀ', 'ff'), 'ﬁ', 'fi'), 'ﬂ', 'fl'),
        'ﬃ', 'ffi'), 'ﬄ', 'ffl'), 'ﬅ', 'st'), 'ﬆ', 'st');

create or replace macro word(t) as
    trim(regexp_replace(fold(t), '[^\p{L}\p{N}]+', '_', 'g'), '_');

-- Without the blanks at its ends, the Unicode ones included.
create or replace macro trimmed(t) as
    regexp_replace(t, '^[\s\p{Z}\x{b}\x{1c}-\x{1f}\x{85}]+|[\s\p{Z}\x{b}\x{1c}-\x{1f}\x{85}]+$', '', 'g');

-- The same; a value of blanks only is a missing value. The engine plans a text once more wherever a macro names it, its
-- own `nullif` and `array_to_string` too: macros on top of this one take `trimmed` where that does.
create or replace macro clean(t) as nullif(trimmed(t), '');

-- Most texts begin with a character that sorts between the blanks, which spares them the closer look.
create or replace macro is_blank(t) as
    case when t >= '!' and t < chr(133) then false else regexp_full_match(t, '[\s\p{Z}\x{b}\x{1c}-\x{1f}\x{85}]*') end;

-- What stands between the quotes.
create or replace macro quoted_text(raw) as substring(raw, 2, length(raw) - 2);

-- The text of a JSON scalar. Quoted text without escapes, by far the most frequent, is cut out by hand:
-- parsing it a second time costs as much as reading the whole line.
create or replace macro text_of(raw) as
    case
        when raw is null or raw = 'null' then null
        when starts_with(raw, '"') and not contains(raw, '\')
            then case when is_blank(quoted_text(raw)) then null else quoted_text(raw) end
        when starts_with(raw, '{') or starts_with(raw, '[') then null
        when is_blank(try(json_extract_string(raw::json, '$'))) then null
        else try(json_extract_string(raw::json, '$'))
    end;

-- A JSON value that is there, but is no scalar where a scalar is meant: its raw text, else null.
create or replace macro unreadable_text(raw) as
    case when starts_with(raw, '{') or starts_with(raw, '[') then raw end;

-- The readable items of a list, sorted, each once.
create or replace macro sorted_items(items) as
    coalesce(list_sort(list_distinct(list_filter(
        list_transform(items, lambda x: trimmed(x)), lambda x: x <> ''
    ))), []::varchar[]);

-- What a list field holds as it stands. A scalar is a list of one.
create or replace macro json_items(raw) as
    case
        -- Without an object or list among them the items need no look at their types.
        when starts_with(raw, '[') and not contains(raw, '{') and not contains(substring(raw, 2), '[')
            then try(json_transform(raw, '["VARCHAR"]'))
        when starts_with(raw, '[')
            then list_transform(
                try(json_extract(raw::json, '$[*]')), lambda x:
                    case when json_type(x) not in ('OBJECT', 'ARRAY', 'NULL') then json_extract_string(x, '$') end
            )
        when starts_with(raw, '"') and not contains(raw, '\') then [quoted_text(raw)]
        when not starts_with(raw, '{') then [try(json_extract_string(raw::json, '$'))]
    end;

-- What a list field holds that is no item: an object in its place, or objects and lists among its items.
create or replace macro unreadable_items(raw) as
    case
        when starts_with(raw, '{') then raw
        when starts_with(raw, '[')
            and len(list_filter(
                try(json_extract(raw::json, '$[*]')), lambda x: json_type(x) in ('OBJECT', 'ARRAY')
            )) > 0
            then raw
    end;

create or replace macro bare_day_of(t) as
    case
        when length(t) = 10 and t not like '0000%' and regexp_full_match(t, '\d{4}-\d{2}-\d{2}')
            then try_cast(t as date)
    end;

-- Blanks at its ends do not count. Whatever holds a colon is no bare day: most times need no closer look.
create or replace macro day_of(t) as
    case when length(t) = 10 then bare_day_of(t) when not contains(t, ':') then bare_day_of(trimmed(t)) end;

-- Null for an instant beyond the years 1 to 9999, where a zone may carry it: no other program could say it. On the
-- first day of year 1 it is null too: programs write that for a time that they do not know.
create or replace macro in_calendar(instant) as
    list_filter([instant], lambda i: i >= timestamp '0001-01-02' and i < timestamp '10000-01-01')[1];

-- The calendar day of an instant in a zone; at the ends of the calendar its first or last day.
create or replace macro day_in_zone(instant, zone) as
    case
        when instant is not null
            then greatest(date '0001-01-01', least(date '9999-12-31', (instant at time zone zone)::date))
    end;

-- A time with a zone in any ISO 8601 form, or without one in the zone declared for the source; in UTC.
-- Nanoseconds are cut to microseconds.
-- Through a list of one: a macro repeats the expression that stands for its parameter wherever it names that, and each
-- of them has to be planned.
create or replace macro instant_of_any(text, zone) as in_calendar(list_transform([text], lambda t:
    case
        when length(t) < 16 or t < '0001' then null
        when regexp_full_match(
            t,
            '\d{4}-\d{2}-\d{2}[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)? *(Z|z|[+-]([01]\d|2[0-3])(:?[0-5]\d)?)'
        )
            then try_cast(regexp_replace(
                case
                    when length(regexp_extract(t, '^.{10}.[0-9:.]+')) = 16 then regexp_replace(t, '^(.{16})', '\1:00')
                    else t
                end,
                ' *(Z|z)$| +([+-])', case when t like '%Z' or t like '%z' then 'Z' else '\2' end
            ) as timestamptz) at time zone 'UTC'
        when regexp_full_match(t, '\d{4}-\d{2}-\d{2}[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?')
            then timezone(zone, try_cast(t as timestamp)) at time zone 'UTC'
    end
)[1]);

-- The usual form, 20 characters in UTC, without a pattern: three times faster. The year tells a text of that
-- length that has blanks or lacks a digit from one that has the form.
create or replace macro usual_instant_of(t) as
    case when strlen(t) = 20 and t >= '1' then try_strptime(t, '%Y-%m-%dT%H:%M:%SZ') end;

-- The same with milliseconds, as databases and cloud services write it.
create or replace macro usual_fine_instant_of(t) as
    case when strlen(t) = 24 and t >= '1' and t[20] = '.' then try_strptime(t, '%Y-%m-%dT%H:%M:%S.%gZ') end;

-- The usual form without a zone, for the logs of servers.
create or replace macro usual_local_time_of(t) as
    case when strlen(t) = 19 and t >= '1' then try_strptime(t, '%Y-%m-%d %H:%M:%S') end;

create or replace macro instant_of(t, zone) as
    case
        when usual_instant_of(t) >= timestamp '1000-01-01' then usual_instant_of(t)
        when usual_local_time_of(t) between timestamp '1000-01-01' and timestamp '9999-12-30'
            then timezone(zone, usual_local_time_of(t)) at time zone 'UTC'
        when usual_fine_instant_of(t) >= timestamp '1000-01-01' then usual_fine_instant_of(t)
        else instant_of_any(trimmed(t), zone)
    end;

-- People or rows: a whole number, not negative; `5.0` is one, `5.7` is not.
create or replace macro count_of(t) as
    case
        when try_cast(t as bigint)::varchar = t then case when try_cast(t as bigint) >= 0 then try_cast(t as bigint) end
        when regexp_full_match(trimmed(t), '\d+(\.0+)?') then try_cast(regexp_extract(t, '\d+') as bigint)
    end;

-- A quarter of an hour is the finest clock the rules need: zone offsets and the agreement's hours fall on it.
-- Counted from the year 0, so that it is never negative; bare days and missing times have ranges of their own.
create or replace macro moment_of_instant(ts) as ((epoch_us(ts) + 62167219200000000) // 900000000)::integer;
create or replace macro moment_of_day(d) as (1000000000 + (d - date '1970-01-01'))::integer;
create or replace macro moment_unknown() as 2000000000;
create or replace macro moment_of(instant, day) as
    case
        when instant is not null then moment_of_instant(instant)
        when day is not null then moment_of_day(day)
        else moment_unknown()
    end;

-- Days before 1970 lie below the thousand millions, and far above every instant.
create or replace macro is_day_moment(m) as m >= 900000000 and m < 2000000000;
create or replace macro is_instant_moment(m) as m < 900000000;

-- When something happened, as text: a day, or an instant in UTC; null where the time is not known.
create or replace macro time_text(known_to, ts) as
    case known_to
        when 'day' then ts::date::varchar
        when 'instant' then replace(ts::varchar, ' ', 'T') || 'Z'
    end;

create or replace macro severity_rank(s) as
    case s when 'enjoined' then 3 when 'review' then 2 when 'permitted' then 1 when 'outside' then 0 end;
create or replace macro severity_name(r) as
    case r when 3 then 'enjoined' when 2 then 'review' when 1 then 'permitted' when 0 then 'outside' end;

-- All that a disclosure of a log says, as JSON text. What a canonical log does not tell stands behind the rest, so that
-- the ids made of what it says stay what they were.
create or replace macro content_of(told) as
    to_json(struct_pack(
        sender := told.sender, recipient := told.recipient, programs := told.programs, states := told.states,
        elements := told.elements, populations := told.populations, purpose := told.purpose,
        unreadable := told.unreadable
    ))::varchar || coalesce(told.element_basis, '') || coalesce(to_json(told.deduced)::varchar, '');

-- What a word of a list means that no policy table knows.
create or replace macro nobody_knows(kind) as
    case kind when 'category' then 'unclassified' else 'unknown' end;

-- What a regime makes of content for a purpose. The sender writes the purpose: it can move a verdict, and no flag.
create or replace macro content_for(content, purpose_kind, enforces, other_purpose) as
    case
        when other_purpose is null or purpose_kind = 'immigration_enforcement' then content
        when purpose_kind = 'other' or not enforces then severity_rank(other_purpose)
        when purpose_kind = 'unrecognized' then greatest(content, 2)
        else content
    end;

-- The worst over the states of a disclosure.
create or replace macro over_states(content, some_covered, some_unsettled, some_unknown) as
    greatest(
        case when some_covered then content else 0 end,
        case when some_unsettled then least(content, 2) else 0 end,
        case when some_unknown then 2 else 0 end
    );

-- What a finding about content adds where the log does not say what the data were for.
create or replace macro presumed(purpose_kind) as
    case when purpose_kind = 'presumed' then '; purpose presumed' else '' end;

-- The first of some words, and how many more there are; null for none.
create or replace macro some_of(words, most) as
    list_transform([words], lambda w: list_aggregate(w[1:most], 'string_agg', ', ')
        || case when len(w) > most then ' and ' || (len(w) - most) || ' more' else '' end)[1];

-- How many, what became of them, and the first of them by name; null for none.
create or replace macro counted_names(names, what) as
    len(names) || ' ' || what || ' (' || some_of(names, 3) || ')';

-- A part as evidence: what it means, the words it was logged in, and what else it was deduced from.
create or replace macro part_text(key, items, deduced) as
    key || ' (' || coalesce(list_aggregate([
        some_of(items, 6),
        'deduced: ' || some_of(list_sort(list_distinct(list_transform(deduced, lambda d: d.why))), 3)
    ], 'string_agg', '; '), 'nothing logged') || ')';

-- The verdict on a transfer: that of the regime, where the log tells enough of the transfer for it to count.
create or replace macro verdict_of(in_scope, unattributed, settled, verdict) as
    case
        when unattributed then 'unattributed'
        when not in_scope then 'out_of_scope'
        when not settled then 'review'
        else coalesce(verdict, 'outside')
    end;

-- Where a transfer is counted: each in one class, whose sums are the number of transfers.
create or replace macro counted_as(verdict, attempt) as
    case when attempt and verdict not in ('unattributed', 'out_of_scope') then 'attempt' else verdict end;

-- The bytes one raw JSON value and its key take in a line. A number outside of quotes makes it unknown:
-- JSON lets one number be written in many lengths. So does `NaN` or `Infinity`, which is no JSON at all,
-- though the engine reads it.
create or replace macro json_bytes(raw, key_length) as
    case
        when raw is null then 0
        when regexp_matches(raw, '(^|[\[,:])([-0-9NiI]|n[aA])') then null
        else strlen(raw) + key_length + 4
    end;

-- Whether a text that the engine reads as JSON may be none: a comma before a closing bracket, `NaN`, `inf`. The same
-- marks inside of quotes cost a closer look and nothing else.
create or replace macro may_be_no_json(raw) as
    -- The engine looks for a mark that a pattern begins with three times as fast as for one of several.
    regexp_matches(raw, ',[ \t\r]*([}\]]|-?(?i:nan|inf|infinity)[ \t\r]*[,}\]])')
    or regexp_matches(raw, ':[ \t\r]*-?(?i:nan|inf|infinity)[ \t\r]*[,}\]]')
    or regexp_matches(raw, '\[[ \t\r]*-?(?i:nan|inf|infinity)[ \t\r]*[,}\]]');

-- Null for a value of blanks only.
create or replace macro unless_blank(t) as case when is_blank(t) then null else t end;

-- Whether a text begins as a JSON object or list does: two comparisons, where `starts_with` searches.
create or replace macro looks_nested(t) as (t >= '{' and t < '|') or (t >= '[' and t < '\');

-- Whether a text could stand without quotes in what the engine reads as JSON: a number, true or false, and what is
-- none, `NaN` or `inf` in any letters. Most ids begin with a letter that none of these does.
create or replace macro could_be_bare(t) as
    case
        when (t >= 'A' and t < 'I') or (t >= 'J' and t < 'N') or (t >= 'O' and t < 'f') then false
        else try_cast(t as double) is not null or t in ('true', 'false')
    end;

-- A field as its source wrote it: the cell of a CSV log, or JSON text.
create or replace macro logged_text(raw, is_cell) as
    case
        when not is_cell then text_of(raw)
        when not is_blank(raw) then raw
    end;

-- One CSV cell holds a list, its items parted by semicolons.
create or replace macro logged_items_of(raw, is_cell) as
    sorted_items(case when is_cell then string_split(raw, ';') else json_items(raw) end);

create or replace macro unpacked_name(path) as regexp_replace(path, '(?i)\.(gz|zst)$', '');

-- Files whose names differ only in digits are one stream: '2026-01-03/idr-001.ndjson.gz' and what came before and after
-- it are '#/idr-#.ndjson'. Digits at the very end are those of a log that is rotated.
create or replace macro stream_of(path) as
    regexp_replace(
        regexp_replace(
            regexp_replace(
                unpacked_name(path),
                '(?i)\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{8,}\b|[0-9]+', '#', 'g'),
            '#(?:[-_.:T]?#)+Z?', '#', 'g'),
        '([a-z])[-_.]#$', '\1');

-- A numbered id as the logs write it: with as many digits as the shortest of its kind.
create or replace macro numbered_id(prefix, number, digits) as
    prefix || lpad(number::varchar, greatest(digits, length(number::varchar))::integer, '0');

-- How parts of one kind are known together.
create or replace macro basis_of(some_deduced, some_logged) as
    case when some_deduced then 'deduced' when some_logged then 'logged' else 'unknown' end;

create or replace macro party_basis(agency, found_by) as
    case
        when agency is null then 'unknown'
        when found_by in ('token', 'account_name', 'phrase') then 'inferred'
        else 'logged'
    end;

-- The parts of DHS of which a log need not say what the data are for; of the others it must.
create or replace macro enforces(agency) as coalesce(agency in ('ICE', 'CBP', 'DHS'), false);

-- Of a text of the log what is kept of it. Counting the characters of every text takes longer than keeping it.
create or replace macro kept_text(t) as case when strlen(t) > 65536 then left(t, 65536) else t end;
