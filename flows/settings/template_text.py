"""Template of a commented quarry.toml, without its long defaults."""

from __future__ import annotations

TEMPLATE = """\
# Settings of Quarry. Every line that begins with # shows the default or an example.
# Environment variables override this file: QUARRY_HOME, QUARRY_CALENDAR__TIME_ZONE, ...

# Folder of the store, mirrors, quarry.duckdb and exports, relative to this file's folder.
home = "data"
# Who on this machine may read it: "owner", "group" or "everyone".
# readable_by = "owner"

# auto: a Prefect flow if PREFECT_API_URL is set, else threads of this process.
# engine = "auto"                       # or "local", "prefect"

[calendar]
# Time zone in which days and quarters begin, such as "Europe/Berlin" or "Asia/Seoul".
time_zone = "UTC"
# First month of the fiscal year, 1 to 12.
first_month = 1
# The calendar year that names a fiscal year: the one in which it ends, or "start". Without this
# line it is "start" in Japan's time zone, as is the custom there.
# year_named_by = "end"

# Units of reporting. A source may belong to several projects; a source of none becomes a project of
# its own. Sources are https, ssh and file URLs, user@host:path, or paths from this folder.
[[projects]]
name = "example"
# title = "An example for the report"
# title_ko = "보고서용 예시"
sources = ["."]
# Only what happened from the first to the last of these days counts.
# active_from = 2026-01-01
# active_until = 2026-12-31
# Only a part of its repositories: commits of these branches that touch these paths, and issues and
# change requests that ever had one of these labels. A path that ends with / is a folder.
# paths = ["apps/web/"]
# branches = ["main", "release/*"]
# labels = ["web"]
# Rules of its own, each of which replaces one of [rules].
# rules = {{ incident_labels = ["sev1"], deployments = ["release"] }}

# Meanings of names in every project; `quarry rules` shows what they match. In a name * is any text,
# and case does not matter. Titles take regular expressions (RE2). These are the defaults.
[rules]
# Authors whose commits and change requests do not count: "bot", "ai_agent", both or none.
# left_out_authors = ["bot", "ai_agent"]
# Labels of issues and change requests that do not count.
# left_out_labels = []
# Types of issues that count. ! excludes a type, part/ is before that of a part of another issue:
# a sub-issue or a task. An issue without a type has the type issue.
# issue_types = ["*", "!part/task", "!test_case", "!requirement", "!objective", "!key_result"]
# Deployments to production: "deployment" of the tracker, "release", "tag", those of a "ledger";
# with "prerelease", releases and tags such as 1.2-rc.1 and 1.2b3 too.
# deployments = ["deployment", "ledger"]
# Environments of production. Default: as the tracker marks them, or production, prod, live, also
# with more behind a sign or space, such as prod-eu.
# environments = []
# One commit deployed to several environments of a group is one deployment. Each pattern is a group.
# environment_groups = []               # such as ["prod-*"]
# deployment_tags = ["v*"]
# Issues that are incidents.
# incident_labels = ["incident", "outage"]
# incident_types = ["incident"]
# incident_titles = []                  # such as ['^incident:']
# An incident without a named deployment is attributed to the newest of so many hours before it.
# incident_window_hours = {incident_window_hours}
# Change requests that are hotfixes.
# hotfix_labels = ["hotfix"]
# hotfix_titles = []                    # such as ['^hotfix:']
# hotfix_branches = ["hotfix/*", "hotfix-*"]
# Issues that are test iterations; they count when they are closed.
# test_labels = ["test iteration", "test-iteration"]
# test_titles = []
# Files whose lines do not count, in addition to what .gitattributes marks as linguist-generated or
# linguist-vendored. A path that ends with / is a folder; one that begins with / starts at the top.
# generated = [
{generated}
# ]
# Labels with which the work on an issue begins.
# started_labels = ["in progress", "doing"]

# Target of a KPI in a fiscal year, or in one of its quarters.
# [[targets]]
# kpi = "change_lead_time"              # a name of marts.dim_kpis
# year = 2026
# target = 24                           # in the KPI's own unit, hours here
# unit = "hours"                        # "%" or "ratio" for a share above 1
# near = 36                             # close to the target
# project = "example"                   # default: each project; "*" is all together
# quarter = "Q1"                        # default: the year and each of its quarters
# accepted_until = 2026-03-31           # last day on which missing it is accepted

[exports]
# Show the titles, labels and people of confidential issues in exports and reports.
# confidential = false
# Show e-mail addresses in exports, reports and `quarry explain` instead of pseudonyms.
# addresses = false

[sealing]
# Days after its end at which a quarter is sealed automatically. Default: never.
# after_days = 30

# Only for sources that need more than their address.
# [[sources]]
# location = "https://git.example.org/team/app.git"
# name = "app"                          # short name; the default is the last part of the address
# kind = "repository"                   # "tracker": only its issues and change requests;
#                                       # "group": every repository of an organisation or group;
#                                       # "ledger": see below
# tracker = true                        # false: not its tracker; or the tracker's address, if it is
#                                       # elsewhere: "https://git.example.org/owner/name"
# token_env = "APP_TOKEN"               # environment variable with a token; never the token
# token_user = "x-access-token"         # user name that goes with it
# credential_helper = "osxkeychain"     # or another helper of git
# owner_is_trusted = true               # for a path that another user of this machine owns
# extra_refs = ["refs/changes/*"]       # in addition to branches, tags and request heads
# forks = true                          # of a group: its forks too,
# mirrors = true                        # its mirrors,
# archived = false                      # no archived repositories,
# include = ["team-*"]                  # only these of its repositories,
# exclude = ["sandbox-*"]               # not these
# default_branch = "main"               # default: as the tracker or HEAD says
# id = "git.example.org/team/old-name"  # keeps the history of a source whose address changed

# A ledger has what no repository and no tracker has: a folder of CSV, TOML or Parquet, one such
# file, or the https address of a spreadsheet's CSV. `quarry ledger init` writes one.
# [[sources]]
# location = "ledger"
# kind = "ledger"
# table = "tasks"                       # of an address, or of a file with another name
# project = "example"                   # project of rows without one
# decimal = ","                         # decimal sign of numbers in CSV and texts of workbooks
# fill_down = true                      # an empty cell under a project or quarter means that one
# event_kinds = {{ "[trip]*" = "business_trip" }}  # meaning of categories and titles of events;
# event_projects = {{ "*example*" = "example" }}   # * is any text

# The trackers of these hosts are mined with their repositories if a variable has a token:
{public_hosts}
# Other hosts are listed here; an entry for a host named above replaces its defaults.
# [[hosts]]
# name = "git.example.com"              # as in its addresses, with the port if there is one
{kind}
# api = "https://git.example.com/api"   # if it is not at the usual place
# token_env = "EXAMPLE_TOKEN"           # environment variable with a token; or instead
# token_file = "secrets/token"          # a file with it (chmod 600); or instead an app:
{app}
# private_key_file = "secrets/app.pem"  # its key (chmod 600), with the permissions in OPERATING.md
# installation_id = 67890               # where it is installed
# ca_file = "secrets/ca.pem"            # certificates of an authority of your own

[people]
# A .mailmap of your own, which overrides those of the repositories; relative to this folder.
# mailmap = "people.mailmap"
# Addresses of your own that several people sign with, which join nobody; * is any text.
# shared_addresses = ["build@example.com"]
# Patterns of authors who are not people: regular expressions over "name <e-mail>", in any case.
# Figures are given with and without them. These are the defaults; a list here replaces them.
# ai_agents = [
{ai_agents}
# ]
# bots = [
{bots}
# ]
# Texts that disclose an AI agent's help: patterns over author, committer, subject and message.
# ai_marks = [
{ai_marks}
# ]

[mining]
# Sources mined at the same time; 0 means one per processor.
# sources_at_once = 0
# A source that takes longer fails in this run.
# source_timeout_minutes = 60
# The longest that a run waits for rate limits in total, after all other sources are mined.
# rate_limit_wait_minutes = 30
# Keep each response of a tracker, so that a later column needs no new mining.
# keep_payloads = true
# Encoding of texts that declare none and are not UTF-8.
# fallback_encoding = "latin-1"
"""
