"""Lists of assets, several side by side, handed on page by page so that none is ever held whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from residency.connectors.gcp.asset import Asset, asset_of
from residency.connectors.gcp.calls import Call
from residency.connectors.gcp.errors import CallFailed
from residency.connectors.gcp.wire import Google
from residency.connectors.interface import Progress
from residency.connectors.merged import merged
from residency.errors import UserError
from residency.model import Status

# The quota is 100 calls a minute: more at once only wait for each other.
_MOST_AT_ONCE = 8
# Pages that wait to be read: a list that is faster than the reader waits for it.
_PAGES_WAITING = 4


List = tuple[Call, str]


class Crawl:
    """What is listed below organizations and projects.

    Once `assets` is through, `failures` says of each list that ended early why, and `owners` which projects and folders
    the assets below a parent were in.
    """

    def __init__(self, google: Google, jobs: int, progress: Progress) -> None:
        self._google = google
        self._jobs = max(1, min(jobs, _MOST_AT_ONCE))
        self._progress = progress
        self.failures: dict[List, CallFailed] = {}
        self.owners: dict[str, set[str]] = defaultdict(set)

    def assets(self, lists: list[List]) -> Iterator[Asset]:
        """Every asset of the lists, each of a call and a parent. Raises `UserError` when credentials are refused."""
        self._progress.plan(len(lists))
        for (_, parent), page in merged([partial(self._pages, entry) for entry in lists], self._jobs, _PAGES_WAITING):
            self.owners[parent] |= {asset.owner for asset in page if asset.owner}
            yield from page

    def _pages(self, entry: List) -> Iterator[tuple[List, list[Asset]]]:
        call, parent = entry
        try:
            for page in self._google.assets(call, parent):
                yield entry, [asset_of(item, call.name) for item in page]
        except CallFailed as failure:
            self.failures[entry] = failure
        except UserError:
            raise
        except Exception as error:  # noqa: BLE001  (whatever goes wrong, the list was not read to its end)
            reason = f"unreadable answer ({type(error).__name__})"
            self.failures[entry] = CallFailed(Status.UNREACHABLE, reason, f"{call.name} {parent} {call.content}")
        ended = self.failures.get(entry)
        service = "cloudasset" if call.content == "RESOURCE" else "iam"
        self._progress.done(f"{parent} * {service}", "" if ended is None else str(ended.status))
