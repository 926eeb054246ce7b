-- The Four Keys project's lead time for changes, over our commits and deployments.
--
-- In whole minutes; what took less than one is excluded as automated. Changes that took
-- the same to deployments of the same day are one.
--
-- grain: project, source, day of UTC, minutes
with

changes as (

    select
        deployed.project,
        unnest(if(deployed.counts_in_project, [deployed.source, '*'], [deployed.source])) as source,
        deployed.quarter,
        timezone('UTC', deployed.happened_at)::date as deployed_on,
        date_sub('second', commits.committed_at, deployed.happened_at) // 60 as minutes
    from figures.kpi_evidence as deployed
    left join marts.dim_reasons as reasons on deployed.reason = reasons.reason
    inner join facts.commits as commits
        on deployed.source = commits.source and deployed.subject_id = commits.commit_hash
    where
        deployed.kpi = 'change_lead_time'
        and deployed.related_id is not null
        and (reasons.is_gap or deployed.reason in ('counted', 'merge'))

)

select distinct
    'change_lead_time' as metric,
    project,
    source,
    quarter,
    deployed_on,
    60 * minutes as value
from changes
where minutes > 0
