-- Every mined issue and change request belongs to an observed tracker.
select distinct issues.source as tracker_source
from raw.issues as issues
anti join raw.trackers as trackers on issues.source = trackers.source

union

select distinct requests.source as tracker_source
from raw.change_requests as requests
anti join raw.trackers as trackers on requests.source = trackers.source
