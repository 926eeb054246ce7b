"""Damage of store, seals and exports: named, then repaired."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta

import pytest

from flows.run.keeping.home_checks import check_home_files
from flows.run.publish import rebuild
from flows.run.seal import seal
from miners.store import sha256_of
from miners.store_check import NIGHTS_FOR_ALL
from tests.flows.run.test_seal_due import SETTINGS, look
from tests.miners.test_store_check import cut, empty, flip, lose, nest
from tests.support.rows.row_histories import ANN, instant
from tests.support.running.shop_home import make_home, nobody
from warehouse.errors import SealRefused
from warehouse.exports.manifest import MANIFEST

SEALED_AT = instant("2024-04-12")


@pytest.fixture(autouse=True)
def set_day(monkeypatch):
    """Return a function that sets the day of a run."""

    def call(day):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(day.timestamp())))

    call(SEALED_AT)
    return call


@pytest.fixture(scope="module")
def sealed(tmp_path_factory, one_kpi):
    first = look("2024-04-05", "c1", ("c1", None, "2024-01-10", ANN))
    home = make_home(tmp_path_factory.mktemp("kept"), first, settings=SETTINGS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(int(SEALED_AT.timestamp())))
        seal(home.workspace, "2024-Q1", nobody())
    return home


@pytest.fixture
def home(sealed, tmp_path):
    return sealed.copied(tmp_path / "copy")


def found(home):
    workspace = home.workspace
    return [(check.subject, check.detail, check.remedy) for check in check_home_files(workspace)]


def halve(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def renew(path):
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 9, "more": 1}))


MANIFESTS = {"lost": lose, "empty": empty, "cut": halve, "newer": renew, "nested": nest}
NEWER = "a newer version of Quarry wrote it (format 9, not 1)"
CHANGED = "missing, or changed since it was written"
SEAL = "seals/2024-Q1/seal.json"


def test_a_sound_home_has_no_damage(home):
    assert found(home) == []


@pytest.mark.parametrize("harm", MANIFESTS.values(), ids=list(MANIFESTS))
def test_a_manifest_that_cannot_be_read_is_named_and_written_again(home, harm):
    path = home.workspace.exports / "current" / MANIFEST
    before = json.loads(path.read_text())
    assert next(iter(before.items())) == ("format", 1)
    harm(path)
    problem = f"{path}: missing or damaged, or of a newer version"
    assert [check[:2] for check in found(home)] == [("warehouse", problem)]
    assert home.publish()
    assert json.loads(path.read_text()) == before
    assert found(home) == []


@pytest.mark.parametrize("harm", [lose, cut])
def test_an_export_that_is_lost_or_cut_is_named_and_written_by_the_next_run(home, harm):
    path = next((home.workspace.exports / "current").glob("commits/*/data.parquet"))
    content = sha256_of(path)
    harm(path)
    [(subject, detail, _)] = found(home)
    assert (subject, detail) == ("warehouse", f"{path}: {CHANGED}")
    assert home.publish()
    assert sha256_of(path) == content
    assert not home.publish()


def test_an_export_that_rotted_is_written_again_by_one_of_the_nights(home, set_day):
    path = next((home.workspace.exports / "current").glob("commits/*/data.parquet"))
    content = sha256_of(path)
    flip(path)
    assert found(home)[0][:2] == ("warehouse", f"{path}: {CHANGED}")
    nights = (SEALED_AT + timedelta(days=day) for day in range(NIGHTS_FOR_ALL))
    written = [set_day(night) or home.publish() for night in nights]
    assert written.count(True) == 1
    assert sha256_of(path) == content


@pytest.mark.parametrize(
    ("name", "harm", "problem"),
    [
        (SEAL, empty, "cannot be read: it is empty or damaged"),
        (SEAL, halve, "cannot be read: it is empty or damaged"),
        (SEAL, nest, "cannot be read: it is empty or damaged"),
        (SEAL, renew, NEWER),
        ("seals/2024-Q1/figures.parquet", flip, "figures.parquet was changed"),
        ("seals/2024-Q1/evidence.parquet", lose, "evidence.parquet is missing"),
    ],
)
def test_a_damaged_seal_is_named_and_publishes_nothing(home, name, harm, problem):
    harm(home.workspace.home / name)
    [(subject, detail, remedy)] = found(home)
    assert (subject, problem in detail) == ("seals", True)
    assert remedy.startswith("Run that version" if problem == NEWER else "Restore")
    with pytest.raises(SealRefused, match=r"Restore|Run that version"):
        home.publish()


def test_a_seal_that_is_lost_publishes_nothing_until_a_replay_says_so(home):
    folder = home.workspace.seals / "2024-Q1"
    shutil.rmtree(folder)
    with pytest.raises(SealRefused) as caught:
        home.publish()
    assert str(caught.value) == (
        f"{folder}: the seal is missing. Restore the folder from a backup, or run `quarry replay` "
        "to publish that quarter without a seal."
    )
    rebuild(home.workspace, nobody())
    assert not home.publish()


def test_a_home_without_a_warehouse_is_read_all_the_same(home):
    home.warehouse.unlink()
    lose(home.workspace.home / "seals/2024-Q1/evidence.parquet")
    assert [subject for subject, *_ in found(home)] == ["seals"]
