"""A home whose snapshot has a page to explore."""

from __future__ import annotations

import pytest

from tests.support.expected.known_kpis import copy_models_of_known
from tests.support.rows import shop
from tests.support.rows.some_models import models_of
from tests.support.running.shop_home import make_home


@pytest.fixture(scope="package")
def explored(tmp_path_factory):
    models = copy_models_of_known(tmp_path_factory.mktemp("known") / "sql")
    with models_of(models):
        yield make_home(tmp_path_factory.mktemp("explored"), shop.first_look)
