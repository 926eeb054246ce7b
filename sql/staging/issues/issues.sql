-- Every issue at its newest version, with its fate if it was deleted.
--
-- The text of an incident names its cause in a line such as "Root cause: 4be1f9a",
-- "Caused by: #12" or "Deployment: v1.2".
--
-- What is not closed is open, whatever else a tracker calls it. An instant of opening
-- before 1970 or after the calendar is none: an unset field, or a wrong clock.
--
-- Issues of some types are always parts of another one, which their list does not state.
--
-- grain: tracker_source, issue_number
select
    trackers.source,
    trackers.tracker_source,
    issues.issue_number,
    issues.item_id,
    issues.url,
    issues.title,
    coalesce(
        renames.logins_by_id[issues.author_id],
        renames.logins[issues.author_login],
        issues.author_login
    ) as author_login,
    settings.renamed(issues.assignees, renames.logins) as assignees,
    settings.renamed(issues.labels, renames.labels) as labels,
    issues.milestone_id,
    coalesce(renames.milestones[issues.milestone_title], issues.milestone_title) as milestone_title,
    case when issues.state = 'closed' then 'closed' else 'open' end as state,
    issues.is_locked,
    issues.comment_count,
    issues.state_reason,
    issues.issue_type,
    issues.parent is not null
    or coalesce(lower(issues.issue_type) = kinds.part_type, false) as is_part,
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
    case
        when
            epoch_us(issues.created_at) > 0
            and issues.created_at < '2106-01-01T00:00:00Z'::timestamptz
            then issues.created_at
    end as created_at,
    issues.updated_at,
    issues.closed_at,
    coalesce(renames.logins[issues.closed_by_login], issues.closed_by_login) as closed_by_login,
    issues.observed_at,
    coalesce(issues.updated_at, issues.observed_at) as stated_at,
    issues.fate,
    issues.gone_noticed_at
from raw.issues_current as issues
inner join staging.trackers as trackers on issues.source = trackers.tracker_source
left join settings.tracker_kinds as kinds on trackers.tracker_kind = kinds.tracker_kind
left join staging.renames as renames on issues.source = renames.tracker_source
