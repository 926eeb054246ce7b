"""Odd paths, changes, encodings, people, times and messages, all in one repository."""

from __future__ import annotations

from tests.support.git.repositories import FIRST_SECOND

PATHS = (
    b"plain.txt",
    b"latin-\xe4\xf6.txt",
    b"shift-jis-\x93\xfa\x96\x7b",
    "한국어/파일.txt".encode(),
    "e\u0301-and-\u00e9".encode(),
    b":leading colon",
    b":",
    b":100644 100644 0000 1111 M",
    b"-n1",
    b"--output=PWN",
    b"new\nline",
    b"\nfirst",
    b"tab\there",
    b'quote"d',
    b"back\\slash\\xe4",
    b"line\xe2\x80\xa8separator",
    b"next\xc2\x85line",
    b"escape\x1b[31m",
    b"trailing blank ",
    b" leading blank",
    b" ",
    b"0" * 40,
    b"f" * 64,
    b"12\t3\tcounted",
    b"-\t-\tbinary",
    b"a => b",
    b"{a => b}/c",
    b"*?[glob]",
    b"\xff\xfe\xfd",
    b"\xed\xa0\x80-lone-surrogate",
    b"d/" * 60 + b"deep",
)
KOREAN, JAPANESE, GERMAN = "김철수 한국어", "山田太郎 日本語", "Jürgen Größe"
DECLARED = (
    ("latin-1", "ISO-8859-1", GERMAN),
    ("cp1252", "windows-1252", "Jürgen \N{EN DASH} Größe “x”"),
    ("shift_jis", "Shift-JIS", JAPANESE),
    ("euc_jp", "EUC-JP", JAPANESE),
    ("iso2022_jp", "ISO-2022-JP", JAPANESE),
    ("euc_kr", "EUC-KR", KOREAN),
    ("cp949", "CP949", "똠방각하 펲시콜라"),
    ("gb18030", "gb18030", "中文 𠀀"),
    ("koi8_r", "KOI8-R", "Пётр"),
    ("utf-8", "utf8", KOREAN),
)
UNUSABLE = ("no-such-encoding", "utf-16", "utf-7", "unicode_escape", "base64", "idna", "\xff")
WHEN = b" 1704067200 +0000"
# A line, its name, its address, and what is odd about it.
PEOPLE = (
    (b"Ada <ada@x>", "Ada", "ada@x", ""),
    (b"Ada Lovelace <ada@x>", "Ada Lovelace", "ada@x", ""),
    (b"<ada@x>", "", "ada@x", ""),
    (b" <ada@x>", "", "ada@x", ""),
    (b"Ada <>", "Ada", "", ""),
    (b"Ada < >", "Ada", "", ""),
    (b"<>", "", "", ""),
    (b"Ada< ada@x>", "Ada", "ada@x", ""),
    (b"Ada  <ada@x >", "Ada", "ada@x", ""),
    (b"Ada\t<ada@x>", "Ada", "ada@x", ""),
    (b"Ada <ada@x> <b@y>", "Ada", "ada@x", "malformed_author"),
    (b"Ada <<ada@x>>", "Ada", "<ada@x", "malformed_author"),
    (b"Ada <ada@x>>", "Ada", "ada@x", "malformed_author"),
    (b"Ada <ada <at> x>", "Ada", "ada <at", "malformed_author"),
    (b"Ada > Bob <ada@x>", "Ada > Bob", "ada@x", "malformed_author"),
    (b"Ada <ada@x", "Ada", "ada@x 1704067200 +0000", "malformed_author no_time_author"),
    (b"Ada ada@x", "Ada ada@x 1704067200 +0000", "", "malformed_author no_time_author"),
    (b"Ada ada@x>", "Ada ada@x> 1704067200 +0000", "", "malformed_author no_time_author"),
    (b"ada@x", "ada@x 1704067200 +0000", "", "malformed_author no_time_author"),
    (b"Ada <ada at x dot org>", "Ada", "ada at x dot org", ""),
    (b"Ada <mailto:ada@x>", "Ada", "mailto:ada@x", ""),
    (b'"Ada" <ada@x>', '"Ada"', "ada@x", ""),
    (b"Ada, Bob & Co. <ada@x>", "Ada, Bob & Co.", "ada@x", ""),
    (b"Ada (work) <ada@x>", "Ada (work)", "ada@x", ""),
    (b"=HYPERLINK(1) <=cmd@x>", "=HYPERLINK(1)", "=cmd@x", ""),
    (b"\x1b[31mred <ada@x>", "\x1b[31mred", "ada@x", ""),
    ("\u202egnirts <ada@x>".encode(), "\u202egnirts", "ada@x", ""),
    ("Ada\u2028Bob <ada@x>".encode(), "Ada\u2028Bob", "ada@x", ""),
    (f"{KOREAN} <ada@x>".encode(), KOREAN, "ada@x", ""),
    ("😀 <ada@x>".encode(), "😀", "ada@x", ""),
    (b"J\xfcrgen <ada@x>", "Jürgen", "ada@x", "recoded_author"),
    (b"Ada <ad\xe4@x>", "Ada", "adä@x", "recoded_author"),
    (b"\xed\xa0\x80 <ada@x>", "í\xa0\x80", "ada@x", "recoded_author"),
    (b"A" * 5000 + b" <ada@x>", "A" * 5000, "ada@x", ""),
    (b"Ada <" + b"a" * 5000 + b">", "Ada", "a" * 5000, ""),
    (b"Ada\\n <ada@x>", "Ada\\n", "ada@x", ""),
    (b"author <author@x>", "author", "author@x", ""),
    (b"1704067200 +0000 <ada@x>", "1704067200 +0000", "ada@x", ""),
    (b"Ada\r <ada@x>", "Ada", "ada@x", ""),
    (b"--author <-n1@x>", "--author", "-n1@x", ""),
)
# What stands after the address, the second it means, its zone, and what is odd about it.
TIMES = (
    (b"0 +0000", 0, 0, ""),
    (b"2147483648 +0000", 2147483648, 0, ""),
    (b"4294967296 +0900", 4294967296, 540, ""),
    (b"-1 +0000", -1, 0, "time_before_1970_author"),
    (b"253402300799 +0000", 253402300799, 0, ""),
    (b"253402300800 +0000", None, 0, "time_out_of_range_author"),
    (b"9223372036854775808 +0000", None, 0, "time_out_of_range_author"),
    (b"18446744073709551616 +0000", None, 0, "time_out_of_range_author"),
    (b"1704067200 +9999", FIRST_SECOND, None, "odd_zone_author"),
    (b"1704067200 -2400", FIRST_SECOND, None, "odd_zone_author"),
    (b"1704067200 +051800", FIRST_SECOND, None, "odd_zone_author"),
    (b"1704067200", FIRST_SECOND, None, "odd_zone_author"),
    (b"1704067200 -0330", FIRST_SECOND, -210, ""),
    (b"1_704_067_200 +0000", None, 0, "no_time_author"),
    (b"9" * 5000 + b" +0000", None, 0, "time_out_of_range_author"),
    (b"", None, None, "no_time_author odd_zone_author"),
)


def everything_odd(repository):
    """Commit all of it on one branch; the commits by kind, in the order of what stands above."""
    return {
        "paths": _paths(repository),
        "changes": _changes(repository),
        "declared": [_declared(repository, *each) for each in DECLARED],
        "unusable": [
            repository.commit(GERMAN.encode(), headers=b"encoding %s\n" % name.encode("latin-1"))
            for name in UNUSABLE
        ],
        "people": [repository.commit(author=line + WHEN) for line, *_ in PEOPLE],
        "times": [repository.commit(author=b"Ada <ada@x> " + when) for when, *_ in TIMES],
        "messages": _messages(repository),
        "shapes": _shapes(repository),
    }


def _paths(repository):
    everything = dict.fromkeys(PATHS, b"one\n")
    return [
        repository.commit(b"add", everything),
        repository.commit(b"change", dict.fromkeys(PATHS, b"one\ntwo\n")),
        repository.commit(b"rename", {b"moved/" + path: b"one\ntwo\n" for path in PATHS}),
        repository.commit(b"delete"),
    ]


def _changes(repository):
    text = b"".join(b"line %d\n" % n for n in range(60))
    link = repository.text("rev-parse", "refs/heads/main")
    first = {"a": text, "b": b"\0binary", "c": text, "d": text + b"d", "e": ("100755", b"run\n")}
    return [
        repository.commit(b"first", first | {"empty": b"", "no newline": b"x"}),
        repository.commit(b"kinds", first | {"a": ("100755", text), "e": ("120000", b"target")}),
        repository.commit(b"binary", first | {"b": b"\0other", "c": b"\0" + text}),
        repository.commit(b"rename", {"a2": text, "b2": b"\0binary", "copy of a": text}),
        repository.commit(b"rename and edit", {"a3": text + b"more\n", "copy of a": text}),
        repository.commit(b"link", {"sub": ("160000", None, link), "a3": ("120000", b"x")}),
        repository.commit(b"attributes", _with_attributes(text)),
        repository.commit(b"under attributes", _with_attributes(text + b"more\n")),
        repository.commit(b"submodule moved", {"sub": ("160000", None, "1" * 40)}),
        repository.commit(b"nothing", {"sub": ("160000", None, "1" * 40)}),
    ]


def _with_attributes(text):
    macros = b"*.txt -text\n*.c binary\n*.py -diff\n[attr]odd diff=odd\n*.odd odd\n"
    return {".gitattributes": macros, "a.txt": text, "b.c": text, "c.py": text, "d.odd": text}


def _declared(repository, codec, name, text):
    return repository.commit(
        f"{text} subject\n\n{text} body\n\nReviewed-by: {text} <r@x>\n".encode(codec),
        author=f"{text} <ada@x>".encode(codec) + WHEN,
        headers=f"encoding {name}\n".encode(),
    )


def _messages(repository):
    return [
        repository.commit(message)
        for message in (
            b"",
            b"\n\n  \n",
            b"subject only",
            b"two\nlines \n\nbody\n",
            b"nul\0here\n\nand\0there\n",
            b"x" * 1_000_000,
            GERMAN.encode("latin-1"),
            JAPANESE.encode("iso2022_jp"),
            "next\x85line\u2028and\x0cmore\n\n\xa0\n".encode(),
            b"tree 1111\nauthor x\n\nencoding utf-16\n",
        )
    ]


def _shapes(repository):
    before, empty, files = repository.text("rev-parse", "main"), [], {"a": b"one\n"}
    root = repository.commit(b"second root", files, parents=empty)
    sides = [repository.commit(b"side", files | {n: b"s\n"}, parents=[root]) for n in "bcd"]
    octopus = repository.commit(b"octopus", files | dict.fromkeys("bcd", b"s\n"), parents=sides)
    third_root = repository.commit(parents=empty)
    roots = repository.commit(b"joins roots", files, parents=[octopus, third_root, before])
    signed = b"gpgsig -----BEGIN PGP SIGNATURE-----\n \n abc\n -----END PGP SIGNATURE-----\n"
    return [root, *sides, octopus, roots, repository.commit(b"signed", headers=signed)]
