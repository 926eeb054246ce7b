-- How many change requests were merged in the quarter?
--
-- In the quarter of the merge, however it was done, and into any branch unless the project
-- names its branches. What the tracker calls closed counts too, if a commit that landed
-- says so, with the grade of what says it. One that was merged into the branch of another
-- change request that was open counts with that. One whose commits had all been merged by
-- others, such as a release request, is no change. Those that were abandoned in it, or
-- open at its end, are rows that do not count. Until the tracker was completely polled, a
-- quarter of which no merged one was read has no figure. Where the tracker does not state
-- the instant of a merge, the grade says what it rests on.
--
-- Bias: Splitting work into smaller requests raises it; so does merging what nobody
-- reviewed.
--
-- title: Change requests merged
-- title_ko: 병합 완료 요청
-- position: 140
-- unit: change requests
-- kind: count
-- better: higher
-- needs: requests
-- version: 4
select
    project,
    source,
    quarter,
    'change_request' as subject_type,
    subject_id,
    subject_url,
    person,
    happened_at,
    coalesce(
        if(merged_evidence in ('merged_event', 'merge_field'), null, merged_evidence),
        merged_at_evidence
    ) as grade,
    reason
from intermediate.kpi_change_requests
