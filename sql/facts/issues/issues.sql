-- Every issue at its newest version, with figures from its whole history.
--
-- It belongs to the quarter of its opening, in whichever tracker that was. An issue
-- that is no longer in its tracker has its last known values, and its fate.
--
-- grain: tracker_source, issue_number
-- export: by quarter
with

newest as (select * from staging.issues),

issues as (

    select
        newest.source,
        newest.tracker_source,
        newest.issue_number,
        newest.item_id,
        newest.url,

        newest.title,
        newest.author_login,
        authors.account_kind as author_account_kind,
        newest.assignees,
        newest.labels,
        newest.milestone_id,
        newest.milestone_title,
        newest.issue_type,
        coalesce(newest.is_part, false) as is_part,
        newest.is_locked,
        newest.is_confidential,
        newest.comment_count,

        coalesce(lifecycles.last_state, newest.state) as state,
        newest.state_reason,
        coalesce(lifecycles.is_open, false) as is_open,
        coalesce(lifecycles.reopen_count, 0) as reopen_count,
        lifecycles.closing_evidence,
        lifecycles.closed_by_login,
        lifecycles.closed_by_commit_hash,
        lifecycles.closed_by_change_request_number,
        lifecycles.close_seconds,
        lifecycles.close_seconds / 86400 as days_to_close,
        responses.first_response_login,
        responses.response_seconds,
        coalesce(
            newest.fate,
            case when lifecycles.ended_by = 'moved_out' then 'transferred' end
        ) as fate,
        newest.moved_to,

        newest.created_at as opened_at,
        newest.updated_at,
        responses.first_response_at,
        lifecycles.first_closed_at,
        lifecycles.closed_at,
        newest.gone_noticed_at,
        quarters.quarter,
        quarters.starts_on as quarter_starts_on
    from newest
    left join intermediate.issue_lifecycles as lifecycles
        on
            newest.tracker_source = lifecycles.tracker_source
            and newest.issue_number = lifecycles.issue_number
    left join intermediate.issue_responses as responses
        on
            newest.tracker_source = responses.tracker_source
            and newest.issue_number = responses.issue_number
    left join intermediate.account_kinds as authors
        on
            split_part(newest.tracker_source, '/', 1) = authors.account_host
            and newest.author_login = authors.login
    left join staging.quarter_years as quarters
        on
            year(newest.created_at) = quarters.in_year
            and newest.created_at >= quarters.starts_at
            and newest.created_at < quarters.ends_at

)

select * from issues
