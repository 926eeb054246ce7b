-- The person of each name and address observed in a source.
--
-- Mailmaps have priority. A login with a noreply address is the person who alone has a
-- name that the login uses, if that name has a space in it and no mailmap leads to the
-- login. A name without an address in a trailer is the person who alone has that name.
-- Any other identity is the person of its address, or of its name where the address is
-- none or a placeholder. What somebody wrote into a trailer separates nobody: it counts
-- only where no commit or tag has the name or login.
--
-- grain: source, identity_name, identity_email
-- export: whole
with

mapped as (select * from staging.mapped_identities),

names_of_one as (

    select
        lower(mapped_name) as name_key,
        coalesce(
            min(address_person_id) filter (where is_written), min(address_person_id)
        ) as person_id
    from mapped
    where not is_noreply and not is_placeholder and contains(mapped_name, ' ')
    group by name_key
    having
        coalesce(
            nullif(count(distinct address_person_id) filter (where is_written), 0),
            count(distinct address_person_id)
        ) = 1

),

hidden_logins as (

    select
        mapped.address_person_id,
        coalesce(
            min(names_of_one.person_id) filter (where mapped.is_written),
            min(names_of_one.person_id)
        ) as person_id
    from mapped
    left join names_of_one on lower(mapped.mapped_name) = names_of_one.name_key
    where mapped.is_noreply
    group by mapped.address_person_id
    having
        count(mapped.mailmap) = 0
        and coalesce(
            nullif(
                count(distinct names_of_one.person_id) filter (where mapped.is_written), 0
            ),
            count(distinct names_of_one.person_id)
        ) = 1

),

identities as (

    select
        seen.source,
        seen.identity_name,
        seen.identity_email,

        coalesce(
            hidden_logins.person_id, trailers.person_id, mapped.address_person_id
        ) as person_id,
        case
            when mapped.mailmap is not null then mapped.mailmap || '_mailmap'
            when hidden_logins.person_id is not null then 'noreply_name'
            when mapped.is_noreply then 'noreply_login'
            when trailers.person_id is not null then 'trailer_name'
            when mapped.is_placeholder then 'name'
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
    left join names_of_one as trailers
        on
            seen.identity_email = ''
            and mapped.mailmap is null
            and not mapped.is_written
            and lower(mapped.mapped_name) = trailers.name_key

)

select * from identities
