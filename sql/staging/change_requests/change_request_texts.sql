-- What each change request states of itself: its title and the text it was opened with.
--
-- grain: tracker_source, change_request_number
select
    trackers.source,
    trackers.tracker_source,
    requests.change_request_number,
    coalesce(kinds.has_request_sign, false) as has_request_sign,
    requests.created_at,
    concat_ws(chr(10), requests.title, requests.body) as request_text
from raw.change_requests_current as requests
inner join staging.trackers as trackers on requests.source = trackers.tracker_source
left join settings.tracker_kinds as kinds on trackers.tracker_kind = kinds.tracker_kind
