"""Test that damaged batches are refused and named."""

from __future__ import annotations

import hashlib
import json

import polars as pl
import pytest

from tests.support.rows.memory_homes import load, ref
from warehouse.errors import ContractViolated


def parquet_of(home, record):
    return next(home.store.rglob(f"{record}-*.parquet"))


def test_a_file_that_changed_is_named_with_its_checksums(home):
    home.write_batch(refs=[ref("main", "a")])
    path = parquet_of(home, "refs")
    path.write_bytes(path.read_bytes() + b"x")

    with pytest.raises(ContractViolated, match=r"expected sha256 .* found sha256") as violation:
        load(home)
    assert violation.value.table == str(path)
    assert not home.warehouse.exists()


def test_a_file_that_is_missing_is_named(home):
    home.write_batch(refs=[ref("main", "a")])
    path = parquet_of(home, "refs")
    path.unlink()

    with pytest.raises(ContractViolated, match="found no file") as violation:
        load(home)
    assert violation.value.table == str(path)


def rewrite_receipt(home, change):
    path = next(home.store.rglob("receipt.json"))
    facts = json.loads(path.read_text())
    change(facts["files"][0])
    path.write_text(json.dumps(facts))


def rewrite_file(home, record, frame):
    path = parquet_of(home, record)
    frame.write_parquet(path)
    content = path.read_bytes()
    rewrite_receipt(home, lambda file: file.update(sha256=hashlib.sha256(content).hexdigest()))


def test_a_file_with_fewer_rows_than_agreed_is_named(home):
    home.write_batch(refs=[ref("main", "a")])
    rewrite_receipt(home, lambda file: file.update(rows=7))

    with pytest.raises(ContractViolated, match="expected 7 rows, found 1 rows"):
        load(home)


def test_a_column_of_another_type_is_named(home):
    home.write_batch(refs=[ref("main", "a")])
    frame = pl.read_parquet(parquet_of(home, "refs"))
    rewrite_file(home, "refs", frame.with_columns(target_hash=pl.lit(7)))

    with pytest.raises(ContractViolated) as violation:
        load(home)
    assert (violation.value.table, violation.value.column) == ("raw.refs", "target_hash")
    assert violation.value.expected == "varchar"


def test_a_file_from_before_a_column_existed_reads_null_there(home):
    home.write_batch(refs=[ref("main", "a")])
    frame = pl.read_parquet(parquet_of(home, "refs"))
    rewrite_file(home, "refs", frame.drop("symbolic_target").with_columns(gone=pl.lit(1)))
    home.write_batch(day=2, refs=[ref("other", "b")])

    assert load(home) == {"refs": 2}


def test_a_file_without_its_key_is_refused(home):
    home.write_batch(refs=[ref("main", "a")])
    frame = pl.read_parquet(parquet_of(home, "refs"))
    rewrite_file(home, "refs", frame.drop("ref_name"))

    with pytest.raises(ContractViolated, match="ref_name"):
        load(home)
