"""Generated parts of the documents, for tests and `make docs`."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from tests.docs_build.orchard import make_orchard
from warehouse.exports.metrics_page import metrics_page

__all__ = ["METRICS", "README", "masked", "metrics_page", "transcript", "with_transcript"]

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
METRICS = ROOT / "docs" / "METRICS.md"
BEGIN = "<!-- transcript: made by `make docs`, compared by the tests -->\n"
END = "<!-- end of transcript -->"
LEAD_TIMES = (
    "select quarter, lead_time_count, round(median_merge_lead_time_hours, 1) as median_hours "
    "from marts.merge_lead_time_quarterly where quarter >= '2024-Q2' order by quarter"
)
COMMANDS = ("quarry run ~/orchard", f'quarry query "{LEAD_TIMES}"')
OBSERVED_SECOND = "1740787200"  # 2025-03-01T00:00:00Z


def transcript(scratch):
    """Run the commands of the README on the example, and write down what they print."""
    make_orchard(scratch / "orchard")
    (scratch / "desk").mkdir()
    blocks = [f"$ {command}\n{_printed(command, scratch)}" for command in COMMANDS]
    return "```console\n" + "\n".join(blocks) + "```\n"


def _printed(command, scratch):
    words = [word.replace("~", str(scratch)) for word in shlex.split(command)]
    program = str(Path(sys.executable).with_name(words[0]))
    done = subprocess.run(
        [program, *words[1:]],
        cwd=scratch / "desk",
        env={"PATH": os.environ["PATH"], "SOURCE_DATE_EPOCH": OBSERVED_SECOND},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    lines = done.stdout.decode().rstrip().split("\n")
    return "".join(f"{line.rstrip()}\n" for line in lines)


def with_transcript(page, made):
    """Put a transcript between the README's marks."""
    before, _, rest = page.partition(BEGIN)
    return before + BEGIN + "\n" + made + "\n" + END + rest.partition(END)[2]


def masked(page):
    """Blank out what differs from run to run: how long it took, and the run's random name."""
    page = re.sub(r"\d+\.\d(?= s\b| +new\b)", "0.0", page)
    return re.sub(r"(Run \w+)-[0-9a-f]{6}", r"\1-000000", page)
