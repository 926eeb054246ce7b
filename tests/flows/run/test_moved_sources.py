"""Sources that move: their history continues, and no figure doubles."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from flows.run.engines import LocalEngine
from flows.run.job import Job
from flows.run.mine import mine
from flows.run.run_records import NEW, Outcome, new_run
from flows.run.source_health import of_known_sources
from flows.settings.settings import Settings
from flows.settings.workspace import Workspace, context_of, open_workspace, resolve_sources
from miners import store
from tests.support.fakes.hosts import host
from tests.support.git.repositories import DAY_ONE, Repository
from tests.support.rows.ledgers import LEDGER, write_here
from tests.support.running.commands import call_quarry
from tests.support.running.no_progress import NoProgress

HOME = 'home = "home"\n'


@pytest.fixture
def app(tmp_path, monkeypatch):
    """A repository of three commits, next to the settings."""
    monkeypatch.chdir(tmp_path)
    Path("quarry.toml").write_text(HOME)
    made = Repository.make(tmp_path / "app")
    for text in ("1", "2", "3"):
        made.commit(text.encode(), {"a": text.encode()})
    return made


def quarry(*arguments, **variables):
    code, said, complained = call_quarry(Path.cwd(), *arguments, COLUMNS="300", **variables)
    return code, said + complained


def settings(*sources, more=""):
    text = "".join(f"[[sources]]\n{source}\n" for source in sources)
    Path("quarry.toml").write_text(f"{HOME}{more}{text}")


def at(place, more=""):
    return f'location = "{place}"\n{more}'


def mined(*locations):
    """Mine without a build; return the messages, of failed sources too."""
    workspace = open_workspace(None, None)
    run = new_run(DAY_ONE)
    result = mine(Job(workspace, locations), run, LocalEngine(1), NoProgress())
    workspace.runs.mkdir(parents=True, exist_ok=True)
    problems = [f"{o.source}: {o.problem}. {o.remedy}." for o in result.outcomes if o.problem]
    return [*problems, *result.notes]


def counted():
    """Count the commits of each source of the store, by where it is now."""
    stored, rows = Path("home/store"), Counter()
    for batch in store.all_batches(stored):
        rows[batch.receipt.source] += batch.receipt.rows("commits")
    places = {name: store.sound_cursor(stored, name)["location"] for name in rows}
    return {str(Path(places[name]).relative_to(Path.cwd())): n for name, n in rows.items()}


def test_a_moved_folder_continues_its_history(app):
    settings(at("app"))
    mined()
    app.path.rename(Path.cwd() / "moved")
    settings(at("moved"))

    said = mined()

    assert f"{Path.cwd()}/moved: it moved, and continues the history of {Path.cwd()}/app." in said
    assert counted() == {"moved": 3}
    assert mined() == []
    assert len(list((Path.cwd() / "home/mirrors").glob("*.git"))) == 1


def test_a_moved_folder_with_more_commits_and_other_branches_continues_its_history(app):
    app.commit(b"side", {"b": b""}, ref="refs/heads/side")
    settings(at("app"))
    mined()
    moved = Repository(app.path.rename(Path.cwd() / "elsewhere"), app.seconds)
    moved.git("branch", "-D", "side")
    moved.commit(b"4", {"a": b"4"})
    settings(at("elsewhere"))

    mined()

    # With the commit of the side branch, which was there once.
    assert counted() == {"elsewhere": 5}


@pytest.mark.parametrize(
    ("before", "after"),
    [("", 'id = "own"'), ('id = "own"', ""), ('id = "own"', 'id = "other"')],
    ids=["given", "removed", "changed"],
)
def test_an_id_changes_no_figure_and_no_project(app, before, after):
    owns = '[[projects]]\nname = "web"\nsources = ["app"]\n'
    settings(at("app", f"{before}\n{owns}"))
    mined()
    settings(at("app", f"{after}\n{owns}"))

    mined()

    assert counted() == {"app": 3}
    (project,) = context_of(open_workspace(None, None)).projects
    assert project.sources == tuple(store.sources(Path("home/store")))


def test_a_folder_that_moved_with_its_copies_moves_each_to_its_own(app):
    inside = Path.cwd() / "checkouts"
    inside.mkdir()
    app.path.rename(inside / "app")
    shutil.copytree(inside / "app", inside / "fork")
    Repository(inside / "fork", app.seconds).commit(b"4", {"a": b"4"})
    settings(at("checkouts/app"), at("checkouts/fork"))
    mined()
    inside.rename(Path.cwd() / "new")
    settings(at("new/fork"), at("new/app"))

    mined()

    assert counted() == {"new/app": 3, "new/fork": 4}


def test_a_typed_copy_of_a_repository_that_is_still_there_is_a_source_of_its_own(app):
    mined("app")
    shutil.copytree(app.path, Path.cwd() / "copy")

    mined("copy")

    assert counted() == {"app": 3, "copy": 3}


def test_a_typed_address_moves_too(app):
    mined("app")
    app.path.rename(Path.cwd() / "moved")

    mined("moved")

    assert counted() == {"moved": 3}


def test_a_copy_in_place_of_a_repository_that_is_still_there_is_asked_for(app):
    settings(at("app"))
    mined()
    shutil.copytree(app.path, Path.cwd() / "copy")
    settings(at("copy"))
    old, new = Path.cwd() / "app", Path.cwd() / "copy"

    said = mined()

    assert (
        f"{new}: it has commits of {old}, and it is not certain whether it is the same repository. "
        f"If it is, run `quarry sources moved {old} {new}`, and if it is another one, "
        f"`quarry sources separate {new}`."
    ) in said
    assert counted() == {"app": 3}
    assert quarry("sources", "moved", old, new)[0] == 0
    mined()
    assert counted() == {"copy": 3}


def test_a_copy_that_is_separate_is_mined_as_another_source(app):
    settings(at("app"))
    mined()
    shutil.copytree(app.path, Path.cwd() / "copy")
    settings(at("copy"))
    assert quarry("sources", "separate", "copy")[0] == 0

    mined()

    assert counted() == {"app": 3, "copy": 3}


def test_figures_that_doubled_before_are_joined_by_a_command(app):
    mined("app")
    shutil.copytree(app.path, Path.cwd() / "copy")
    mined("copy")
    settings(at("copy"))

    assert quarry("sources", "moved", "app", "copy")[0] == 0

    assert counted() == {"app": 3}
    mined()
    assert counted() == {"copy": 3}


def test_a_repository_that_shares_a_root_with_one_that_has_left_is_asked_for(app):
    settings(at("app"))
    mined()
    root = app.text("rev-list", "--max-parents=0", "main")
    other = Repository(app.path.rename(Path.cwd() / "other"), app.seconds)
    other.ref("refs/heads/main", root)
    other.commit(b"rewritten", {"z": b""})
    settings(at("other"))

    (said,) = mined()

    assert f"`quarry sources separate {other.path}`" in said
    assert counted() == {"app": 3}


@pytest.mark.parametrize("is_there", [False, True], ids=["left", "still there"])
def test_a_repository_at_a_host_moves_if_it_left_its_address(app, is_there):
    left = []

    def answered(request, path):
        return "/old/" in path and left and request.say(404)

    for name in ("old", "new"):
        shutil.copytree(app.path / ".git", f"served/{name}/app.git")
    with host(Path("served"), answered) as (address, _):
        settings(at(f"{address}/old/app.git"))
        mined()
        left += [] if is_there else ["it"]
        settings(at(f"{address}/new/app.git"))
        said = mined()
    name = address.removeprefix("http://")
    assert store.sources(Path("home/store")) == [f"{name}/old/app"]
    asked = f"`quarry sources separate {name}/new/app`"
    continued = f"{name}/new/app: it moved, and continues the history of {name}/old/app."
    assert (asked if is_there else continued) in " ".join(said)


def test_another_repository_is_never_a_move(app):
    settings(at("app"))
    mined()
    shutil.rmtree(app.path)
    Repository.make(Path.cwd() / "new").commit(b"another", {"x": b""})
    settings(at("new"))

    mined()

    assert counted() == {"app": 3, "new": 1}


def test_a_moved_ledger_continues_its_rows(app):
    write_here("targets.csv", "metric,year,target\nowned,2024,3\n")
    Path("quarry.toml").write_text(f"{HOME}{LEDGER}")
    mined()
    Path("papers").mkdir()
    Path("ledger").rename("papers/ledger")
    Path("quarry.toml").write_text(HOME + LEDGER.replace('"ledger"', '"papers/ledger"', 1))

    (said,) = [note for note in mined() if "it moved" in note]

    assert "it moved, and continues the history of" in said
    assert store.sources(Path("home/store")) == [f"{Path.cwd()}/ledger#ledger"]


def test_a_name_works_where_an_address_does(app, monkeypatch):
    settings(more='projects = [{name = "web", sources = ["app"]}]\n')
    Path("below").mkdir()
    workspace = open_workspace(Path("quarry.toml"), None)
    monkeypatch.chdir("below")

    (git,) = resolve_sources(workspace, ["app"])
    (unknown,) = resolve_sources(workspace, ["apq"])

    assert git.location == str(app.path)
    assert str(unknown) == (
        "apq: there is no source of this name, and no such path. Did you mean app?. "
        "`quarry sources` lists all sources"
    )


def test_a_renamed_source_is_known_by_its_name(app):
    settings(at("app"))
    mined()

    assert quarry("sources", "rename", "app", "web")[0] == 0
    mined("web")

    assert store.sound_cursor(Path("home/store"), str(app.path))["name"] == "web"
    code, said = quarry("sources", "rename", "wbe", "x")
    hint = "did you mean 'web'? `quarry sources` lists all sources."
    assert (code, said) == (1, f"quarry: wbe: there is no such source; {hint}\n")


def test_a_forgotten_source_is_deleted_with_its_figures(app, few_models):
    Repository.make(Path("other")).commit(b"another", {"x": b""})
    settings(at("other"))
    mined()
    mined("app")
    code, said = quarry("sources", "forget", "other", "--yes")
    assert (code, "quarry.toml names it, and the next run would mine it again" in said) == (1, True)

    code, said = quarry("sources", "forget", "app", "--yes")

    assert (code, f"Forgotten: {app.path}, 1 batches." in said) == (0, True)
    assert counted() == {"other": 1}
    sql = "select repository_name, count(*) from facts.commits inner join facts.repositories "
    code, said = quarry("query", f"{sql} using (source) group by all", "--format", "csv")
    assert said.split()[1:] == ["other,1"]


def test_an_address_that_was_typed_once_leaves_nothing_in_status():
    known, typed = (Outcome(source=name, name=name, state=NEW) for name in ("/app", "/nowhere"))
    runs = [
        replace(new_run(DAY_ONE), outcomes=(known,)),
        replace(new_run(DAY_ONE), outcomes=(typed,)),
    ]
    workspace = Workspace(Settings(sources=[{"location": "/app"}]), None, Path("/"), Path("/home"))

    kept = of_known_sources(workspace, runs)

    assert [run.outcomes for run in kept] == [(known,), ()]


def test_sources_lists_names_addresses_and_polls(app):
    settings(at("app"), at("other"))
    mined()

    listed = json.loads(quarry("sources", "--format", "json")[1])

    assert [(s["name"], s["is_configured"], s["last_observed_at"]) for s in listed] == [
        ("app", True, "2024-06-01 00:00:00+00:00"),
        ("other", True, None),
    ]
    assert "2024-06-01 00:00" in quarry("sources")[1]


def test_an_address_that_a_moved_source_left_is_not_mined_twice(app):
    settings(at("app"))
    mined()
    app.path.rename("moved")
    settings(at("moved"))
    mined()
    Repository.make(Path("app")).commit(b"another", {"x": b""})
    settings(at("moved"), at("app"))

    (said,) = mined()

    assert said == (
        f"{app.path}: {Path.cwd()}/moved continues the history of the repository that was here. "
        "If this is another one, give its entry an id."
    )
    assert counted() == {"moved": 3}
