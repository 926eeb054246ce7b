"""Sources of a year reported in Korean: a ledger and Git."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from tests.support.git.repositories import git

HERE = Path(__file__).parent
# By repository, of each commit its day and the file that it brings.
COMMITS = {
    "demo-site": (
        ("2021-11-02", "app/main.py"),
        ("2021-11-05", "Dockerfile"),
        ("2021-11-08", "docker-compose.yml"),
        ("2022-02-03", "app/queue.py"),
    ),
    "lakeside": (
        ("2021-10-01", "server.py"),
        ("2021-10-02", "requirements.txt"),
        ("2022-03-07", "protocol/analysis.proto"),
        ("2022-06-20", "streaming/live.cpp"),
    ),
    "footage-search": (("2022-10-11", "search/index.py"), ("2022-10-12", "elasticsearch.yml")),
}
PROJECTS = {
    "demo-site": "Demo Site",
    "lakeside": "Lakeside",
    "footage-search": "Footage Search",
}
SETTINGS = 'home = "home"\n[calendar]\ntime_zone = "Asia/Seoul"\n'


def make_world(folder):
    """Write the repositories, the ledger and the settings."""
    for name, commits in COMMITS.items():
        path = folder / "git" / name
        path.mkdir(parents=True)
        git(path, "init", "--quiet", "--bare", "--initial-branch=main")
        git(path, "fast-import", "--quiet", stdin="".join(map(_commit, commits)).encode())
    shutil.copytree(HERE / "ledger", folder / "ledger")
    shutil.copy(HERE / "report.toml", folder)
    projects = "".join(
        f'[[projects]]\nname = "{title}"\nsources = ["git/{name}"]\n'
        for name, title in PROJECTS.items()
    )
    ledger = '[[sources]]\nlocation = "ledger"\nkind = "ledger"\n'
    (folder / "quarry.toml").write_text(SETTINGS + projects + ledger, "utf-8")


def _commit(commit):
    day, path = commit
    seconds = int(datetime.fromisoformat(day).replace(hour=3, tzinfo=UTC).timestamp())
    return (
        f"commit refs/heads/main\ncommitter Ada <ada@example.org> {seconds} +0900\n"
        f"data {len(day)}\n{day}\nM 644 inline {path}\ndata {len(day) + 1}\n{day}\n\n"
    )
