/*
title = "CMS extract manifest"
description = """
The JSON that lies beside extracts for sharing: which files, for whom, who asked. One manifest is one transfer, however
many files it lists; it is the only file log that can say what stands in them.
"""
reader = "json"
by_record = true
needs = ["fileInformation", "shareDetails"]
fields = ["method", "fileInformation", "shareDetails", "requestorContactInfo", "comments"]
*/
with opened as ( -- noqa: ST03
    select
        *,
        list_filter(each_inside(fileinformation, '$[*].fileName'), lambda f: not is_blank(f)) as files,
        inside(sharedetails, '$.dataRecipientEmails') as mails,
        unless_blank(inside(sharedetails, '$.dataRequestID')) as request,
        unless_blank(inside(sharedetails, '$.jiraTicket')) as ticket,
        list_filter(
            list_transform(
                string_split(
                    replace(regexp_extract(comments, '(?i)\belements?: *([^\n]*)', 1), ';', ','), ','
                ), lambda e: trim(e, ' .')
            ), lambda e: e <> ''
        ) as declared,
        eft_time(eft_name(files[1])) as stamped_at,
        -- Files with other codes and states hold more than the first one: then the names say nothing for all.
        len(files) = 1 as alone,
        -- Several recipients may stand in a list.
        case
            when mails like '[%' then array_to_string(each_inside(mails, '$[*]'), '; ')
            else unless_blank(mails)
        end as recipients
    from incoming
)

select
    record_no,
    case when len(files) = 0 then 'a manifest without a file' end as unreadable,
    case
        when lower(method) = 'delete' then 'a share was taken back'
        when recipients is null then own_submission(eft, null)
    end as set_aside,
    coalesce(request, ticket) as transfer_id,
    stamped_at as occurred_at,
    len(files) as event_count,
    eft_sender(eft) as sender,
    coalesce(recipients, eft_recipient(eft)) as recipient,
    coalesce(
        unless_blank(inside(requestorcontactinfo, '$.email')), unless_blank(inside(requestorcontactinfo, '$.fullName'))
    ) as actor,
    'share' as action,
    'CMS extract' as system,
    nullif(concat_ws('; ', request, ticket), '') as authority,
    case when alone then eft.states end as states,
    case when len(declared) > 0 then declared when alone then eft.elements end as elements,
    case
        when len(declared) > 0 then 'declared'
        when alone then coalesce(eft.element_basis, 'unknown')
        else 'unknown'
    end as element_basis,
    case
        when len(declared) > 0 then list_filter(eft_deduced(eft), lambda d: d.kind = 'state')
        else eft_deduced(eft)
    end as deduced,
    case when len(declared) = 0 then unless_blank(comments) end as purpose,
    'unknown' as outcome,
    array_to_string(files, '; ') as file_name,
    eft_note(eft) as note
from with_eft('opened', files[1])
