/*
title = "Exchange message trace"
description = """
Traces of mail as Exchange Online gives them: the summary, the extended report with the status behind each receiver, the
log of message tracking, and the mail events of Defender. A message is a transfer from its sender to its receivers.
Times are in UTC.
"""
reader = "records"
by_record = true
fields = ["message_trace_id", "MessageTraceId", "sender_address", "SenderAddress", "recipient_address",
    "RecipientAddress",
    "recipient_status", "recipients", "subject", "message_subject", "received", "date_time_utc", "date_time",
    "origin_timestamp_utc", "size", "total_bytes", "status", "message_id", "network_message_id", "original_client_ip",
    "from_ip", "FromIP", "client_ip", "SenderIPv4", "event_id", "SenderFromAddress", "SenderMailFromAddress",
    "RecipientEmailAddress", "Timestamp", "DeliveryAction", "EmailSize", "InternetMessageId"]
needs = ["sender_address|SenderAddress|SenderFromAddress",
    "recipient_address|RecipientAddress|recipient_status|RecipientEmailAddress",
    "received|date_time_utc|origin_timestamp_utc|date_time|Timestamp", "subject|message_subject|message_id"]
inside = ["value", "results"]
wrapped = ["_raw", "message", "result"]
*/
with traced as ( -- noqa: ST03
    select
        record_no,
        coalesce(
            logged(message_trace_id), logged(messagetraceid), logged(network_message_id), logged(message_id)
        ) as trace_id,
        coalesce(logged(received), logged(date_time_utc), logged(origin_timestamp_utc), logged(date_time),
            logged(timestamp)) as occurred_at,
        coalesce(
            logged(sender_address), logged(senderaddress), logged(senderfromaddress), logged(sendermailfromaddress)
        ) as sent_from,
        named_parties(
            trace_receivers(recipient_status)
            || trace_receivers(coalesce(
                logged(recipient_address), logged(recipientaddress), logged(recipientemailaddress), logged(recipients)
            ))
        ) as receivers,
        coalesce(logged(status), logged(deliveryaction), logged(recipient_status), logged(event_id)) as status,
        event_id as event,
        coalesce(logged(size), logged(total_bytes), logged(emailsize)) as bytes,
        coalesce(logged(message_id), logged(internetmessageid)) as message_id,
        coalesce(logged(original_client_ip), logged(from_ip), logged(fromip), logged(client_ip),
            logged(senderipv4)) as client,
        coalesce(logged(subject), logged(message_subject)) as subject
    from incoming
)

select * from trace_transfers('traced')
