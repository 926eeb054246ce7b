-- Of what was planned for the year so far, how much was done when the quarter ended?
--
-- Planned are the issues with a milestone at the quarter's end that were open at some
-- time in the fiscal year until then; done are those closed by then, as resolved. So it
-- adds up over the quarters of a year, over the projects that are active in it.
--
-- Bias: Planning less raises it; work without a milestone is not seen.
--
-- title: Project completion rate
-- title_ko: 프로젝트 완료율
-- position: 510
-- unit: ratio
-- kind: ratio
-- span: quarter_end
-- better: higher
-- needs: tracker
-- version: 1
with

planned as (

    select
        states.source,
        states.tracker_source,
        states.issue_number,
        quarters.quarter,
        bounds.ends_at,
        arg_max(states.state, states.state_number) as last_state,
        max(states.state_number) as last_state_number,
        arg_max(states.ended_by, states.state_number)
        filter (where states.valid_to_at < bounds.ends_at) as left_by
    from facts.tracker_quarters as quarters
    inner join settings.quarters as bounds on quarters.quarter = bounds.quarter
    inner join settings.quarters as firsts
        on bounds.fiscal_year = firsts.fiscal_year and firsts.fiscal_quarter = 1
    inner join facts.issue_states as states
        on
            quarters.source = states.source
            and bounds.ends_at > states.valid_from_at
            and (states.valid_to_at is null or firsts.starts_at <= states.valid_to_at)
    group by
        states.source, states.tracker_source, states.issue_number,
        quarters.quarter, bounds.ends_at
    having bool_or(states.state = 'open')

),

with_milestone as (

    select distinct
        planned.*,
        milestones.value as milestone
    from planned
    inner join facts.item_attributes as milestones
        on
            planned.tracker_source = milestones.tracker_source
            and planned.issue_number = milestones.item_number
            and milestones.item_kind = 'issue'
            and milestones.attribute = 'milestone'
            and planned.ends_at > milestones.valid_from_at
            and (
                milestones.valid_to_at is null
                or planned.ends_at <= milestones.valid_to_at
            )

)

select
    looked_at.project,
    looked_at.source,
    planned.quarter,
    'issue' as subject_type,
    looked_at.subject_id,
    any_value(looked_at.subject_url) as subject_url,
    min(planned.milestone) as related_id,
    any_value(
        case
            when looked_at.is_left_out then 'left_out_label'
            when planned.left_by = 'moved_out' then 'moved'
            when planned.left_by = 'deleted' then 'deleted'
            when closings.state_reason in ('duplicate', 'not_planned')
                then closings.state_reason
            else 'counted'
        end
    ) as reason,
    any_value((planned.last_state = 'closed')::bigint) as numerator,
    1 as denominator
from with_milestone as planned
inner join steps.kpi_issues as looked_at
    on
        planned.tracker_source = looked_at.tracker_source
        and planned.issue_number = looked_at.issue_number
left join steps.kpi_closings as closings
    on
        looked_at.project = closings.project
        and planned.tracker_source = closings.tracker_source
        and planned.issue_number = closings.issue_number
        and planned.last_state_number = closings.state_number
group by
    looked_at.project, looked_at.source, planned.quarter, looked_at.subject_id
