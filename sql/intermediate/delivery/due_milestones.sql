-- The deliveries that trackers plan: milestones with a due day that has come.
--
-- On time is closed before that day ended, in the settings' time zone, or, where a
-- deployment has the milestone's title as its tag, deployed before it ended.
--
-- grain: project, source, quarter, subject_id
with

due as (

    select
        owned.project,
        milestones.source,
        milestones.tracker_source,
        milestones.milestone_id,
        milestones.url,
        milestones.title,
        milestones.fate,
        quarters.quarter,
        timezone(quarters.time_zone, milestones.due_on::timestamp) as due_at,
        timezone(quarters.time_zone, (milestones.due_on + 1)::timestamp) as late_at,
        least(milestones.milestone_closed_at, deployments.deployed_at) as delivered_at
    from facts.milestones as milestones
    inner join facts.project_repositories as owned
        on milestones.source = owned.source and owned.is_whole
    inner join settings.quarters as quarters
        on
            milestones.due_on >= quarters.starts_on
            and milestones.due_on < quarters.ends_before
    left join intermediate.project_deployments as deployments
        on
            owned.project = deployments.project
            and owned.source = deployments.source
            and milestones.title = deployments.tag_name

)

select
    due.project,
    due.source,
    due.quarter,
    replace(due.tracker_source, '#tracker', '')
    || '/milestones/' || due.milestone_id as subject_id,
    any_value(due.url) as subject_url,
    any_value(due.due_at) as happened_at,
    any_value(
        case
            when due.fate is not null then 'deleted'
            when due.delivered_at is null and observations.last_observed_at < due.late_at
                then 'not_due_yet'
            else 'counted'
        end
    ) as reason,
    max(coalesce(due.delivered_at < due.late_at, false)::bigint) as numerator
from due
inner join intermediate.source_observations as observations
    on due.source = observations.source and due.due_at <= observations.last_observed_at
group by due.project, due.source, due.quarter, due.tracker_source, due.milestone_id
