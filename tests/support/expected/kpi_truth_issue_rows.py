"""Expected rows of issue KPIs, from the prose of their definitions."""

from __future__ import annotations

from tests.support.expected.kpi_truth_row import Row, first_not, label, quarter_of, share

_NO_DELIVERY = {"duplicate", "not_planned"}


class IssueRows:
    """What the KPIs on issues look at."""

    def __init__(self, world):
        self._world, self._rules = world, world.rules

    def all(self):
        for issue in self._world.issues.values():
            for closing in issue.closings:
                yield from self._of_closing(issue, closing)
            yield self._of_opening(issue)
            yield from self._of_response(issue)
            for quarter in self._world.tracker_quarters:
                yield from self._at_end(issue, quarter)
                yield from self._of_work(issue, quarter)
                yield from self._of_plan(issue, quarter)

    def _reason(self, issue):
        is_out = self._rules.labelled("left_out_labels", issue) is not None
        return "left_out_label" if is_out else "counted"

    def _reason_of_state(self, issue, state):
        """Why it was closed, as its event says, else by the newest word on the issue."""
        newest = issue.raw.get("state_reason") if state.ends is None else None
        reason = (state.event or {}).get("state_reason") or newest
        return reason if state.state == "closed" and reason in _NO_DELIVERY else None

    def _of_closing(self, issue, closing):
        quarter, key = quarter_of(closing.begins), (issue.number, closing.number)
        reason = self._reason(issue)
        yield Row("issues_closed", quarter.label, key, reason)
        yield Row("days_to_close", quarter.label, key, reason, closing.begins - issue.opened)
        yield share("issue_closure_ratio", quarter.label, key, reason, 1, 0)
        finished = first_not(reason, self._reason_of_state(issue, closing))
        if self._is_test(issue):
            yield Row("test_iterations", quarter.label, key, finished)
        has_lasted = closing.ended_by != "reopened" or closing.ends >= quarter.ends
        lasting = first_not(finished, None if has_lasted else "reopened")
        closer = self._closer(closing)
        is_with = closer is not None and self._world.merged_reason(closer.item) == "counted"
        work = first_not(lasting, "with_its_change_request" if is_with else None)
        yield Row("throughput", quarter.label, key, work)
        seconds = self._work_seconds(issue, closing, closer)
        unknown = "unknown_start" if seconds is None else None
        is_negative = seconds is not None and seconds < 0
        delivered = first_not(lasting, unknown, "started_after_end" if is_negative else None)
        yield Row("project_lead_time", quarter.label, key, delivered, seconds)

    def _work_seconds(self, issue, closing, closer):
        """Measure from the first assignment, the first label of a start, or the closer's work."""
        labelled = self._rules.labelled("started_labels", issue)
        starts = [issue.assigned, labelled, closer.began if closer else None]
        known = [start for start in starts if start is not None]
        return closing.begins - min(known) if known else None

    def _closer(self, closing):
        """Find the change request of the commit that a closing names."""
        commit = closing.event["commit_id"] if closing.event else None
        number = self._world.closers.get(commit) if commit else None
        return self._world.requests[number] if number is not None else None

    def _is_test(self, issue):
        has_label = self._rules.labelled("test_labels", issue) is not None
        return has_label or self._rules.titled("test_titles", issue)

    def _of_opening(self, issue):
        quarter, reason = label(issue.opened), self._reason(issue)
        return share("issue_closure_ratio", quarter, issue.number, reason, 0)

    def _of_response(self, issue):
        reason, opened, answered = self._reason(issue), quarter_of(issue.opened), issue.response
        kpi, key = "first_response_time", issue.number
        if answered is not None:
            yield Row(kpi, label(answered), key, reason, answered - issue.opened)
        if answered is None or answered >= opened.ends:
            yield Row(kpi, opened.label, key, first_not(reason, "no_response_yet"))

    def _at_end(self, issue, quarter):
        state = _state_before(issue, quarter.ends)
        if state and state.state == "open" and not _has_left(issue, quarter.ends):
            yield Row("issues_remaining", quarter.label, issue.number, self._reason(issue))

    def _resolution(self, issue, end):
        """Say whether an issue was closed before an instant, and why it does not count."""
        state = _state_before(issue, end)
        left = "moved" if _has_left(issue, end) else None
        reason = first_not(self._reason(issue), left, self._reason_of_state(issue, state))
        return int(state.state == "closed"), reason

    def _of_work(self, issue, quarter):
        if _was_open(issue, quarter.starts, quarter.ends):
            instants = [*issue.touched, *(state.begins for state in issue.states)]
            is_worked = any(map(quarter.holds, instants))
            is_closed, reason = self._resolution(issue, quarter.ends)
            reason = first_not(reason, None if is_worked else "not_worked_on")
            kpi = "issue_resolution_ratio"
            yield share(kpi, quarter.label, issue.number, reason, is_closed)

    def _of_plan(self, issue, quarter):
        is_planned = any(
            begin < quarter.ends and (end is None or end >= quarter.ends)
            for _, begin, end in issue.milestones
        )
        if is_planned and _was_open(issue, quarter.year_starts, quarter.ends):
            is_closed, reason = self._resolution(issue, quarter.ends)
            kpi = "project_completion_rate"
            yield share(kpi, quarter.label, issue.number, reason, is_closed)


def _state_before(issue, end):
    return next((state for state in reversed(issue.states) if state.begins < end), None)


def _has_left(issue, end):
    return issue.left is not None and issue.left < end


def _was_open(issue, start, end):
    return any(
        state.state == "open" and state.begins < end and (state.ends is None or state.ends >= start)
        for state in issue.states
    )
