"""The commented quarry.toml that a new user fills in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.settings.people import ai_agents, bots
from flows.settings.settings import SettingsError
from miners.tracker.kinds import KINDS
from warehouse.context import INCIDENT_WINDOW_HOURS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_TEMPLATE = """\
# Settings of Quarry. Every line that begins with # shows the default or an example.
# Environment variables win over this file: QUARRY_HOME, QUARRY_CALENDAR__TIME_ZONE, ...

# Folder that holds everything: store, mirrors, quarry.duckdb, exports. From this file's folder.
home = "data"

# auto: a Prefect flow where PREFECT_API_URL is set, threads of this process elsewhere.
# engine = "auto"                       # or "local", "prefect"

[calendar]
# Where a day, and so a quarter, begins: a name such as "Europe/Berlin" or "Asia/Seoul".
time_zone = "UTC"
# First month of the fiscal year, 1 to 12. Fiscal years are named by the year in which they end.
first_month = 1

# What people report on. A source may belong to several projects; one that belongs to none becomes
# a project of its own. Sources are https, ssh and file URLs, user@host:path, or paths from here.
[[projects]]
name = "example"
# title = "An example for the report"
# title_ko = "보고서용 예시"
sources = ["."]
# Only what happened on these days and between them counts.
# active_from = 2026-01-01
# active_until = 2026-12-31
# Only a part of its repositories: commits that touch these paths, of these branches, and issues
# and change requests that ever had these labels. In paths / at the end is all below it.
# paths = ["apps/web/"]
# branches = ["main", "release/*"]
# labels = ["web"]
# Rules of its own, each instead of the one under [rules].
# rules = {{ incident_labels = ["sev1"], deployments = ["release"] }}

# What names mean in every project; quarry rules shows what they match. In names * is any text, and
# upper and lower case are alike. Titles take regular expressions (RE2). These are the defaults.
[rules]
# Whose commits and change requests do not count: "bot", "ai_agent", both or none.
# left_out_authors = ["bot", "ai_agent"]
# Labels of issues and change requests that do not count.
# left_out_labels = []
# What is a deployment to production: "deployment" of the tracker, "release", "tag", or what a
# "ledger" says.
# deployments = ["deployment", "ledger"]
# Environments of production; without any, what the tracker calls so, or production, prod, live.
# environments = []
# deployment_tags = ["v*"]
# Which issues are incidents.
# incident_labels = ["incident", "outage"]
# incident_types = ["incident"]
# incident_titles = []                  # such as ['^incident:']
# An incident is laid to the newest deployment of so many hours, where nothing tells better.
# incident_window_hours = {incident_window_hours}
# Which change requests are hotfixes.
# hotfix_labels = ["hotfix"]
# hotfix_titles = []                    # such as ['^hotfix:']
# hotfix_branches = ["hotfix/*", "hotfix-*"]
# Which issues are rounds of tests; they count when they are closed.
# test_labels = ["test iteration", "test-iteration"]
# test_titles = []
# Labels with which the work on an issue begins.
# started_labels = ["in progress", "doing"]

# What a figure is to reach in a fiscal year, or in one of its quarters.
# [[targets]]
# kpi = "change_lead_time"              # a name of marts.dim_kpis
# year = 2026
# target = 24                           # in the KPI's own unit, hours here
# near = 36                             # nearly as good
# project = "example"                   # each project where it is left out; "*" is all together
# quarter = "Q1"                        # the year and each of its quarters where it is left out
# accepted_until = 2026-03-31           # day until which missing it is accepted

[sealing]
# Days after its end at which a quarter's figures are sealed by themselves; without, never.
# after_days = 30

# Only for sources that need more than their address.
# [[sources]]
# location = "https://git.example.org/team/app.git"
# name = "app"                          # short name; the default is the last part of the address
# kind = "repository"                   # "tracker": only its issues and change requests;
#                                       # "group": every repository of an organisation or group;
#                                       # "ledger": see below
# tracker = true                        # false: not its tracker; or where that is, of a repository
#                                       # read from elsewhere: "https://git.example.org/owner/name"
# token_env = "APP_TOKEN"               # environment variable that holds a token; never the token
# token_user = "x-access-token"         # user name that goes with it
# credential_helper = "osxkeychain"     # or one of git's own helpers
# owner_is_trusted = true               # for a path that another user of this machine owns
# extra_refs = ["refs/changes/*"]       # refs beside branches, tags and change request heads
# id = "git.example.org/team/old-name"  # keep the history of an address that has changed

# A ledger is what no repository and no tracker knows: a folder of CSV, TOML or Parquet, one such
# file, or the https address at which a spreadsheet gives its CSV. quarry ledger init writes one.
# [[sources]]
# location = "ledger"
# kind = "ledger"
# table = "tasks"                       # of an address or of a file that is not named after it
# project = "example"                   # project of rows that name none
# event_kinds = {{ "[trip]*" = "business_trip" }}  # what categories and titles of events mean;
# event_projects = {{ "*example*" = "example" }}   # * is any text

# The trackers of these hosts are mined with their repositories where a variable holds a token:
{public_hosts}
# Other hosts are listed here; an entry for a host named above replaces its defaults.
# [[hosts]]
# name = "git.example.com"              # as in its addresses, with the port if there is one
{kind}
# api = "https://git.example.com/api"   # only where it is not at the usual place
# token_env = "EXAMPLE_TOKEN"           # environment variable that holds a token; or instead
# token_file = "secrets/token"          # a file that holds it (chmod 600); or instead an app:
{app}
# private_key_file = "secrets/app.pem"  # its key (chmod 600), with the permissions in OPERATING.md
# installation_id = 67890               # where it is installed
# ca_file = "secrets/ca.pem"            # certificates of an authority of your own

[people]
# A .mailmap of your own, over those of the repositories. From this file's folder.
# mailmap = "people.mailmap"
# Who is no person: regular expressions over "name <e-mail>", upper and lower case alike. Figures
# come with and without them. These are the defaults; a list here replaces them.
# ai_agents = [
{ai_agents}
# ]
# bots = [
{bots}
# ]

[mining]
# Sources mined at the same time; 0 means one per processor.
# sources_at_once = 0
# A source that takes longer is given up for this run.
# source_timeout_minutes = 60
# Trackers limit requests. A run waits so long for them in all, after everything else is mined.
# rate_limit_wait_minutes = 30
# Keep each answer of a tracker as received, so that a new column later needs no new mining.
# keep_payloads = true
# Encoding of texts that declare none and are not UTF-8.
# fallback_encoding = "latin-1"
"""


def write_settings_file(file: Path) -> str:
    """
    Write a commented settings file, and return what to do next.

    Errors:  SettingsError when the file is there already; nothing is overwritten.
    """
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(settings_template())
    except FileExistsError as error:
        raise SettingsError(f"{file} is there already. Edit it, or move it away first.") from error
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}. Choose another place.") from error
    return (
        f"Wrote {file}. Now:\n"
        "  1. Under [[projects]], name your projects and the repositories of each.\n"
        "  2. Under [calendar], set your time zone and the first month of your fiscal year.\n"
        "  3. For private repositories add a [[sources]] entry with token_env.\n"
        f"  4. For issues and change requests put a token into {_token_variables()}, or\n"
        "     name a host of your own under [[hosts]].\n"
        "  5. Run quarry doctor, then quarry run."
    )


def settings_template() -> str:
    """Fill the template with the defaults that are long."""
    return _TEMPLATE.format(
        ai_agents=_commented(ai_agents()),
        bots=_commented(bots()),
        incident_window_hours=INCIDENT_WINDOW_HOURS,
        public_hosts=_public_hosts(),
        kind=_kind(),
        app=_app(),
    )


def _public_hosts() -> str:
    """List the hosts that need no entry, with the variables of their tokens."""
    kinds = (kind for kind in KINDS.values() if kind.public_host)
    return "\n".join(
        f"#   {kind.public_host}: {' or '.join(kind.token_variables)}" for kind in kinds
    )


def _kind() -> str:
    *others, last = KINDS
    example = f'# kind = "{last}"'
    return f"{example:<40}# or " + ", ".join(f'"{name}"' for name in others)


def _app() -> str:
    titles = " or ".join(kind.title for kind in KINDS.values() if kind.has_apps)
    return f"{'# app_id = 12345':<40}# a {titles} App"


def _token_variables() -> str:
    return " or ".join(kind.token_variables[0] for kind in KINDS.values() if kind.token_variables)


def _commented(patterns: Iterable[str]) -> str:
    return "\n".join(f"#   '{pattern}'," for pattern in patterns)
