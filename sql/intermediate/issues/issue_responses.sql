-- The first comment on each issue by somebody else who is no bot and no AI agent.
--
-- grain: tracker_source, issue_number
with

answered as (

    select
        issues.source,
        issues.tracker_source,
        issues.issue_number,
        answers.comment_id as first_response_comment_id,
        answers.author_login as first_response_login,
        answers.created_at as first_response_at,
        date_sub('second', issues.created_at, answers.created_at) as response_seconds
    from staging.issues as issues
    inner join staging.comments as answers
        on
            issues.tracker_source = answers.tracker_source
            and issues.issue_number = answers.item_number
    left join intermediate.account_kinds as authors
        on
            split_part(answers.tracker_source, '/', 1) = authors.account_host
            and answers.author_login = authors.login
    where
        answers.item_kind = 'issue'
        and answers.created_at >= issues.created_at
        and answers.author_login != issues.author_login
        and authors.account_kind in ('person', 'ghost')

),

first_answers as (

    select * from answered
    qualify
        row_number() over (
            partition by tracker_source, issue_number
            order by first_response_at, first_response_comment_id
        ) = 1

)

select * from first_answers
