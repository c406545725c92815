/*
title = "Where a record is, as a person says it"
description = """
A record's number in its file is where a person finds it: the line on which it begins, the row, the item of an array.
`place_text` says so in words, `cited` with the file before it. The number of a row of a workbook is the number of its
sheet times two million, plus the row.
"""
*/
create or replace macro place_text(places, sheets, number) as
    case
        when places = 'sheet'
            then 'sheet "' || coalesce(sheets[(number // 2000000)::integer + 1], '?') || '", row ' || number % 2000000
        when starts_with(places, 'item of ') then 'item ' || number || places[5:]
        else coalesce(places, 'record') || ' ' || number
    end;

create or replace macro cited(path, places, sheets, number) as
    path || ', ' || place_text(places, sheets, number);

-- The number that a person finds: of a workbook the row of its sheet, of other files the record's own number.
create or replace macro number_found(places, record_key) as
    record_key % 68719476736 % (case when places = 'sheet' then 2000000 else 68719476736 end);
