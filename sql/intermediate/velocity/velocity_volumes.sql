-- How many commits, authors and lines each quarter of a project and repository has: those
-- that count, and all.
--
-- grain: project, source, quarter
with

commits as (

    select
        *,
        quarter_starts_on = min(quarter_starts_on) filter (where is_work) over (
            partition by project, source, person
        ) as is_by_new_author,
        quarter_starts_on = min(quarter_starts_on) filter (where is_counted) over (
            partition by project, source, person
        ) as is_by_new_counted_author
    from intermediate.velocity_commits

)

select
    project,
    source,
    quarter,
    count(*) filter (where is_counted) as commit_count,
    count(*) filter (where is_landing) as merge_count,
    count(distinct person) filter (where is_counted) as author_count,
    count(distinct person) filter (where is_counted and is_by_new_counted_author)
        as new_author_count,
    sum(counted_lines_added) filter (where is_counted)::bigint as lines_added,
    sum(counted_lines_deleted) filter (where is_counted)::bigint as lines_deleted,

    count(*) filter (where is_work) as all_commit_count,
    count(distinct person) filter (where is_work) as all_author_count,
    count(distinct person) filter (where is_work and is_by_new_author)
        as all_new_author_count,
    sum(lines_added)::bigint as all_lines_added,
    sum(lines_deleted)::bigint as all_lines_deleted
from commits
group by project, source, quarter
