-- The lines of each repository's .gitattributes files that call paths generated or
-- vendored, or state that they are not.
--
-- grain: source, line_number
select
    lines.source,
    lines.line_number,
    lines.attribute,
    lines.is_set,
    lines.prefix,
    lines.suffix,
    lines.expression
from raw.path_attributes_known as lines
inner join staging.repositories as repositories
    on
        lines.source = repositories.source
        and lines.attributes_hash = repositories.attributes_hash
