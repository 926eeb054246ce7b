"""Sources of a manually reported year: repositories, trackers, ledger, settings."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.git.repositories import git

HERE = Path(__file__).parent
ZONE = timedelta(hours=9)
# By repository, of each quarter how many commits.
COMMITS = {
    "archive": {"2023-Q4": 38},
    "lakeside": {"2024-Q1": 149, "2024-Q2": 10, "2024-Q3": 32},
    "helix": {"2024-Q3": 19},
    "stage": {"2024-Q3": 3, "2024-Q4": 66},
    "lakeside-qc": {"2024-Q4": 23},
    "badge-lab": {"2024-Q4": 1},
}
# By tracker, of each quarter how many issues were opened, resolved, only talked about, dropped.
ISSUES = {
    "lakeside": {
        "2023-Q4": (9, 0, 0, 0),
        "2024-Q1": (10, 5, 0, 0),
        "2024-Q2": (0, 4, 5, 0),
        "2024-Q3": (0, 3, 1, 6),
    },
    "helix": {"2024-Q3": (5, 4, 0, 0)},
    "stage": {"2024-Q3": (2, 0, 0, 0)},
    "lakeside-qc": {"2024-Q4": (8, 4, 0, 0)},
}
PROJECTS = {
    "lakeside": "Lakeside",
    "helix": "Helix+",
    "stage": "Stage and Screen",
    "lakeside-qc": "Lakeside QC",
    "badge-lab": "Badge Lab 2.0",
}


def settings(url):
    """Write quarry.toml for repositories next to it and trackers at an address."""
    tracked = "".join(
        f'[[sources]]\nlocation = "git/{name}.git"\n'
        + (f'tracker = "{url}/team/{name}"\n' if name in ISSUES else "")
        for name in COMMITS
    )
    projects = "".join(
        f'[[projects]]\nname = "{title}"\nsources = ["git/{name}.git"]\n'
        for name, title in PROJECTS.items()
    )
    return (
        'home = "home"\n[calendar]\ntime_zone = "Asia/Seoul"\n'
        f'{tracked}{projects}[[sources]]\nlocation = "ledger"\nkind = "ledger"\n'
        f'[[hosts]]\nname = "{url.removeprefix("http://")}"\nkind = "github"\napi = "{url}"\n'
        'token_env = "YEAR_TOKEN"\n'
    )


def make_world(folder, fake):
    """Write the repositories, the ledger and the settings, and fill the trackers."""
    for name, quarters in COMMITS.items():
        _repository(folder / "git" / f"{name}.git", quarters)
    for number, (name, quarters) in enumerate(ISSUES.items(), 1):
        _tracker(fake, fake.repository(f"team/{name}", number), quarters)
    shutil.copytree(HERE / "ledger", folder / "ledger")
    (folder / "quarry.toml").write_text(settings(fake.url), "utf-8")


def first_instant(quarter):
    """Give the first instant of a quarter, where the team works."""
    year, number = quarter.split("-Q")
    return datetime(int(year), int(number) * 3 - 2, 1, tzinfo=UTC) - ZONE


def _repository(path, quarters):
    path.mkdir(parents=True)
    git(path, "init", "--quiet", "--bare", "--initial-branch=main")
    git(path, "fast-import", "--quiet", stdin="".join(_commits(path.name, quarters)).encode())


def _commits(name, quarters):
    """Spread the commits of each quarter over its days, the first of them in its first second."""
    for quarter, count in quarters.items():
        for number in range(count):
            at = first_instant(quarter) + timedelta(days=89) / count * number
            # Without the name, the same commit would be in two repositories, and count once.
            text = f"{name} {quarter} {number}"
            yield (
                f"commit refs/heads/main\ncommitter Ada <ada@example.org> {int(at.timestamp())} "
                f"+0900\ndata {len(text)}\n{text}\nM 644 inline work.txt\n"
                f"data {len(text) + 1}\n{text}\n\n"
            )


def _tracker(fake, repository, quarters):
    still_open = []
    for quarter, (opened, resolved, discussed, dropped) in quarters.items():
        fake.now = first_instant(quarter) + timedelta(days=10)
        for _ in range(opened):
            number = len(repository.issues) + 1
            repository.issue(number)
            still_open.append(number)
        # The newest first, so that what is old stays untouched in the first quarter.
        for number in [still_open.pop() for _ in range(resolved)]:
            _close(repository, number, "completed")
        for number in still_open[:discussed]:
            repository.comment(number)
        for number in [still_open.pop() for _ in range(dropped)]:
            _close(repository, number, "not_planned")


def _close(repository, number, reason):
    closed = repository.event(number, "closed", state_reason=reason)
    at = closed["created_at"]
    repository.issues[number] |= {"state": "closed", "state_reason": reason, "closed_at": at}
