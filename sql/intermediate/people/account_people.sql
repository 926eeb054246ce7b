-- The person in Git of each account of a tracker, where something states it, and what does.
--
-- The first of these that applies: a line of the settings' mailmap for an address with which
-- the host hides that of the account; such an address in Git with the account's number, or
-- with its login alone; the person who wrote most of the change requests that it opened, if
-- no other account of the host is as much this person's.
--
-- grain: account_host, login
with

accounts as (

    select distinct
        accounts.account_host,
        accounts.login,
        accounts.account_id,
        '@' || case
            when accounts.account_host = kinds.public_host then kinds.noreply_domain
            else 'users.noreply.' || split_part(accounts.account_host, ':', 1)
        end as address_domain,
        lower(accounts.login) || address_domain as login_address,
        coalesce(accounts.account_id, '') || kinds.noreply_separator as number_prefix
    from intermediate.account_kinds as accounts
    inner join staging.trackers as trackers on accounts.account_host = trackers.account_host
    inner join settings.tracker_kinds as kinds on trackers.tracker_kind = kinds.tracker_kind
    where kinds.noreply_domain is not null

),

addresses as (

    select
        lower(identity_email) as address,
        regexp_extract(address, '^[0-9]+') as account_id,
        regexp_extract(address, '@.*') as address_domain,
        person_id,
        sum(authored_count + committed_count + tagged_count) as written_count
    from facts.identities
    where contains(lower(identity_email), 'noreply')
    group by all

),

evidence (account_host, login, person_id, person_rule, rule_number, weight) as (

    select
        accounts.account_host,
        accounts.login,
        lower(entries.proper_email),
        'settings_mailmap',
        1,
        entries.line_number
    from accounts
    inner join settings.mailmap_entries as entries
        on lower(entries.commit_email) in (
            accounts.login_address, accounts.number_prefix || accounts.login_address
        )
    where entries.proper_email is not null and entries.commit_name is null

    union all

    select
        accounts.account_host,
        accounts.login,
        addresses.person_id,
        if(accounts.account_id = addresses.account_id, 'noreply_number', 'noreply_login'),
        if(accounts.account_id = addresses.account_id, 2, 3),
        addresses.written_count
    from accounts
    inner join addresses
        on
            accounts.address_domain = addresses.address_domain
            and (
                accounts.login_address = addresses.address
                or case
                    when accounts.account_id = addresses.account_id
                        then starts_with(addresses.address, accounts.number_prefix)
                    when accounts.account_id is null
                        then
                            addresses.account_id || accounts.number_prefix
                            || accounts.login_address = addresses.address
                end
            )

    union all

    select
        account_host,
        login,
        person_id,
        'own_commits',
        4,
        request_count
    from intermediate.account_commits
    where is_of_most

),

claims as (

    select * from evidence
    qualify
        row_number() over (
            partition by account_host, login
            order by rule_number asc, weight desc, person_id asc
        ) = 1

)

select * exclude (rule_number, weight)
from claims
window of_person as (partition by account_host, person_id order by rule_number asc, weight desc)
qualify
    person_rule != 'own_commits'
    or (
        rank() over of_person = 1
        and count(*) over (partition by account_host, person_id, rule_number, weight) = 1
    )
