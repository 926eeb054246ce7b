-- How many issues were open when the quarter ended?
--
-- By their history, not by today's state. While a quarter is not over, those open at
-- the last poll. Until a tracker was completely polled there is a figure in the quarters
-- of the issues that were read.
--
-- Bias: Issues that nobody will ever touch count like all others.
--
-- title: Issues remaining
-- title_ko: 잔여 이슈
-- position: 230
-- unit: issues
-- kind: count
-- span: quarter_end
-- better: lower
-- needs: issues
-- version: 3
select
    looked_at.project,
    looked_at.source,
    quarters.quarter,
    'issue' as subject_type,
    looked_at.subject_id,
    looked_at.subject_url,
    coalesce(looked_at.left_out_reason, 'counted') as reason
from intermediate.kpi_issues as looked_at
inner join facts.issue_states as states
    on
        looked_at.tracker_source = states.tracker_source
        and looked_at.issue_number = states.issue_number
inner join facts.tracker_quarters as quarters on looked_at.source = quarters.source
inner join settings.quarters as bounds
    on
        quarters.quarter = bounds.quarter
        and states.valid_from_at < bounds.ends_at
        and (states.valid_to_at is null or states.valid_to_at >= bounds.ends_at)
where states.state = 'open'
