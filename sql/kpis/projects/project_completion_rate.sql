-- Of what was planned for the year so far, how much was done when the quarter ended?
--
-- Planned are the issues with a milestone at the quarter's end that were open at some
-- time in the fiscal year until then; done are those closed by then, as resolved. Of a
-- ledger, planned are the tasks for a day before the quarter's end that were not done
-- before the fiscal year. So it adds up over the quarters of a year, over the projects
-- that are active in it.
--
-- Bias: Planning less raises it; work without a milestone or a planned day is not seen.
-- A project that ended is in no later quarter, nor in the year of all projects.
--
-- title: Project completion rate
-- title_ko: 프로젝트 완료율
-- position: 510
-- unit: ratio
-- kind: ratio
-- span: quarter_end
-- better: higher
-- needs: tracker
-- version: 3
with

-- The work that ledgers planned for a day before the end of each of their quarters, and
-- that was not done before its fiscal year: whether it was done by that end, and by the
-- last poll.
ledger_task_outcomes as (

    select
        tasks.project,
        tasks.source,
        quarters.quarter,
        tasks.task_id,
        tasks.link,
        coalesce(
            tasks.completed_on < bounds.ends_before
            and timezone(bounds.time_zone, tasks.completed_on::timestamp)
            <= looks.last_observed_at,
            false
        ) as is_done
    from facts.ledger_tasks as tasks
    inner join intermediate.ledger_quarters as quarters on tasks.source = quarters.source
    inner join staging.batches as looks on tasks.source = looks.source
    inner join settings.quarters as bounds
        on
            quarters.quarter = bounds.quarter
            and tasks.planned_on < bounds.ends_before
    inner join settings.quarters as firsts
        on
            bounds.fiscal_year = firsts.fiscal_year
            and firsts.fiscal_quarter = 1
            and coalesce(tasks.completed_on >= firsts.starts_on, true)

)

select
    outcomes.project,
    outcomes.source,
    outcomes.quarter,
    'issue' as subject_type,
    outcomes.subject_id,
    outcomes.subject_url,
    min(if(outcomes.are_people_shown, milestones.attribute_value, null)) as related_id,
    outcomes.reason,
    outcomes.is_closed::bigint as numerator,
    1 as denominator
from intermediate.issue_outcomes as outcomes
inner join facts.item_attributes as milestones
    on
        outcomes.tracker_source = milestones.tracker_source
        and outcomes.issue_number = milestones.item_number
        and milestones.item_kind = 'issue'
        and milestones.attribute = 'milestone'
        and outcomes.ends_at > milestones.valid_from_at
        and (
            milestones.valid_to_at is null
            or outcomes.ends_at <= milestones.valid_to_at
        )
group by
    outcomes.project, outcomes.source, outcomes.quarter, outcomes.subject_id,
    outcomes.subject_url, outcomes.reason, outcomes.is_closed

union all by name

select
    project,
    source,
    quarter,
    'task' as subject_type,
    task_id as subject_id,
    link as subject_url,
    null as related_id,
    'counted' as reason,
    is_done::bigint as numerator,
    1 as denominator
from ledger_task_outcomes
