-- What each commit says: who wrote and committed it, its subject and its message.
--
-- The marks of AI agents are patterns over this text.
--
-- grain: source, commit_hash
select
    source,
    commit_hash,
    concat(
        'author: ', author_name, ' <', author_email, '>', chr(10),
        'committer: ', committer_name, ' <', committer_email, '>', chr(10),
        'subject: ', subject, chr(10), chr(10),
        body
    ) as commit_text
from raw.commits_known
