-- GitLab's change failure rate and time to restore service, over our deployments and
-- incidents.
--
-- An incident is an issue, or a ledger's. The rate is all that were opened in the quarter
-- by its deployments, whatever caused them; each deployment has it as its value.
--
-- grain: metric, project, source, deployment or incident
with

incidents as (

    select * replace (unnest([source, '*']) as source)
    from figures.compared_incidents

),

opened as (

    select
        incidents.project,
        incidents.source,
        quarters.quarter,
        count(*) as incident_count
    from incidents
    inner join settings.quarters as quarters
        on
            incidents.opened_at >= quarters.starts_at
            and incidents.opened_at < quarters.ends_at
    group by incidents.project, incidents.source, quarters.quarter

),

deployments as (

    select
        project,
        unnest(if(counts_in_project, [source, '*'], [source])) as source,
        quarter
    from figures.kpi_evidence
    where kpi = 'deployment_frequency' and is_counted

)

select
    'change_fail_rate' as metric,
    deployments.project,
    deployments.source,
    deployments.quarter,
    coalesce(opened.incident_count, 0) / count(*) over (
        partition by deployments.project, deployments.source, deployments.quarter
    ) as value
from deployments
left join opened
    on
        deployments.project = opened.project
        and deployments.source = opened.source
        and deployments.quarter = opened.quarter

union all

select
    'mean_time_to_recovery' as metric,
    project,
    source,
    quarter,
    seconds as value
from incidents
where seconds is not null
