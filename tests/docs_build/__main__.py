"""
Write what is made from the program, and list the texts that are not translated yet.

The README's transcript, METRICS.md, the catalogues, and the reports that the tests compare.

    python -m tests.docs_build
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.docs_build.messages import TRANSLATED, renew_catalogues, untranslated
from tests.docs_build.pages import METRICS, README, metrics_page, transcript, with_transcript
from tests.support.rows.small_reports import golden_file, golden_page, warehouse
from warehouse.report.format.language import LANGUAGES


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        made = transcript(Path(scratch))
        file = warehouse(Path(scratch))
        for language in LANGUAGES:
            golden_file(language).write_text(golden_page(file, language), "utf-8")
    README.write_text(with_transcript(README.read_text("utf-8"), made), "utf-8")
    METRICS.write_text(metrics_page(), "utf-8")
    renew_catalogues()
    for code in TRANSLATED:
        missing = untranslated(code)
        print(f"{code}: texts without a translation, shown in English: {len(missing)}")
        print(*(f"  {text}\n" for text in missing), sep="", end="")


if __name__ == "__main__":
    main()
