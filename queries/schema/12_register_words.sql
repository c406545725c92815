/*
title = "Macros for what people write into registers"
description = """
`named_party` leaves out what names nobody, `day_of_register` what is no day of a disclosure, and `unguarded_cell`
takes off what keeps a spreadsheet from changing a cell.
"""
*/
-- What a register writes where it names nobody: an empty cell of a database or a spreadsheet, or a mark for one.
create or replace macro named_party(t) as
    case
        when strlen(t) > 16 then t
        when lower(t) in (
            '-', '--', '---', '–', '—', 'n/a', 'na', '#n/a', 'nan', 'null', '(null)', 'none', '(none)', 'nil', 'tbd',
            'tba', 'unknown', 'to be determined', 'pending', 'same as above', 'as above', 'see above', 'same', 'ditto',
            'idem', '"', '?', '.', '#ref!', '#value!', '#name?', '#div/0!', '#num!', '#null!', '######'
        )
            then null
        else t
    end;

-- A day or time as a register gives it, none before 1990 or after 2100: such a day stands for an empty cell. It is told
-- as what could not be read.
create or replace macro day_of_register(t) as
    case
        when t[5] = '-'
            and (t < '1990' or t >= '2101' or starts_with(t, '2000-01-01') or starts_with(t, '2099-12-31'))
            and regexp_full_match(t, '\d{4}-\d\d-\d\d.*')
            then 'no day of a disclosure: ' || t
        else t
    end;

-- A cell as it was meant that was made safe for spreadsheets: `="02/01/2026"`, or with an apostrophe before it.
create or replace macro unguarded_cell(t) as
    case
        when t < '''' or t >= '>' then t
        when starts_with(t, '="') and ends_with(t, '"') then nullif(trim(substring(t, 3, length(t) - 3)), '')
        when starts_with(t, '''') and not ends_with(t, '''') then nullif(trim(substring(t, 2)), '')
        else t
    end;
