-- The repositories whose trackers were all completely polled at least once.
--
-- grain: source
select trackers.source
from staging.trackers as trackers
inner join staging.batches as batches on trackers.tracker_source = batches.source
group by trackers.source
having count(*) = count(batches.last_observed_at)
