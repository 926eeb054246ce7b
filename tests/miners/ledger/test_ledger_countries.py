"""Ledgers as spreadsheets of other countries write them: decimal signs, times, encodings."""

from __future__ import annotations

import codecs

import pytest

from tests.support.rows.ledgers import Ledger, days, micros, number

UNSURE = ", which may be {}: set decimal of the source to its decimal sign"
NUMBER = "expected a number such as 12.5, found "
TASKS = "task,title,planned_on\nT-1,{},2024-01-02\n"


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path)


def measured(ledger, cells, *, delimiter=";", **options):
    """Write a column of values, and give those that are read and what is wrong."""
    ledger.options = options
    lines = [f"M-{n}{delimiter}CPU{delimiter}{cell}" for n, cell in enumerate(cells)]
    head = delimiter.join(("measurement_id", "measure", "after"))
    ledger.write("measurements.csv", "\n".join([head, *lines]))
    values = {row["measurement_id"]: row["after"] for row in ledger.facts("measurements")}
    return [values.get(f"M-{n}") for n in range(len(cells))], ledger.said()


def in_full_width(text):
    """Give a text as input methods of Japan type it."""
    return "".join(chr(ord(letter) + 0xFEE0) for letter in text)


def values(*texts):
    return [None if text is None else number(text) for text in texts]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_the_other_cells_of_a_column_prove_its_decimal_sign(ledger, delimiter):
    german = measured(ledger, ["1,250", "1.250", "7,5"], delimiter=delimiter)
    swiss = measured(ledger, ["1,250", "1.250", "1’250.5"], delimiter=delimiter)
    grouped = measured(ledger, ["1.250", "1.234.567", "-1.250,5"], delimiter=delimiter)

    assert german == (values("1.25", "1250", "7.5"), [])
    assert swiss == (values("1250", "1.25", "1250.5"), [])
    assert grouped == (values("1250", "1234567", "-1250.5"), [])


def test_a_number_that_nothing_proves_is_a_wrong_cell(ledger):
    alone = measured(ledger, ["1,250", "12"])
    both = measured(ledger, ["1.250", "7,5", "7.5"])

    unsure = UNSURE.format("1.250 or 1250")
    assert alone == (
        values(None, "12"),
        [f"measurements.csv:2: after: {NUMBER}'1,250'{unsure}"],
    )
    assert both == (
        values(None, "7.5", "7.5"),
        [f"measurements.csv:2: after: {NUMBER}'1.250'{unsure}"],
    )


def test_the_settings_may_state_the_decimal_sign(ledger):
    comma = measured(ledger, ["1,250", "1.250", "7.5"], decimal=",")
    point = measured(ledger, ["1,250", "1.250"], decimal=".")
    quoted = measured(ledger, ['"1,250"', "1.250"], delimiter=",", decimal=",")

    hint = "; write the decimal point as a comma"
    assert comma == (
        values("1.25", "1250", None),
        [f"measurements.csv:4: after: {NUMBER}'7.5'{hint}"],
    )
    assert point == (values("1250", "1.25"), [])
    assert quoted == (values("1.25", "1250"), [])


def test_a_comma_file_has_points_unless_a_cell_of_the_column_denies_it(ledger):
    english = measured(ledger, ['"1,250"', "1.250"], delimiter=",")
    mixed = measured(ledger, ['"1,250"', "12.5", '"0,250"'], delimiter=",")

    assert english == (values("1250", "1.25"), [])
    assert mixed == (
        values(None, "12.5", None),
        [
            f"measurements.csv:2: after: {NUMBER}'1,250'{UNSURE.format('1.250 or 1250')}",
            f"measurements.csv:4: after: {NUMBER}'0,250'; write the decimal point as a point",
        ],
    )


@pytest.mark.parametrize(
    "cell", ["1 250,5", "1\u202f250,5", "1\u00a0250,5", "1'250,5", in_full_width("1250,5")]
)
def test_signs_between_thousands_may_be_those_of_any_country(ledger, cell):
    assert measured(ledger, [cell]) == (values("1250.5"), [])


def test_whole_numbers_follow_the_sign_too(ledger):
    ledger.options = {"decimal": ","}
    ledger.write("projects.csv", "project;team_size\nweb;1.250\n")
    read = ledger.facts("projects")[0]["team_size"]
    ledger.options = {}

    assert read == 1250
    unsure = UNSURE.format("1.250 or 1250")
    assert ledger.said() == [
        f"projects.csv:2: team_size: expected a whole number, found '1.250'{unsure}"
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "2024년 3월 21일",
        "2024년 03월 21일 목요일",
        "2024. 3. 21.(목)",
        "2024-03-21 오전 12:00:00",
        "2024年3月21日",
        "2024年3月21日(木)",
        "2024年3月21日星期四",
        "令和6年3月21日",
        "R6.3.21",
        in_full_width("2024/3/21"),
    ],
)
def test_days_are_read_as_korean_and_japanese_excel_write_them(ledger, cell):
    ledger.write("tasks.csv", f"task,planned_on\nT-1,{cell}\n")

    assert ledger.said() == []
    assert [row["planned_on"] for row in ledger.facts("tasks")] == [days("2024-03-21")]


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ("2024-03-21 오후 7:22", "10:22:00"),
        ("2024. 3. 21. 오후 7:22:05", "10:22:05"),
        ("2024년 3월 21일 19시 22분", "10:22:00"),
        ("2024년 3월 21일 (목) 오후 7시", "10:00:00"),
        ("2024/3/21 午後 7:22", "10:22:00"),
        ("2024年3月21日 19時22分05秒", "10:22:05"),
        ("令和6年3月21日 下午7:22", "10:22:00"),
        ("2024-03-21 7:22 PM", "10:22:00"),
        ("2024-03-21 오후 12:30", "03:30:00"),
        ("2024-03-21 오전 9:00 +09:00", "00:00:00"),
    ],
)
def test_times_are_read_as_korean_and_japanese_excel_write_them(ledger, cell, instant):
    ledger.write("incidents.csv", f"id,started_at\nI-1,{cell}\n")

    assert ledger.said() == []
    assert [row["started_at"] for row in ledger.facts("incidents")] == [
        micros(f"2024-03-21T{instant}+00:00")
    ]


def test_midnight_and_no_such_hour_are_distinguished(ledger):
    cells = ["2024-03-21 오전 12:30", "2024-03-21 오후 13:00", "2024-03-21 10"]
    lines = [f"I-{n},{cell}" for n, cell in enumerate(cells)]
    ledger.write("incidents.csv", "\n".join(["id,started_at", *lines]))

    assert [row["started_at"] for row in ledger.facts("incidents")] == [
        micros("2024-03-20T15:30:00+00:00")
    ]
    assert [line.partition("found ")[2] for line in ledger.said()] == [
        "'2024-03-21 오후 13:00'",
        "'2024-03-21 10', which has no time",
    ]


@pytest.mark.parametrize(
    ("title", "mark", "codec", "encoding"),
    [
        ("로그인 이전", b"", "cp949", "cp949"),
        ("출장", b"", "cp949", "cp949"),
        ("ログイン移行", b"", "cp932", "shift_jis"),
        ("会議", b"", "cp932", "shift_jis"),
        ("Prüfung der Größe", b"", "cp1252", "windows-1252"),
        ("로그인", codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
        ("ログイン", codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
        ("로그인", codecs.BOM_UTF8, "utf-8", None),
    ],
)
def test_a_file_is_decoded_with_a_note_of_its_encoding(ledger, title, mark, codec, encoding):
    ledger.write("tasks.csv", mark + TASKS.format(title).encode(codec))

    assert ledger.said() == []
    assert [row["title"] for row in ledger.facts("tasks")] == [title]
    assert ledger.read().encodings == ({"tasks.csv": encoding} if encoding else {})
