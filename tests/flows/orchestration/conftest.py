"""Fixtures for Prefect: one server of `quarry serve` for all tests."""

from __future__ import annotations

import pytest

from tests.support.running.served_home import (
    GuardedWeb,
    NeverAnswering,
    Served,
    next_minutes,
    small_repository,
)


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """`quarry serve`, with a night due in the next minute."""
    folder = tmp_path_factory.mktemp("served")
    repository = small_repository(folder / "plain")
    small_repository(folder / "www" / "team.git", bare=True).git("update-server-info")
    with GuardedWeb(folder / "www") as url, NeverAnswering() as hanging_url:
        (folder / "quarry.toml").write_text(f"""
            [calendar]
            time_zone = "Asia/Kolkata"
            [[sources]]
            location = "{url}/team.git"
            token_env = "TEAM_TOKEN"
            [[hosts]]
            name = "tracker.example"
            kind = "github"
            api = "{url}/api"
            token_env = "TRACKER_TOKEN"
            [[sources]]
            location = "https://tracker.example/o/r"
            kind = "tracker"
            [[projects]]
            name = "example"
            sources = ["{repository.path.name}", "{url}/team.git"]
        """)
        made = Served(folder, hanging_url)
        made.start("--cron", next_minutes())
        yield made
        made.stop()


@pytest.fixture
def prefect_api(served):
    """Let flows of this process report to the server."""
    # Prefect's import reads the environment that is set above.
    from prefect import settings  # noqa: PLC0415

    login = (served.home / "prefect" / "login").read_text("utf-8").strip()
    own = {
        settings.PREFECT_API_URL: served.api_url,
        settings.PREFECT_API_AUTH_STRING: login,
    }
    with settings.temporary_settings(own):
        yield
