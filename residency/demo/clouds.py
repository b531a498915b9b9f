"""The three clouds of the demonstration: an emulator of each with its estate, and the connector that reads it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from residency.connectors.interface import Connector, Scope
from residency.errors import Problem, UserError

# What the auditor of the AWS account may not read, so that the report shows an honest gap.
DENIED = "backup:*"


@dataclass(frozen=True, slots=True)
class Cloud:
    """A connector that is pointed at an emulator, and what it is asked for."""

    connector: Connector
    scope: Scope


@contextmanager
def three_clouds() -> Iterator[tuple[Cloud, ...]]:
    """AWS, Google Cloud and Azure, answering until the block ends. Raises `UserError` when something that they need is
    not installed."""
    with ExitStack() as stack:
        try:
            yield _aws(stack), _google(stack), _azure(stack)
        except ImportError as error:
            remedy = "Install it: pip install 'residency[demo]'."
            raise UserError(Problem(f"the demonstration needs {error.name}.", remedy=remedy)) from None


def _aws(stack: ExitStack) -> Cloud:
    from residency.connectors.aws.connector import AwsConnector
    from residency.connectors.aws.permissions import iam_policy
    from residency.demo.emulator import local_aws
    from residency.demo.estate import REGIONS, seed

    aws = stack.enter_context(local_aws())
    seed(aws.client)
    # One call at a time: the emulator is in this process, and many first calls at once make it load each service many
    # times over.
    return Cloud(AwsConnector(environment=aws.auditor(iam_policy(), DENIED)), Scope(regions=REGIONS, jobs=1))


def _google(stack: ExitStack) -> Cloud:
    from residency.connectors.gcp.connector import GcpConnector
    from residency.demo.google_emulator import LocalGoogle, running
    from residency.demo.google_estate import ASSETS, FOLDERS, TITLES

    google = stack.enter_context(running(LocalGoogle(organizations=TITLES, folders=FOLDERS, items=ASSETS)))
    return Cloud(GcpConnector(environment=google.environment()), Scope(jobs=4))


def _azure(stack: ExitStack) -> Cloud:
    from residency.connectors.azure.connector import AzureConnector
    from residency.demo.azure_emulator import running
    from residency.demo.azure_hub import hub

    azure = stack.enter_context(running(hub()))
    return Cloud(AzureConnector(environment=azure.environment()), Scope(jobs=4))
