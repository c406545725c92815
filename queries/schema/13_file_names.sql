/*
title = "Macros for dataset names of the CMS enterprise file transfer"
description = """
What a file's name says where it is a dataset name of CMS EFT:
`P#EFT.ON.<destination>[.<state>][.<code>]...Dyymmdd.Thhmmsst`. `eft_words` cuts it out of a path and parts it,
`eft_parts` says what the parts mean, and `with_eft` does both for the rows of a log. The states and elements of such a
file are inferred from its name: no log of file transfers says what stands in a file.
"""
*/
-- The dataset name in a path or command, in upper case; null where there is none.
create or replace macro eft_name(path) as
    case
        when (contains(path, '#') or contains(path, '%23')) and regexp_matches(path, '(?i)(#|%23)EFT\.')
            then nullif(regexp_extract(
                replace(upper(path), '%23', '#'), '(?:^|[^A-Z0-9])([PT]#EFT\.ON\.[A-Z0-9@#$-]+(?:\.[A-Z0-9@#$-]+)*)', 1
            ), '')
    end;

-- A file's name as it is compared between logs. What stands for a blank or for a letter that is no ASCII differs from
-- server to server: as it is, `_`, `+`, `%20`, or the number of each byte behind a `\`.
create or replace macro compared_name(path) as
    case
        when contains(path, '%') or contains(path, '\') or strlen(path) <> length(path)
            then translate(regexp_replace(
                lower(base_name(
                    case
                        when contains(path, '/') then regexp_replace(path, '(\\[0-3][0-7]{2})+', '_', 'g')
                        else path
                    end
                )), '(%[0-9a-f]{2}|[^\x00-\x7f])+', '_', 'g'
            ), ' +', '__')
        else translate(lower(base_name(path)), ' +', '__')
    end;

-- The address in what a log says of the other end: without its port, and IPv4 as such; null for the name of a host.
create or replace macro address_of(peer) as
    nullif(coalesce(
        nullif(regexp_extract(peer, '^(?:\[?::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})\]?(?::\d+)?$', 1), ''),
        lower(regexp_extract(peer, '^\[?([0-9A-Fa-f]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*)\]?(?:(?:%\w+)|(?:\]:\d+))?$', 1))
    ), '');

-- The macros below name what they are given once: a long `case` over it, written out wherever they stand, takes a
-- third of a second to plan.
create or replace macro is_usps_code(t) as list_contains([
    'AK', 'AL', 'AR', 'AS', 'AZ', 'CA', 'CO', 'CT', 'DC', 'DE', 'FL', 'GA', 'GU', 'HI', 'IA', 'ID', 'IL', 'IN', 'KS',
    'KY', 'LA', 'MA', 'MD', 'ME', 'MI', 'MN', 'MO', 'MP', 'MS', 'MT', 'NC', 'ND', 'NE', 'NH', 'NJ', 'NM', 'NV', 'NY',
    'OH', 'OK', 'OR', 'PA', 'PR', 'RI', 'SC', 'SD', 'TN', 'TX', 'UT', 'VA', 'VI', 'VT', 'WA', 'WI', 'WV', 'WY'
], t);

-- What the file codes of T-MSIS stand for, in words that elements.csv classes. Each kind of file has two codes.
create or replace macro eft_code_elements(code) as
    list_extract(
        [
            ['eligibility file'], ['inpatient claims file'], ['long-term care claims file'], ['other claims file'],
            ['prescription claims file'], ['managed care plan file'], ['provider file'], ['third-party liability file']
        ],
        (list_position([
            'EL', 'ELG', 'CI', 'CIP', 'CL', 'CLT', 'CO', 'COT', 'CR', 'CRX', 'MC', 'MCR', 'PR', 'PRV', 'TP', 'TPL'
        ], code) + 1) // 2
    );

-- D260107.T1402110: the day and the time of day to a tenth of a second, no zone.
create or replace macro eft_time(name) as
    strftime(
        try_strptime(nullif(regexp_extract(name, '\.D(\d{6}\.T\d{6})\d?(?:\.|$)', 1), ''), '%y%m%d.T%H%M%S'),
        '%Y-%m-%d %H:%M:%S'
    );

-- The parts of an EFT dataset name in a path; null where the path holds none.
create or replace macro eft_words(path) as string_split(eft_name(path), '.');

-- What the name with these parts says. `CO` and `PR` are a state and a file code: what stands alone may be either, and
-- is taken for neither. What the two words may mean stands in a list of its own, so that it is written out once.
create or replace macro eft_parts(words) as
    list_transform(
        case
            when words is not null then [{
                words: words,
                is_state: is_usps_code(words[4]),
                first_means: eft_code_elements(words[4]),
                second_means: eft_code_elements(words[5])
            }]
        end,
        lambda e: struct_pack(
            test := starts_with(e.words[1], 'T'),
            destination := e.words[3],
            -- Where the states' own T-MSIS files go: in the other direction than a disclosure.
            own_submission := e.words[3] in ('TMSIS', 'MSIS'),
            states := case
                when e.is_state and (e.first_means is null or e.second_means is not null) then [e.words[4]]
            end,
            elements := case when e.is_state then e.second_means else coalesce(e.first_means, e.second_means) end,
            -- Without the day and time behind them, which make no two names alike.
            told_by := 'file name ' || array_to_string(e.words[1:case
                when not coalesce(e.is_state, false) and e.first_means is not null
                    then case when e.words[4] = e.words[5] then 5 else 4 end
                when e.second_means is not null or e.words[5] is null then 5
                else 4
            end], '.'),
            element_basis := case
                when case when e.is_state then e.second_means else coalesce(e.first_means, e.second_means) end is null
                    then 'unknown'
                else 'inferred'
            end
        )
    )[1];

-- Rows with what the EFT name in a path of theirs says, as `eft`: `rows` is the name of a table or `with`. The words
-- have a column of their own, since a macro writes its argument out, and evaluates it, wherever it stands.
create or replace macro with_eft(rows, path) as table
with worded as (
    select
        *,
        eft_words(path) as eft_words
    from query_table(rows)
)

select
    * exclude (eft_words),
    eft_parts(eft_words) as eft
from worded;

-- The states and elements that an EFT name stands for, as deduced from it.
create or replace macro eft_deduced(eft) as
    as_deduced('state', eft.states, eft.told_by) || as_deduced('element', eft.elements, eft.told_by);

-- What a file holds, where its name alone tells it: columns of a transfer.
create or replace macro eft_content(eft) as struct_pack(
    states := eft.states,
    elements := eft.elements,
    element_basis := coalesce(eft.element_basis, 'unknown'),
    deduced := eft_deduced(eft)
);

-- Whether a file is a state's own submission on its way to T-MSIS, as its name and who takes it say. Another account
-- that takes the same file is no submission any more.
create or replace macro own_submission(eft, taker) as
    case
        when coalesce(eft.own_submission, false) and (taker is null or contains(word(taker), 'msis'))
            then 'a state''s own submission'
    end;

-- The sender that an EFT name stands for: what is on its way out was sent by CMS's own file transfer.
create or replace macro eft_sender(eft) as
    case when eft is not null and not eft.own_submission then 'CMS EFT' end;

create or replace macro eft_recipient(eft) as
    case when eft is not null and not eft.own_submission then eft.destination end;

create or replace macro eft_note(eft) as
    case
        when eft is not null then nullif(concat_ws(
            '; ',
            case when eft.test then 'the file is named as test data' end,
            case when eft.own_submission then 'the file is named as the own submission of a state' end
        ), '')
    end;
