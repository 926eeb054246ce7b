-- The change requests that were open at the end of a local day. A day after the last poll has
-- those of the last poll.
-- noqa: disable=RF02,RF03
create or replace macro marts.open_change_requests_on(day) as table
    with

    ends as (

        select timezone(zones.time_zone, (day::date + 1)::timestamp) as ends_at
        from (select any_value(time_zone) as time_zone from settings.quarters) as zones

    )

    select
        requests.source,
        requests.tracker_source,
        requests.change_request_number,
        requests.title,
        requests.url,
        requests.opened_at,
        states.valid_from_at as open_since_at,
        epoch(ends.ends_at - requests.opened_at) / 86400 as open_days
    from ends
    inner join facts.change_request_states as states
        on
            states.change_request_state = 'open'
            and ends.ends_at > states.valid_from_at
            and coalesce(ends.ends_at <= states.valid_to_at, true)
    inner join facts.change_requests as requests
        on
            states.tracker_source = requests.tracker_source
            and states.change_request_number = requests.change_request_number
    order by requests.tracker_source, requests.change_request_number;
