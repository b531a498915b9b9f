"""The live source `aws`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from residency.connectors.aws.place import Place, offer_of
from residency.connectors.interface import Progress, Scope
from residency.errors import Problem, UserError
from residency.model import Account, Row

if TYPE_CHECKING:
    from residency.connectors.aws.caller import Caller
    from residency.connectors.aws.session import AwsSession
    from residency.connectors.aws.wire import Patience

_FIRST_REGION = "us-east-1"


class AwsConnector:
    """Reads one AWS account with list and describe calls in every region it has switched on.

    `environment` replaces the variables of the process. The client library is imported when something is read.
    """

    id = "aws"

    def __init__(
        self,
        profile: str | None = None,
        environment: Mapping[str, str] | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._profile = profile
        self._environment = environment
        self._patience = patience
        self._session: AwsSession | None = None

    def collect(self, scope: Scope, progress: Progress) -> Iterator[Row]:
        """Yield the account, what is in it, where that is, and what could not be read."""
        from residency.connectors.aws.caller import Caller
        from residency.connectors.aws.collect import Run
        from residency.connectors.aws.collector import collectors
        from residency.connectors.aws.control_plane import control_plane
        from residency.connectors.aws.identity import identify
        from residency.connectors.aws.regions import find_regions
        from residency.connectors.aws.wire import Patience, Wire

        session = self._connected()
        patience = self._patience or Patience()
        caller = Caller(Wire(session, scope.jobs, patience), patience)
        here = identify(caller, session.region or _first_region(caller, scope))
        _check_account(here, scope)
        regions = find_regions(caller, here)
        caller.enabled = regions.on
        run = Run(caller, here, regions, scope.regions, progress)
        yield Account("aws", offer_of(here.partition, here.region), here.account)
        yield from control_plane(here)
        yield from run.rows(collectors(), scope.jobs)

    def endpoint(self) -> str | None:
        """The endpoint of an emulator that the configuration names, or `None` when AWS itself is read."""
        from residency.connectors.aws.collector import collectors

        session = self._connected()
        services = ("sts", *(entry.service for entry in collectors()))
        return next((url for service in services if (url := session.endpoint(service)) is not None), None)

    def _connected(self) -> AwsSession:
        if self._session is None:
            from residency.connectors.aws.session import AwsSession

            self._session = AwsSession(self._profile, self._environment)
        return self._session


def _first_region(caller: Caller, scope: Scope) -> str:
    """Where to ask who we are when the configuration names no region: one that is asked for, if AWS has it."""
    known = {region for entry in caller.wire.parts.partitions["partitions"] for region in entry["regions"]}
    return next((region for region in scope.regions if region in known), _FIRST_REGION)


def _check_account(here: Place, scope: Scope) -> None:
    if scope.accounts and here.account not in scope.accounts:
        asked = ", ".join(scope.accounts)
        raise UserError(
            Problem(
                f"the AWS credentials are those of account {here.account}, not of {asked}.",
                remedy="Use a profile of an account that is asked for.",
            )
        )
