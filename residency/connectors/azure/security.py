"""Defender, Sentinel and Security Copilot: where what is watched is written down and looked through."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.azure.item import Item, place, uid_of
from residency.connectors.azure.rows import At, Found, copy, placed, reads, told
from residency.connectors.tells import Tells
from residency.model import Placement, Role, StoresData


@reads(
    "Microsoft.OperationsManagement/solutions", None,
    Tells("properties.workspaceResourceId", Role.PROCESSING, "documented"),
)  # fmt: skip
def solution(item: Item) -> Iterator[Found]:
    """A solution on a workspace. Sentinel keeps what it derives from logs in the geography of the workspace, and is
    itself a service without a region."""
    field = "properties.workspaceResourceId"
    target = item.text(field)
    if target is not None and item.name.lower().startswith("securityinsights"):
        evidence = item.evidence(field, target)
        yield At(Placement(uid_of(target), Role.PROCESSING, None, "sentinel", evidence, target=uid_of(target)))


@reads(
    "Microsoft.SecurityInsights/onboardingStates", None, Tells("id", Role.PROCESSING, "specified")
)  # fmt: skip
def onboarded(item: Item) -> Iterator[Found]:
    """Sentinel, switched on for a workspace without a solution."""
    workspace = item.parent
    yield At(Placement(workspace, Role.PROCESSING, None, "sentinel", item.evidence("id", item.id), target=workspace))


@reads(
    "Microsoft.Security/workspaceSettings", "log-sink", Tells("properties.workspaceId", Role.PRIMARY, "model"),
    Tells("properties.workspaceId", Role.LOG, "model"),
)  # fmt: skip
def defender(item: Item) -> Iterator[Found]:
    """The workspace that Defender writes to for the machines of a subscription."""
    field = "properties.workspaceId"
    yield told(item, location=None)
    if (target := item.text(field)) is not None:
        yield copy(item, Role.PRIMARY, "defender", field, target)
        yield copy(item, Role.LOG, "defender", field, target)


@reads(
    "Microsoft.SecurityCopilot/capacities", "llm", Tells("properties.geo", Role.PRIMARY, "documented"),
    Tells("properties.crossGeoCompute", Role.PROCESSING, "documented"),
)  # fmt: skip
def copilot(item: Item) -> Iterator[Found]:
    """Security Copilot. Where its geography is busy, prompts are worked on anywhere unless that was not allowed
    (Get started with Security Copilot, learn.microsoft.com/copilot/security)."""
    yield told(item, location=place(item.get("properties.geo")), stores=StoresData.YES)
    if item.text("properties.geo") is not None:
        yield placed(item, Role.PRIMARY, "data-location", "properties.geo", item.get("properties.geo"))
    field = "properties.crossGeoCompute"
    if (item.text(field) or "Allowed").lower() != "notallowed":
        evidence = item.evidence(field, item.get(field))
        yield Placement(item.uid, Role.PROCESSING, "global", "cross-geography", evidence)
