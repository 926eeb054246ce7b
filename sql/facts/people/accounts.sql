-- The accounts of trackers, classified as people, bots and AI agents.
--
-- The first rule of the settings that matches `login <login@noreply domain>`, with the
-- domain of any kind of tracker, decides. Without a match, an account is a bot if the
-- tracker states it or if its name ends in [bot]. A deleted account is a ghost, whoever
-- it was.
--
-- grain: account_host, login
-- export: whole
with

logins as (select * from intermediate.account_logins),

names as (select distinct login from logins),

identities as (

    -- one line per kind: testing a rule costs much more than a longer text
    select
        names.login,
        string_agg(
            names.login || ' <' || names.login || '@' || kinds.noreply_domain || '>',
            chr(10)
            order by kinds.tracker_kind
        ) as identity_lines
    from names
    cross join settings.tracker_kinds as kinds
    where kinds.noreply_domain is not null
    group by names.login

),

kinds as (

    select
        identities.login,
        arg_min(rules.person_kind, rules.rule_number) as person_kind
    from identities
    inner join settings.identity_rules as rules
        on regexp_matches(identities.identity_lines, '(?m)' || rules.pattern, 'i')
    group by identities.login

),

accounts as (

    select
        logins.account_host,
        logins.login,
        case
            when logins.is_ghost then 'ghost'
            when kinds.person_kind is not null then kinds.person_kind
            when logins.is_bot or logins.login like '%[bot]' then 'bot'
            else 'person'
        end as account_kind
    from logins
    left join kinds on logins.login = kinds.login

)

select * from accounts
