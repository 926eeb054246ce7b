-- The people who wrote more than half of the commits of the change requests that each
-- account opened: of how many of its requests.
--
-- grain: account_host, login, person_id
with

request_authors as (

    select
        split_part(own.tracker_source, '/', 1) as account_host,
        requests.author_login as login,
        identities.person_id
    from facts.change_request_commits as own
    inner join staging.change_requests as requests
        on
            own.tracker_source = requests.tracker_source
            and own.change_request_number = requests.change_request_number
    inner join facts.identities as identities
        on
            own.source = identities.source
            and own.author_name = identities.identity_name
            and own.author_email = identities.identity_email
    inner join intermediate.person_kinds as people
        on identities.person_id = people.person_id and people.person_kind = 'person'
    group by
        own.tracker_source, own.change_request_number, requests.author_login,
        identities.person_id, own.own_commit_count
    having count(*) * 2 > own.own_commit_count

)

select
    account_host,
    login,
    person_id,
    count(*) as request_count,
    count(*) * 2 > sum(count(*)) over (partition by account_host, login) as is_of_most
from request_authors
group by account_host, login, person_id
