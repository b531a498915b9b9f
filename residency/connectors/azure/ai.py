"""Azure OpenAI and the other AI services, AI Search, Machine Learning: where they keep data and where they run."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.azure.item import Item
from residency.connectors.azure.rows import (
    LOCATION,
    At,
    DataZone,
    Found,
    copy,
    each,
    key_in_vault,
    key_of,
    primary,
    reads,
    regional,
    told,
    where,
)
from residency.connectors.tells import Tells
from residency.model import KeyCustody, Placement, Role, StoresData

_VAULT = "properties.encryption.keyVaultProperties"


@reads(
    "Microsoft.CognitiveServices/accounts", "llm", LOCATION,
    Tells(f"{_VAULT}.keyVaultUri", Role.KEY, "model"), Tells("properties.encryption.keySource", None, "model"),
    Tells("properties.userOwnedStorage[].resourceId", Role.REPLICA, "model"),
    Tells("properties.locations.regions[].name", Role.PROCESSING, "model"),
)  # fmt: skip
def account(item: Item) -> Iterator[Found]:
    """An account of Azure AI: what it keeps at rest is in its region. Where prompts are worked on, its deployments
    tell; other kinds of accounts work in their region, or in those that the account lists."""
    uses = key_in_vault(item, f"{_VAULT}.keyVaultUri", f"{_VAULT}.keyName")
    source = (item.text("properties.encryption.keySource") or "").lower()
    custody = KeyCustody.PROVIDER_MANAGED if not uses and source != "microsoft.keyvault" else None
    yield told(item, location=where(item)[0], custody=custody)
    yield from primary(item)
    yield from uses
    for path, entry in each(item, "properties.userOwnedStorage"):
        if isinstance(entry.get("resourceId"), str):
            yield copy(item, Role.REPLICA, "own-storage", f"{path}.resourceId", entry["resourceId"])
    for path, entry in each(item, "properties.locations.regions"):
        evidence = item.evidence(f"{path}.name", entry.get("name"))
        name = entry.get("name")
        code = "".join(name.split()).lower() if isinstance(name, str) else None
        yield Placement(item.uid, Role.PROCESSING, code, "multi-region-routing", evidence)


# What the name of a deployment's SKU says of where prompts are worked on (Azure AI Foundry, deployment types):
# `Global…` in any region, `DataZone…` in the member states of the Union or in the United States, else in the region.
@reads(
    "Microsoft.CognitiveServices/accounts/deployments", None, Tells("sku.name", Role.PROCESSING, "documented"),
)  # fmt: skip
def deployment(item: Item) -> Iterator[Found]:
    """A deployed model: where the prompts of its account are worked on."""
    sku = item.sku or ""
    evidence = item.evidence("sku.name", item.sku)
    via = "model-deployment"
    match sku.lower():
        case name if name.startswith(("global", "developer")):
            yield Placement(item.parent, Role.PROCESSING, "global", via, evidence, target=item.uid)
        case name if name.startswith("datazone"):
            yield DataZone(Placement(item.parent, Role.PROCESSING, None, via, evidence, target=item.uid), item.parent)
        case "standard" | "provisionedmanaged" | "provisioned" | "batch":
            yield At(Placement(item.parent, Role.PROCESSING, None, via, evidence, target=item.parent))
        case _:
            yield Placement(item.parent, Role.PROCESSING, None, via, evidence, target=item.uid)


@reads("Microsoft.Search/searchServices", "search", LOCATION)
def search(item: Item) -> Iterator[Found]:
    """A search service. The keys of its indexes are told by the service itself, not by Resource Manager."""
    yield told(item, location=where(item)[0])
    yield from primary(item)


_ML_KEY = "properties.encryption.keyVaultProperties.keyIdentifier"


@reads(
    "Microsoft.MachineLearningServices/workspaces", "ml-endpoint", LOCATION, Tells(_ML_KEY, Role.KEY, "model"),
    Tells("properties.storageAccount", Role.REPLICA, "model"),
    Tells("properties.applicationInsights", Role.LOG, "model"),
)  # fmt: skip
def workspace(item: Item) -> Iterator[Found]:
    """A workspace of Machine Learning. Its data and models are in a storage account, its telemetry in Application
    Insights, each of which may be elsewhere."""
    custody, uses = key_of(item, _ML_KEY)
    yield told(item, location=where(item)[0], custody=custody)
    yield from primary(item)
    yield from uses
    for field, role, via in (
        ("properties.storageAccount", Role.REPLICA, "workspace-storage"),
        ("properties.applicationInsights", Role.LOG, "workspace-telemetry"),
    ):
        if (target := item.text(field)) is not None:
            yield copy(item, role, via, field, target)


regional("Microsoft.MachineLearningServices/workspaces/onlineEndpoints", "ml-endpoint")
regional("Microsoft.MachineLearningServices/workspaces/batchEndpoints", "ml-endpoint")
regional("Microsoft.MachineLearningServices/registries", "registry")
regional(
    "Microsoft.BotService/botServices", "llm", Tells("properties.cmekKeyVaultUrl", Role.KEY, "model"),
    stores=StoresData.YES,
)  # fmt: skip


@reads(
    "Microsoft.VideoIndexer/accounts", None, LOCATION,
    Tells("properties.storageServices.resourceId", Role.REPLICA, "documented"),
)  # fmt: skip
def video(item: Item) -> Iterator[Found]:
    """What is read out of videos, which are kept in a storage account."""
    yield told(item, location=where(item)[0], stores=StoresData.YES)
    yield from primary(item)
    field = "properties.storageServices.resourceId"
    if (target := item.text(field)) is not None:
        yield copy(item, Role.REPLICA, "own-storage", field, target)
