-- Every issue at its newest version, with its fate if it was deleted.
--
-- The text of an incident names its cause in a line such as "Root cause: 4be1f9a",
-- "Caused by: #12" or "Deployment: v1.2".
--
-- grain: tracker_source, issue_number
select
    trackers.source,
    trackers.tracker_source,
    issues.issue_number,
    issues.item_id,
    issues.url,
    issues.title,
    issues.author_login,
    issues.author_kind,
    issues.assignees,
    issues.labels,
    issues.milestone_id,
    issues.milestone_title,
    issues.state,
    issues.is_locked,
    issues.comment_count,
    issues.state_reason,
    issues.issue_type,
    issues.is_confidential,
    issues.moved_to,
    nullif(
        regexp_extract(
            issues.body,
            '(?im)^\W*(?:root cause|caused by|deployment)[ \t*_]*:[ \t*_`<(\[]*(\S+)',
            1
        ),
        ''
    ) as named_cause,
    issues.created_at,
    issues.updated_at,
    issues.closed_at,
    issues.closed_by_login,
    issues.observed_at,
    coalesce(issues.updated_at, issues.observed_at) as stated_at,
    issues.fate,
    issues.gone_noticed_at
from raw.issues_current as issues
inner join staging.trackers as trackers on issues.source = trackers.tracker_source
