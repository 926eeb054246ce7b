"""Pinned git settings, so that no configuration changes its output."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ENVIRONMENT: Mapping[str, str] = {
    "HOME": "/nonexistent",
    "XDG_CONFIG_HOME": "/nonexistent",
    "LANGUAGE": "C",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_SYSTEM": "/dev/null",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "/bin/false",
    "SSH_ASKPASS": "/bin/false",
    "GIT_SSH_COMMAND": (
        "ssh -F /dev/null -oBatchMode=yes -oStrictHostKeyChecking=yes -oConnectTimeout=20"
    ),
    "GIT_PROTOCOL_FROM_USER": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": "/dev/null",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_PAGER": "cat",
    "GIT_EDITOR": "/bin/false",
    # The output is read as a stream: git need not flush it for each commit.
    "GIT_FLUSH": "0",
    # Each compared file allocates and frees memory: glibc keeps it for the next one.
    "MALLOC_TOP_PAD_": str(64 << 20),
}

# Published histories have these faults permanently. They endanger a checkout at most, and a mirror
# is never checked out. Of all versions of git: one that does not know a name ignores it.
# Source: https://git-scm.com/docs/git-fsck#_fsck_messages
_TOLERATED_FAULTS = (
    "badDate",
    "badDateOverflow",
    "badEmail",
    "badFilemode",
    "badGpgsig",
    "badHeaderContinuation",
    "badName",
    "badTagName",
    "badTimezone",
    "duplicateEntries",
    "emptyName",
    "extraHeaderEntry",
    "fullPathname",
    "gitattributesBlob",
    "gitattributesLarge",
    "gitattributesLineLength",
    "gitattributesMissing",
    "gitattributesSymlink",
    "gitignoreSymlink",
    "gitmodulesBlob",
    "gitmodulesLarge",
    "gitmodulesMissing",
    "gitmodulesName",
    "gitmodulesParse",
    "gitmodulesPath",
    "gitmodulesSymlink",
    "gitmodulesUpdate",
    "gitmodulesUrl",
    "hasDot",
    "hasDotdot",
    "hasDotgit",
    "largePathname",
    "mailmapSymlink",
    "missingAuthor",
    "missingCommitter",
    "missingEmail",
    "missingNameBeforeEmail",
    "missingSpaceBeforeDate",
    "missingSpaceBeforeEmail",
    "missingTag",
    "missingTagEntry",
    "missingTaggerEntry",
    "multipleAuthors",
    "nulInCommit",
    "nullSha1",
    "symlinkTargetBlob",
    "symlinkTargetLength",
    "symlinkTargetMissing",
    "treeNotSorted",
    "zeroPaddedDate",
    "zeroPaddedFilemode",
)
# git refuses some faults whatever its settings are: a fetch that they stop is repeated with these.
WITHOUT_FSCK = ("-c", "transfer.fsckObjects=false")

_SETTINGS: Mapping[str, str] = {
    "advice.graftFileDeprecated": "false",
    "color.ui": "false",
    "core.abbrev": "40",
    "core.askPass": "/bin/false",
    "core.attributesFile": "/dev/null",
    "core.deltaBaseCacheLimit": "32m",
    "core.fsmonitor": "false",
    "core.gitProxy": "",
    "core.hooksPath": "/dev/null",
    "core.quotePath": "false",
    "credential.helper": "",
    "diff.algorithm": "myers",
    # Not 0, with which git cuts off the common end first and sometimes counts other lines.
    "diff.context": "3",
    "diff.interHunkContext": "0",
    "diff.mnemonicPrefix": "false",
    "diff.noprefix": "false",
    "diff.orderFile": "/dev/null",
    "diff.relative": "false",
    # git's own default, so that a hand-run `git diff-tree -M` finds the same renames.
    "diff.renameLimit": "1000",
    "diff.renames": "true",
    "fetch.recurseSubmodules": "false",
    "gc.auto": "0",
    "gpg.program": "/bin/false",
    "http.followRedirects": "false",
    "http.lowSpeedLimit": "1000",
    "http.lowSpeedTime": "30",
    "i18n.logOutputEncoding": "UTF-8",
    "log.mailmap": "false",
    "log.showRoot": "true",
    "log.showSignature": "false",
    "mailmap.blob": "",
    "mailmap.file": "/dev/null",
    "maintenance.auto": "false",
    "protocol.allow": "never",
    "safe.bareRepository": "explicit",
    "submodule.recurse": "false",
    "transfer.fsckObjects": "true",
    **{f"fetch.fsck.{fault}": "warn" for fault in _TOLERATED_FAULTS},
}

FLAGS: tuple[str, ...] = (
    "--no-pager",
    "--no-replace-objects",
    "--literal-pathspecs",
    "--no-optional-locks",
    *(part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")),
)
