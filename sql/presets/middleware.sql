-- Middleware's figures over our rows: means over the change requests merged in the
-- quarter, in which a phase that there was not takes no time.
--
-- A merge counts as the deployment, as it does there by default.
--
-- grain: kpi, metric, project, source, quarter
with

metrics (kpi, metric, definition, why) as (

    values
    (
        'lead_time',
        'Lead time',
        'First commit to merge, as the sum of its phases; mean, a missing phase as 0.',
        'Ours runs from the first trace of work to the merge whatever happened between, '
        || 'and is a median.'
    ),
    (
        'coding_time',
        'First commit to open',
        'First commit of the PR to its opening; mean, missing as 0.',
        'Ours ends when it was ready, leaves out unknown starts, and is a median.'
    ),
    (
        'pickup_time',
        'First response time',
        'Opened, or ready, to the first review; mean, unreviewed as 0.',
        'Ours leaves out what nobody reviewed, which is no zero hours, and is a median.'
    ),
    (
        'review_time',
        'Rework time',
        'First review to first approval; mean, 0 where the first review approves or none '
        || 'does.',
        'Ours ends with the last review where nobody approved, leaves out what nobody '
        || 'reviewed, and is a median.'
    ),
    (
        'merge_time',
        'Merge time',
        'First approval to merge; mean, unapproved as 0.',
        'Ours leaves out what nobody reviewed, and is a median.'
    ),
    (
        'mean_time_to_recovery',
        'Mean time to recovery',
        'Created to resolved, by resolution; mean.',
        'Ours is the same.'
    )

),

requests as (

    select
        evidence.project,
        evidence.source,
        evidence.quarter,
        evidence.happened_at as merged_at,
        found.opened_at,
        found.ready_at,
        found.first_review_at,
        if(found.first_approval_at <= evidence.happened_at, found.first_approval_at, null)
            as approved_at,
        min(commits.authored_at) as first_authored_at
    from facts.kpi_evidence as evidence
    inner join facts.change_requests as found
        on
            evidence.subject_id
            = replace(found.tracker_source, '#tracker', '#') || found.change_request_number
    left join facts.change_request_commits as commits
        on
            found.tracker_source = commits.tracker_source
            and found.change_request_number = commits.change_request_number
    where evidence.kpi = 'change_requests_merged' and evidence.is_counted
    group by all

),

phases as (

    select
        project,
        source,
        quarter,
        date_diff('second', first_authored_at, opened_at) as coding_seconds,
        date_diff(
            'second', coalesce(ready_at, opened_at), least(first_review_at, merged_at)
        ) as pickup_seconds,
        date_diff('second', first_review_at, approved_at) as review_seconds,
        date_diff('second', approved_at, merged_at) as merge_seconds
    from requests

),

without_gaps as (

    select
        project,
        source,
        quarter,
        greatest(coalesce(coding_seconds, 0), 0) as coding_time,
        greatest(coalesce(pickup_seconds, 0), 0) as pickup_time,
        greatest(coalesce(review_seconds, 0), 0) as review_time,
        greatest(coalesce(merge_seconds, 0), 0) as merge_time,
        coding_time + pickup_time + review_time + merge_time as lead_time
    from phases

),

measured as (

    select
        kpi,
        project,
        source,
        quarter,
        seconds
    from (
        unpivot without_gaps
        on coding_time, pickup_time, review_time, merge_time, lead_time
        into name kpi value seconds
    )

    union all

    select
        kpi,
        project,
        source,
        quarter,
        value as seconds
    from facts.kpi_evidence
    where kpi = 'mean_time_to_recovery' and is_counted

),

figures as (

    select
        kpi,
        project,
        coalesce(source, '*') as source,
        quarter,
        count(*) as n,
        avg(seconds) as value
    from measured
    group by grouping sets ((kpi, project, source, quarter), (kpi, project, quarter))

)

select
    metrics.kpi,
    metrics.metric,
    ours.project,
    ours.source,
    ours.quarter,
    coalesce(figures.n, 0) as n,
    round(figures.value / kpis.unit_size, 6) as value,
    metrics.definition,
    metrics.why
from metrics
inner join marts.dim_kpis as kpis on metrics.kpi = kpis.kpi
inner join marts.kpi_quarterly as ours
    on metrics.kpi = ours.kpi and ours.project != '*'
left join figures
    on
        ours.kpi = figures.kpi
        and ours.project = figures.project
        and ours.source = figures.source
        and ours.quarter = figures.quarter
