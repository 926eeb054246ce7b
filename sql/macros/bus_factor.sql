-- How few people made half of the commits to a file or folder of each repository; '' is the
-- whole repository. Commits of bots and agents, and those that never landed, do not count.
-- noqa: disable=RF02,RF03
create or replace macro marts.bus_factor(changed_path) as table
    with

    authors as (

        select
            commits.source,
            commits.author_person_id,
            count(*) as commit_count
        from facts.commits as commits
        where
            commits.is_on_default_branch
            and not commits.is_merge
            and not commits.is_imported
            and commits.author_kind = 'person'
            and exists (
                select 1 from facts.commit_files as files
                where
                    files.source = commits.source
                    and files.commit_hash = commits.commit_hash
                    and (
                        changed_path = ''
                        or files.path = changed_path
                        or starts_with(files.path, rtrim(changed_path, '/') || '/')
                    )
            )
        group by commits.source, commits.author_person_id

    ),

    ranked as (

        select
            *,
            sum(commit_count) over (
                partition by source
                order by commit_count desc, author_person_id asc
                rows between unbounded preceding and 1 preceding
            ) as before_count,
            sum(commit_count) over (partition by source) as all_count
        from authors

    )

    select
        source,
        count(*) filter (where coalesce(before_count, 0) * 2 < all_count) as bus_factor,
        count(*) as author_count,
        sum(commit_count)::bigint as commit_count
    from ranked
    group by source
    order by source;
