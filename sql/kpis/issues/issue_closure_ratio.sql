-- How many issues were closed for each one that was opened in the quarter?
--
-- Closings by openings (GrimoireLab's backlog management index). Above one the backlog
-- shrinks. Without openings there is no ratio.
--
-- Bias: Closing old issues without solving them raises it.
--
-- title: Issue closure ratio
-- title_ko: 이슈 종료 비율
-- position: 220
-- unit: ratio
-- kind: ratio
-- better: higher
-- needs: tracker
-- version: 2
with

openings as (

    select
        looked_at.project,
        looked_at.source,
        states.quarter,
        looked_at.subject_id,
        looked_at.subject_url,
        states.valid_from_at as happened_at,
        coalesce(looked_at.left_out_reason, 'counted') as reason
    from intermediate.kpi_issues as looked_at
    inner join facts.issue_states as states
        on
            looked_at.tracker_source = states.tracker_source
            and looked_at.issue_number = states.issue_number
    where states.began_by = 'opened'

)

select
    project,
    source,
    quarter,
    'issue' as subject_type,
    subject_id,
    subject_url,
    happened_at,
    reason,
    0 as numerator,
    1 as denominator
from openings

union all

select
    project,
    source,
    quarter,
    'closing' as subject_type,
    subject_id,
    subject_url,
    happened_at,
    reason,
    1 as numerator,
    0 as denominator
from intermediate.kpi_closings
