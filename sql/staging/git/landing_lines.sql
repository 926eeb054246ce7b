-- The change requests that the body of a commit's message names as what it brings.
--
-- As those write it who land work themselves: PR-URL (Node.js), Pull Request resolved
-- (ghstack, Phabricator), COPYBARA_INTEGRATE_REVIEW, Closes, This closes (Apache), Part-of
-- (Marge). The path is empty where only a number is named.
--
-- grain: source, commit_hash, line_number
with

bodies as (

    select
        source,
        commit_hash,
        regexp_extract_all(
            body,
            '(?im)^(?:PR-URL|Pull[ -]Request(?: resolved)?|COPYBARA_INTEGRATE_REVIEW'
            || '|(?:This )?(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)|Part-of)[:= ]+'
            || '<?((?:https?://[^\s/]+/)?[\w.-]+(?:/[\w.-]+)+?)?'
            || '(?:/pull/|/-/merge_requests/|/merge_requests/|#|!)[0-9]{1,9}\b'
        ) as lines
    from raw.commits_known
    where regexp_matches(body, '(?:/pull/|merge_requests/|#|!)[0-9]')

),

lines as (

    select
        bodies.source,
        bodies.commit_hash,
        generate_subscripts(bodies.lines, 1) as line_number,
        unnest(bodies.lines) as line
    from bodies

)

select
    source,
    commit_hash,
    line_number,
    regexp_extract(line, '(?:/pull/|merge_requests/|#|!)([0-9]+)$', 1)::bigint
        as change_request_number,
    regexp_extract(
        line, '(?:^|[\s<:=]|https?://[^\s/]+/)([\w.-]+(?:/[\w.-]+)+?)(?:/pull/|/-/|/merge|#|!)', 1
    ) as named_path,
    regexp_matches(line, '#[0-9]+$') as is_hash_sign
from lines
