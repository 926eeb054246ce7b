-- The Four Keys project's figures over our rows, for a quarter instead of the last three
-- months.
--
-- grain: kpi, metric, project, source, quarter
with

metrics (kpi, metric, definition, why) as (

    values
    (
        'change_lead_time',
        'Lead time for changes',
        'Commit to deployment, in minutes, over the commits of the quarter''s deployments; '
        || 'median of those above 0.',
        'Ours starts when the work was written, whatever squashed or rebased it, and leaves '
        || 'out what was there before the first deployment.'
    ),
    (
        'change_fail_rate',
        'Change failure rate',
        'Incidents that name what caused them, by the quarter''s deployments.',
        'Ours counts failed deployments, not incidents, so it never exceeds 100 %, and '
        || 'lays incidents to them by more than a name.'
    ),
    (
        'mean_time_to_recovery',
        'Time to restore services',
        'Created to resolved, in whole hours, by the quarter of creation; median.',
        'Ours is the mean, by the quarter of the resolution, so that a late end never '
        || 'changes a quarter that is over.'
    )

),

deployed as (

    select
        evidence.project,
        evidence.source,
        evidence.quarter,
        date_diff('second', commits.committed_at, evidence.happened_at) // 60 * 60
            as seconds
    from facts.kpi_evidence as evidence
    inner join marts.dim_reasons as reasons on evidence.reason = reasons.reason
    inner join facts.commits as commits
        on
            evidence.source = commits.source
            and evidence.subject_id = commits.commit_hash
    where
        evidence.kpi = 'change_lead_time'
        and evidence.related_id is not null
        and (evidence.is_counted or reasons.is_gap)

),

deployments as (

    select
        project,
        source,
        quarter,
        subject_id as deployment_id
    from facts.kpi_evidence
    where kpi = 'deployment_frequency' and is_counted

),

incidents as (

    select
        project,
        source,
        grade,
        related_id as deployment_id,
        if(is_counted, value // 3600 * 3600, null) as seconds,
        happened_at - to_seconds(value) as created_at
    from facts.kpi_evidence
    where kpi = 'mean_time_to_recovery' and reason in ('counted', 'still_open')

),

named as (

    select
        project,
        source,
        deployment_id,
        count(*) as incident_count
    from incidents
    where grade = 'explicit'
    group by project, source, deployment_id

),

measured (kpi, project, source, quarter, value) as (

    select
        'change_lead_time',
        project,
        source,
        quarter,
        seconds
    from deployed
    where seconds > 0

    union all

    select
        'change_fail_rate',
        deployments.project,
        deployments.source,
        deployments.quarter,
        coalesce(named.incident_count, 0)
    from deployments
    left join named
        on
            deployments.project = named.project
            and deployments.source = named.source
            and deployments.deployment_id = named.deployment_id

    union all

    select
        'mean_time_to_recovery',
        incidents.project,
        incidents.source,
        quarters.quarter,
        incidents.seconds
    from incidents
    inner join settings.quarters as quarters
        on
            incidents.created_at >= quarters.starts_at
            and incidents.created_at < quarters.ends_at
    where incidents.seconds is not null

),

figures as (

    select
        kpi,
        project,
        coalesce(source, '*') as source,
        quarter,
        count(*) as n,
        if(kpi = 'change_fail_rate', avg(value), median(value)) as value
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
