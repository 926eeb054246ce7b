"""The figures of velocity, merge lead time and issue closure, by quarter."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction

from tests.support.expected.kpi_truth import DAY, HOUR, quantile
from tests.support.expected.kpi_truth_requests import PHASES
from tests.support.expected.kpi_truth_row import label, quarter_of
from tests.support.git.counted_files import Files

EVERY_FILE = Files({}, [])


def velocity(world):
    """Give the row of velocity_quarterly by quarter."""
    landed, out = _landed(world), world.rules.of("left_out_authors")
    own = map(world.history.commits.get, landed.keys() - world.history.imported)
    work = [commit for commit in own if len(commit.parents) <= 1]
    counted = [commit for commit in work if commit.kind not in out]
    merges = Counter(
        label(c.committed)
        for c in map(world.history.commits.get, landed)
        if len(c.parents) > 1 and c.name in world.history.chain - world.history.pulls
    )
    arrivals = Counter(label(landed[commit.name]) for commit in counted)
    return {
        quarter.label: {
            "is_complete": world.git_polled_at >= quarter.ends,
            "merge_count": merges[quarter.label],
            "landed_commit_count": arrivals[quarter.label],
            **_volume(quarter.label, counted, world.files),
            **{f"all_{k}": v for k, v in _volume(quarter.label, work, EVERY_FILE).items()},
        }
        for quarter in world.git_quarters
    }


def _landed(world):
    """Say of each commit of the default branch when the first of the chain to reach it was made."""
    history = world.history
    reached, found = 0, {}
    for name in sorted(history.chain, key=lambda name: history.reach[name].bit_count()):
        for brought in history.named(history.reach[name] & ~reached):
            found[brought] = history.commits[name].committed
        reached |= history.reach[name]
    return found


def _volume(quarter, work, files):
    first = {}
    for commit in work:
        made = label(commit.committed)
        first[commit.person] = min(made, first.get(commit.person, made))
    of_quarter = [commit for commit in work if label(commit.committed) == quarter]
    authors = {commit.person for commit in of_quarter}
    return {
        "commit_count": len(of_quarter),
        "author_count": len(authors),
        "new_author_count": sum(first[author] == quarter for author in authors),
        "lines_added": sum(files.lines(commit)[0] for commit in of_quarter),
        "lines_deleted": sum(files.lines(commit)[1] for commit in of_quarter),
        "changed_path_count": len(
            {path for commit in of_quarter for path in commit.files if files.counts(path)}
        ),
    }


def merge_lead_times(world):
    """Give the row of merge_lead_time_quarterly by quarter."""
    rows, whole = {}, world.tracker_quarters[0]
    blank = dict.fromkeys(_merges(world, whole) | _requests(world, whole))
    for quarter in world.all_quarters:
        row = blank | {"is_complete": world.polled_at >= quarter.ends} | _counted(world, quarter)
        if quarter in world.git_quarters:
            row |= _merges(world, quarter)
        if quarter in world.tracker_quarters:
            row |= _requests(world, quarter)
        rows[quarter.label] = row
    return rows


def _spread(seconds, name, unit, shares):
    """Measure mean and quantiles; a name has %s where the measure stands."""
    whole = [Fraction(one, unit) for one in seconds]
    found = {name % "mean": sum(whole) / len(whole) if whole else None}
    return found | {name % which: quantile(whole, share) for which, share in shares.items()}


_SHARES = {"median": "1/2", "p75": "3/4", "p90": "9/10"}


def _merges(world, quarter):
    history, times, count, squashes = world.history, [], 0, 0
    for name in history.chain:
        commit = history.commits[name]
        if not quarter.starts <= commit.committed < quarter.ends:
            continue
        squashes += world.is_squash_like(commit)
        if len(commit.parents) > 1 and name not in history.pulls:
            count += 1
            own = set(history.brought(name)) - history.imported
            brought = [history.commits[n].authored for n in own]
            if brought and min(brought) <= commit.committed:
                times.append(commit.committed - min(brought))
    return {
        "merge_count": count,
        "measured_count": len(times),
        "squash_like_count": squashes,
        "unknown_count": count - len(times) + squashes,
        **_hours(times, "%s_git_merge_lead_time_hours"),
    }


def _counted(world, quarter):
    """Measure what counts in the KPI lead_time."""
    times = [
        request.spans["lead"]
        for request in world.requests.values()
        if request.merged is not None
        and quarter.starts <= request.merged < quarter.ends
        and world.merged_reason(request.item) == "counted"
        and "lead" in request.spans
    ]
    return {"lead_time_count": len(times), **_hours(times, "%s_merge_lead_time_hours")}


def _hours(times, name):
    ends = {"min": min(times, default=None), "max": max(times, default=None)}
    return {
        **_spread(times, name, HOUR, _SHARES),
        **{name % which: v if v is None else Fraction(v, HOUR) for which, v in ends.items()},
    }


def _requests(world, quarter):
    merged = [
        request
        for request in world.requests.values()
        if request.merged is not None and quarter.starts <= request.merged < quarter.ends
        if world.merged_reason(request.item) == "counted"
    ]
    kinds = Counter(request.evidence for request in merged)
    spans = defaultdict(list)
    for request in merged:
        for name, seconds in request.spans.items():
            spans[name].append(seconds)
    row = {
        "merged_change_request_count": len(merged),
        "measured_change_request_count": kinds["head_commits"],
        "uncertain_change_request_count": kinds["rewritten_after_open"],
        "unknown_change_request_count": kinds["unknown"],
        **_spread(spans["lead"], "%s_change_request_lead_time_hours", HOUR, _SHARES),
        "total_lead_time_seconds": sum(spans["lead"]) if spans["lead"] else None,
        "total_unmeasured_seconds": sum(spans["unmeasured"]) if spans["lead"] else None,
    }
    for phase in PHASES:
        times = [Fraction(seconds, HOUR) for seconds in spans[phase]]
        row[f"median_{phase}_hours"] = quantile(times, "1/2")
        row[f"total_{phase}_seconds"] = sum(spans[phase]) if times else None
    return row


def issue_closures(world):
    """Give the row of issue_closure_quarterly by quarter."""
    turns, rows, was_open = _turns(world), {}, 0
    for quarter in world.tracker_quarters:
        flow = Counter(turn for turn, at in turns if quarter.starts <= at < quarter.ends)
        came = flow["opened"] + flow["reopened"]
        is_open = was_open + came - flow["closed"] - flow["moved_out"]
        opened = flow["opened"]
        rows[quarter.label] = {
            "is_complete": world.tracker_polled_at >= quarter.ends,
            "open_at_start_count": was_open,
            **{
                f"{turn}_count": flow[turn]
                for turn in ("opened", "closed", "reopened", "moved_out")
            },
            "moved_in_count": 0,
            "deleted_count": 0,
            "open_at_end_count": is_open,
            "closure_ratio": Fraction(flow["closed"], opened) if opened else None,
            **_closing_days(world, quarter),
            **_cohort(world, quarter),
        }
        was_open = is_open
    return rows


def _counted_issues(world):
    """List the issues that the rules of the project do not exclude."""
    issues = world.issues.values()
    return [i for i in issues if world.rules.labelled("left_out_labels", i) is None]


def _turns(world):
    """List (what came or went, when) of the open states of all issues."""
    found = []
    for issue in _counted_issues(world):
        for state in issue.states:
            if state.state == "open":
                found.append((state.turn, state.begins))
                found += [(state.ended_by, state.ends)] if state.ends is not None else []
    return found


def _closing_days(world, quarter):
    days = [
        max(closing.begins - issue.opened, 0)
        for issue in _counted_issues(world)
        for closing in issue.closings
        if quarter.starts <= closing.begins < quarter.ends
    ]
    shares = {"median": "1/2", "p90": "9/10"}
    return _spread(days, "%s_days_to_close", DAY, shares)


def _cohort(world, quarter):
    issues = [i for i in _counted_issues(world) if quarter_of(i.opened) == quarter]
    answers = [Fraction(i.response - i.opened, HOUR) for i in issues if i.response is not None]
    row = {
        "survival_median_days_to_close": _survival_median(world, issues),
        "answered_count": len(answers),
        "unanswered_count": len(issues) - len(answers),
        "median_first_response_hours": quantile(answers, "1/2"),
    }
    for days in (30, 90):
        firsts = [i.closings[0].begins - i.opened for i in issues if i.closings]
        within = sum(first <= days * DAY for first in firsts)
        is_seen = issues and world.tracker_polled_at >= quarter.ends + days * DAY
        row[f"closed_within_{days}_days_count"] = within if is_seen else None
        row[f"closed_within_{days}_days_ratio"] = Fraction(within, len(issues)) if is_seen else None
    return row


def _survival_median(world, issues):
    """Find the first time at which half or less stay open, by the product of shares."""
    seen = []
    for issue in issues:
        end = issue.left if issue.left is not None else world.tracker_polled_at
        closing = issue.closings[0] if issue.closings else None
        seen.append((closing.begins if closing else end) - issue.opened)
    is_closed = [bool(issue.closings) for issue in issues]
    share = Fraction(1)
    for time in sorted(set(seen)):
        at_risk = sum(one >= time for one in seen)
        closed = sum(c for one, c in zip(seen, is_closed, strict=True) if one == time)
        share *= 1 - Fraction(closed, at_risk)
        if share <= Fraction(1, 2):
            return Fraction(time, DAY)
    return None
