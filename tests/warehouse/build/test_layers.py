"""The layers of sql/: which schema may read which."""

from collections import Counter

import duckdb

from warehouse.build.dependencies import tables_read
from warehouse.build.model import read_models
from warehouse.build.schemas import LAYERS
from warehouse.sql import sql_folder

# Quarry writes these itself: graph from staging, and from intermediate models.
WRITTEN = {"raw": 0, "settings": 0, "sealed": 0, "graph": 2}
LAYER = WRITTEN | {schema: n for n, layer in enumerate(LAYERS, 1) for schema in layer}
MOST_MODELS = 25


def test_a_model_reads_its_own_layer_and_those_before_it():
    with duckdb.connect() as connection:
        reads = [(m, table) for m in read_models() for table in tables_read(connection, m)]
    late = [
        f"{model.table} reads {table}"
        for model, table in reads
        if LAYER[table.partition(".")[0]] > LAYER[model.schema]
    ]

    assert late == []


def test_no_folder_holds_more_models_than_can_be_seen_at_once():
    models = Counter(path.parent for path in sql_folder().rglob("*.sql"))

    assert {path: count for path, count in models.items() if count > MOST_MODELS} == {}


NATIVE_KINDS = {"author_kind", "actor_kind", "reviewer_kind"}


def test_what_a_tracker_says_of_an_account_ends_at_staging():
    """One rule says who is a bot everywhere: that of intermediate.account_kinds."""
    views = {model.table: model for model in read_models() if model.schema == "staging"}
    own = {"staging.accounts", "staging.account_sightings"}
    naming = {
        table
        for table, model in views.items()
        if any(name in model.sql for name in NATIVE_KINDS) and table not in own
    }
    with duckdb.connect() as connection:
        readers = {
            model.table
            for model in read_models()
            if model.schema != "staging"
            for table in tables_read(connection, model)
            if table in own or table.startswith("raw.")
        }

    assert naming == set()
    assert readers == {"intermediate.account_kinds"}
