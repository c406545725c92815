/*
title = "Macros for the logs of file servers"
description = """
What the logs of FTP and SFTP servers have in common: the head that a system log puts before a line, the commands of FTP
and what its replies say of a file.
"""
*/
-- A line of a system log, parted: BSD's form, that of RFC 5424, with or without a priority and the name of the host.
-- All parts are '' where it is none.
create or replace macro syslog_parts(line) as regexp_extract(
    line,
    '^(?:<\d{1,3}>)?(?:1 )?([A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+) (?:([^\s:\[\]]+) )?'
    || '([^\s:\[]+)(?:(?:\[(\d+)\])?:| (?:\d+|-) \S+ (?:-|\[.*?\])) (.*)$',
    ['time', 'host', 'program', 'pid', 'message']
);

-- Its time. Most system logs write no year: it is that of the day on which the system rotated the file, where the
-- file's name tells it (`secure-20260111`), or the year before; else the time stays as it is, and unknown.
create or replace macro is_yearless(t) as coalesce(regexp_full_match(t, '[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d'), false);

create or replace macro time_before(t, day) as
    strftime(
        list_filter(
            list_transform(
                [0, 1],
                lambda y: try_strptime((year(day) - y)::varchar || ' ' || t, '%Y %b %d %H:%M:%S')
            ),
            lambda x: x < day + interval 2 day
        )[1], '%Y-%m-%d %H:%M:%S'
    );

-- How long a transfer took; null for what takes longer than a year or ends before it begins: its beginning is not known
-- then, and must not be taken for one long ago.
create or replace macro seconds_taken(seconds) as case when seconds between 0 and 31622400 then seconds end;

create or replace macro rotation_day() as try_strptime(getvariable('rotated_on')::varchar, '%Y%m%d');

create or replace macro syslog_time(t) as
    case
        when is_yearless(t) then coalesce(time_before(t, rotation_day()), t)
        else coalesce(strftime(try_strptime(t, '%b %d %Y %H:%M:%S'), '%Y-%m-%d %H:%M:%S'), t)
    end;

create or replace macro year_note(t) as
    case
        when is_yearless(t) and time_before(t, rotation_day()) is not null
            then 'the year is that of the day in the file''s name'
    end;

-- Why a line of another program in a system log is set aside. Another file server may have moved files of its own.
create or replace macro line_of_another(program) as
    case
        when regexp_matches(program, '(?i)ftp|rsync|moveit|goanywhere|smbd|nfsd|^scp|webdav|globalscape|serv-?u')
            then unknown_operation('a line of ' || program)
        else 'a line of another program'
    end;

-- What a command of FTP is where it fetches nothing; null for what does, and for a command that no list knows with the
-- file that it names: what it did cannot be known.
create or replace macro ftp_set_aside(command, file) as
    case
        when command = 'RETR' then null
        when command in ('STOR', 'STOU', 'APPE') then 'an upload to the server'
        when command in ('USER', 'PASS', 'ACCT', 'QUIT', 'REIN', 'AUTH', 'PBSZ', 'PROT', 'CCC', 'CLOSED', 'HOST')
            then 'a login'
        when command in (
            'DELE', 'RNFR', 'RNTO', 'MKD', 'XMKD', 'RMD', 'XRMD', 'DELETED', 'RENAMED', 'MKDIR', 'RMDIR', 'MFMT',
            'MFCT', 'MFF', 'RNAME', 'RENAME', 'DELETE'
        )
            then 'a file or folder was changed on the server'
        when command in (
            'PASV', 'EPSV', 'PORT', 'EPRT', 'LPRT', 'LPSV', 'TYPE', 'MODE', 'STRU', 'LIST', 'NLST', 'MLSD', 'MLST',
            'CWD', 'XCWD', 'CDUP', 'XCUP', 'PWD', 'XPWD', 'SYST', 'STAT', 'FEAT', 'OPTS', 'NOOP', 'SIZE', 'MDTM',
            'REST', 'ABOR', 'ALLO', 'SITE', 'HELP', 'SMNT', 'CLNT', 'LANG', 'HASH', 'XCRC', 'XMD5', 'XSHA', 'XSHA1',
            'XSHA256', 'XSHA512', 'CSID', 'ADAT', 'ENC', 'MIC', 'CONF', 'CONTROLCHANNELOPENED',
            'CONTROLCHANNELCLOSED', 'DATACHANNELOPENED', 'DATACHANNELCLOSED'
        )
            then 'a command that moves no file'
        when file is null then unknown_operation(command)
    end;

-- What a reply of FTP says of a file: 426 and 451 break off what had begun, the others of its kind refuse it.
create or replace macro status_of_ftp_reply(code) as
    case
        when try_cast(code as integer) between 200 and 299 then 'success'
        when try_cast(code as integer) in (426, 451) then 'partial'
        when try_cast(code as integer) between 400 and 599 then 'failure'
    end;
