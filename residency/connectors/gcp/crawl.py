"""Lists of assets, several side by side, handed on page by page so that none is ever held whole."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, Full, Queue

from residency.connectors.gcp.asset import Asset, asset_of
from residency.connectors.gcp.calls import ASSETS, Google
from residency.connectors.gcp.errors import CallFailed
from residency.connectors.interface import Progress
from residency.errors import UserError
from residency.model import Status

# The quota of ListAssets is 100 calls a minute.
_MOST_AT_ONCE = 8
# Pages that wait to be read: a list that is faster than the reader waits for it.
_PAGES_WAITING = 4
_LOOK_AGAIN = 0.2


class Crawl:
    """What is listed below organizations and projects.

    Once `assets` is through, `failures` says of each parent whose list ended early why, and `owners` which projects
    and folders the assets of that list were in.
    """

    def __init__(self, google: Google, jobs: int, progress: Progress) -> None:
        self._google = google
        self._jobs = max(1, min(jobs, _MOST_AT_ONCE))
        self._progress = progress
        self.failures: dict[str, CallFailed] = {}
        self.owners: dict[str, set[str]] = defaultdict(set)

    def assets(self, parents: list[str]) -> Iterator[Asset]:
        """Every asset below the parents. Raises `UserError` when the credentials are refused."""
        self._progress.plan(len(parents))
        pages: Queue[tuple[str, list[Asset]]] = Queue(_PAGES_WAITING)
        given_up = threading.Event()
        with ThreadPoolExecutor(self._jobs, thread_name_prefix="gcp") as pool:
            lists = [pool.submit(self._list, parent, pages, given_up) for parent in parents]
            try:
                while not (all(entry.done() for entry in lists) and pages.empty()):
                    try:
                        parent, page = pages.get(timeout=_LOOK_AGAIN)
                    except Empty:
                        continue
                    self.owners[parent] |= {asset.owner for asset in page if asset.owner}
                    yield from page
                for entry in lists:
                    entry.result()
            finally:
                given_up.set()

    def _list(self, parent: str, pages: Queue[tuple[str, list[Asset]]], given_up: threading.Event) -> None:
        try:
            for page in self._google.assets(parent):
                _hand_on(pages, (parent, [asset_of(item, ASSETS.name) for item in page]), given_up)
                if given_up.is_set():
                    return
        except CallFailed as failure:
            self.failures[parent] = failure
        except UserError:
            raise
        except Exception as error:  # noqa: BLE001  (whatever goes wrong, the list was not read to its end)
            reason = f"unreadable answer ({type(error).__name__})"
            self.failures[parent] = CallFailed(Status.UNREACHABLE, reason, f"{ASSETS.name} {parent}")
        ended = self.failures.get(parent)
        self._progress.done(f"{parent} * cloudasset", "" if ended is None else str(ended.status))


def _hand_on(pages: Queue[tuple[str, list[Asset]]], page: tuple[str, list[Asset]], given_up: threading.Event) -> None:
    while not given_up.is_set():
        try:
            pages.put(page, timeout=_LOOK_AGAIN)
        except Full:
            continue
        return
