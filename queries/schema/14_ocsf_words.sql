/*
title = "Macros for OCSF"
description = """
What an event of OCSF does with data, by its class and activity, and why events of other classes do nothing with them.
A class or activity that stands in no list is never called harmless.
"""
*/
-- What an event does with data; null where it moves and opens nothing, or no list knows it.
create or replace macro ocsf_action(class_uid, activity_id, operation, service) as
    case class_uid
        when '6001' then
            case activity_id
                when '2' then 'view'
                when '5' then 'query'
                when '7' then 'download'
                when '8' then 'share'
            end
        when '6003' then
            coalesce(s3_call_action(operation), aws_call_action(service, operation), case
                when coalesce(s3_call_harmless(operation), aws_call_harmless(service, operation)) is not null then null
                when regexp_matches(operation, '(?i)^(list|describe|head|lookup|get.*(status|policy))') then null
                when activity_id = '2' then 'view'
            end)
        when '6005' then case when activity_id in ('1', '4') then 'query' end
        when '4008' then case activity_id when '1' then 'push' when '2' then 'download' end
        when '4009' then case when activity_id in ('1', '2', '3', '4', '5') then 'share' end
        when '6006' then
            case
                -- To copy a file is to fetch it, where it is another's.
                when activity_id in ('2', '6', '15') then 'download'
                when activity_id in ('9', '14') then 'view'
                when activity_id = '12' then 'share'
            end
        when '4010' then
            case
                when activity_id = '2' then 'download'
                when activity_id in ('9', '14') then 'view'
                when activity_id = '12' then 'share'
            end
        when '4006' then case when activity_id in ('2', '4') then 'view' end
    end;

create or replace macro ocsf_uploads(class_uid, activity_id) as
    coalesce(
        class_uid in ('6006', '4010') and activity_id = '1' or class_uid = '6005' and activity_id in ('2', '5'), false
    );

-- Why an event moves nothing, by lists of classes and activities; null where no list knows it.
create or replace macro ocsf_harmless(class_uid, activity_id, operation, service) as
    case
        when regexp_full_match(class_uid, '3\d\d\d') then 'a login or a change of accounts'
        when regexp_full_match(class_uid, '2\d\d\d') then 'an alert about other events'
        when regexp_full_match(class_uid, '5\d\d\d') then 'an inventory'
        when class_uid in ('1002', '1003', '1004', '1005', '1006', '1007', '1008', '1009')
            then 'an event of one machine'
        when class_uid in ('4003', '4004', '4013', '4014') then 'an event of the network'
        when class_uid = '6002' then 'an application was started or changed'
        when ocsf_uploads(class_uid, activity_id) then 'an upload to the server'
        when class_uid = '6003' then coalesce(
            s3_call_harmless(operation), aws_call_harmless(service, operation),
            case
                when activity_id = '4' then 'a deletion'
                when regexp_matches(operation, '(?i)^(list|describe|head|lookup|get.*(status|policy))')
                    then 'a list or a look at settings'
            end
        )
        when class_uid = '6005' and activity_id = '3' then 'a login or a change of accounts'
        when class_uid = '6005' and activity_id in ('6', '7', '8') then 'a change or a list of tables'
        when class_uid = '6001' and activity_id in ('1', '3', '6') then 'an upload to the server'
        when class_uid = '6001' and activity_id = '4' then 'a deletion'
        when class_uid = '6006' and activity_id in ('3', '4', '5', '7', '8', '10', '11', '13', '16', '17')
            then 'a change that opens and moves no data'
        when class_uid = '4010' and activity_id in ('3', '4', '5', '6', '7', '8', '10', '11', '13')
            then 'a change that opens and moves no data'
        when class_uid = '4008' and activity_id in ('3', '4', '5', '6') then 'a change or a list that moves no file'
    end;
