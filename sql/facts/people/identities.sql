-- The person of each name and address observed in a source.
--
-- Mailmaps have priority. A login with a noreply address is the person who alone has a
-- name that the login uses, if that name has a space in it and no mailmap leads to the
-- login. Any other identity is the person of its address.
--
-- grain: source, identity_name, identity_email
-- export: whole
with

mapped as (select * from staging.mapped_identities),

names_of_one as (

    select
        lower(mapped_name) as name_key,
        min(address_person_id) as person_id
    from mapped
    where not is_noreply and contains(mapped_name, ' ')
    group by name_key
    having count(distinct address_person_id) = 1

),

hidden_logins as (

    select
        mapped.address_person_id,
        min(names_of_one.person_id) as person_id
    from mapped
    left join names_of_one on lower(mapped.mapped_name) = names_of_one.name_key
    where mapped.is_noreply
    group by mapped.address_person_id
    having count(mapped.mailmap) = 0 and count(distinct names_of_one.person_id) = 1

),

identities as (

    select
        seen.source,
        seen.identity_name,
        seen.identity_email,

        coalesce(hidden_logins.person_id, mapped.address_person_id) as person_id,
        case
            when mapped.mailmap is not null then mapped.mailmap || '_mailmap'
            when hidden_logins.person_id is not null then 'noreply_name'
            when mapped.is_noreply then 'noreply_login'
            else 'email'
        end as identity_rule,
        mapped.proper_name,

        seen.authored_count,
        seen.committed_count,
        seen.co_authored_count,
        seen.tagged_count,
        seen.first_commit_at,
        seen.last_commit_at
    from staging.identities as seen
    inner join mapped
        on
            seen.source = mapped.source
            and seen.identity_name = mapped.identity_name
            and seen.identity_email = mapped.identity_email
    left join hidden_logins
        on mapped.address_person_id = hidden_logins.address_person_id

)

select * from identities
