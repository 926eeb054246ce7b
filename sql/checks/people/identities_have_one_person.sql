-- Every observed identity has exactly one person, whatever its role.
with

people_found as (

    select
        seen.source,
        seen.identity_name,
        seen.identity_email,
        count(people.person_id) as person_count
    from staging.identities as seen
    left join facts.identities as identities
        on
            seen.source = identities.source
            and seen.identity_name = identities.identity_name
            and seen.identity_email = identities.identity_email
    left join facts.people as people on identities.person_id = people.person_id
    group by seen.source, seen.identity_name, seen.identity_email

)

select * from people_found
where person_count != 1
