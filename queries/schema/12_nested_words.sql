/*
title = "Macros for JSON within a log"
description = "The parts of a JSON text by their names or paths, and the same of texts that Athena makes of a row."
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
