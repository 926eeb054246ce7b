"""Expected rows of other KPIs, from the prose of their definitions."""

from __future__ import annotations

from collections import defaultdict

from tests.support.expected.kpi_truth_issue_rows import IssueRows
from tests.support.expected.kpi_truth_row import FOREVER, Row, first_not, label, quarter_of, share
from tests.support.expected.kpi_truth_tracker import milestones, second

DAY = 86_400
# The KPIs on change requests: the span that each measures, and why there is none.
_SPANS = (
    ("lead_time", "lead", "unknown_start"),
    ("coding_time", "coding", "unknown_start"),
    ("pickup_time", "pickup", "no_review"),
    ("review_time", "review", "no_approval"),
    ("merge_time", "merge", "no_approval"),
)


class Rows:
    """All rows of all KPIs of one project that owns one repository with its tracker."""

    def __init__(self, world):
        self._world = world

    def all(self):
        makers = (
            IssueRows(self._world).all,
            self._of_commits,
            self.of_people,
            self._of_changes,
            self._of_requests,
            self._of_deployments,
            self._of_incidents,
            self._of_intervals,
            self._of_milestones,
        )
        return [row for maker in makers for row in maker()]

    def _commits(self):
        """Yield each commit of the branch: its quarter, why it counts or not, for people too."""
        for name in self._world.history.landed:
            commit = self._world.history.commits[name]
            reason = first_not(
                "imported_history" if name in self._world.history.imported else None,
                "merge" if len(commit.parents) > 1 else None,
            )
            is_left_out = commit.kind in self._world.rules.of("left_out_authors")
            by_people = first_not(reason, commit.kind if is_left_out else None)
            yield commit, label(commit.committed), reason, by_people

    def _of_commits(self):
        for commit, quarter, _, by_people in self._commits():
            copy = {"copied": commit.name, "order": (by_people != "counted",)}
            yield Row("commits", quarter, commit.name, by_people, **copy)
            files = self._world.files
            lines, made = (sum(files.lines(commit, counted=is_it)) for is_it in (True, False))
            yield Row("lines_changed", quarter, commit.name, by_people, lines, **copy)
            if by_people == "counted" and made:
                subject = ("made", commit.name)
                yield Row("lines_changed", quarter, subject, "generated", made, **copy)

    def of_people(self, without=frozenset()):
        """Yield the rows of KPIs of people, without what they wrote in some commits."""
        found, helped = defaultdict(list), self._world.history.helped
        for commit, quarter, reason, by_people in self._commits():
            if commit.name in without:
                continue
            found[quarter, commit.person].append((commit, reason, by_people))
        for (quarter, person), work in found.items():
            counted = [commit for commit, reason, _ in work if reason == "counted"]
            reason = "counted" if counted else min(reason for _, reason, _ in work)
            reasons = {by_people for *_, by_people in work}
            by_people = "counted" if "counted" in reasons else min(reasons)
            bots = sum(c.kind == "bot" for c in counted)
            agents = sum(c.kind == "ai_agent" or c.name in helped for c in counted)
            for kpi in ("active_contributors", "contributor_absence_factor"):
                yield Row(kpi, quarter, person, by_people, len(counted))
            yield share("bot_share", quarter, person, reason, bots, len(counted))
            yield share("ai_agent_share", quarter, person, reason, agents, len(counted))

    def _of_changes(self):
        deliveries = self._world.deliveries
        for commit, quarter, _, by_people in self._commits():
            number = deliveries.brought_by.get(commit.name)
            seconds = deliveries.at(number) - commit.authored if number else None
            is_lost = self._world.has_lost_its_start(commit)
            reason = first_not(
                by_people,
                None if number else "no_deployment",
                "before_first_deployment" if number == 1 else None,
                "unknown_start" if is_lost else None,
                "started_after_end" if number and seconds < 0 else None,
            )
            deployed = label(deliveries.at(number)) if number else quarter
            at = deliveries.at(number) if number else FOREVER
            order = by_people != "counted", number in {None, 1}, at
            copy = {"copied": commit.name, "order": order}
            yield Row("change_lead_time", deployed, commit.name, reason, seconds, **copy)

    def _of_requests(self):
        for key, request in self._world.requests.items():
            yield from self._of_response(key, request)
            for quarter, reason in self._ends_of(request):
                yield Row("change_requests_merged", quarter, key, reason)
                yield Row("throughput", quarter, ("change_request", key), reason)
                for kpi, span, without in _SPANS:
                    seconds = request.spans.get(span)
                    missing = without if seconds is None else None
                    yield Row(kpi, quarter, key, first_not(reason, missing), seconds)

    def _of_response(self, key, request):
        kpi, reason = "change_request_response_time", self._world.merged_reason(request.item)
        reason = "counted" if reason == "stacked" else reason
        opened, responded, ready = (
            quarter_of(request.item.opened),
            request.response,
            request.first_ready,
        )
        if responded is not None:
            yield Row(kpi, label(responded), key, reason, request.response_seconds)
        if responded is None or responded >= opened.ends:
            is_ready = ready is not None and ready < opened.ends
            waiting = "no_response_yet" if is_ready else "draft"
            yield Row(kpi, opened.label, key, first_not(reason, waiting))

    def _ends_of(self, request):
        """Yield (quarter, reason): merged in it, or abandoned in it, or open at its end."""
        merged = FOREVER if request.merged is None else request.merged
        for quarter in self._world.tracker_quarters:
            if request.item.opened >= quarter.ends or merged < quarter.starts:
                continue
            closed = request.closed_before(quarter.ends)
            if merged < quarter.ends:
                yield quarter.label, self._world.merged_reason(request.item)
            elif closed is None:
                is_ready = request.ready is not None and request.ready < quarter.ends
                yield quarter.label, "still_open" if is_ready else "draft"
            elif closed >= quarter.starts:
                yield quarter.label, "abandoned"

    def _of_deployments(self):
        deliveries = self._world.deliveries
        failed = {one.number for one in deliveries.incidents if one.reason == "counted"}
        rework = deliveries.rework()
        for number, (tag, commit, when, _) in enumerate(deliveries.deployments, 1):
            of, is_failed, is_rework = (label(when), tag), number in failed, number in rework
            copy = {"copied": (tag, commit), "order": (not is_failed, not is_rework, when)}
            yield Row("deployment_frequency", *of, "counted", **copy)
            yield share("change_fail_rate", *of, "counted", int(is_failed), **copy)
            yield share("deployment_rework_rate", *of, "counted", int(is_rework), **copy)

    def _of_incidents(self):
        for one in self._world.deliveries.incidents:
            deployed = self._world.deliveries.at(one.number) if one.number else None
            until = FOREVER if one.recovered is None else one.recovered
            is_revert = isinstance(one.key, str)
            order = one.reason != "counted", one.number is None, until
            copy = {"copied": one.key, "order": order} if is_revert else {}
            for kpi, began, ended in (
                ("mean_time_to_recovery", one.started, one.resolved),
                ("failed_deployment_recovery_time", deployed, one.recovered),
            ):
                happened = one.noticed if ended is None else ended
                seconds = None if None in {ended, began} else ended - began
                reason = first_not(
                    one.reason,
                    "no_deployment" if began is None else None,
                    "still_open" if ended is None else None,
                    "started_after_end" if seconds is not None and seconds < 0 else None,
                )
                yield Row(kpi, label(happened), one.key, reason, seconds, **copy)

    def _of_intervals(self):
        """Yield what lies between incidents, and one of those that fill a quarter."""
        world, first = self._world, self._world.deliveries.at(1)
        found = [one for one in world.deliveries.incidents if one.reason == "counted"]
        spans = [(one.started, FOREVER if one.resolved is None else one.resolved) for one in found]
        begins = {end for _, end in spans if end != FOREVER}
        begins |= {first} if all(first < start for start, _ in spans) else set()
        begins = {b for b in begins if not any(start <= b < end for start, end in spans)}
        for quarter in world.all_quarters:
            ends = min(quarter.ends, world.polled_at)
            free = [
                Row("uptime_streak", quarter.label, begin, "counted", min(until, ends) - begin)
                for begin in begins
                for until in [min((start for start, _ in spans if start > begin), default=FOREVER)]
                if begin < ends and until > quarter.starts
            ]
            down = [
                (start > quarter.starts, isinstance(one.key, int), str(one.key), one.key)
                for one, (start, end) in zip(found, spans, strict=True)
                if start < ends and quarter.starts < end
            ]
            # Of several, one at the start; of these by what names it: commits before issues.
            first_down = [key for *_, key in sorted(down)[:1]]
            yield from free or [
                Row("uptime_streak", quarter.label, key, "counted", 0) for key in first_down
            ]

    def _of_milestones(self):
        """Yield the deliveries that were due by the last poll."""
        polled_at = self._world.polled_at
        tags = {name: when for name, _, when, _ in self._world.deliveries.deployments}
        for found in milestones([*self._world.issues.values(), *self._world.pulls.values()]):
            if not found.get("due_on"):
                continue
            due = second(found["due_on"][:10] + "T00:00:00Z")
            if due > polled_at:
                continue
            ends = [second(found.get("closed_at")), tags.get(found["title"])]
            done = min((end for end in ends if end is not None), default=None)
            is_early = done is None and polled_at < due + DAY
            reason = "not_due_yet" if is_early else "counted"
            is_on_time = int(done is not None and done < due + DAY)
            kpi = "deployment_schedule_adherence"
            yield share(kpi, label(due), found["number"], reason, is_on_time)
