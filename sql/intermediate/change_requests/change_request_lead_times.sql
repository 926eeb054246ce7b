-- How long each merged change request took from its first commit, and in which phases.
--
-- Where the start is a range, the time runs from its earlier end, and the shortest it
-- can have been is told beside it. Coding ends when it was ready for review, pickup
-- with the first review, review with the first approval or else the last review, merge
-- with the merge; each begins where the one before it ended. A phase whose end is not
-- known is null, and its time is unmeasured, so that all add up to the whole. Work of
-- which no start is known has no lead time.
--
-- grain: tracker_source, change_request_number
select
    source,
    tracker_source,
    change_request_number,
    evidence as lead_time_evidence,
    date_diff('second', started_at, merged_at) as lead_time_seconds,
    date_diff('second', started_by, merged_at) as shortest_lead_time_seconds,
    date_diff('second', started_at, ready_by) as coding_seconds,
    date_diff('second', ready_by, reviewed_by) as pickup_seconds,
    date_diff('second', reviewed_by, approved_by) as review_seconds,
    date_diff('second', approved_by, merged_at) as merge_seconds,
    lead_time_seconds
    - coalesce(coding_seconds, 0)
    - coalesce(pickup_seconds, 0)
    - coalesce(review_seconds, 0)
    - coalesce(merge_seconds, 0) as unmeasured_seconds,
    merged_at,
    quarter,
    quarter_starts_on
from intermediate.change_request_phases
