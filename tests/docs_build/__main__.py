"""
Write what is made from the program: the README's transcript, METRICS.md, and the catalogues.

    python -m tests.docs_build
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.docs_build.messages import renew_catalogues
from tests.docs_build.pages import METRICS, README, metrics_page, transcript, with_transcript


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        made = transcript(Path(scratch))
    README.write_text(with_transcript(README.read_text("utf-8"), made), "utf-8")
    METRICS.write_text(metrics_page(), "utf-8")
    renew_catalogues()


if __name__ == "__main__":
    main()
