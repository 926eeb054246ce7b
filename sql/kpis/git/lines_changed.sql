-- How many lines were added and deleted in the quarter?
--
-- Over the commits that count as commits and, where a project has paths, over files in
-- them; binary files have no lines. Lines of generated and vendored files do not count: as
-- .gitattributes states (linguist-generated, linguist-vendored), or else by the rule
-- generated, which names lock files, minified files and folders of vendored code. Those of
-- a commit that several repositories have count once in a project and once in all of them.
--
-- Bias: Reformatting weighs as much as thought, and so do generated files that neither the
-- rule nor .gitattributes names. Never a measure of a person.
--
-- title: Lines changed
-- title_ko: 변경 라인 수
-- position: 120
-- unit: lines
-- kind: sum
-- better: neither
-- needs: commits
-- version: 4
with

commits as (

    select
        commits.*,
        lines.counted_lines_added + lines.counted_lines_deleted as line_count,
        lines.generated_line_count
    from intermediate.kpi_commits as commits
    left join intermediate.project_commit_lines as lines
        on
            commits.project = lines.project
            and commits.source = lines.source
            and commits.commit_hash = lines.commit_hash

)

select
    project,
    source,
    quarter,
    'commit' as subject_type,
    commit_hash as subject_id,
    subject_url,
    person,
    happened_at,
    human_reason as reason,
    counts_in,
    coalesce(line_count, 0) as value
from commits

union all

select
    project,
    source,
    quarter,
    'generated_files' as subject_type,
    commit_hash as subject_id,
    subject_url,
    person,
    happened_at,
    'generated' as reason,
    counts_in,
    generated_line_count as value
from commits
where human_reason = 'counted' and generated_line_count > 0
