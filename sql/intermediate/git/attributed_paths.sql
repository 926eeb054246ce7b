-- The paths of which a repository's .gitattributes files state whether they are generated
-- or vendored.
--
-- Of several lines that match, the last one of each attribute applies.
--
-- grain: source, path
with

paths as (

    select distinct
        files.source,
        files.path
    from facts.commit_files as files
    semi join staging.path_attributes as lines on files.source = lines.source

),

stated as (

    select
        paths.source,
        paths.path,
        lines.attribute,
        last(lines.is_set order by lines.line_number) as is_set
    from paths
    inner join staging.path_attributes as lines
        on
            paths.source = lines.source
            and starts_with(paths.path, lines.prefix)
            and ends_with(paths.path, lines.suffix)
            -- Expressions are slow: they are compared only where the ends match.
            and case
                when
                    starts_with(paths.path, lines.prefix)
                    and ends_with(paths.path, lines.suffix)
                    then regexp_full_match(paths.path, lines.expression, 's')
            end
    group by paths.source, paths.path, lines.attribute

)

select
    source,
    path,
    bool_or(is_set) as is_generated
from stated
where is_set is not null
group by source, path
