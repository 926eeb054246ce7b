-- What landed on each repository's default branch in each quarter with a commit, by
-- anybody and by people.
--
-- grain: source, quarter
with

commits as (

    select
        *,
        author_kind = 'person' as is_human,
        not is_merge as is_work,
        is_merge and mainline_number is not null as is_landing,
        quarter_starts_on = min(quarter_starts_on) filter (where not is_merge) over (
            partition by source, author_person_id
        ) as is_by_new_author
    from facts.commits
    where is_on_default_branch and quarter is not null

)

select
    source,
    quarter,

    count(*) filter (where is_work) as commit_count,
    count(*) filter (where is_landing) as merge_count,
    count(distinct author_person_id) filter (where is_work) as author_count,
    count(distinct author_person_id) filter (where is_work and is_by_new_author)
        as new_author_count,
    sum(lines_added)::bigint as lines_added,
    sum(lines_deleted)::bigint as lines_deleted,

    count(*) filter (where is_work and is_human) as human_commit_count,
    count(*) filter (where is_landing and is_human) as human_merge_count,
    count(distinct author_person_id) filter (where is_work and is_human)
        as human_author_count,
    count(distinct author_person_id)
    filter (where is_work and is_by_new_author and is_human)
        as human_new_author_count,
    sum(lines_added) filter (where is_human)::bigint as human_lines_added,
    sum(lines_deleted) filter (where is_human)::bigint as human_lines_deleted
from commits
group by source, quarter
