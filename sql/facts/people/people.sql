-- The people, bots and AI agents of the identities.
--
-- A person's name is the one in a mailmap, with that of the settings before a
-- repository's, else the one most often recorded. The first rule of the settings that
-- matches one of a person's identities decides the kind.
--
-- grain: person_id
-- export: whole
with

recorded_names as (

    select
        person_id,
        coalesce(proper_name, identity_name) as person_name,
        min(case
            when proper_name is null then 3
            when identity_rule = 'settings_mailmap' then 1
            else 2
        end) as name_rank,
        sum(authored_count + committed_count + co_authored_count + tagged_count)
            as seen_count
    from facts.identities
    group by person_id, coalesce(proper_name, identity_name)

),

-- The display name of each person.
person_names as (

    select
        person_id,
        person_name
    from recorded_names
    qualify
        row_number() over (
            partition by person_id
            order by
                person_name = '' asc, name_rank asc, seen_count desc, person_name asc
        ) = 1

),

identities as (

    select * from facts.identities

),

recorded as (

    -- Patterns are slow, and many repositories have the same identity.
    select distinct
        person_id,
        identity_name || ' <' || identity_email || '>' as name_and_address
    from identities

),

matched as (

    select
        person_id,
        min(settings.identity_rule_of(name_and_address)) as rule_number
    from recorded
    group by person_id

),

kinds as (

    select
        matched.person_id,
        rules.person_kind
    from matched
    inner join settings.identity_rules as rules on matched.rule_number = rules.rule_number

),

people as (

    select
        identities.person_id,
        any_value(names.person_name) as person_name,
        coalesce(any_value(kinds.person_kind), 'person') as person_kind,
        count(*) as identity_count,
        sum(identities.authored_count)::bigint as authored_count,
        sum(identities.committed_count)::bigint as committed_count,
        sum(identities.co_authored_count)::bigint as co_authored_count,
        sum(identities.tagged_count)::bigint as tagged_count,
        min(identities.first_commit_at) as first_commit_at,
        max(identities.last_commit_at) as last_commit_at
    from identities
    inner join person_names as names on identities.person_id = names.person_id
    left join kinds on identities.person_id = kinds.person_id
    group by identities.person_id

)

select * from people
