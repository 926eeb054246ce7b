"""Small projects, each with something of which other systems make another figure."""

from __future__ import annotations

from hashlib import sha1

from tests.support.rows.row_histories import ANN, BOB, ROBOT, HistoryRows
from tests.support.rows.trackers import TrackerRows
from warehouse.context import Context, IdentityRule, Project
from warehouse.rules import rule

RULES = (
    *(rule("deployments", "deployment"), rule("incident_labels", "incident")),
    *(rule("left_out_authors", "bot"), rule("started_labels", "doing")),
)
NAMES = (
    *("boundary", "reviews", "late", "deliveries", "incidents", "named", "undone"),
    *("peace", "reopened", "people"),
)
CONTEXT = Context(
    projects=tuple(
        Project(name=name, title=name, sources=(f"github.com/o/{name}",), rules=RULES)
        for name in NAMES
    ),
    identity_rules=(IdentityRule("bot", "robot@"),),
)


def sha(name):
    return sha1(name.encode(), usedforsecurity=False).hexdigest()


def on(day):
    return f"2024-{day}" if "T" in day else f"2024-{day}T00:00"


def tracker(name):
    return TrackerRows(source=f"github.com/o/{name}#tracker")


def merged(made, number, opened, at, first, **told):
    """Add a change request that was opened, merged, and first written on these days."""
    facts = {"state": "closed", "created_at": on(opened), "merged_at": on(at), "closed_at": on(at)}
    made.change_request(number, ("merged", on(at), told), **facts)
    made.commit(number, f"of {number}", on(first))


def deployment(made, name, day, commit=None):
    facts = {"is_production": True, "succeeded_at": on(day)}
    made.add("deployments", deployment_id=name, commit_hash=commit and sha(commit), **facts)


def incident(made, number, began, ended, **facts):
    told = {"created_at": on(began), "closed_at": on(ended), "labels": ["incident"], **facts}
    made.issue(number, ("closed", on(ended)), state="closed", **told)


def boundary():
    made = tracker("boundary")
    for number, at in enumerate(("02-01", "03-31T23:59:59", "04-01", "04-02"), 1):
        merged(made, number, at, at, at)
    return made


def reviews():
    """
    Five change requests of nine days, of which two were reviewed: after 40 hours and 20.

    One was written on two days, of which other systems take the first, too.
    """
    made = tracker("reviews")
    for number in range(1, 6):
        merged(made, number, "03-01", "03-10", "02-28")
    made.commit(1, "later", on("02-29"), position=2)
    made.review(1, "bob", on("03-02T16:00"))
    made.review(1, "bob", on("03-03T16:00"), "approved")
    made.review(2, "bob", on("03-01T20:00"), "approved")
    return made


def late():
    """One that was opened in one quarter and merged in the next, and approved after that."""
    made = tracker("late")
    merged(made, 1, "03-31", "04-01", "03-31")
    bot = {"item_kind": "change_request", "author_kind": "bot"}
    made.comment(1, "ci[bot]", on("03-31T06:00"), **bot)
    made.review(1, "bob", on("03-31T12:00"))
    made.review(1, "bob", on("04-01T12:00"), "approved")
    return made


def deliveries():
    """Four change requests, the first of them older than the first deployment."""
    made, history = tracker("deliveries"), HistoryRows(source="github.com/o/deliveries")
    landed = (
        ("zero", "01-04", "01-05", "01-04"),
        ("one", "01-11", "01-13", "01-10"),
        ("two", "01-15", "01-18", "01-16"),
        ("three", "01-18T12:00", "01-19", "01-18T12:00"),
    )
    for number, (name, opened, at, first) in enumerate(landed, 1):
        merged(made, number, opened, at, first, commit_hash=sha(name))
    # Of the third only a trace is older than its opening.
    pushed = {"item_kind": "change_request", "commit_hash": sha("one")}
    made.event(3, "force_pushed", on("01-16"), **pushed)
    # Written and committed: the twin with another, the last by the deployment itself.
    commits = (
        *(("zero", "01-04", "01-05"), ("one", "01-10", "01-13"), ("twin", "01-16", "01-18")),
        *(("two", "01-16", "01-18"), ("three", "01-18T12:00", "01-19"), ("auto", "01-20", "01-20")),
    )
    for name, written, at in commits:
        parents = (history.head,) if history.head else ()
        history.commit(sha(name), *parents, at=on(at), written=on(written))
    deployment(made, "1", "01-10", "zero")
    deployment(made, "2", "01-20", "auto")
    return made, history


def incidents():
    """Four deployments that fail at once, and recover after 2000, 1000, 20 and 10 hours."""
    made = tracker("incidents")
    days = (("01-02", "03-25T08:00"), ("01-08", "02-18T16:00"))
    days += (("01-20", "01-20T20:00"), ("01-25", "01-25T10:00"))
    for number, (began, ended) in enumerate(days, 1):
        deployment(made, str(number), began)
        incident(made, number, began, ended)
    return made


def named():
    """One deployment, and two incidents that name its commit, the second after a quarter."""
    made, history = tracker("named"), HistoryRows(source="github.com/o/named")
    history.commit(sha("bad"), at=on("01-01"))
    deployment(made, "1", "01-02", "bad")
    cause = f"Root cause: {sha('bad')[:10]}"
    incident(made, 1, "01-03", "01-04", body=cause)
    incident(made, 2, "04-01", "04-02T00:30", body=cause)
    return made, history


def undone():
    """A deployment whose only commit the next one takes back."""
    made, history = tracker("undone"), HistoryRows(source="github.com/o/undone")
    history.commit(sha("old"), at=on("01-01"))
    history.commit(sha("wrong"), sha("old"), at=on("01-02"))
    body = f"This reverts commit {sha('wrong')}."
    history.commit(sha("back"), sha("wrong"), at=on("01-05"), body=body)
    for name, day, commit in (
        ("1", "01-01", "old"),
        ("2", "01-03", "wrong"),
        ("3", "01-05", "back"),
    ):
        deployment(made, name, day, commit)
    return made, history


def peace():
    made = tracker("peace")
    made.issue(1)
    deployment(made, "1", "02-01")
    return made


def reopened():
    """Two issues, of which one was reopened, and the other closed by a change request."""
    made = tracker("reopened")
    first = (("closed", on("02-09")), ("reopened", on("04-20")), ("closed", on("05-09")))
    made.issue(1, *first, state="closed", closed_at=on("05-09"))
    made.comment(1, "bob", on("04-15"))
    closed = ("closed", on("03-10"), {"closing_item_id": "change_request-3"})
    doing = ("labeled", on("02-19"), {"label": "doing"})
    made.issue(2, doing, closed, state="closed", closed_at=on("03-10"), labels=["doing"])
    merged(made, 3, "03-01", "03-10", "02-29")
    return made


def people():
    history = HistoryRows(source="github.com/o/people")
    for who, count in ((ANN, 3), (ROBOT, 3), (BOB, 2)):
        for number in range(count):
            parents = (history.head,) if history.head else ()
            history.commit(f"{who[0]}-{number}", *parents, at=on("02-01"), by=who)
    return history


def write_all(store):
    """Write every project as one look at its tracker and its history found it."""
    made = [boundary(), reviews(), late(), incidents(), peace(), reopened()]
    histories = [people()]
    for facts, history in (deliveries(), named(), undone()):
        made.append(facts)
        histories.append(history)
    for history in histories:
        history.found(store)
    for one in made:
        path = one.source.removeprefix("github.com/").removesuffix("#tracker")
        one.found(store, path=path, repository=f"github.com/{path}")
