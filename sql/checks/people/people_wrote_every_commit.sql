-- The commits of all people add up to all commits. None is missing or counted for two
-- people.
with

totals as (

    select
        (select count(*) from facts.commits) as commit_count,
        (select coalesce(sum(authored_count), 0) from facts.people) as authored_count,
        (select coalesce(sum(committed_count), 0) from facts.people) as committed_count

)

select * from totals
where commit_count != authored_count or commit_count != committed_count
