-- Every milestone at its newest version, with its numbers of open and closed issues.
--
-- Issues count with their current milestone, unless they are no longer in their
-- tracker.
--
-- grain: tracker_source, milestone_id
-- export: whole
with

issues as (

    select
        tracker_source,
        milestone_id,
        count(*) filter (where is_open) as open_issue_count,
        count(*) filter (where not is_open) as closed_issue_count
    from facts.issues
    where milestone_id is not null and fate is null
    group by tracker_source, milestone_id

),

milestones as (

    select
        milestones.source,
        milestones.tracker_source,
        milestones.milestone_id,
        milestones.milestone_number,
        milestones.url,
        milestones.title,
        milestones.state as milestone_state,
        coalesce(issues.open_issue_count, 0) as open_issue_count,
        coalesce(issues.closed_issue_count, 0) as closed_issue_count,
        milestones.fate,
        milestones.start_on,
        milestones.due_on,
        milestones.created_at,
        milestones.updated_at,
        milestones.closed_at as milestone_closed_at,
        milestones.gone_noticed_at
    from staging.milestones as milestones
    left join issues
        on
            milestones.tracker_source = issues.tracker_source
            and milestones.milestone_id = issues.milestone_id

)

select * from milestones
