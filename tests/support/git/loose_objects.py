"""Write Git objects without a process of git."""

from __future__ import annotations

import hashlib
import zlib


def write_object(repository, kind, content):
    """Write a loose object into a bare repository; return its name."""
    whole = b"%s %d\0" % (kind.encode(), len(content)) + content
    name = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
    path = repository / "objects" / name[:2] / name[2:]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(zlib.compress(whole, 1))
    return name


def write_tree(repository, files):
    """Write a tree of files by their names, without folders."""
    blobs = ((path, write_object(repository, "blob", content)) for path, content in files.items())
    entries = (b"100644 %s\0" % path.encode() + bytes.fromhex(blob) for path, blob in sorted(blobs))
    return write_object(repository, "tree", b"".join(entries))


def write_tag(repository, name, commit, tagger):
    """Write an annotated tag of a commit; the tagger is a line of an object, with its time."""
    head = f"object {commit}\ntype commit\ntag {name}\ntagger ".encode()
    return write_object(repository, "tag", head + tagger + b"\n\nIt\n")
