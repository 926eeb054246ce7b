"""Records of milestones, labels, releases, deployments and pipelines."""

from __future__ import annotations

from miners.records.schema import BOOLEAN, INSTANT, INTEGER, TEXT, Field, Record
from miners.records.tracker import PAYLOAD

MILESTONES = Record(
    name="milestones",
    meaning="A milestone as observed.",
    key=("milestone_id",),
    is_versioned=True,
    fields=(
        Field("milestone_id", TEXT, "The tracker's identifier of the milestone."),
        Field("milestone_number", INTEGER, "Number that people use for it."),
        Field("title", TEXT, "Title."),
        Field("state", TEXT, "open or closed."),
        Field("start_on", TEXT, "Day it starts, as YYYY-MM-DD; null if not planned."),
        Field("due_on", TEXT, "Day it is due, as YYYY-MM-DD; null if not planned."),
        Field("created_at", INSTANT, "When it was created (UTC)."),
        Field("updated_at", INSTANT, "When it was last changed (UTC)."),
        Field("closed_at", INSTANT, "When it was closed (UTC); null if open or not stated."),
        Field("url", TEXT, "Page of it for people."),
        PAYLOAD,
    ),
)

LABELS = Record(
    name="labels",
    meaning="A label as observed.",
    key=("label",),
    is_versioned=True,
    fields=(
        Field("label", TEXT, "Name of the label."),
        Field("description", TEXT, "Its description; null if not stated."),
        Field("color", TEXT, "Its colour as six hexadecimal digits."),
    ),
)

LABEL_NAMES = Record(
    name="label_names",
    meaning="The name of a label as observed.",
    key=("label_id",),
    is_versioned=True,
    fields=(
        Field("label_id", TEXT, "The tracker's identifier of the label; survives a rename."),
        Field("label", TEXT, "Name of the label."),
    ),
)

RELEASES = Record(
    name="releases",
    meaning="A release as observed.",
    key=("release_id",),
    is_versioned=True,
    fields=(
        Field("release_id", TEXT, "The tracker's identifier of the release."),
        Field("tag_name", TEXT, "Name of the tag it releases."),
        Field("title", TEXT, "Title; null if there is none."),
        Field("author_login", TEXT, "Account that created it; ghost once the account is deleted."),
        Field("is_draft", BOOLEAN, "Whether it is not published."),
        Field("is_prerelease", BOOLEAN, "Whether it is marked as not ready for production."),
        Field("commit_hash", TEXT, "Commit it releases, where stated; else null."),
        Field("created_at", INSTANT, "When it was created (UTC)."),
        Field("released_at", INSTANT, "When it was published (UTC); null for a draft."),
        Field("url", TEXT, "Page of it for people."),
        PAYLOAD,
    ),
)

DEPLOYMENTS = Record(
    name="deployments",
    meaning="A deployment to an environment as observed.",
    key=("deployment_id",),
    is_versioned=True,
    fields=(
        Field("deployment_id", TEXT, "The tracker's identifier of the deployment."),
        Field("environment", TEXT, "Name of the environment."),
        Field(
            "is_production",
            BOOLEAN,
            "Whether the tracker marks it as production; null if not stated.",
        ),
        Field("ref", TEXT, "Branch or tag that was deployed."),
        Field("commit_hash", TEXT, "Commit that was deployed."),
        Field("creator_login", TEXT, "Account that deployed; ghost once the account is deleted."),
        Field("status", TEXT, "created, running, success, failed, canceled or inactive."),
        Field("status_at", INSTANT, "When it reached that status (UTC); null if not stated."),
        Field("succeeded_at", INSTANT, "When it first succeeded (UTC); null if it did not."),
        Field("created_at", INSTANT, "When it was created (UTC)."),
        Field("updated_at", INSTANT, "When the tracker last changed it (UTC)."),
        PAYLOAD,
    ),
)

PIPELINE_RUNS = Record(
    name="pipeline_runs",
    meaning="A workflow run or pipeline as observed.",
    key=("pipeline_run_id",),
    is_versioned=True,
    fields=(
        Field("pipeline_run_id", TEXT, "The tracker's identifier of the run."),
        Field("pipeline_name", TEXT, "Name of the workflow; null if not stated."),
        Field("trigger", TEXT, "Its trigger, in the tracker's word."),
        Field("ref", TEXT, "Branch or tag it ran on; null if not stated."),
        Field("commit_hash", TEXT, "Commit it ran on."),
        Field("status", TEXT, "waiting, running or completed."),
        Field(
            "conclusion", TEXT, "success, failed, canceled, skipped or other; null until it ends."
        ),
        Field("attempt", INTEGER, "Which attempt this is, from 1."),
        Field("created_at", INSTANT, "When it was triggered (UTC)."),
        Field("started_at", INSTANT, "When it began to run (UTC); null if not stated."),
        Field("updated_at", INSTANT, "When the tracker last changed it (UTC)."),
        Field("url", TEXT, "Page of it for people."),
        PAYLOAD,
    ),
)
