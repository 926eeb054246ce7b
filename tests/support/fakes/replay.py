"""Replay server in this process: tracker dumps with clock and faults."""

from __future__ import annotations

import importlib
import marshal
import os
import re
import subprocess
import sys
import threading
import warnings
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path

import polars as pl
import pytest
from filelock import FileLock

from miners import store
from miners.plan import HostEnvironment, MiningPlan
from miners.records import RECORDS
from miners.tracker.address import Host, TrackerSource, tracker_id
from miners.tracker.mine import mine_tracker
from tests.support.fakes.still_lists import StillLists
from tests.support.running.tracker_homes import GITHUB, GITLAB

SHARED = Path(__file__).parents[4] / "shared"
FIRST_DAY = datetime(2026, 9, 1, tzinfo=UTC)
TOKEN = "a-token-of-the-tests"
NEXT = 'rel="next"'


def server_module():
    """Import the replay server from the folder next to the checkout."""
    folder = SHARED / "replay_server"
    if not (folder / "replay.py").is_file():
        pytest.skip(f"there is no replay server at {folder}")
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    module = importlib.import_module("replay")
    if not hasattr(module.parse_iso, "cache_info"):
        # It reads the same times, and corrects the same dump, again for every page and view.
        module.parse_iso = cache(module.parse_iso)
        module.Dataset._fix = _corrected_once(module.Dataset._fix)
    return module


def _corrected_once(fix):
    def corrected(dataset, version):
        kept = vars(dataset).setdefault("mended", {})
        if version not in kept:
            kept[version] = marshal.dumps(fix(dataset, version))
        return marshal.loads(kept[version])

    return corrected


def dataset(name, temporary, *, has_git=False):
    """Unpack a handed-out dataset under a folder, once for all processes that share the folder."""
    handed_out, folder = SHARED / "data" / name, temporary / "datasets" / name
    if not handed_out.is_dir():
        pytest.skip(f"there is no dataset at {handed_out}")
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.parent / f"{name}.lock"):
        for path in handed_out.glob("*.json*"):
            if not (folder / path.name).exists():
                (folder / path.name).symlink_to(path)
        if has_git and not (folder / "git").exists():
            bundle = str(handed_out / "git.bundle")
            command = ["git", "clone", "--quiet", "--mirror", bundle, str(folder / "git.new")]
            subprocess.run(command, check=True)
            (folder / "git.new").rename(folder / "git")
    return folder


class Replay:
    """
    A running replay server.

    Beyond the server's own settings: page_size caps every page, hole puts an empty page in front
    of the page of that number, deepest refuses pages whose last entry would be beyond it, has_last
    says whether lists say where they end; before_answer is called ahead of every answer.
    """

    def __init__(self, *folders, is_still=False, **config):
        self.is_still = is_still
        self._module = server_module()
        settings = {"rate_limit": 10**7, "gl_rate_limit": 10**7, "gzip": False, **config}
        with warnings.catch_warnings():
            # It leaves the files that it has read for Python to close.
            warnings.simplefilter("ignore", ResourceWarning)
            paths = [str(folder) for folder in folders]
            self.server = self._module.serve(paths, port=0, **settings)
        self.state = self.server.state
        self.page_size, self.hole, self.deepest, self.has_last = 100, None, None, True
        self.before_answer = lambda _path: None
        self.server.RequestHandlerClass = self._handler(self.server.RequestHandlerClass)
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def tracker(self):
        """The first dataset: its items, and its clock in seconds."""
        return next(iter(self.state.ds.values()))

    @property
    def log(self):
        return self.state.log

    def clear(self):
        """Forget the log and take away all faults."""
        self.state.log.clear()
        self.state.faults.clear()

    def set_clock(self, moment):
        for tracker in self.state.ds.values():
            tracker.clock = moment

    def fault(self, match, action, when=None, times=None):
        """Answer some of the requests whose path matches in another way."""
        fault = {"id": match, "match": match, "action": action, "when": when or {}}
        self.state.faults.append(fault | ({} if times is None else {"times": times}))

    def counts(self):
        """Count requests by path, without its numbers, and by status."""
        paths = (re.sub(r"/\d+", "/N", entry["path"]) for entry in self.log)
        return Counter(zip(paths, (entry["status"] for entry in self.log), strict=True))

    def source(self, kind=GITHUB, **options):
        return tracker_source(self.origin, self.tracker.full, kind, **options)

    @cached_property
    def still(self):
        return StillLists(self.tracker)

    def _handler(self, base):
        replay, reply = self, self._module.Reply

        class Handler(base):
            def pageargs(self, default=30, maxi=100):
                page, size = super().pageargs(default, maxi)
                size = min(size, replay.page_size)
                if replay.deepest and page * size > replay.deepest:
                    raise reply(422, {"message": "Pagination is limited for this resource."})
                if replay.hole and "after" not in self.q and page == replay.hole:
                    raise reply(200, [], {"Link": f"<{self.origin}/next>; {NEXT}"})
                return page - bool(replay.hole and page > replay.hole), size

            def gh(self, path):
                with replay.state.lock:
                    replay.before_answer(path)
                super().gh(path)

            def gl(self, path):
                with replay.state.lock:
                    replay.before_answer(path)
                super().gl(path)

            def gh_route(self, path, headers):
                found = replay.is_still and replay.still.find(path, self.q)
                if not found:
                    return super().gh_route(path, headers)
                return self.gh_list(replay.tracker, *found)

            def send(self, answer):
                if not replay.has_last and "Link" in answer.headers:
                    links = answer.headers["Link"].split(", ")
                    kept = [link for link in links if 'rel="last"' not in link]
                    answer.headers["Link"] = ", ".join(kept)
                super().send(answer)

        return Handler


def tracker_source(origin, path, kind=GITHUB, name=None, **options):
    """Name the tracker of a repository that is served at an origin."""
    api = f"{origin}/api/v4" if kind == GITLAB else origin
    host = Host(name="replay.example", kind=kind, api=api, token=TOKEN)
    repository = f"https://replay.example/{name or path}"
    return TrackerSource(
        id=tracker_id(repository), name=path, host=host, path=path, repository=repository, **options
    )


def plan(home, day=1, **options):
    observed_at = FIRST_DAY + timedelta(days=day)
    environment = HostEnvironment({})
    return MiningPlan(
        store=home / "store",
        mirrors=home / "mirrors",
        run_id=f"run-{day}",
        observed_at=observed_at,
        host=environment,
        **options,
    )


def mine(source, home, day=1, **options):
    """Mine a tracker into a home folder on a day of its own."""
    return mine_tracker(source, plan(home, day, **options), lambda *_: None)


def versions(home, source, record, day=None):
    """List every version of a record that was observed until a day: key and typed columns."""
    schema = RECORDS[record]
    columns = [field.name for field in schema.fields if field.name != "payload"]
    places = [columns.index(name) for name in schema.key]
    until = FIRST_DAY + timedelta(days=9_999 if day is None else day)
    paths = [
        path
        for batch in store.batches(home / "store", source.id)
        for path in batch.paths(record)
        if batch.receipt.observed_at <= until
    ]
    rows = (row for path in paths for row in pl.read_parquet(path, columns=columns).iter_rows())
    return [(tuple(row[place] for place in places), row) for row in rows]


def newest(home, source, record, day=None):
    """Read the newest version of each row of a record: a dictionary of its typed columns by key."""
    names = [field.name for field in RECORDS[record].fields if field.name != "payload"]
    found = dict(versions(home, source, record, day))
    return {key: dict(zip(names, row, strict=True)) for key, row in found.items()}


def live(home, source, day=None):
    """Read all that is there by the newest version: without what is deleted, or belongs to it."""
    tombstones = newest(home, source, "tombstones", day).values()
    buried = {(row["record"], row["record_key"]) for row in tombstones if row["is_gone"]}
    read = {}
    for record in sorted(RECORDS.keys() - {"tombstones"}):
        rows = newest(home, source, record, day)
        read[record] = {
            key: row
            for key, row in rows.items()
            if (record, "/".join(map(str, key))) not in buried and _owner(row) not in buried
        }
    return {record: rows for record, rows in read.items() if rows}


def _owner(row):
    if "item_kind" in row:
        return f"{row['item_kind']}s", str(row["item_number"])
    return "change_requests", str(row.get("change_request_number"))


def shared_folder(tmp_path_factory):
    """Name the folder that all processes of one run of the tests share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
