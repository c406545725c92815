/*
title = "One transfer under every regime"
description = """
What each regime says of what was disclosed under the id in `explain_id`, switched off ones
included: the worst of its parts, the same after the purpose, and the verdict over its states. One that covers
no state at all reaches nobody.
"""

[params.explain_id]
type = "varchar"
required = true
description = "The transfer's id, as the log gives it."
*/
select
    j.disclosure_id,
    r.regime_id,
    r.title,
    r.first_day::varchar as first_day,
    r.last_day::varchar as last_day,
    r.enabled,
    r.citation,
    r.evidence,
    r.origin,
    r.other_purpose,
    r.regime_id in (select regime_id from policy_regime_states) as reaches_somebody,
    j.content_before_purpose,
    j.content,
    j.verdict
from judgments j
inner join policy_regimes r on j.regime_id = r.regime_id
where j.disclosure_id in (
    select disclosure_id
    from kept_records
    where transfer_id = getvariable('explain_id')
)
order by j.disclosure_id, r.first_day nulls last, r.regime_id
