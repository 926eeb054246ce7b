"""Expected times and phases of merged change requests."""

from __future__ import annotations

from dataclasses import dataclass

from tests.support.expected.kpi_truth_landings import (
    brought_by_merged,
    landed_although_closed,
    path_of,
)
from tests.support.expected.kpi_truth_tracker import login, second

DEFAULT_BRANCH = "master"
PHASES = ("coding", "pickup", "review", "merge")


@dataclass
class ExpectedRequest:
    """A change request: its merge, the commit of that, its work, and its phases in seconds."""

    item: object
    merged: int | None
    turns: list
    ready: int | None
    commit: str | None
    own: list
    evidence: str
    began: int | None
    spans: dict
    first_ready: int | None
    response: int | None
    response_seconds: int | None

    def closed_before(self, end):
        """Say since when it had been closed at an instant; None if it was open."""
        state, when = [turn for turn in self.turns if turn[1] < end][-1]
        return when if state == "closed" else None


def read_requests(pulls, history, accounts):
    brought = brought_by_merged(pulls.values())
    return {number: _request(item, history, accounts, brought) for number, item in pulls.items()}


def repeated(requests, history):
    """Number those whose commits others had all merged before into another branch."""
    merged = {n: request for n, request in requests.items() if request.merged is not None}
    alone = {n: request for n, request in merged.items() if not is_stacked(n, merged)}
    return {n for n, request in merged.items() if _is_repeated(n, request, alone, history)}


def _is_repeated(number, request, others, history):
    known = [n for n in request.own if n not in history.commits]
    own = known + [n for n in request.own if n not in known and not _is_merge(history, n)]
    delivered = set()
    for other, earlier in others.items():
        into_another = earlier.item.raw["base"]["ref"] != request.item.raw["base"]["ref"]
        is_before = earlier.merged < request.merged
        if other != number and into_another and is_before:
            delivered |= {*earlier.own, earlier.commit}
    return bool(own) and delivered.issuperset(own)


def _is_merge(history, name):
    return len(history.commits[name].parents) > 1


def closers(requests):
    """Say of each commit which change request, the one of the lowest number, landed it."""
    found = {}
    for number in sorted(requests, reverse=True):
        if requests[number].merged is not None:
            found |= dict.fromkeys([requests[number].commit, *requests[number].own], number)
    return found


def is_stacked(number, requests):
    """Return whether it was merged into the branch of another request that was open then."""
    own, raw = requests[number], requests[number].item.raw
    path = path_of(raw)
    if own.merged is None or raw["base"]["ref"] == DEFAULT_BRANCH:
        return False
    bases = [
        other
        for key, other in requests.items()
        if key != number
        and other.item.raw["head"]["ref"] == raw["base"]["ref"]
        and ((other.item.raw["head"].get("repo") or {}).get("full_name") or "").lower() == path
    ]
    was_merged = any(b.merged is not None and b.merged < own.merged for b in bases)
    closed = [b.merged or second(b.item.raw["closed_at"]) or own.merged for b in bases]
    are_open = [b.item.opened <= own.merged <= end for b, end in zip(bases, closed, strict=True)]
    return not was_merged and any(are_open)


def _request(item, history, accounts, brought):
    mergings = [e for e in item.events if e["event"] == "merged"]
    merged = second(item.raw.get("merged_at")) or max(
        (second(e["created_at"]) for e in mergings), default=None
    )
    commits = [e for e in item.events if e["event"] == "committed"]
    landed = _landed(item, history, mergings) if merged is not None else None
    if merged is None:
        found = landed_although_closed(item, history, path_of(item.raw), brought)
        landed, merged = found or (None, None)
    began, evidence = _work(item, history, commits, landed, merged)
    started = began
    if began is not None and merged is not None and began > merged:
        started, evidence = None, "unknown"
    own = [e["sha"] for e in commits]
    ready = _ready(item, accounts, merged)
    spans = _spans(item, accounts, started, ready, merged) if merged is not None else {}
    readies = _readies(item)
    response, waited = _response(item, accounts, readies, merged)
    return ExpectedRequest(
        item=item,
        merged=merged,
        turns=_turns(item),
        ready=ready,
        commit=landed,
        own=own,
        evidence=evidence,
        began=began,
        spans=spans,
        first_ready=min(readies, default=None),
        response=response,
        response_seconds=waited,
    )


def _turns(item):
    """List (open or closed, since when), as the events state and the field in the end."""
    states = {"closed": "closed", "reopened": "open"}
    told = sorted(
        (second(e["created_at"]), states[e["event"]]) for e in item.events if e["event"] in states
    )
    turns = [("open", item.opened), *((state, when) for when, state in told)]
    if item.raw["state"] == "closed" and turns[-1][0] == "open":
        turns.append(("closed", second(item.raw["closed_at"])))
    return turns


def _landed(item, history, mergings):
    """Name the commit that merged it: what the event or the field names and the branch reaches."""
    named = [e["commit_id"] for e in mergings[-1:]] + [item.raw.get("merge_commit_sha")]
    found = next((name for name in named if name in history.landed), None)
    # No other way of merging is in this history, and so none is read here.
    assert found or not any(_names(history.commits[n], item.number) for n in history.chain)
    own = {e["sha"] for e in item.events if e["event"] == "committed"}
    assert not found or found in own or len(history.commits[found].parents) == 2
    return found


def _names(commit, number):
    if len(commit.parents) == 1:
        return commit.subject.endswith(f"(#{number})")
    start, _, rest = commit.subject.partition("#")
    return start.startswith("Merge ") and rest.startswith((f"{number} ", f"{number}:"))


def _work(item, history, commits, landed, merged):
    first = min((second(e["author"]["date"]) for e in commits), default=None)
    if first is None:
        first = _first_in_git(item, history, landed)
    if first is None:
        return None, "unknown"
    pushes = [e for e in item.events if e["event"] == "head_ref_force_pushed"]
    if first <= item.opened and not any(
        merged is None or second(e["created_at"]) <= merged for e in pushes
    ):
        return first, "head_commits"
    names = {item.raw["head"]["sha"], *(e["sha"] for e in commits)}
    names |= {e["commit_id"] for e in item.events if e["event"] == "reviewed"}
    names |= {e["commit_id"] for e in pushes}
    traces = [history.commits[name].authored for name in names if name in history.commits]
    trace = min([first, *traces])
    return (trace, "rewritten_after_open") if trace <= item.opened else (None, "unknown")


def _first_in_git(item, history, landed):
    """Find the first commit of its head that did not land, else of what its merge brought."""
    head = history.heads.get(item.number)
    kept = [n for n in history.below(head) if n not in history.landed] if head else []
    if not kept and landed and len(history.commits[landed].parents) > 1:
        kept = history.brought(landed)
    return min((history.commits[name].authored for name in kept), default=None)


def _ready(item, accounts, merged):
    """Find when it got ready the last time before its first review, or else its merge."""
    drafts = {"ready_for_review", "convert_to_draft"}
    turns = [(e["created_at"], e["id"], e["event"]) for e in item.events if e["event"] in drafts]
    if not turns:
        return None if item.raw["draft"] else item.opened
    readies = [second(when) for when, _, what in turns if what == "ready_for_review"]
    first_review = min((when for when, _ in _reviews(item, accounts)), default=None)
    until = merged if first_review is None else first_review
    before = [ready for ready in readies if until is None or ready <= until]
    if before:
        return max(before)
    return item.opened if min(turns)[2] == "convert_to_draft" else min(readies)


def _readies(item):
    """List when it got ready: at its opening, unless it was a draft then, and by each event."""
    drafts = {"ready_for_review": True, "convert_to_draft": False}
    turns = sorted(
        (e["created_at"], e["id"], drafts[e["event"]]) for e in item.events if e["event"] in drafts
    )
    was_draft = turns[0][2] if turns else item.raw["draft"]
    return [item.opened] * (not was_draft) + [second(when) for when, _, ready in turns if ready]


def _response(item, accounts, readies, merged):
    """Find the first comment or review by others while it was ready once; and how long it took."""
    said = [
        (login(e.get("user")), e["created_at"]) for e in item.events if e["event"] == "commented"
    ]
    heard = [when for when, _ in _reviews(item, accounts)] + [
        second(when)
        for who, when in said
        if who != item.author and accounts[who] in {"person", "ghost"}
    ]
    heard = [
        w for w in heard if w >= min(readies, default=w + 1) and (merged is None or w <= merged)
    ]
    if not heard:
        return None, None
    first = min(heard)
    return first, first - max(ready for ready in readies if ready <= first)


def _reviews(item, accounts):
    """List (when, is an approval) of each review that counts."""
    found = [
        (login(e.get("user")), second(e["submitted_at"]), e["state"].lower())
        for e in item.events
        if e["event"] == "reviewed"
    ] + [
        (login(c.get("user")), second(c["created_at"]), "commented")
        for c in item.line_comments
        if c.get("pull_request_review_id") is None
    ]
    return [
        (when, verdict == "approved")
        for who, when, verdict in found
        if verdict != "pending" and who != item.author and accounts[who] in {"person", "ghost"}
    ]


def _spans(item, accounts, started, ready, merged):
    """Measure the phases in seconds: what is not measured is not there."""
    if started is None:
        return {}
    spans = {"lead": merged - started}
    reviews = [
        (when, is_approval) for when, is_approval in _reviews(item, accounts) if when <= merged
    ]
    ready_by = max(ready, started) if ready is not None and ready <= merged else None
    if ready_by is not None:
        spans["coding"] = ready_by - started
    if reviews:
        reviewed_by = max(min(reviews)[0], ready_by or started)
        approvals = [when for when, is_approval in reviews if is_approval]
        if ready_by is not None:
            spans["pickup"] = reviewed_by - ready_by
        if approvals:
            approved_by = max(min(approvals), reviewed_by)
            spans |= {"review": approved_by - reviewed_by, "merge": merged - approved_by}
    return spans | {"unmeasured": spans["lead"] - sum(spans.get(phase, 0) for phase in PHASES)}
