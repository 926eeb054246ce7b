-- Lead times are not negative, and exist exactly where the reason is measured.
select
    source,
    merge_hash,
    first_authored_at,
    committed_at,
    lead_time_reason,
    merge_lead_time_hours,
    branch_open_hours
from facts."merges"
where
    merge_lead_time_hours < 0
    or branch_open_hours < 0
    or (lead_time_reason = 'measured') != (merge_lead_time_hours is not null)
