-- The name that each person goes by.
--
-- It is the one that a mailmap gives, that of the settings before a repository's, else
-- the one most often recorded; of equals the first in the order of the text.
--
-- grain: person_id
with

recorded as (

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

)

select
    person_id,
    person_name
from recorded
qualify
    row_number() over (
        partition by person_id
        order by
            person_name = '' asc, name_rank asc, seen_count desc, person_name asc
    ) = 1
