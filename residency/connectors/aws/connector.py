"""The live source `aws`."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from residency.connectors.aws.settings import AwsSettings
from residency.connectors.interface import Progress, Scope
from residency.errors import Problem, UserError
from residency.model import Coverage, Row, Status

if TYPE_CHECKING:
    from residency.connectors.aws.caller import Caller
    from residency.connectors.aws.members import Login
    from residency.connectors.aws.session import AwsSession
    from residency.connectors.aws.wire import Patience

_FIRST_REGION = "us-east-1"


class AwsConnector:
    """Reads AWS accounts with list and describe calls in every region that they have switched on.

    `environment` replaces the variables of the process. The client library is imported when something is read.
    """

    id = "aws"

    def __init__(
        self,
        profile: str | None = None,
        environment: Mapping[str, str] | None = None,
        patience: Patience | None = None,
        settings: AwsSettings | None = None,
    ) -> None:
        self._settings = settings or AwsSettings()
        self._profiles: list[str | None] = [profile] if profile else [*self._settings.profiles] or [None]
        self._environment = environment
        self._patience = patience
        self._sessions: dict[str | None, AwsSession] = {}

    def collect(self, scope: Scope, progress: Progress) -> Iterator[Row]:
        """Yield the accounts, what is in them, where that is, and what could not be read."""
        from residency.connectors.aws.collect import Limits, Run
        from residency.connectors.aws.collector import collectors
        from residency.connectors.aws.members import find_members

        stopped = threading.Event()
        end = float("inf") if scope.deadline is None else time.monotonic() + scope.deadline
        logins, gaps = self._logins(scope, stopped, end)
        yield from gaps
        if not logins:
            return
        if self._settings.config_aggregator is not None:
            from residency.connectors.aws.config_items.aggregator import read_aggregator

            yield from read_aggregator(logins[0], self._settings.config_aggregator, scope, progress)
            return
        roll = find_members(logins, self._settings, scope.accounts)
        limits = Limits(scope.jobs, end, stopped, frozenset(self._settings.allowed_regions))
        with nullcontext(scope.keep) if scope.keep else TemporaryDirectory(prefix="residency-") as folder:
            yield from Run(roll, collectors(), scope.regions, limits, Path(folder), progress).rows()

    def endpoint(self) -> str | None:
        """The endpoint of an emulator that the configuration names, or `None` when AWS itself is read."""
        from residency.connectors.aws.collector import collectors

        services = ("sts", *(entry.service for entry in collectors()))
        sessions = [self._session(profile) for profile in self._profiles]
        told = (session.endpoint(service) for session in sessions for service in services)
        return next((url for url in told if url is not None), None)

    def _session(self, profile: str | None) -> AwsSession:
        if profile not in self._sessions:
            from residency.connectors.aws.session import AwsSession

            self._sessions[profile] = AwsSession(profile, self._environment)
        return self._sessions[profile]

    def _logins(self, scope: Scope, stopped: threading.Event, end: float) -> tuple[list[Login], list[Coverage]]:
        """The profiles that work. Of several, one that does not is a gap. Raises `UserError` when none does."""
        logins: list[Login] = []
        gaps: list[Coverage] = []
        problems: list[Problem] = []
        for profile in self._profiles:
            try:
                login, gap = self._login(profile, scope, stopped, end)
            except UserError as error:
                if len(self._profiles) == 1:
                    raise
                problems += error.problems
                gaps.append(Coverage("aws", f"profile {profile}", "*", "*", Status.DENIED, str(error)))
            else:
                logins += [] if login is None else [login]
                gaps += [] if gap is None else [gap]
        if len(problems) == len(self._profiles):
            raise UserError(*problems)
        return logins, gaps

    def _login(
        self, profile: str | None, scope: Scope, stopped: threading.Event, end: float
    ) -> tuple[Login | None, Coverage | None]:
        from residency.connectors.aws.caller import Caller
        from residency.connectors.aws.errors import CallFailed
        from residency.connectors.aws.identity import assumed_identity, identify
        from residency.connectors.aws.members import Login
        from residency.connectors.aws.wire import Patience, Wire

        session = self._session(profile)
        patience = self._patience or Patience()
        caller = Caller(Wire(session, scope.jobs, patience), patience, stopped=stopped, end=end)
        region = session.region or _first_region(caller, scope)
        try:
            return Login(caller, identify(caller, region)), None
        except CallFailed as failure:
            here = assumed_identity(caller, session.account, region)
            told = str(failure) if here is not None else f"{failure}; whose the credentials are is not known"
            gap = Coverage("aws", session.account or "*", "*", "sts", failure.status, told)
            return None if here is None else Login(caller, here), gap


def _first_region(caller: Caller, scope: Scope) -> str:
    """Where to ask who we are when the configuration names no region: one that is asked for, if AWS has it."""
    known = {region for entry in caller.wire.parts.partitions["partitions"] for region in entry["regions"]}
    return next((region for region in scope.regions if region in known), _FIRST_REGION)
