-- GitLab's lead time for changes, over our change requests and deployments: from the
-- merge to production.
--
-- grain: project, source, change request
with

requests as (

    select
        evidence.project,
        evidence.source,
        evidence.happened_at as merged_at,
        found.merge_commit_hash
    from facts.kpi_evidence as evidence
    inner join facts.change_requests as found
        on
            evidence.subject_id
            = replace(found.tracker_source, '#tracker', '#') || found.change_request_number
    where evidence.kpi = 'change_requests_merged' and evidence.is_counted

)

select
    'change_lead_time' as metric,
    deployed.project,
    unnest([deployed.source, '*']) as source,
    deployed.quarter,
    date_diff('second', requests.merged_at, deployed.happened_at) as value
from facts.kpi_evidence as deployed
inner join requests
    on
        deployed.project = requests.project
        and deployed.source = requests.source
        and deployed.subject_id = requests.merge_commit_hash
        and deployed.happened_at >= requests.merged_at
where deployed.kpi = 'change_lead_time' and deployed.related_id is not null
