"""Settings of git and locales of the user, one by one."""

from __future__ import annotations

import pytest

from tests.support.git.repositories import HOST, MinedHome, Repository
from tests.support.running.examples import count_of

RECORDS = ("commits", "commit_files", "refs", "tags", "reachability", "mailmap_entries")
# Each changes what some command of git prints, reads or runs.
SETTINGS = {
    "blame.coloring": "highlightRecent",
    "branch.sort": "-committerdate",
    "color.diff": "always",
    "color.ui": "always",
    "column.ui": "always",
    "core.abbrev": "4",
    "core.alternateRefsCommand": "false",
    "core.askPass": "/bin/true",
    "core.attributesFile": "{folder}/attributes",
    "core.autocrlf": "true",
    "core.bigFileThreshold": "1",
    "core.checkStat": "minimal",
    "core.commentChar": "%",
    "core.commitGraph": "false",
    "core.compression": "0",
    "core.deltaBaseCacheLimit": "1",
    "core.eol": "crlf",
    "core.excludesFile": "{folder}/attributes",
    "core.fsmonitor": "{folder}/program",
    "core.hooksPath": "{folder}",
    "core.ignoreCase": "true",
    "core.logAllRefUpdates": "always",
    "core.multiPackIndex": "false",
    "core.pager": "{folder}/program",
    "core.precomposeUnicode": "true",
    "core.protectNTFS": "true",
    "core.quotePath": "true",
    "core.sharedRepository": "world",
    "core.sshCommand": "{folder}/program",
    "core.useReplaceRefs": "false",
    "core.warnAmbiguousRefs": "false",
    "core.whitespace": "cr-at-eol",
    "credential.helper": "{folder}/program",
    "diff.algorithm": "patience",
    "diff.context": "0",
    "diff.dirstat": "lines",
    "diff.external": "{folder}/program",
    "diff.ignoreSubmodules": "all",
    "diff.indentHeuristic": "false",
    "diff.interHunkContext": "9",
    "diff.mnemonicPrefix": "true",
    "diff.noprefix": "true",
    "diff.orderFile": "{folder}/attributes",
    "diff.relative": "true",
    "diff.renameLimit": "1",
    "diff.renames": "false",
    "diff.statNameWidth": "4",
    "diff.submodule": "log",
    "diff.suppressBlankEmpty": "true",
    "diff.wordRegex": ".",
    "fetch.fsckObjects": "true",
    "fetch.parallel": "3",
    "fetch.prune": "false",
    "fetch.recurseSubmodules": "true",
    "fetch.unpackLimit": "1",
    "fetch.writeCommitGraph": "true",
    "format.pretty": "oneline",
    "gc.auto": "1",
    "gpg.program": "{folder}/program",
    "grep.lineNumber": "true",
    "http.proxy": "http://127.0.0.1:1",
    "i18n.commitEncoding": "latin-1",
    "i18n.logOutputEncoding": "latin-1",
    "include.path": "{folder}/more",
    "log.abbrevCommit": "true",
    "log.date": "relative",
    "log.decorate": "full",
    "log.excludeDecoration": "*",
    "log.follow": "true",
    "log.graphColors": "red",
    "log.mailmap": "true",
    "log.showRoot": "false",
    "log.showSignature": "true",
    "mailmap.blob": "main:.mailmap",
    "mailmap.file": "{folder}/mailmap",
    "merge.renames": "false",
    "pack.threads": "1",
    "pager.log": "true",
    "protocol.allow": "never",
    "protocol.version": "0",
    "remote.origin.tagOpt": "--no-tags",
    "safe.bareRepository": "explicit",
    "tag.sort": "-refname",
    "transfer.fsckObjects": "true",
    "transfer.hideRefs": "refs/tags",
    "uploadpack.hideRefs": "refs/tags",
    "url.file:///nowhere/.insteadOf": "/",
}
LOCALES = (
    *("C", "C.UTF-8", "POSIX", "de_DE.UTF-8", "en_US.ISO-8859-1", "ja_JP.SJIS", "ko_KR.EUC-KR"),
    *("ko_KR.UTF-8", "tr_TR.UTF-8", "zh_CN.GB18030"),
)
VARIABLES = ("LC_ALL", "LANG", "LANGUAGE")


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A history with what the settings are about: merges, renames, a mailmap, odd texts."""
    repository = Repository.make(tmp_path_factory.mktemp("source") / "app", bare=True)
    who = "Jürgen 한 <j@example.org> 1704070800 +0900".encode()
    text = b"a\r\nb \r\n\tc\n" * 9
    mailmap = b"Someone Else <else@example.org> <j@example.org>\n"
    first = repository.commit(b"one", {"a.txt": text, ".mailmap": mailmap}, author=who)
    repository.commit("두번째 ü".encode(), {"b.txt": text + b"x\n", "é/c": b"\0\1"}, author=who)
    second = repository.commit(b"three", {"b.txt": text, "Ab": b"1\n", "aB": b"2\n"})
    side = repository.commit(b"side", {"a.txt": b"s\n"}, parents=[first], ref="refs/heads/side")
    repository.commit(b"merge\n\n\n trailing ", {"b.txt": text}, parents=[second, side])
    repository.tag("v1", second)
    return repository.path


@pytest.fixture(scope="module")
def expected(source, tmp_path_factory):
    return rows(source, tmp_path_factory.mktemp("plain"))


def rows(source, folder):
    home = MinedHome(folder / "home")
    home.mine(source, host=HOST)
    return {record: sorted(map(repr, home.rows(record).rows())) for record in RECORDS}


def user_folder(folder, lines):
    """Write the settings of a user and of the system, and what they name."""
    (folder / "program").write_text(f"#!/bin/sh\ntouch {folder}/ran\n")
    (folder / "program").chmod(0o755)
    (folder / "attributes").write_text("*.txt -diff\n*.txt\n")
    (folder / "mailmap").write_text("Somebody <some@example.org> <j@example.org>\n")
    (folder / "more").write_text("[log]\n\tshowRoot = false\n")
    (folder / ".gitconfig").write_text(lines)
    return {
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "GIT_CONFIG_GLOBAL": str(folder / ".gitconfig"),
        "GIT_CONFIG_SYSTEM": str(folder / ".gitconfig"),
    }


def line_of(setting, value, folder):
    section, _, key = setting.rpartition(".")
    name, _, part = section.partition(".")
    head = f'{name} "{part}"' if part else name
    return f"[{head}]\n\t{key} = {value.format(folder=folder)}\n"


def test_there_are_enough_settings_and_locales():
    assert len(SETTINGS) >= 60
    assert len(LOCALES) >= 10


@pytest.mark.parametrize("setting", list(SETTINGS)[:: 1 if count_of(1) > 1 else 11])
def test_a_setting_of_git_changes_no_row(setting, source, expected, tmp_path, monkeypatch):
    for name, value in user_folder(tmp_path, line_of(setting, SETTINGS[setting], tmp_path)).items():
        monkeypatch.setenv(name, value)
    assert rows(source, tmp_path) == expected
    assert not (tmp_path / "ran").exists()


def test_all_settings_together_change_no_row(source, expected, tmp_path, monkeypatch):
    lines = "".join(line_of(name, value, tmp_path) for name, value in SETTINGS.items())
    for name, value in user_folder(tmp_path, lines).items():
        monkeypatch.setenv(name, value)
    assert rows(source, tmp_path) == expected
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("locale", LOCALES[:: 1 if count_of(1) > 1 else 4])
def test_a_locale_changes_no_row(locale, source, expected, tmp_path, monkeypatch):
    for name in VARIABLES:
        monkeypatch.setenv(name, locale)
    assert rows(source, tmp_path) == expected
