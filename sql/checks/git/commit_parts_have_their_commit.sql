-- Every changed file and every trailer belongs to an observed commit.
select
    files.source,
    files.commit_hash,
    'commit_files' as record
from staging.commit_files as files
anti join facts.commits as commits
    on files.source = commits.source and files.commit_hash = commits.commit_hash

union all

select
    trailers.source,
    trailers.commit_hash,
    'commit_trailers' as record
from staging.commit_trailers as trailers
anti join facts.commits as commits
    on trailers.source = commits.source and trailers.commit_hash = commits.commit_hash
