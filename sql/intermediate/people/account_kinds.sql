-- What kind of account each one is: a person's, a bot's or an AI agent's.
--
-- An account that was renamed is one, by its newest name. The first rule of the settings
-- that matches `login <login@noreply domain>`, or the same with the account's number,
-- decides; the domain is that of any kind of tracker. Without a match, an account is a
-- bot if the tracker states it or if its name ends in [bot]. A deleted account is a
-- ghost, whoever it was.
--
-- grain: account_host, login
with

accounts as (select * from staging.accounts),

identities as (

    -- one line per kind: testing a rule costs much more than a longer text
    select
        accounts.account_host,
        accounts.login,
        string_agg(
            accounts.login || ' <' || accounts.login || '@' || kinds.noreply_domain || '>'
            || coalesce(
                chr(10) || accounts.login || ' <' || accounts.account_id
                || kinds.noreply_separator || accounts.login || '@'
                || kinds.noreply_domain || '>',
                ''
            ),
            chr(10)
            order by kinds.tracker_kind
        ) as identity_lines
    from accounts
    cross join settings.tracker_kinds as kinds
    where kinds.noreply_domain is not null
    group by accounts.account_host, accounts.login

),

kinds as (

    select
        identities.account_host,
        identities.login,
        rules.person_kind
    from identities
    inner join settings.identity_rules as rules
        on settings.identity_rule_of(identities.identity_lines) = rules.rule_number

),

classified as (

    select
        accounts.account_host,
        accounts.login,
        accounts.account_id,
        case
            when accounts.is_ghost then 'ghost'
            when kinds.person_kind is not null then kinds.person_kind
            when accounts.is_bot or accounts.login like '%[bot]' then 'bot'
            else 'person'
        end as account_kind
    from accounts
    left join kinds
        on
            accounts.account_host = kinds.account_host
            and accounts.login = kinds.login

)

select * from classified
