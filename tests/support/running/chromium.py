"""Drive a page in headless Chromium, where it is installed."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.support.running.clocks import HANG_SECONDS

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
# The page is in a frame of this one, of the same server: its script does what a reader would.
DRIVER = """<!doctype html><meta charset="utf-8"><body style="margin:0">
<iframe id="frame" style="width:{width}px;height:900px;border:0"></iframe><pre id="result"></pre>
<script>
const frame = document.getElementById("frame");
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
frame.onload = async () => {{
  const page = frame.contentDocument, view = frame.contentWindow, result = {{}};
  try {{ {script} }} catch (error) {{ result.error = String(error.stack); }}
  document.getElementById("result").textContent = JSON.stringify(result);
}};
frame.src = "{page}";
</script>"""


def driven(folder, page, script, *, width=1200, is_dark=False):
    """Return what a script noted in `result` about a page of a folder."""
    text = DRIVER.format(page=page, script=script, width=width)
    (folder / "driver.html").write_text(text, "utf-8")
    with served(folder) as address:
        command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        command += ["--blink-settings=preferredColorScheme=0"] if is_dark else []
        command += ["--virtual-time-budget=20000", "--dump-dom", f"{address}/driver.html"]
        done = subprocess.run(command, capture_output=True, timeout=3 * HANG_SECONDS, check=False)
    found = re.search(r'<pre id="result">(.*?)</pre>', done.stdout.decode(), re.DOTALL)
    assert found, done.stderr.decode()[-2000:]
    return json.loads(html.unescape(found[1]))


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Print nothing."""


@contextmanager
def served(folder):
    """Serve a folder on the loopback address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
