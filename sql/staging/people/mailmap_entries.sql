-- The lines of the current mailmaps: that of the settings for every repository, and
-- each repository's own.
--
-- As in git, ASCII letters match in either case; other letters do not.
--
-- grain: source, mailmap, line_number
with

entries as (

    select
        repositories.source,
        'settings' as mailmap,
        entries.line_number,
        entries.proper_name,
        entries.proper_email,
        entries.commit_name,
        entries.commit_email
    from staging.repositories as repositories
    cross join settings.mailmap_entries as entries

    union all

    select
        repositories.source,
        'repository' as mailmap,
        entries.line_number,
        entries.proper_name,
        entries.proper_email,
        entries.commit_name,
        entries.commit_email
    from staging.repositories as repositories
    inner join raw.mailmap_entries as entries
        on
            repositories.source = entries.source
            and repositories.mailmap_hash = entries.mailmap_hash

),

keyed as (

    select
        *,
        translate(
            commit_name, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'
        ) as name_key,
        translate(
            commit_email, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'
        ) as email_key
    from entries

)

select * from keyed
