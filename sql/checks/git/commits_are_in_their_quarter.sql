-- A commit with a usable time is within its quarter. One without has no quarter.
select
    commits.source,
    commits.commit_hash,
    commits.committed_at,
    commits.time_reason,
    commits.quarter
from facts.commits as commits
left join settings.quarters as quarters on commits.quarter = quarters.quarter
where
    (commits.time_reason = 'ok') != (commits.quarter is not null)
    or commits.quarter_starts_on is distinct from quarters.starts_on
    or commits.committed_at < quarters.starts_at
    or commits.committed_at >= quarters.ends_at
