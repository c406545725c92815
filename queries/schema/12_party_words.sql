/*
title = "Macros for what names a party"
description = """
What a log writes instead of the name of an agency, read in one place: `domain_of` gives the domain of a mail address,
a host or a URL, `account_of` an AWS account, `address_key` an IP address as text that can be compared, `party_parts`
the parties of a text that names several, `is_redacted` whether a text is blacked out. Null where there is none.
"""
*/
-- A guest of another tenant carries the address from home before the mark: jane.doe_ice.dhs.gov#EXT#@other.example.
create or replace macro domain_of(t) as
    nullif(case
        when contains(lower(t), '#ext#@') then regexp_extract(lower(t), '_([a-z0-9-]+(?:\.[a-z0-9-]+)+)#ext#@', 1)
        when contains(t, '@') and not contains(t, '://')
            then regexp_extract(lower(t), '@([a-z0-9-]+(?:\.[a-z0-9-]+)+)\.?[>)\]"'' ]*$', 1)
        else regexp_extract(
            lower(t),
            '^(?:[a-z][a-z0-9+.-]*://(?:[^/@]*@)?)?((?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*)\.?(?::[0-9]+)?(?:/.*)?$',
            1
        )
    end, '');

create or replace macro account_of(t) as
    case
        when regexp_full_match(t, '[0-9]{12}') then t
        else nullif(regexp_extract(lower(t), '^arn:[a-z-]*:[^:]*:[^:]*:([0-9]{12}):', 1), '')
    end;

create or replace macro hex_of(number, digits) as
    lpad(lower(to_hex(try_cast(number as ubigint))), digits, '0');

create or replace macro is_ipv4(t) as
    regexp_full_match(t, '((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(\.|$)){4}') and not ends_with(t, '.');

create or replace macro ipv4_key(t) as
    list_aggregate(list_transform(string_split(t, '.'), lambda o: hex_of(o, 2)), 'string_agg', '');

create or replace macro hextets(t) as case when t = '' then []::varchar[] else string_split(t, ':') end;

-- The eight groups, zeros that were left out put in; another number of them where it is no address.
create or replace macro ipv6_groups(t) as
    case
        when not contains(t, '::') then hextets(t)
        else list_transform(
            [{head: hextets(split_part(t, '::', 1)), tail: hextets(substring(t, strpos(t, '::') + 2))}],
            lambda half: half.head
                || list_transform(range(greatest(1, 8 - len(half.head) - len(half.tail))), lambda _: '0')
                || half.tail
        )[1]
    end;

create or replace macro key_of_groups(groups) as
    case
        when len(groups) = 8
            and len(list_filter(groups, lambda g: regexp_full_match(g, '[0-9a-f]{1,4}'))) = 8
            then list_aggregate(list_transform(groups, lambda g: lpad(g, 4, '0')), 'string_agg', '')
    end;

-- The last 32 bits may be written as in version 4.
create or replace macro in_hextets(t) as
    list_transform([regexp_extract(t, '[^:]*$')], lambda ending: case
        when is_ipv4(ending)
            then list_transform(
                [ipv4_key(ending)],
                lambda key: regexp_extract(t, '^(.*:)', 1) || key[1:4] || ':' || key[5:8]
            )[1]
        else t
    end)[1];

-- Eight digits for version 4, thirty-two for version 6: addresses of one length compare as the numbers they are.
-- An address of version 4 dressed as one of version 6 is the one of version 4.
create or replace macro address_key(t) as
    case
        when is_ipv4(t) then ipv4_key(t)
        when contains(t, ':') and regexp_full_match(lower(t), '[0-9a-f:.]+')
            -- Through lists of one: a macro whose parameter is a whole expression repeats it wherever it names it,
            -- and planning these three inside one another took a third of a small scan.
            then regexp_replace(
                list_transform(
                    list_transform([in_hextets(lower(t))], lambda address: ipv6_groups(address)),
                    lambda groups: key_of_groups(groups)
                )[1],
                '^0{20}ffff(.{8})$', '\1'
            )
    end;

-- What is stamped or painted over a name: exemptions of 5 U.S.C. 552, words in brackets, runs of X, stars and boxes.
create or replace macro redaction_mark() as
    '\(\s*b\s*\)\s*\(\s*\d\s*\)(?:[\s,;&/-]*\(\s*[A-Za-z0-9]{1,2}\s*\))*|\b[bB][1-9]\b|[\[(<{]\s*(?i:redact\w*|withheld'
    || '|deleted|removed|exempt\w*|blacked out|sealed|b\d)\s*(?:-[^\])>}]*)?[\])>}]|\b(?:REDACTED|WITHHELD)\b'
    || '|\b[Xx]{4,}\b|\b[Xx]{3}-[Xx]{2}-(?:[Xx]{4}|\d{4})|\*{2,}|_{4,}|[\x{2580}-\x{259f}\x{25a0}\x{25aa}\x{25ae}]+';

-- Whether a text is blacked out and nothing beside it can be read: it names nobody, and nobody can say whom.
-- What is left without the one word, or without the marks: in one list, for the letters of all scripts take the engine
-- longer to make ready than a small report to answer.
create or replace macro is_redacted(t) as
    len(list_filter([
        case when regexp_matches(t, '(?i)redacted|withheld') then regexp_replace(t, '(?i)redacted|withheld', '') end,
        -- Something was written on a line of its own.
        case
            when regexp_matches(t, redaction_mark())
                then replace(regexp_replace(t, redaction_mark(), '', 'g'), '_', 'x')
        end
    ], lambda rest: not regexp_matches(rest, '[\p{L}\p{N}]'))) > 0;

-- Whether a text is a number, a key or an address, which tells a reader of the log nothing of who that is.
create or replace macro is_opaque(t) as
    regexp_full_match(t, '[0-9][0-9 ._:/-]*|(?i:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,}|arn:\S+)')
    or regexp_full_match(t, '00D[0-9A-Za-z]{12}([0-9A-Za-z]{3})?')
    or address_key(t) is not null;

create or replace macro where_it_lay() as 'where the data lay';

-- Whether what came into a system is a transfer: not where its holder is CMS, or a known agency of neither side.
create or replace macro takes_in(arrives) as
    coalesce(arrives and getvariable('holder_side') in ('recipient', 'vendor', 'unknown'), false);

-- Whether a record as it stands names a part of DHS; a department of human services of a state is none.
create or replace macro names_dhs(t) as
    case
        when regexp_matches(t, getvariable('dhs_names'))
            -- What `states_own` finds has these letters in it, and takes twice as long to look for.
            then not regexp_matches(t, '(?i)dhs')
                or regexp_matches(regexp_replace(t, getvariable('states_own'), ' ', 'g'), getvariable('dhs_names'))
        else false
    end;

-- Words that make a name of an account or a role out of the name of its owner.
create or replace macro is_technical(word) as
    regexp_full_match(
        word,
        '[0-9]+|read|reader|readonly|ro|rw|role|user|users|usr|svc|srv|app|api|prod|prd|dev|test|tst|uat|etl|analyst'
        || '|analysts|admin|dba|owner|extract|extracts|export|pull|push|eft|sftp|ftp|gw|gateway|share|consumer|acct'
        || '|account|grp|group|client|bot|batch|job|wh|viewer|select|access|hq|gov|us|in|out'
    );

-- Semicolons part a text, and so do commas, but for the one in `Doe, Jane <jane@agency.example>`.
-- Whether a text has so many pieces that it cannot be kept beside each of them: no list of parties has.
create or replace macro is_many(t, pieces) as length(t)::hugeint * coalesce(pieces, 0) > 50000000;

create or replace macro party_parts(t) as
    list_filter(
        list_transform(
            flatten(list_transform(string_split(t, ';'), lambda piece: case
                when regexp_full_match(piece, '[^@]*<[^<>@]*@[^<>@]*>\s*') then [piece]
                else string_split(piece, ',')
            end)),
            lambda part: clean(part)),
        lambda part: part is not null);
