-- Each author of the default branch is new in exactly one quarter of each repository.
with

authors as (

    select
        source,
        count(distinct author_person_id) as author_count
    from facts.commits
    where
        is_on_default_branch
        and quarter is not null
        and not is_merge
        and not is_imported
    group by source

),

new_authors as (

    select
        project,
        source,
        sum(all_new_author_count) as new_author_count
    from marts.velocity_quarterly
    group by project, source

)

select
    new_authors.*,
    authors.author_count
from new_authors
left join authors on new_authors.source = authors.source
where new_authors.new_author_count != coalesce(authors.author_count, 0)
