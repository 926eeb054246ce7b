-- The tags as each was first observed: the commit that it named, when it was made and by
-- whom.
--
-- An annotated tag has its own instant. A lightweight one has none: where a poll saw that
-- it was not there, it was made after that poll and its commit, and has the instant of the
-- first poll that saw it. Only what was there at the first poll of all has the time of its
-- commit.
--
-- grain: source, tag_name
with

tags as (

    select
        refs.source,
        regexp_replace(refs.ref_name, '^refs/tags/', '') as tag_name,
        refs.target_commit_hash as commit_hash,
        coalesce(objects.tagger_person_id, commits.committer_person_id) as person,
        case
            when objects.tagged_at is not null then 'tag_object'
            when polls.polled_before_at is not null then 'first_observation'
            else 'commit_time'
        end as tagged_at_evidence,
        case tagged_at_evidence
            when 'tag_object' then objects.tagged_at
            when 'first_observation' then refs.valid_from_at
            else commits.committed_at
        end as tagged_at,
        case
            when tagged_at_evidence = 'first_observation'
                then least(
                    tagged_at, greatest(polls.polled_before_at, commits.committed_at)
                )
            else tagged_at
        end as tagged_at_earliest
    from facts.refs as refs
    left join staging.polls as polls
        on refs.source = polls.source and refs.valid_from_at = polls.polled_at
    left join facts.tags as objects
        on refs.source = objects.source and refs.target_hash = objects.tag_hash
    left join facts.commits as commits
        on
            refs.source = commits.source
            and refs.target_commit_hash = commits.commit_hash
    where refs.ref_kind = 'tag' and refs.version_number = 1

)

select * from tags
