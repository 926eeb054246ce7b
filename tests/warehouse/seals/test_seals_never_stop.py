"""A home with seals passes its checks after any later history."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.rows.deliveries import release, sha
from tests.support.rows.ledgers import Ledger
from tests.support.rows.row_histories import ANN, HistoryRows, instant
from tests.support.rows.sealed_homes import SealedHome
from tests.support.rows.trackers import REPOSITORY, TrackerRows
from warehouse.context import Context, Project
from warehouse.rules import rule

# More of them: QUARRY_TEST_HISTORIES=500.
HISTORIES = int(os.environ.get("QUARRY_TEST_HISTORIES", "1"))
# Teams of one home with a random history each; four more have the histories below.
TEAMS = 8
QUARTERS = {
    "2024-Q1": ("2024-01-10", "2024-02-20", "2024-03-25", "2024-04-10"),
    "2024-Q2": ("2024-04-12", "2024-05-20", "2024-06-25", "2024-07-10"),
    "2024-Q3": ("2024-07-12", "2024-08-20", "2024-09-25", "2024-10-10"),
}
RULES = (
    *(rule("deployments", "release"), rule("deployments", "ledger")),
    *(rule("incident_labels", "incident"), rule("left_out_authors", "bot")),
)
DAYS = st.integers(0, 2)
NIGHT = st.fixed_dictionaries(
    {
        "began": st.lists(DAYS, max_size=2),
        "ended": st.lists(st.tuples(st.integers(0, 3), DAYS), max_size=3),
        "released": st.lists(DAYS, max_size=2),
        "announced": st.booleans(),
        "committed": st.lists(DAYS, max_size=2),
        "app": st.sampled_from(["app", "apple"]),
        "ledger_project": st.sampled_from(["else", "other", "app", "apple"]),
        "until": st.sampled_from([None, None, date(2024, 3, 31), date(2024, 5, 31)]),
        "others": st.sets(st.sampled_from(["shared", "whole"])),
    }
)
QUIET = {
    "began": [],
    "ended": [],
    "released": [],
    "announced": False,
    "committed": [0],
    "app": "app",
    "ledger_project": "else",
    "until": None,
    "others": set(),
}


@dataclass
class Team:
    """What happened to a team until now, with a repository, a tracker and projects of its own."""

    name: str
    incidents: dict = field(default_factory=dict)
    commits: list = field(default_factory=list)

    @property
    def source(self):
        return f"{REPOSITORY}-{self.name}"

    def named(self, what):
        return f"{what}-{self.name}"

    def night(self, store, quarter, night):
        *days, seen_on = QUARTERS[quarter]
        self._happen(days, night)
        tracker = TrackerRows(f"{self.source}#tracker", looked_at=instant(seen_on))
        for number, times in self.incidents.items():
            _record_incident(tracker, number, times)
        released = [days[day] for day in night["released"]]
        released += ["2024-12-24"] if night["announced"] else []
        for at in released:
            release(tracker, f"v{at}", f"{at}T12:00", self.named("c0"))
        tracker.found(store)
        self._commit(store, days, night, seen_on)

    def _happen(self, days, night):
        for day in night["began"]:
            self.incidents[len(self.incidents) + 1] = [days[day]]
        for which, day in night["ended"]:
            times = self.incidents.get(which + 1)
            if times and times[-1] < days[day]:
                times.append(days[day])

    def _commit(self, store, days, night, seen_on):
        history = HistoryRows(source=self.source, looked_at=instant(seen_on))
        for name, parent, at in self.commits:
            history.commit(name, *parent, at=at)
        for day in sorted(night["committed"]):
            name = sha(self.named(f"c{len(self.commits)}"))
            parent = [self.commits[-1][0]] if self.commits else []
            at = f"{days[day]}T{len(self.commits):02}:00"
            history.commit(name, *parent, at=at, by=ANN, files=[("a", 1, 0)])
            self.commits.append((name, parent, at))
        history.found(store)

    def ledger_rows(self, night):
        return [
            f"{self.named('I')}-{number},{self.named(night['ledger_project'])},{times[0]} 10:00,"
            f"{f'{times[-1]} 10:00' if len(times) % 2 == 0 else ''}"
            for number, times in self.incidents.items()
        ]

    def projects(self, night):
        app = Project(
            name=self.named(night["app"]),
            title="App",
            sources=(self.source,),
            active_until=night["until"],
            rules=RULES,
        )
        shared = replace(app, name=self.named("shared"), title="Shared", active_until=None)
        whole = replace(shared, name=self.named("whole"), title="Whole", rules=())
        others = {"shared": shared, "whole": whole}
        return app, *(others[name] for name in sorted(night["others"]))


class World:
    """Teams of one home, which is sealed after every quarter."""

    def __init__(self, path, *histories):
        self.home = SealedHome(path)
        self.teams = [(Team(str(number)), nights) for number, nights in enumerate(histories)]

    def run_all(self):
        """Mine, build and seal quarter after quarter, then build once more."""
        for number, quarter in enumerate(QUARTERS):
            nights = [(team, nights[number]) for team, nights in self.teams]
            for team, night in nights:
                team.night(self.home.store, quarter, night)
            seen_on = QUARTERS[quarter][-1]
            self._keep_ledger(
                [row for one in nights for row in one[0].ledger_rows(one[1])], seen_on
            )
            projects = tuple(project for team, night in nights for project in team.projects(night))
            context = Context(projects=projects, rules=RULES)
            self.home.build(context)
            self.home.seal(context, quarter, on=seen_on)
        self.home.build(context)

    def _keep_ledger(self, rows, seen_on):
        ledger = Ledger(self.home.store.parent, first_look=instant(seen_on))
        head = "incident_id,project,started_at,recovered_at"
        ledger.write("incidents.csv", "\n".join([head, *rows]))
        ledger.mine()


def _record_incident(tracker, number, times):
    """Record an incident that was open, closed and reopened by turns."""
    kinds = ["closed" if turn % 2 else "reopened" for turn in range(len(times))]
    events = [(kind, f"{at}T12:00") for kind, at in list(zip(kinds, times, strict=True))[1:]]
    is_open = len(times) % 2 == 1
    state = {} if is_open else {"state": "closed", "closed_at": f"{times[-1]}T12:00"}
    tracker.event_count = 100 * number
    facts = {"created_at": f"{times[0]}T10:00", "labels": ["incident"], **state}
    tracker.issue(number, *events, **facts)


# An incident that is open when its quarter is sealed and ends later, a release to come, and
# projects that are renamed, one of the settings and one of the ledger.
RENAMED = [
    {**QUIET, "began": [0, 2], "released": [0], "announced": True},
    {**QUIET, "app": "apple", "ledger_project": "other", "ended": [(0, 0), (1, 1)]},
    {**QUIET, "app": "apple", "ledger_project": "other", "ended": [(0, 1)]},
]
# Two projects that become one with a new name.
JOINED = [
    {**QUIET, "began": [0], "released": [0], "ended": [(0, 1)]},
    {**QUIET, "app": "apple", "ledger_project": "apple"},
    {**QUIET, "app": "apple", "ledger_project": "apple"},
]
# A project of the ledger gets the name of another, which had ended when the quarter was sealed.
TAKEN = [
    {**QUIET, "began": [1], "app": "apple", "ledger_project": "app"},
    {**QUIET, "until": date(2024, 3, 31), "ledger_project": "apple"},
    {**QUIET, "until": date(2024, 5, 31), "ledger_project": "app"},
]
# A project that ends before the next quarter, and repositories that come to be shared.
ENDED = [
    {**QUIET, "others": {"shared"}, "began": [0]},
    {**QUIET, "until": date(2024, 3, 31), "others": {"whole"}, "ended": [(0, 2)]},
    {**QUIET, "others": {"shared", "whole"}, "ended": [(0, 1)], "released": [1]},
]


@settings(
    max_examples=max(1, HISTORIES // TEAMS), deadline=None, suppress_health_check=list(HealthCheck)
)
@given(st.lists(st.tuples(NIGHT, NIGHT, NIGHT), min_size=TEAMS, max_size=TEAMS))
def test_no_history_stops_a_home_with_seals(histories):
    with tempfile.TemporaryDirectory() as folder:
        World(Path(folder), ENDED, RENAMED, JOINED, TAKEN, *histories).run_all()


def test_a_renamed_project_has_its_sealed_quarters_once(tmp_path):
    world = World(tmp_path, RENAMED)
    world.run_all()

    assert world.home.ask(
        "select project, quarter, value, is_sealed from marts.kpi_quarterly where source = '*' "
        "and kpi = 'commits' and is_sealed order by all"
    ) == [
        {"project": name, "quarter": quarter, "value": 1.0, "is_sealed": True}
        for name in ("*", "apple-0")
        for quarter in QUARTERS
    ]
    assert {
        row["project"] for row in world.home.ask("select distinct project from marts.kpi_quarterly")
    } == {"*", "apple-0", "other-0"}
