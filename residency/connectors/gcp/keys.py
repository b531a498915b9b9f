"""Keys and secrets: where they are, and who holds the key material."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.gcp.asset import Asset, code, full_name, place_in
from residency.connectors.gcp.rows import PLACE, Found, KeyUse, KnownKey, key_of, primary, reads, tells, told, where
from residency.model import KeyCustody, Placement, Role

_CUSTODY = {
    "SOFTWARE": KeyCustody.CUSTOMER_MANAGED,
    "HSM": KeyCustody.HSM,
    "HSM_SINGLE_TENANT": KeyCustody.HSM,
    "EXTERNAL": KeyCustody.EXTERNAL,
    "EXTERNAL_VPC": KeyCustody.EXTERNAL,
}


@reads(
    "cloudkms.googleapis.com/CryptoKey",
    "kms-key",
    *PLACE,
    *tells(None, "primary.protectionLevel", "versionTemplate.protectionLevel", proof="recorded"),
    *tells(None, "importOnly", "keyAccessJustificationsPolicy.allowedAccessReasons[]"),
    *tells(
        Role.KEY,
        "cryptoKeyBackend",
        "primary.externalProtectionLevelOptions.externalKeyUri",
        "primary.externalProtectionLevelOptions.ekmConnectionKeyPath",
    ),
)
def crypto_key(asset: Asset) -> Iterator[Found]:
    """A key. The material of an external one is at another company, in a place that Google does not tell."""
    level = asset.text("primary.protectionLevel") or asset.text("versionTemplate.protectionLevel") or ""
    custody = _CUSTODY.get(level)
    if custody is KeyCustody.CUSTOMER_MANAGED and asset.get("importOnly") is True:
        custody = KeyCustody.IMPORTED
    yield KnownKey(asset.name, custody)
    yield told(asset, location=where(asset)[0], custody=custody)
    yield from primary(asset)
    if custody is KeyCustody.EXTERNAL:
        if (backend := asset.text("cryptoKeyBackend")) is not None and level == "EXTERNAL_VPC":
            evidence = asset.evidence("cryptoKeyBackend", backend)
            uid = full_name("cloudkms", backend)
            yield Placement(asset.name, Role.KEY, None, "external-key-manager", evidence, target=uid)
        for field in ("externalKeyUri", "ekmConnectionKeyPath"):
            path = f"primary.externalProtectionLevelOptions.{field}"
            if (target := asset.text(path)) is not None:
                yield Placement(asset.name, Role.KEY, None, "external-key", asset.evidence(path, target), target=target)


@reads("cloudkms.googleapis.com/EkmConnection", "kms-key", *PLACE, *tells(Role.KEY, "serviceResolvers[].hostname"))
def ekm_connection(asset: Asset) -> Iterator[Found]:
    """A connection to a key manager outside of Google, by its host: where that is Google does not tell."""
    yield told(asset, location=where(asset)[0], custody=KeyCustody.EXTERNAL)
    yield from primary(asset)
    for index, resolver in enumerate(asset.entries("serviceResolvers")):
        host = resolver.get("hostname")
        if isinstance(host, str) and host:
            evidence = asset.evidence(f"serviceResolvers[{index}].hostname", host)
            yield Placement(asset.name, Role.KEY, None, "external-key-manager", evidence, target=host)


@reads(
    "secretmanager.googleapis.com/Secret",
    "secret",
    *tells(Role.PRIMARY, "replication.automatic", "replication.userManaged.replicas[].location"),
    *PLACE,
    *tells(
        Role.KEY,
        "replication.automatic.customerManagedEncryption.kmsKeyName",
        "customerManagedEncryption.kmsKeyName",
        "replication.userManaged.replicas[].customerManagedEncryption.kmsKeyName",
    ),
)
def secret(asset: Asset) -> Iterator[Found]:
    """A secret. Automatic replication lets Google choose among all its regions."""
    replicas = asset.entries("replication.userManaged.replicas")
    path = "replication.userManaged.replicas"
    if isinstance(asset.get("replication"), dict) and "automatic" in asset.get("replication"):
        custody, keys = key_of(asset, "replication.automatic.customerManagedEncryption.kmsKeyName")
        yield told(asset, location="global", custody=custody)
        evidence = asset.evidence("replication.automatic")
        yield Placement(asset.name, Role.PRIMARY, "global", "automatic-replication", evidence)
        yield from keys
        return
    if not replicas and (regional := place_in(asset.name)) is not None:
        custody, keys = key_of(asset, "customerManagedEncryption.kmsKeyName")
        yield told(asset, location=regional, custody=custody)
        yield from primary(asset)
        yield from keys
        return
    own = [str(entry["customerManagedEncryption"]["kmsKeyName"]) for entry in replicas if _has_key(entry)]
    custody = None if own or not replicas else KeyCustody.PROVIDER_MANAGED
    place = code(replicas[0].get("location")) if len(replicas) == 1 else None
    yield told(asset, location=place, custody=custody)
    for index, entry in enumerate(replicas):
        evidence = asset.evidence(f"{path}[{index}].location", entry.get("location"))
        yield Placement(asset.name, Role.PRIMARY, code(entry.get("location")), "user-managed-replication", evidence)
        if _has_key(entry):
            key = str(entry["customerManagedEncryption"]["kmsKeyName"])
            field = f"{path}[{index}].customerManagedEncryption.kmsKeyName"
            yield KeyUse(asset.name, key, asset.evidence(field, key), decides=len(own) == len(replicas))


def _has_key(replica: object) -> bool:
    encryption = replica.get("customerManagedEncryption") if isinstance(replica, dict) else None
    return isinstance(encryption, dict) and bool(encryption.get("kmsKeyName"))
