"""Analytics and health data: Data Factory, Synapse, Databricks, Data Explorer, Purview, Health Data Services."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.azure.item import Item, place
from residency.connectors.azure.rows import (
    LOCATION,
    At,
    Found,
    KeyUse,
    copy,
    encrypted,
    key_in_vault,
    key_of,
    paired,
    primary,
    reads,
    regional,
    told,
    where,
)
from residency.connectors.tells import Tells
from residency.model import Placement, Role, StoresData

_FACTORY = "properties.encryption"


@reads(
    "Microsoft.DataFactory/factories", "state-machine", LOCATION, Tells(f"{_FACTORY}.vaultBaseUrl", Role.KEY, "model")
)
def factory(item: Item) -> Iterator[Found]:
    """A data factory: its pipelines and their runs. Where data passes, its integration runtimes tell."""
    uses = key_in_vault(item, f"{_FACTORY}.vaultBaseUrl", f"{_FACTORY}.keyName")
    yield from encrypted(item, uses)


_RUNTIME = "properties.typeProperties.computeProperties.location"


def _runtime(item: Item) -> Iterator[Found]:
    """An integration runtime: where data is copied and transformed. `AutoResolve` takes the region of the data's
    destination, anywhere; a self-hosted one is on machines of the customer."""
    kind = (item.text("properties.type") or "").lower()
    chosen = place(item.get(_RUNTIME))
    via = "integration-runtime"
    if kind == "selfhosted":
        evidence = item.evidence("properties.type", item.text("properties.type"))
        yield Placement(item.parent, Role.PROCESSING, None, via, evidence, target=item.uid)
    elif chosen in (None, "autoresolve"):
        evidence = item.evidence(_RUNTIME, item.get(_RUNTIME))
        yield Placement(item.parent, Role.PROCESSING, "global", via, evidence, target=item.uid)
    else:
        evidence = item.evidence(_RUNTIME, item.get(_RUNTIME))
        yield Placement(item.parent, Role.PROCESSING, chosen, via, evidence, target=item.uid)


for _type in ("Microsoft.DataFactory/factories", "Microsoft.Synapse/workspaces"):
    reads(
        f"{_type}/integrationRuntimes", None, Tells(_RUNTIME, Role.PROCESSING, "model"),
        Tells("properties.type", Role.PROCESSING, "model"),
    )(_runtime)  # fmt: skip

_LAKE = "properties.defaultDataLakeStorage.resourceId"
_SYNAPSE_KEY = "properties.encryption.cmk.key.keyVaultUrl"


@reads(
    "Microsoft.Synapse/workspaces", "warehouse", LOCATION, Tells(_SYNAPSE_KEY, Role.KEY, "model"),
    Tells(_LAKE, Role.REPLICA, "documented"),
)  # fmt: skip
def synapse(item: Item) -> Iterator[Found]:
    """A workspace of Synapse, and the data lake that it works on."""
    custody, uses = key_of(item, _SYNAPSE_KEY)
    yield told(item, location=where(item)[0], custody=custody)
    yield from primary(item)
    yield from uses
    if (target := item.text(_LAKE)) is not None:
        yield copy(item, Role.REPLICA, "workspace-storage", _LAKE, target)


_POOL = "properties.storageAccountType"


@reads("Microsoft.Synapse/workspaces/sqlPools", "warehouse", LOCATION, Tells(_POOL, Role.BACKUP, "model"))
def sql_pool(item: Item) -> Iterator[Found]:
    """A dedicated SQL pool. Its backups are also in the paired region unless they are locally redundant."""
    yield told(item, location=where(item)[0])
    yield from primary(item)
    kind = item.text(_POOL)
    if kind is None or kind.upper() == "GRS":
        yield paired(item, Role.BACKUP, "sql-backup", _POOL, kind or "GRS (default)")


_DISKS = "properties.encryption.entities.managedDisk.keyVaultProperties"
_SERVICES = "properties.encryption.entities.managedServices.keyVaultProperties"
_ROOT = "properties.parameters.encryption.value"


@reads(
    "Microsoft.Databricks/workspaces", "spark", LOCATION, Tells(f"{_SERVICES}.keyVaultUri", Role.KEY, "model"),
    Tells(f"{_ROOT}.keyvaulturi", Role.KEY, "model"), Tells(f"{_DISKS}.keyVaultUri", Role.KEY, "model"),
)  # fmt: skip
def databricks(item: Item) -> Iterator[Found]:
    """A workspace of Databricks. Its clusters and its storage are in the managed group, in the same region."""
    uses = key_in_vault(item, f"{_SERVICES}.keyVaultUri", f"{_SERVICES}.keyName")
    uses += key_in_vault(item, f"{_ROOT}.keyvaulturi", f"{_ROOT}.KeyName", decides=not uses)
    uses += key_in_vault(item, f"{_DISKS}.keyVaultUri", f"{_DISKS}.keyName", decides=not uses)
    yield from encrypted(item, uses)


_KUSTO = "properties.keyVaultProperties"


@reads("Microsoft.Kusto/clusters", "warehouse", LOCATION, Tells(f"{_KUSTO}.keyVaultUri", Role.KEY, "model"))
def kusto(item: Item) -> Iterator[Found]:
    """A cluster of Data Explorer. The databases that it follows of other clusters are a list of their own."""
    uses = key_in_vault(item, f"{_KUSTO}.keyVaultUri", f"{_KUSTO}.keyName")
    yield from encrypted(item, uses)


@reads(
    "Microsoft.Kusto/clusters/attachedDatabaseConfigurations", None, Tells("location", Role.SHARE, "model"),
    Tells("properties.clusterResourceId", Role.SHARE, "model"),
)  # fmt: skip
def follower(item: Item) -> Iterator[Found]:
    """Databases of one cluster that another one can read, where that one is."""
    if (leader := item.text("properties.clusterResourceId")) is not None:
        evidence = item.evidence("properties.clusterResourceId", leader)
        place_of = Placement(
            leader.lower(), Role.SHARE, item.location, "follower-database", evidence, target=item.parent
        )
        yield At(place_of)


@reads(
    "Microsoft.Purview/accounts", "glue-catalog", LOCATION,
    Tells("properties.managedResources.storageAccount", Role.REPLICA, "model"),
)  # fmt: skip
def purview(item: Item) -> Iterator[Found]:
    """A catalogue of data, with samples and classifications of what it scans."""
    yield told(item, location=where(item)[0], stores=StoresData.YES)
    yield from primary(item)
    field = "properties.managedResources.storageAccount"
    if (target := item.text(field)) is not None and target.startswith("/"):
        yield copy(item, Role.REPLICA, "managed-storage", field, target)


_HEALTH_KEY = "properties.encryption.customerManagedKeyEncryption.keyEncryptionKeyUrl"
_EXPORT = "properties.exportConfiguration.storageAccountName"


def _health(item: Item) -> Iterator[Found]:
    """A service for FHIR or DICOM records, and the storage account that it exports to."""
    custody, uses = key_of(item, _HEALTH_KEY, "properties.cosmosDbConfiguration.keyVaultKeyUri")
    yield told(item, location=where(item)[0], custody=custody, stores=StoresData.YES)
    yield from primary(item)
    yield from uses
    if (name := item.text(_EXPORT)) is not None:
        evidence = item.evidence(_EXPORT, name)
        target = f"storage-account:{name.lower()}"
        yield At(Placement(item.uid, Role.REPLICA, None, "fhir-export", evidence, target=target))


_FHIR = (LOCATION, Tells(_HEALTH_KEY, Role.KEY, "model"), Tells(_EXPORT, Role.REPLICA, "model"))
reads("Microsoft.HealthcareApis/workspaces/fhirServices", None, *_FHIR)(_health)
reads("Microsoft.HealthcareApis/workspaces/dicomServices", None, *_FHIR[:2])(_health)
reads(
    "Microsoft.HealthcareApis/services", None, LOCATION,
    Tells("properties.cosmosDbConfiguration.keyVaultKeyUri", Role.KEY, "model"), _FHIR[2],
)(_health)  # fmt: skip

regional("Microsoft.HealthcareApis/workspaces", None, stores=StoresData.NO)
regional("Microsoft.HealthcareApis/workspaces/iotConnectors", None, stores=StoresData.TRANSIT)
regional("Microsoft.HealthDataAIServices/deidServices", None, stores=StoresData.YES)


@reads("Microsoft.HealthBot/healthBots", None, LOCATION, Tells(f"{_KUSTO}.keyVaultUri", Role.KEY, "model"))
def health_bot(item: Item) -> Iterator[Found]:
    """An assistant for patients, and what they told it."""
    uses = key_in_vault(item, f"{_KUSTO}.keyVaultUri", f"{_KUSTO}.keyName")
    yield from encrypted(item, uses, stores=StoresData.YES)


_POLICY_VAULT = "properties.encryption.keyVault"


@reads(
    "Microsoft.PowerPlatform/enterprisePolicies", None, LOCATION, Tells(f"{_POLICY_VAULT}.id", Role.KEY, "model")
)  # fmt: skip
def power_platform(item: Item) -> Iterator[Found]:
    """A policy over environments of Power Platform in a geography: the key that they are encrypted with. The
    environments themselves are not in Resource Manager."""
    yield told(item, location=where(item)[0], stores=StoresData.NO)
    yield from primary(item)
    if (vault := item.text(f"{_POLICY_VAULT}.id")) is not None:
        name = item.text(f"{_POLICY_VAULT}.key.name")
        key = f"{vault}/keys/{name}" if name else vault
        yield KeyUse(item.uid, key, item.evidence(f"{_POLICY_VAULT}.id", vault))


regional("Microsoft.PowerPlatform/accounts", None, stores=StoresData.NO)
regional("Microsoft.HDInsight/clusters", "spark")
regional("Microsoft.StreamAnalytics/streamingjobs", "dataflow")
regional("Microsoft.Fabric/capacities", "warehouse", stores=StoresData.YES)
regional("Microsoft.PowerBIDedicated/capacities", "warehouse", stores=StoresData.YES)
regional("Microsoft.AnalysisServices/servers", "warehouse", stores=StoresData.YES)
regional("Microsoft.DataLakeStore/accounts", "object-bucket")
regional("Microsoft.DataMigration/services", None, stores=StoresData.TRANSIT)
regional("Microsoft.Synapse/workspaces/bigDataPools", "spark")
