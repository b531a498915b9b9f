"""Key Vault and Managed HSM: where keys and secrets are, and who holds the key material."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.azure.item import Item
from residency.connectors.azure.knowledge import key_name
from residency.connectors.azure.rows import (
    LOCATION,
    Found,
    KnownKey,
    Paired,
    each,
    key_of,
    placed,
    primary,
    reads,
    regional,
    told,
    where,
)
from residency.connectors.tells import Tells
from residency.model import Evidence, KeyCustody, Placement, Role

# A vault is copied to the paired region, except from these two (Azure Key Vault availability and redundancy,
# learn.microsoft.com/azure/key-vault/general/disaster-recovery-guidance).
_STAY = frozenset({"brazilsouth", "westus3"})

_CUSTODY = {
    "rsa": KeyCustody.CUSTOMER_MANAGED,
    "ec": KeyCustody.CUSTOMER_MANAGED,
    "rsa-hsm": KeyCustody.HSM,
    "ec-hsm": KeyCustody.HSM,
    "oct-hsm": KeyCustody.HSM,
}


@reads(
    "Microsoft.KeyVault/vaults", "kms-key", LOCATION, Tells("properties.sku.name", None, "model"),
    Tells("properties.vaultUri", Role.KEY, "model"), Tells("location", Role.REPLICA, "documented"),
)  # fmt: skip
def vault(item: Item) -> Iterator[Found]:
    """A vault with its keys and secrets, copied to the paired region without being asked.

    Whether a key is made in a hardware module is told by the key, not by the vault. Until it is, its custody is at
    least that the customer manages it.
    """
    known = key_name(item.text("properties.vaultUri") or f"{item.name}.vault.azure.net")
    yield told(item, location=where(item)[0], custody=KeyCustody.CUSTOMER_MANAGED)
    yield KnownKey(known, item.uid, KeyCustody.CUSTOMER_MANAGED)
    yield from primary(item)
    if item.location not in _STAY:
        evidence = Evidence("rule:azure-key-vault-paired-region", "location", item.location)
        placement = Placement(item.uid, Role.REPLICA, None, "vault-replication", evidence)
        yield Paired(placement, item.location, by_itself=True)


@reads(
    "Microsoft.KeyVault/vaults/keys", None, Tells("properties.kty", None, "model"),
    Tells("properties.keyUri", None, "model"),
)  # fmt: skip
def key(item: Item) -> Iterator[Found]:
    """A key of a vault: its type says whether it is in a hardware module."""
    if (address := item.text("properties.keyUri")) is not None:
        custody = _CUSTODY.get((item.text("properties.kty") or "").lower())
        yield KnownKey(key_name(address), item.parent, custody)


@reads(
    "Microsoft.KeyVault/managedHSMs", "managed-hsm", LOCATION, Tells("properties.hsmUri", Role.KEY, "model"),
    Tells("properties.regions[].name", Role.REPLICA, "model"),
)  # fmt: skip
def hsm(item: Item) -> Iterator[Found]:
    """A Managed HSM, and the regions it was extended to. It is not copied elsewhere on its own."""
    yield told(item, location=where(item)[0], custody=KeyCustody.HSM)
    yield KnownKey(
        key_name(item.text("properties.hsmUri") or f"{item.name}.managedhsm.azure.net"), item.uid, KeyCustody.HSM
    )
    yield from primary(item)
    for path, region in each(item, "properties.regions"):
        if region.get("isPrimary") is not True:
            yield placed(item, Role.REPLICA, "hsm-region", f"{path}.name", region.get("name"))


_CONFIG_KEY = "properties.encryption.keyVaultProperties.keyIdentifier"


@reads("Microsoft.AppConfiguration/configurationStores", "parameter", LOCATION, Tells(_CONFIG_KEY, Role.KEY, "model"))
def configuration(item: Item) -> Iterator[Found]:
    """A store of settings. Its replicas are a list of their own."""
    custody, uses = key_of(item, _CONFIG_KEY)
    yield told(item, location=where(item)[0], custody=custody)
    yield from primary(item)
    yield from uses


@reads(
    "Microsoft.AppConfiguration/configurationStores/replicas", None, Tells("location", Role.REPLICA, "model")
)  # fmt: skip
def configuration_replica(item: Item) -> Iterator[Found]:
    """A copy of a store of settings in another region."""
    evidence = item.evidence("location", item.get("location"))
    yield Placement(item.parent, Role.REPLICA, item.location, "configuration-replica", evidence, target=item.uid)


regional("Microsoft.HardwareSecurityModules/cloudHsmClusters", "managed-hsm")
regional("Microsoft.HardwareSecurityModules/dedicatedHSMs", "managed-hsm")
