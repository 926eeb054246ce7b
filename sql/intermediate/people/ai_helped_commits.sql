-- The commits that disclose the help of an AI agent.
--
-- A mark is a co-author who is an agent, another trailer with the name and address of
-- one, a text of the settings, or a note of refs/notes/ai that names an agent. The
-- commit that a squash made has the marks of the change request's own commits, which
-- nobody sees on the branch, and those that an agent wrote are marks too.
--
-- grain: source, commit_hash
with

settings_have_marks as (select count(*) > 0 as is_used from settings.ai_marks),

marked as (

    select
        texts.source,
        texts.commit_hash
    from staging.commit_texts as texts
    cross join settings_have_marks as marks
    where marks.is_used and settings.discloses_ai(texts.commit_text)

    union

    select
        trailers.source,
        trailers.commit_hash
    from facts.commit_trailers as trailers
    inner join intermediate.person_kinds as people
        on trailers.co_author_person_id = people.person_id
    where people.person_kind = 'ai_agent'

    union

    select
        trailers.source,
        trailers.commit_hash
    from staging.commit_trailers as trailers
    inner join settings.identity_rules as rules
        on settings.identity_rule_of(trailers.trailer_value) = rules.rule_number
    where
        lower(trailers.token) in ('assisted-by', 'co-developed-by', 'generated-by')
        and rules.person_kind = 'ai_agent'

    union

    select
        notes.source,
        notes.commit_hash
    from staging.ai_notes as notes
    where notes.names_agent

),

helped_or_written as (

    select
        source,
        commit_hash
    from marked

    union

    select
        source,
        commit_hash
    from facts.commits
    where author_kind = 'ai_agent'

),

squashes as (

    select distinct
        squashed.source,
        squashed.merge_commit_hash as commit_hash
    from intermediate.change_request_merges as squashed
    inner join facts.change_request_commits as own
        on
            squashed.tracker_source = own.tracker_source
            and squashed.change_request_number = own.change_request_number
    inner join helped_or_written
        on
            own.source = helped_or_written.source
            and own.commit_hash = helped_or_written.commit_hash
    where squashed.merge_method = 'squash' and squashed.merge_commit_hash is not null

)

select * from marked
union
select * from squashes
