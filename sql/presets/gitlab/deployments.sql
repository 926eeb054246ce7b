-- GitLab's lead time for changes, over our change requests and deployments: from the
-- merge to production.
--
-- grain: project, source, change request
select
    'change_lead_time' as metric,
    deployed.project,
    unnest([deployed.source, '*']) as source,
    deployed.quarter,
    date_sub('second', requests.merged_at, deployed.happened_at) as value
from figures.kpi_evidence as deployed
inner join figures.compared_change_requests as requests
    on
        deployed.project = requests.project
        and deployed.source = requests.source
        and deployed.subject_id = requests.merge_commit_hash
        and deployed.happened_at >= requests.merged_at
where deployed.kpi = 'change_lead_time' and deployed.related_id is not null
