"""Small inventories with a known answer."""

from __future__ import annotations

from typing import Any

ACCOUNT = "111122223333"


def bucket(
    name: str, location: str | None, *, offer: str = "aws", tags: dict[str, str] | None = None
) -> dict[str, Any]:
    """An inventory of one bucket that was read in full. `location` `None` leaves out its primary placement."""
    provider = "aws" if offer == "aws" else offer
    uid = f"arn:aws:s3:::{name}" if offer == "aws" else f"{offer}:{location}:bucket/{name}"
    placements = []
    if location is not None:
        evidence = {"api": "s3:GetBucketLocation", "field": "LocationConstraint", "value": location}
        placements.append(
            {"uid": uid, "role": "primary", "location": location, "via": "location", "evidence": evidence}
        )
    return {
        "schema": "residency/inventory/v1",
        "accounts": [{"provider": provider, "offer": offer, "id": ACCOUNT}],
        "resources": [{
            "uid": uid, "provider": provider, "offer": offer, "account": ACCOUNT,
            "type": "AWS::S3::Bucket" if offer == "aws" else "bucket", "kind": "object-bucket", "name": name,
            "stores_data": "yes", "tags": {"data-class": "health"} if tags is None else tags,
            "key_custody": "provider-managed",
        }],
        "placements": placements,
        "coverage": [
            {"provider": provider, "account": ACCOUNT, "region": location or "eu-west-3", "service": "s3", "status": "read"}
        ],
    }  # fmt: skip


def replicated(estate: dict[str, Any], location: str) -> dict[str, Any]:
    """The same estate with its bucket replicated to another region."""
    uid = estate["resources"][0]["uid"]
    replica = {
        "uid": uid, "role": "replica", "location": location, "via": "s3-replication", "target": f"{uid}-dr",
        "evidence": {
            "api": "s3:GetBucketReplication", "field": "ReplicationConfiguration.Rules[0].Destination.Bucket",
            "value": f"{uid}-dr",
        },
    }  # fmt: skip
    return {**estate, "placements": [*estate["placements"], replica]}
