"""Test the rules of docs/STYLE.md that no linter checks."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import tomllib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
GLOSSARY = (ROOT / "docs" / "STYLE.md").read_text("utf-8").partition("## Glossary")[2]
# Folders and files whose words are still to be rewritten: remove a line once its words are.
NOT_YET_REWRITTEN = ()
ROOMS = ("flows", "miners", "warehouse")
OTHER = (
    *("sql/**/*.sql", "sql/*.toml", "warehouse/**/*.toml", "warehouse/**/*.j2", "docs/*"),
    *("*.md", "examples/*/*", "tests/benchmarks/README.md", "prefect.yaml", "pyproject.toml"),
    *("Makefile", ".pre-commit-config.yaml", ".ci/run", ".github/workflows/*.yml"),
)
MODULES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
FILES = [*MODULES, *(path for glob in OTHER for path in sorted(ROOT.glob(glob)))]
NOUN_CLAUSE = re.compile(r"(What|How|Which|Whether|Where|When|Whose?)\b")
MOST_WORDS = 12
DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef
# Within a sentence, after a word or a sign: a text that begins with a command, or an indented
# line of its own, is the command itself.
UNQUOTED_COMMAND = re.compile(
    r"(?<=[\w.,;:(] )quarry (?:init|doctor|run|plan|rules|replay|query|status|serve|kpi|report|"
    r"explain|compare|reconcile|asof|seal|ledger)\b"
)


def not_used():
    """Yield the terms in `code` of the glossary's last column."""
    for cells in re.findall(r"^\|(.*)\|$", GLOSSARY, re.MULTILINE):
        yield from re.findall(r"`([^`]+)`", cells.rpartition("|")[2])


def pattern(terms):
    """Match the terms as whole words, over line ends and comment signs, outside of `code`."""
    ordered = sorted({*terms}, key=len, reverse=True)
    words = "|".join(r"[\s#-]+".join(map(re.escape, term.split())) for term in ordered)
    return re.compile(rf"(?<![\w.`-])(?:{words})(?![\w`-])", re.IGNORECASE)


def texts(path):
    """Yield what people read in a file, each text with its first line."""
    content = path.read_text("utf-8")
    if path.suffix == ".py":
        yield from strings(ast.parse(content))
        yield 1, comments(content)
    elif path.suffix == ".sql":
        yield 1, after("--", content)
    elif path.suffix == ".toml":
        yield from ((0, value) for value in values(tomllib.loads(content)) if " " in value)
        yield 1, after("#", content)
    else:
        yield 1, content


def strings(tree):
    """Yield docstrings, messages and help texts; a string without a space is a value."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.lineno, node.value


def comments(content):
    lines = [""] * (content.count("\n") + 2)
    for token in tokenize.generate_tokens(io.StringIO(content).readline):
        if token.type == tokenize.COMMENT:
            lines[token.start[0] - 1] = token.string
    return "\n".join(lines)


def after(sign, content):
    return "\n".join(line.partition(sign)[2] for line in content.splitlines())


def values(node):
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for inner in node.values() if isinstance(node, dict) else node:
            yield from values(inner)


def is_rewritten(path):
    name = path.relative_to(ROOT).as_posix()
    return not any(name == entry or name.startswith(f"{entry}/") for entry in NOT_YET_REWRITTEN)


def occurrences(path, terms):
    for line, text in texts(path):
        for match in terms.finditer(text):
            at = line + text.count("\n", 0, match.start())
            yield f"{path.relative_to(ROOT)}:{at}: {' '.join(match[0].split())}"


def test_texts_use_the_terms_of_the_glossary():
    terms = pattern(not_used())

    rewritten = [path for path in FILES if is_rewritten(path)]
    found = [place for path in rewritten for place in occurrences(path, terms)]

    assert found == [], "docs/STYLE.md has the term to use instead"


def test_tests_use_the_terms_of_the_glossary():
    """In docstrings, comments and names; other texts are data, which may be odd on purpose."""
    terms = pattern(not_used())

    found = [place for path in TESTS for place in prose_occurrences(path, terms)]

    assert found == [], "docs/STYLE.md has the term to use instead"


def prose_occurrences(path, terms):
    content = path.read_text("utf-8")
    tree = ast.parse(content)
    nodes = [node for node in ast.walk(tree) if isinstance(node, DOCUMENTED)]
    texts = [comments(content), *(ast.get_docstring(node) or "" for node in nodes)]
    # A module has no name.
    names = [node.name for node in nodes if hasattr(node, "name")]
    for text in (*texts, *(name.replace("_", " ") for name in names)):
        for match in terms.finditer(text):
            yield f"{path.relative_to(ROOT)}: {' '.join(match[0].split())} in {text[:60]!r}"


def test_a_module_docstring_names_the_module():
    sentences = {path: first_sentence(path) for path in [*MODULES, *TESTS] if path.stat().st_size}

    assert [path for path, text in sentences.items() if not text] == []
    assert [path for path, text in sentences.items() if len(text.split()) > MOST_WORDS] == []
    assert [path for path, text in sentences.items() if NOUN_CLAUSE.match(text)] == []


def first_sentence(path):
    """Return a module's docstring up to its first full stop: no colon ends a sentence."""
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return re.split(r"\.(?=\s|$)|\n\n", docstring, maxsplit=1)[0]


def test_a_command_in_a_message_is_in_backquotes():
    places = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        if "report" not in path.parts  # a page has its own form of code
        for node in messages(ast.parse(path.read_text("utf-8")))
        if UNQUOTED_COMMAND.search(node.value)
    ]

    assert places == []


def messages(tree):
    """Yield the texts of a module that are no docstring."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, DOCUMENTED) and node.body]
    docstrings = {id(node.body[0].value) for node in nodes if isinstance(node.body[0], ast.Expr)}
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in docstrings:
            yield node


def test_a_class_name_is_used_once():
    """In the whole repository, tests included: a search for a class finds one place."""
    names = Counter(name for path in [*MODULES, *TESTS] for name in class_names(path))

    assert [name for name, count in names.items() if count > 1] == []


def class_names(path):
    tree = ast.parse(path.read_text("utf-8"))
    return [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


def test_terms_are_found_in_every_kind_of_text(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.test_style.ROOT", tmp_path)
    contents = {
        "module.py": '"""It set\naside."""\nf"set aside {1}"  # set aside\nset_aside = "aside"\n',
        "model.sql": "-- set aside\nselect 1 as aside  -- aside\n",
        "columns.toml": 'x = "set aside"\ny = "aside" # aside\n',
        "page.md": "set\naside, `aside`, set-aside\n",
    }
    for name, content in contents.items():
        (tmp_path / name).write_text(content, "utf-8")

    terms = pattern(["aside", "set aside"])
    found = {name: [*occurrences(tmp_path / name, terms)] for name in contents}

    assert {name: len(places) for name, places in found.items()} == {
        "module.py": 3,
        "model.sql": 2,
        "columns.toml": 2,
        "page.md": 2,
    }
    assert "gone" in {*not_used()}
