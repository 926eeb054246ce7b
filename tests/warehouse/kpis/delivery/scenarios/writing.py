"""Write scenarios as rows of one store, each with a project."""

from __future__ import annotations

from hashlib import sha1

from tests.support.rows.row_histories import ANN, BOB, HistoryRows, instant, micros
from tests.support.rows.trackers import TrackerRows
from tests.warehouse.kpis.delivery.scenarios.reading import instant_text
from warehouse.context import Context, Project
from warehouse.rules import rule

PEOPLE = {None: ANN, "bob": BOB}
DEFAULT_RULES = (("deployments", "deployment"),)
ALWAYS = (("incident_labels", "incident"), ("hotfix_labels", "hotfix"))
POLLED_AT = "2024-08-01T00:00"


def settings(scenarios):
    """Make a project of each scenario, which owns its repositories."""
    return Context(projects=tuple(_project(scenario) for scenario in scenarios))


def write_all(scenarios, store):
    """Write every repository and tracker as their polls found them."""
    for scenario in scenarios:
        for place in scenario.places:
            _History(scenario, place).write(store)
            tracker(scenario, place).found(store)


def source_of(scenario, place="app"):
    return f"github.com/{scenario.slug}/{place}"


def sha(scenario, name):
    """Name a commit: each scenario has its own, or they would be forks of each other."""
    return name and sha1(f"{scenario.slug}/{name}".encode(), usedforsecurity=False).hexdigest()


def _project(scenario):
    given = [pair for item in scenario.items("rules") for pair in item.facts.items()]
    hours = dict(given).get("window", "72")
    rules = [
        pair
        for name, patterns in given
        if name != "window"
        for pair in ((name, p) for p in patterns.split(","))
    ]
    kinds = () if any(name == "deployments" for name, _ in rules) else DEFAULT_RULES
    return Project(
        name=scenario.slug,
        title=scenario.title,
        sources=tuple(source_of(scenario, place) for place in scenario.places),
        rules=tuple(rule(*pair) for pair in (*kinds, *ALWAYS, *rules)),
        incident_window_hours=int(hours),
    )


class _History:
    """The commits and tags of one repository of a scenario."""

    def __init__(self, scenario, place):
        self._scenario, self._place = scenario, place

    def write(self, store):
        before = [instant_text(item.name) for item in self._scenario.items("poll")]
        for polled_at in before:
            self._found(store, polled_at, has_tags=False)
        self._found(store, POLLED_AT, has_tags=True)

    def _found(self, store, polled_at, *, has_tags):
        made = HistoryRows(
            source=source_of(self._scenario, self._place), looked_at=instant(polled_at)
        )
        main = None
        for item in self._scenario.of("commit", self._place):
            name, at, *flags = item.words
            if instant_text(at) <= polled_at:
                self._commit(made, item, main)
                main = main if "off" in flags else name
        made.head = self._hash(main)
        for item in self._scenario.of("tag", self._place) if has_tags else ():
            self._tag(made, item)
        made.found(store)

    def _commit(self, made, item, main):
        parents = [item["from"] or main, item["merge"]]
        made.commit(
            self._hash(item.name),
            *(self._hash(parent) for parent in parents if parent and parent != "none"),
            at=instant_text(item.words[1]),
            written=instant_text(item["written"] or item.words[1]),
            by=PEOPLE[item["by"]],
            subject=(item["subject"] or f"Work_{item.name}").replace("_", " "),
            body="\n\n".join(self._trailers(item)),
        )

    def _trailers(self, item):
        if item["reverts"]:
            yield f"This reverts commit {self._hash(item['reverts'])}."
        if item["reverts_request"]:
            yield f"Reverts {self._scenario.slug}/{self._place}#{item['reverts_request']}"
        if item["picks"]:
            yield f"(cherry picked from commit {self._hash(item['picks'])})"

    def _tag(self, made, item):
        name, commit = item.name, self._hash(item.words[1])
        target = commit
        if item["at"]:
            target = self._hash(f"tag {name}")
            when = micros(instant_text(item["at"]))
            made.add("tags", target, name, commit, "commit", *ANN, when, 0, "", False, None, None)
        made.add("refs", f"refs/tags/{name}", "tag", target, commit, None)

    def _hash(self, name):
        return sha(self._scenario, name)


def tracker(scenario, place):
    """Return the rows of one tracker of a scenario."""
    made = TrackerRows(source=f"{source_of(scenario, place)}#tracker", looked_at=instant(POLLED_AT))
    for kind, add in (
        ("deploy", _deploy),
        ("release", _release),
        ("incident", _incident),
        ("request", _request),
    ):
        for item in scenario.of(kind, place):
            add(made, scenario, item)
    return made


def _deploy(made, scenario, item):
    number, commit, began = item.words
    status, at = item["status"] or "success", instant_text(item["ended"] or began)
    made.add(
        "deployments",
        deployment_id=number,
        environment=item["to"] or "production",
        ref=item["ref"],
        is_production={"yes": True, "no": False}.get(item["tier"]),
        commit_hash=sha(scenario, commit),
        created_at=instant_text(began),
        updated_at=at,
        status=status,
        status_at=at,
        succeeded_at=at if status in {"success", "inactive"} else None,
    )
    if item["deleted"]:
        made.deleted("deployments", number)


def _release(made, scenario, item):
    tag, commit, at, *flags = item.words
    is_draft = "draft" in flags
    made.add(
        "releases",
        release_id=tag,
        tag_name=tag,
        commit_hash=sha(scenario, commit),
        is_draft=is_draft,
        is_prerelease="pre" in flags,
        created_at=instant_text(at),
        released_at=None if is_draft else instant_text(at),
    )
    if item["deleted"]:
        made.deleted("releases", tag)


def _incident(made, scenario, item):
    number, began, *turns = item.words
    by = item["by"]
    told = {"closing_item_id": f"change_request-{by[1:]}"} if by and by.startswith("!") else {}
    told = told or ({"commit_hash": sha(scenario, by)} if by else {})
    events = [
        ("reopened" if turn % 2 else "closed", instant_text(at), {} if turn % 2 else told)
        for turn, at in enumerate(turns)
    ]
    closed = {"state": "closed", "closed_at": instant_text(turns[-1])} if len(turns) % 2 else {}
    cause = item["cause"]
    made.issue(
        int(number),
        *events,
        created_at=instant_text(began),
        labels=["incident", *(item["labels"] or "").split(",")],
        state_reason=item["reason"],
        body=cause and f"Root cause: {sha(scenario, cause[1:]) if cause[0] == '@' else cause}",
        **closed,
    )


def _request(made, scenario, item):
    number, opened, *_ = item.words
    merged, closed = instant_text(item["merged"]), instant_text(item["closed"])
    landed = {"commit_hash": sha(scenario, item["as"])} if item["as"] else {}
    events = [("merged", merged, landed)] if merged else []
    for kind in ("draft", "ready"):
        events += [(kind, instant_text(at)) for at in _list(item[kind])]
    ended = merged or closed
    made.change_request(
        int(number),
        *events,
        created_at=instant_text(opened),
        is_draft=bool(item["is_draft"]),
        state="closed" if ended else "open",
        merged_at=merged,
        closed_at=ended,
        merge_commit_hash=landed.get("commit_hash"),
        labels=_list(item["labels"]),
        base_ref=item["to"] or "main",
        head_ref=item["head"] or f"topic-{number}",
        head_repository=f"{scenario.slug}/app",
        title=(item["title"] or f"Work {number}").replace("_", " "),
    )
    for position, text in enumerate(_list(item["written"]), 1):
        name, _, at = text.rpartition("@")
        made.commit(
            int(number),
            sha(scenario, name or f"own {number}-{position}"),
            instant_text(at),
            position=position,
        )
    for who, at, verdict in _said(item["reviews"]):
        made.review(int(number), who, at, verdict or "commented")
    for who, at, kind in _said(item["comments"]):
        made.comment(int(number), who, at, item_kind="change_request", author_kind=kind or "person")


def _said(text):
    """Read who said something when, and its verdict or the kind of account, if there is one."""
    for part in _list(text):
        who, _, rest = part.partition("@")
        at, _, more = rest.partition("/")
        yield who, instant_text(at), more


def _list(text):
    return text.split(",") if text else []
