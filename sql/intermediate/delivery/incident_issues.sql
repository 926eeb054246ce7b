-- The issues that the rules of a project call incidents, each with the newest deployment
-- of its repository, and that of the project's other repositories, that had begun before
-- it.
--
-- grain: project, source, incident_id
with

incidents as (

    select
        kpi_issues.project,
        kpi_issues.subject_id as incident_id,
        kpi_issues.is_left_out,
        kpi_issues.are_people_shown,
        issues.*
    from intermediate.kpi_issues as kpi_issues
    inner join facts.issues as issues
        on
            kpi_issues.tracker_source = issues.tracker_source
            and kpi_issues.issue_number = issues.issue_number
    where kpi_issues.is_incident

),

of_repositories as (

    select * from intermediate.project_deployments
    where deployment_kind != 'ledger'

),

of_project as (

    select distinct on (project, began_at) *
    from of_repositories
    order by project asc, began_at asc, deployed_at desc, source asc

)

select
    incidents.*,
    own.deployment_number as newest_deployment_number,
    own.deployed_at as newest_deployed_at,
    newest.source as project_deployment_source,
    newest.deployment_number as project_deployment_number,
    newest.deployed_at as project_deployed_at
from incidents
asof left join of_repositories as own
    on
        incidents.project = own.project
        and incidents.source = own.source
        and incidents.opened_at >= own.began_at
asof left join of_project as newest
    on
        incidents.project = newest.project
        and incidents.opened_at >= newest.began_at
