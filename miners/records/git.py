"""Records of Git repositories."""

from __future__ import annotations

from miners.records.schema import BOOLEAN, BYTES, INSTANT, INTEGER, TEXT, Field, Record

REPOSITORIES = Record(
    name="repositories",
    meaning="A Git repository as observed.",
    key=(),
    is_versioned=True,
    fields=(
        Field("name", TEXT, "Short name for people."),
        Field("location", TEXT, "URL or path it is read from, without credentials."),
        Field("object_format", TEXT, "Hash function of its objects: sha1 or sha256."),
        Field("default_branch", TEXT, "Full ref of the default branch; null if there is none."),
        Field("default_branch_hash", TEXT, "Commit at its tip or a detached HEAD; null if none."),
        Field("is_empty", BOOLEAN, "Whether it has no commit."),
        Field("mailmap_hash", TEXT, "Blob of .mailmap at that commit; null if there is none."),
        Field("default_branch_evidence", TEXT, "How the default branch was chosen; null if none."),
        Field("attributes_hash", TEXT, "Hash of its path attributes; null if there are none."),
    ),
)

COMMITS = Record(
    name="commits",
    meaning="A commit object, decoded.",
    key=("commit_hash",),
    fields=(
        Field("commit_hash", TEXT, "Object name of the commit, in hexadecimal."),
        Field("tree_hash", TEXT, "Object name of its tree."),
        Field("parent_hashes", TEXT, "Its parents in order, separated by spaces; empty: root."),
        Field("author_name", TEXT, "Author's name as recorded."),
        Field("author_email", TEXT, "Author's e-mail address as recorded."),
        Field("authored_at", INSTANT, "When it was written (UTC); null if not a usable time."),
        Field("author_offset_minutes", INTEGER, "Author's zone offset from UTC in minutes."),
        Field("committer_name", TEXT, "Committer's name as recorded."),
        Field("committer_email", TEXT, "Committer's e-mail address as recorded."),
        Field("committed_at", INSTANT, "When it was committed (UTC); null if not a usable time."),
        Field("committer_offset_minutes", INTEGER, "Committer's zone offset from UTC in minutes."),
        Field("subject", TEXT, "First paragraph of the message, on one line."),
        Field("body", TEXT, "Rest of the message; empty if there is none."),
        Field("encoding", TEXT, "Encoding the commit declares; null means UTF-8."),
        Field("is_signed", BOOLEAN, "Whether a signature is present; it is not verified."),
        Field("anomalies", TEXT, "Its anomalies, as words separated by a space; else null."),
        Field("object_bytes", BYTES, "The whole object if text or times are anomalous; else null."),
    ),
)

COMMIT_TRAILERS = Record(
    name="commit_trailers",
    meaning="A trailer line of a commit message, such as Co-authored-by.",
    key=("commit_hash", "trailer_number"),
    fields=(
        Field("commit_hash", TEXT, "Object name of the commit, in hexadecimal."),
        Field("trailer_number", INTEGER, "Position in the message, from 1."),
        Field("token", TEXT, "Key before the separator, as written."),
        Field("value", TEXT, "Value after the separator, unfolded to one line."),
    ),
)

COMMIT_FILES = Record(
    name="commit_files",
    meaning="A file changed by a commit against its parent, or against nothing for a root.",
    key=("commit_hash", "file_number"),
    fields=(
        Field("commit_hash", TEXT, "Object name of the commit, in hexadecimal."),
        Field("file_number", INTEGER, "Position in git's order of paths, from 1."),
        Field("path", TEXT, "Path after the change; bytes that are not UTF-8 read \\xNN."),
        Field("path_bytes", BYTES, "The path's bytes where they are not UTF-8; else null."),
        Field("old_path", TEXT, "Path before a rename or copy; else null."),
        Field("old_path_bytes", BYTES, "The old path's bytes where they are not UTF-8; else null."),
        Field("change", TEXT, "added, deleted, modified, renamed, copied or type_changed."),
        Field("file_kind", TEXT, "file, executable, symlink or submodule, after the change."),
        Field("lines_added", INTEGER, "Lines added; null for a binary file."),
        Field("lines_deleted", INTEGER, "Lines deleted; null for a binary file."),
        Field("is_binary", BOOLEAN, "Whether git counts no lines because the file is binary."),
    ),
)

REFS = Record(
    name="refs",
    meaning="Where a branch, tag, change request head or HEAD pointed.",
    key=("ref_name",),
    is_versioned=True,
    fields=(
        Field("ref_name", TEXT, "Full name of the ref, or HEAD."),
        Field("ref_kind", TEXT, "head, branch, tag, change_request, notes or other."),
        Field("target_hash", TEXT, "Object it pointed to; null once it is deleted."),
        Field("commit_hash", TEXT, "Commit of that object; null if deleted or not a commit."),
        Field("symbolic_target", TEXT, "Ref that it points to (HEAD only); else null."),
    ),
)

AI_NOTES = Record(
    name="ai_notes",
    meaning="A note of refs/notes/ai, with which a tool discloses the AI agents of a commit.",
    key=("commit_hash",),
    is_versioned=True,
    fields=(
        Field("commit_hash", TEXT, "Object name of the commit that it is about."),
        Field("note_hash", TEXT, "Blob of the note; null once it was removed."),
        Field(
            "agents",
            TEXT,
            "AI agents that it names, as a sorted JSON array, which may be empty; null if it was "
            "removed or has another form.",
        ),
    ),
)

TAGS = Record(
    name="tags",
    meaning="An annotated tag object, decoded.",
    key=("tag_hash",),
    fields=(
        Field("tag_hash", TEXT, "Object name of the tag, in hexadecimal."),
        Field("tag_name", TEXT, "Name in the tag object."),
        Field("target_hash", TEXT, "Object that it tags."),
        Field("target_kind", TEXT, "commit, tag, tree or blob."),
        Field("tagger_name", TEXT, "Tagger's name as recorded; null if absent."),
        Field("tagger_email", TEXT, "Tagger's e-mail address as recorded; null if absent."),
        Field("tagged_at", INSTANT, "When it was tagged (UTC); null if absent or not usable."),
        Field("tagger_offset_minutes", INTEGER, "Tagger's zone offset from UTC in minutes."),
        Field("message", TEXT, "The tag's message, without a signature."),
        Field("is_signed", BOOLEAN, "Whether a signature is present; it is not verified."),
        Field("anomalies", TEXT, "Its anomalies, as words separated by a space; else null."),
        Field("object_bytes", BYTES, "The whole object if text or times are anomalous; else null."),
    ),
)

REACHABILITY = Record(
    name="reachability",
    meaning="Whether a commit could be reached from the default branch, or from any ref.",
    key=("scope", "commit_hash"),
    is_versioned=True,
    fields=(
        Field("scope", TEXT, "default_branch or any_ref."),
        Field("commit_hash", TEXT, "Object name of the commit, in hexadecimal."),
        Field("is_reachable", BOOLEAN, "Whether it could be reached when observed."),
    ),
)

MAILMAP_ENTRIES = Record(
    name="mailmap_entries",
    meaning="A line of a .mailmap file.",
    key=("mailmap_hash", "line_number"),
    fields=(
        Field("mailmap_hash", TEXT, "Blob of the .mailmap that has it."),
        Field("line_number", INTEGER, "Line in the file, from 1."),
        Field("proper_name", TEXT, "Name to show; null keeps the recorded one."),
        Field("proper_email", TEXT, "Address to show; null keeps the recorded one."),
        Field("commit_name", TEXT, "Recorded name it applies to; null applies to any."),
        Field("commit_email", TEXT, "Recorded address it applies to."),
    ),
)

PATH_ATTRIBUTES = Record(
    name="path_attributes",
    meaning="A line of a .gitattributes file that calls paths generated or vendored, or not.",
    key=("attributes_hash", "line_number"),
    fields=(
        Field("attributes_hash", TEXT, "Hash of all lines that were read at one commit."),
        Field("line_number", INTEGER, "Precedence, from 1: the last line that matches applies."),
        Field("attribute", TEXT, "linguist-generated or linguist-vendored."),
        Field("is_set", BOOLEAN, "Whether it is set; null where the line makes it unspecified."),
        Field("prefix", TEXT, "Beginning of every path that matches."),
        Field("suffix", TEXT, "End of every path that matches."),
        Field("expression", TEXT, "Regular expression (RE2) of the whole path."),
    ),
)
