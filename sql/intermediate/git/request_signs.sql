-- Whether a number after # is an issue in a repository, because its trackers have another
-- sign for change requests.
--
-- grain: source
select
    trackers.source,
    bool_and(kinds.has_request_sign) as is_issue_after_hash
from staging.trackers as trackers
inner join settings.tracker_kinds as kinds on trackers.tracker_kind = kinds.tracker_kind
group by trackers.source
