"""The part of the known estate about storage: reports of buckets, points that lead to them, who else reads them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.connectors.aws.estate_shares import OTHER, ROOT, policy
from tests.emulators.aws import ACCOUNT, AwsEmulator

if TYPE_CHECKING:
    from tests.connectors.aws.estate import Estate

PARIS, VIRGINIA, DUBLIN, OREGON = "eu-west-3", "us-east-1", "eu-west-1", "us-west-2"
ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"


def arn(service: str, rest: str, region: str = PARIS) -> str:
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{rest}"


def add_storage(aws: AwsEmulator, estate: Estate) -> None:
    """Create one of each."""
    _reports(aws, estate)
    _access(aws, estate)
    _account(aws, estate)


def _reports(aws: AwsEmulator, estate: Estate) -> None:
    s3 = aws.client("s3", PARIS)
    lake = "arn:aws:s3:::lake"
    for name, on in (("weekly", True), ("off", False)):
        target = {"Bucket": "arn:aws:s3:::trail-logs", "Format": "CSV"}
        s3.put_bucket_inventory_configuration(Bucket="lake", Id=name, InventoryConfiguration={
            "Id": name, "IsEnabled": on, "IncludedObjectVersions": "Current", "Schedule": {"Frequency": "Weekly"},
            "Destination": {"S3BucketDestination": target},
        })  # fmt: skip
    estate.also(lake, "log", DUBLIN, "s3-inventory", "arn:aws:s3:::trail-logs")
    queue = arn("sqs", "work")
    told = {"QueueConfigurations": [{"QueueArn": queue, "Events": ["s3:ObjectCreated:*"]}]}
    s3.put_bucket_notification_configuration(Bucket="lake", NotificationConfiguration=told)
    estate.also(lake, "processing", PARIS, "s3-notification", queue)


def _access(aws: AwsEmulator, estate: Estate) -> None:
    open_, shut, denied = (_bucket(aws, estate, name) for name in ("open", "shut", "denied"))
    s3 = aws.client("s3", PARIS)
    for name in ("open", "shut"):
        owner = s3.get_bucket_acl(Bucket=name)["Owner"]
        grants = [
            {"Grantee": {"Type": "Group", "URI": ALL_USERS}, "Permission": "READ"},
            {"Grantee": {"Type": "CanonicalUser", "ID": "79a5"}, "Permission": "FULL_CONTROL"},
            {"Grantee": {"Type": "CanonicalUser", **owner}, "Permission": "FULL_CONTROL"},
        ]
        s3.put_bucket_acl(Bucket=name, AccessControlPolicy={"Grants": grants, "Owner": owner})
        s3.put_bucket_policy(Bucket=name, Policy=policy("s3:GetObject", "*"))
    block = {"BlockPublicAcls": False, "IgnorePublicAcls": True, "BlockPublicPolicy": False, "RestrictPublicBuckets": True}
    s3.put_public_access_block(Bucket="shut", PublicAccessBlockConfiguration=block)
    estate.also(open_, "share", None, "bucket-policy", "*")
    estate.also(open_, "share", None, "bucket-acl", "*")
    for uid in (open_, shut):
        estate.also(uid, "share", None, "bucket-acl", "79a5")
    s3.put_bucket_policy(Bucket="denied", Policy=_denied(policy("s3:GetObject", {"AWS": [ROOT]})))
    assert denied


def _denied(text: str) -> str:
    """A policy that takes back what it grants to the other account."""
    told = json.loads(text)
    told["Statement"].append({"Effect": "Deny", "Principal": {"AWS": OTHER}, "Action": "s3:*", "Resource": "*"})
    return json.dumps(told)


def _bucket(aws: AwsEmulator, estate: Estate, name: str) -> str:
    where = {"LocationConstraint": PARIS}
    aws.client("s3", PARIS).create_bucket(Bucket=name, CreateBucketConfiguration=where)
    estate.is_at(f"arn:aws:s3:::{name}", PARIS, "provider-managed")
    return f"arn:aws:s3:::{name}"


def _account(aws: AwsEmulator, estate: Estate) -> None:
    control = aws.client("s3control", VIRGINIA)  # where the emulator puts every access point
    point = control.create_access_point(AccountId=ACCOUNT, Name="way", Bucket="lake-copy")["AccessPointArn"]
    text = policy("s3:GetObject", {"AWS": OTHER})
    control.put_access_point_policy(AccountId=ACCOUNT, Name="way", Policy=text)
    estate.is_at(point, VIRGINIA, None)
    estate.also(point, "processing", VIRGINIA, "access-point", "arn:aws:s3:::lake-copy")
    estate.also(point, "share", None, "access-point-policy", OTHER)
    lens: dict[str, Any] = {
        "Id": "all", "IsEnabled": True, "AccountLevel": {"BucketLevel": {}},
        "DataExport": {"S3BucketDestination": {
            "Format": "CSV", "OutputSchemaVersion": "V_1", "AccountId": ACCOUNT, "Arn": "arn:aws:s3:::trail-logs",
            "Encryption": {"SSEKMS": {"KeyId": estate.key}},
        }},
    }  # fmt: skip
    control.put_storage_lens_configuration(ConfigId="all", AccountId=ACCOUNT, StorageLensConfiguration=lens)
    uid = control.list_storage_lens_configurations(AccountId=ACCOUNT)["StorageLensConfigurationList"][0]["StorageLensArn"]
    estate.is_at(uid, uid.split(":")[3], None)
    estate.also(uid, "log", DUBLIN, "storage-lens-export", "arn:aws:s3:::trail-logs")
    estate.encrypted(uid, estate.key)
    far = aws.client("s3control", OREGON)
    far.create_multi_region_access_point(
        AccountId=ACCOUNT, ClientToken="c", Details={"Name": "near", "Regions": [{"Bucket": "lake"}, {"Bucket": "lake-copy"}]}
    )
    point = far.list_multi_region_access_points(AccountId=ACCOUNT)["AccessPoints"][0]
    uid = f"arn:aws:s3::{ACCOUNT}:accesspoint/{point['Alias']}"
    estate.custody[uid] = None
    for entry in point["Regions"]:
        estate.also(uid, "primary", entry["Region"], "multi-region-access-point", f"arn:aws:s3:::{entry['Bucket']}")
