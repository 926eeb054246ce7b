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

names as (

    select
        named.login,
        named.login || ' <' || named.login || '@' || kinds.noreply_domain || '>' as identity
    from (select distinct login from logins) as named
    cross join settings.tracker_kinds as kinds
    where kinds.noreply_domain is not null

),

kinds as (

    select
        names.login,
        arg_min(rules.person_kind, rules.rule_number) as person_kind
    from names
    inner join settings.identity_rules as rules
        on regexp_matches(names.identity, rules.pattern, 'i')
    group by names.login

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
