"""The lists that Google Cloud is asked for, the permissions that they need, and how patiently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from residency.errors import Problem, UserError

ENDPOINT = "RESIDENCY_GCP_ENDPOINT"
TRANSPORT = "RESIDENCY_GCP_TRANSPORT"
PAGE = 1000
# The quota of ListAssets of the project that pays for the calls. Source: "Quotas and limits", Cloud Asset Inventory.
A_MINUTE = 100


@dataclass(frozen=True, slots=True)
class Call:
    """A call, as evidence and coverage name it, the permission it needs, and what of an asset it is asked for."""

    name: str
    permission: str
    content: str | None = None


ORGANIZATIONS = Call("cloudresourcemanager:SearchOrganizations", "resourcemanager.organizations.get")
FOLDERS = Call("cloudresourcemanager:SearchFolders", "resourcemanager.folders.get")
PROJECTS = Call("cloudresourcemanager:SearchProjects", "resourcemanager.projects.get")
ASSETS = Call("cloudasset:ListAssets", "cloudasset.assets.listResource", "RESOURCE")
POLICIES = Call("cloudasset:ListAssets", "cloudasset.assets.listIamPolicy", "IAM_POLICY")
CALLS = (ORGANIZATIONS, FOLDERS, PROJECTS, ASSETS, POLICIES)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a call is retried, in seconds: the first pause, the longest, all of it, and one attempt."""

    first: float = 1
    longest: float = 30
    total: float = 120
    attempt: float = 60


def endpoint(environment: Mapping[str, str]) -> str | None:
    """The endpoint of an emulator, or `None` when Google Cloud itself is asked."""
    return environment.get(ENDPOINT) or None


def transport(environment: Mapping[str, str]) -> str:
    """How the calls go: `grpc`, or `rest` for a network that lets only HTTP/1.1 through."""
    told = environment.get(TRANSPORT) or "grpc"
    if told not in ("grpc", "rest"):
        raise UserError(Problem(f"{TRANSPORT} is {told!r}.", remedy="Set it to `grpc` or to `rest`, or not at all."))
    return told
