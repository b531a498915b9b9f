"""Lists of assets, several side by side, handed on page by page so that none is ever held whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from residency.connectors.gcp.asset import Asset, asset_of
from residency.connectors.gcp.calls import ASSETS, Google
from residency.connectors.gcp.errors import CallFailed
from residency.connectors.interface import Progress
from residency.connectors.merged import merged
from residency.errors import UserError
from residency.model import Status

# The quota of ListAssets is 100 calls a minute.
_MOST_AT_ONCE = 8
# Pages that wait to be read: a list that is faster than the reader waits for it.
_PAGES_WAITING = 4


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
        for parent, page in merged([partial(self._pages, parent) for parent in parents], self._jobs, _PAGES_WAITING):
            self.owners[parent] |= {asset.owner for asset in page if asset.owner}
            yield from page

    def _pages(self, parent: str) -> Iterator[tuple[str, list[Asset]]]:
        try:
            for page in self._google.assets(parent):
                yield parent, [asset_of(item, ASSETS.name) for item in page]
        except CallFailed as failure:
            self.failures[parent] = failure
        except UserError:
            raise
        except Exception as error:  # noqa: BLE001  (whatever goes wrong, the list was not read to its end)
            reason = f"unreadable answer ({type(error).__name__})"
            self.failures[parent] = CallFailed(Status.UNREACHABLE, reason, f"{ASSETS.name} {parent}")
        ended = self.failures.get(parent)
        self._progress.done(f"{parent} * cloudasset", "" if ended is None else str(ended.status))

