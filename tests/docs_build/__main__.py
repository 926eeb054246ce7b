"""
Write the generated pages, and list the missing translations.

The README's transcript, METRICS.md, the catalogues, and the pages that the tests compare.

    python -m tests.docs_build
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.docs_build.licenses import LICENSES, licenses_page
from tests.docs_build.messages import TRANSLATED, renew_catalogues, untranslated
from tests.docs_build.pages import (
    METRICS,
    README,
    masked,
    metrics_page,
    transcript,
    with_transcript,
)
from tests.support.expected.pages import WRITES_PAGES


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        made = transcript(Path(scratch))
    _renew_readme(made)
    METRICS.write_text(metrics_page(), "utf-8")
    LICENSES.write_text(licenses_page(), "utf-8")
    renew_catalogues()
    _write_pages()
    for code in TRANSLATED:
        missing = untranslated(code)
        print(f"{code}: texts without a translation, shown in English: {len(missing)}")
        print(*(f"  {text}\n" for text in missing), sep="", end="")


def _write_pages():
    """Run the tests that compare pages; each writes its page first."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-m", "page", "tests"]
    subprocess.run(command, env={**os.environ, WRITES_PAGES: "1"}, check=True)


def _renew_readme(made):
    """Write the transcript, unless it differs only in what differs in every run."""
    before = README.read_text("utf-8")
    after = with_transcript(before, made)
    if masked(after) != masked(before):
        README.write_text(after, "utf-8")


if __name__ == "__main__":
    main()
