-- The merged change requests that count, with what other systems' figures are made from.
--
-- One whose merge was corrected after its quarter was sealed is in two quarters; the newer
-- one is its own.
--
-- grain: project, source, tracker_source, change_request_number
-- made: as a view
select
    evidence.project,
    evidence.source,
    found.tracker_source,
    found.change_request_number,
    found.author_login,
    found.merge_commit_hash,
    own.first_authored_at,
    found.opened_at,
    coalesce(found.ready_at, found.opened_at) as ready_at,
    found.first_review_at,
    found.first_approval_at,
    evidence.happened_at as merged_at,
    evidence.quarter as merged_in
from figures.kpi_evidence as evidence
inner join facts.change_requests as found
    on
        evidence.subject_id
        = replace(found.tracker_source, '#tracker', '#') || found.change_request_number
left join intermediate.change_request_own_commits as own
    on
        found.tracker_source = own.tracker_source
        and found.change_request_number = own.change_request_number
where evidence.kpi = 'change_requests_merged' and evidence.is_counted
qualify
    row_number() over (
        partition by
            evidence.project, evidence.source, found.tracker_source,
            found.change_request_number
        order by evidence.happened_at desc, evidence.quarter desc
    ) = 1
