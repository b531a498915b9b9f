"""What is in a simulated account, known before anything is asked: 22 kinds in 17 regions, 1,135 resources at scale 1.

`build` gives the same estate for the same account and scale, on every machine. Some resources are copies of others in
another region: `copies` is what a run must find of these, in the form (uid of the original, role, region of the copy).
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

REGIONS = (
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1",
    "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1",
    "us-west-2",
)  # fmt: skip
# The first account; the others of an organisation count on from it.
ACCOUNT = "100000000000"
# When everything was made.
MADE = "2026-01-01T00:00:00Z"
HOME = ("eu-west-3", "eu-west-1", "eu-central-1", "us-east-1")
# Resources of each kind at scale 1, and how many of them are copied into another region. A copied database snapshot has
# a database of its own besides.
COUNTS = {
    "bucket": (100, 16), "instance": (100, 0), "volume": (130, 0), "snapshot": (120, 0), "image": (30, 5), "db": (34, 8),
    "cluster": (12, 3), "dbsnapshot": (60, 6), "table": (80, 16), "function": (80, 0), "secret": (60, 12), "queue": (70, 0),
    "topic": (50, 0), "repository": (25, 5), "log": (70, 0), "trail": (3, 0), "vault": (10, 2), "key": (40, 10),
    "efs": (20, 4), "stream": (15, 0), "redis": (12, 2), "domain": (8, 0),
}  # fmt: skip
Item = dict[str, Any]


@dataclass
class Estate:
    """`uids` and `copies` are the truth. `lists` holds what list operations answer with, by call and region; `single`
    what others answer about one thing, by call, region and the name in the request."""

    account: str
    regions: Sequence[str] = REGIONS
    uids: set[str] = field(default_factory=set)
    copies: set[tuple[str, str, str]] = field(default_factory=set)
    lists: dict[str, dict[str, list[Any]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    single: dict[str, dict[tuple[str, str], Item]] = field(default_factory=lambda: defaultdict(dict))

    def arn(self, service: str, region: str, rest: str) -> str:
        """The ARN of something of the account."""
        return f"arn:aws:{service}:{region}:{self.account}:{rest}"

    def id(self, prefix: str, number: int) -> str:
        """An id as EC2 and EFS give them, which no other account has."""
        return f"{prefix}-{self.account}{number:05x}"

    def put(self, uid: str, call: str, region: str, item: Any) -> None:
        """Something exists, and a list operation tells it."""
        self.uids.add(uid)
        self.lists[call][region].append(item)


@dataclass(frozen=True)
class Thing:
    """One resource to be made: its number, its region, and the region of its original or its copy, if it has one."""

    number: int
    region: str
    copied_to: str | None = None
    copy_of: str | None = None
    pair: int | None = None


def build(account: str, scale: float = 1, regions: Sequence[str] = REGIONS) -> Estate:
    """The estate of an account: the counts of `COUNTS`, times `scale`, in some regions (two at least)."""
    estate = Estate(account, regions)
    for kind, make in MAKERS.items():
        count, copied = COUNTS[kind]
        for thing in _things(kind, round(count * scale), round(copied * scale), regions):
            make(estate, thing)
    for region in regions:
        estate.lists["account:ListRegions"]["us-east-1"].append(
            {"RegionName": region, "RegionOptStatus": "ENABLED_BY_DEFAULT"}
        )
    return estate


def _things(kind: str, count: int, copied: int, regions: Sequence[str]) -> list[Thing]:
    """Originals first, each followed by its copy where the copy is a resource of its own, then the rest."""
    chance = random.Random(f"residency {kind}")  # noqa: S311 - a fixed seed: the same estate on every machine
    things: list[Thing] = []
    home = [region for region in HOME if region in regions] or regions
    for pair in range(copied):
        here, there = chance.sample(regions, 2)
        if kind in _COPIES_COUNT:
            things.append(Thing(2 * pair, here, copied_to=there, pair=2 * pair + 1))
            things.append(Thing(2 * pair + 1, there, copy_of=here, pair=2 * pair))
        else:
            things.append(Thing(pair, here, copied_to=there))
    for number in range(len(things), count):
        things.append(Thing(number, chance.choice(home if chance.random() < 0.6 else regions)))
    return things


# Kinds whose copies are resources of the same account, which a list tells too. A global table is told from both sides.
_COPIES_COUNT = frozenset({"bucket", "image", "db", "cluster", "secret", "vault", "key", "efs", "redis"})


def _tags(thing: Thing) -> list[dict[str, str]]:
    return [{"Key": "data-class", "Value": ("health", "personal", "public")[thing.number % 3]}]


def _bucket(estate: Estate, thing: Thing) -> None:
    name = f"b-{estate.account}-{thing.number}"
    uid = f"arn:aws:s3:::{name}"
    estate.uids.add(uid)
    estate.lists["s3:ListBuckets"]["us-east-1"].append({"Name": name, "BucketRegion": thing.region, "CreationDate": MADE})
    estate.single["s3:GetBucketLocation"]["", name] = {"LocationConstraint": thing.region}
    estate.single["s3:GetBucketTagging"]["", name] = {"TagSet": _tags(thing)}
    estate.single["s3:GetBucketLogging"]["", name] = {}
    default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    estate.single["s3:GetBucketEncryption"]["", name] = {"ServerSideEncryptionConfiguration": {"Rules": [default]}}
    if thing.pair is not None:
        # What is replicated, and what it is replicated to, has to keep versions.
        estate.single["s3:GetBucketVersioning"]["", name] = {"Status": "Enabled"}
    if thing.copied_to:
        estate.copies.add((uid, "replica", thing.copied_to))
        rule = {"ID": "copy", "Status": "Enabled", "Destination": {"Bucket": f"arn:aws:s3:::b-{estate.account}-{thing.pair}"}}
        estate.single["s3:GetBucketReplication"]["", name] = {
            "ReplicationConfiguration": {"Role": "arn:aws:iam::1:role/r", "Rules": [rule]}
        }


def _instance(estate: Estate, thing: Thing) -> None:
    name = estate.id("i", thing.number)
    told = {
        "InstanceId": name, "State": {"Code": 16, "Name": "running"}, "InstanceType": "m6i.large", "Tags": _tags(thing),
        "Placement": {"AvailabilityZone": f"{thing.region}a"}, "PrivateIpAddress": "10.0.0.1", "VpcId": "vpc-1",
        "ImageId": "ami-1", "LaunchTime": MADE, "PrivateDnsName": "ip-10-0-0-1",
        "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": estate.id("vol", thing.number)}}],
        "SecurityGroups": [{"GroupName": "default", "GroupId": "sg-1"}],
    }  # fmt: skip
    uid = estate.arn("ec2", thing.region, f"instance/{name}")
    reservation = {"ReservationId": f"r-{thing.number}", "OwnerId": estate.account, "Instances": [told]}
    estate.put(uid, "ec2:DescribeInstances", thing.region, reservation)


def _volume(estate: Estate, thing: Thing) -> None:
    name = estate.id("vol", thing.number)
    uid = estate.arn("ec2", thing.region, f"volume/{name}")
    volume = {
        "VolumeId": name, "AvailabilityZone": f"{thing.region}a", "Size": 100, "Encrypted": True, "State": "in-use",
        "KmsKeyId": estate.arn("kms", thing.region, "key/any"), "Tags": _tags(thing),
    }  # fmt: skip
    estate.put(uid, "ec2:DescribeVolumes", thing.region, volume)


def _snapshot(estate: Estate, thing: Thing) -> None:
    name = estate.id("snap", thing.number)
    snapshot = {"SnapshotId": name, "OwnerId": estate.account, "Encrypted": False, "VolumeId": "vol-1", "Tags": _tags(thing)}
    estate.put(f"arn:aws:ec2:{thing.region}::snapshot/{name}", "ec2:DescribeSnapshots", thing.region, snapshot)
    estate.single["ec2:DescribeSnapshotAttribute"][thing.region, name] = {"SnapshotId": name, "CreateVolumePermissions": []}


def _image(estate: Estate, thing: Thing) -> None:
    name = estate.id("ami", thing.number)
    image = {"ImageId": name, "OwnerId": estate.account, "Name": name, "Tags": _tags(thing)}
    if thing.copy_of:
        source = estate.id("ami", thing.pair or 0)
        image |= {"SourceImageId": source, "SourceImageRegion": thing.copy_of}
        estate.copies.add((f"arn:aws:ec2:{thing.copy_of}::image/{source}", "replica", thing.region))
    estate.put(f"arn:aws:ec2:{thing.region}::image/{name}", "ec2:DescribeImages", thing.region, image)
    estate.single["ec2:DescribeImageAttribute"][thing.region, name] = {"ImageId": name, "LaunchPermissions": []}


def _db(estate: Estate, thing: Thing) -> None:
    uid = estate.arn("rds", thing.region, f"db:db-{thing.number}")
    database = {
        "DBInstanceIdentifier": f"db-{thing.number}", "DBInstanceArn": uid, "Engine": "postgres", "StorageEncrypted": False,
        "TagList": _tags(thing), "EngineVersion": "17.4", "DBInstanceStatus": "available", "DeletionProtection": False,
        "MultiAZ": False, "AutoMinorVersionUpgrade": True, "PubliclyAccessible": False, "BackupRetentionPeriod": 1,
    }  # fmt: skip
    if thing.copied_to:
        database["ReadReplicaDBInstanceIdentifiers"] = [estate.arn("rds", thing.copied_to, f"db:db-{thing.pair}")]
        estate.copies.add((uid, "replica", thing.copied_to))
    if thing.copy_of:
        database["ReadReplicaSourceDBInstanceIdentifier"] = estate.arn("rds", thing.copy_of, f"db:db-{thing.pair}")
    estate.put(uid, "rds:DescribeDBInstances", thing.region, database)


def _cluster(estate: Estate, thing: Thing) -> None:
    uid = estate.arn("rds", thing.region, f"cluster:cl-{thing.number}")
    cluster = {
        "DBClusterIdentifier": f"cl-{thing.number}", "DBClusterArn": uid, "Engine": "aurora-postgresql",
        "StorageEncrypted": False, "TagList": _tags(thing),
    }  # fmt: skip
    estate.put(uid, "rds:DescribeDBClusters", thing.region, cluster)
    if thing.copied_to:
        estate.copies.add((uid, "replica", thing.copied_to))
        reader = estate.arn("rds", thing.copied_to, f"cluster:cl-{thing.pair}")
        members = [{"DBClusterArn": uid, "IsWriter": True}, {"DBClusterArn": reader, "IsWriter": False}]
        for region in (thing.region, thing.copied_to):
            estate.lists["rds:DescribeGlobalClusters"][region].append(
                {"GlobalClusterIdentifier": f"g-{thing.number}", "GlobalClusterMembers": members}
            )


def _dbsnapshot(estate: Estate, thing: Thing) -> None:
    """A copy of a snapshot tells the region of its original, and by its name the database: one of its own, made here."""
    region, source = thing.copied_to or thing.region, thing.region if thing.copied_to else None
    name = f"dbsnap-{thing.number}"
    database = f"db-snapped-{thing.number}"
    uid = estate.arn("rds", region, f"snapshot:{name}")
    told = {
        "DBSnapshotIdentifier": name, "DBSnapshotArn": uid, "DBInstanceIdentifier": database, "Encrypted": False,
        "SnapshotType": "manual", "TagList": _tags(thing),
    }  # fmt: skip
    if source:
        told["SourceRegion"] = source
        original = estate.arn("rds", source, f"db:{database}")
        estate.put(original, "rds:DescribeDBInstances", source, {
            "DBInstanceIdentifier": database, "DBInstanceArn": original, "Engine": "mysql", "StorageEncrypted": False,
        })  # fmt: skip
        estate.copies.add((original, "snapshot", region))
    estate.put(uid, "rds:DescribeDBSnapshots", region, told)
    shares = {"DBSnapshotIdentifier": name, "DBSnapshotAttributes": []}
    estate.single["rds:DescribeDBSnapshotAttributes"][region, name] = {"DBSnapshotAttributesResult": shares}


def _table(estate: Estate, thing: Thing) -> None:
    name = f"table-{thing.number}"
    uid = estate.arn("dynamodb", thing.region, f"table/{name}")
    table: Item = {"TableName": name, "TableArn": uid, "TableStatus": "ACTIVE"}
    if thing.copied_to:
        table["Replicas"] = [{"RegionName": thing.copied_to, "ReplicaStatus": "ACTIVE"}]
        estate.copies.add((uid, "replica", thing.copied_to))
    estate.put(uid, "dynamodb:ListTables", thing.region, name)
    estate.single["dynamodb:DescribeTable"][thing.region, name] = {"Table": table}
    estate.single["dynamodb:ListTagsOfResource"][thing.region, uid] = {"Tags": _tags(thing)}


def _function(estate: Estate, thing: Thing) -> None:
    uid = estate.arn("lambda", thing.region, f"function:f-{thing.number}")
    function = {"FunctionName": f"f-{thing.number}", "FunctionArn": uid, "Runtime": "python3.12", "MemorySize": 128}
    estate.put(uid, "lambda:ListFunctions", thing.region, function)
    estate.single["lambda:GetFunction"][thing.region, f"f-{thing.number}"] = {"Configuration": function, "Tags": {}}
    estate.single["lambda:ListTags"][thing.region, uid] = {"Tags": {"data-class": "personal"}}


def _secret(estate: Estate, thing: Thing) -> None:
    name = f"secret-{min(thing.number, thing.pair if thing.copy_of and thing.pair is not None else thing.number)}"
    uid = estate.arn("secretsmanager", thing.region, f"secret:{name}-abcdef")
    secret: Item = {"ARN": uid, "Name": name, "Tags": _tags(thing)}
    if thing.copied_to:
        secret |= {"PrimaryRegion": thing.region}
        estate.copies.add((uid, "replica", thing.copied_to))
    if thing.copy_of:
        secret |= {"PrimaryRegion": thing.copy_of}
    estate.put(uid, "secretsmanager:ListSecrets", thing.region, secret)
    replicas = [{"Region": thing.copied_to, "Status": "InSync"}] if thing.copied_to else []
    estate.single["secretsmanager:DescribeSecret"][thing.region, uid] = secret | {"ReplicationStatus": replicas}
    estate.single["secretsmanager:GetResourcePolicy"][thing.region, uid] = {"ARN": uid, "Name": name}


def _queue(estate: Estate, thing: Thing) -> None:
    name = f"queue-{thing.number}"
    uid = estate.arn("sqs", thing.region, name)
    url = f"https://sqs.{thing.region}.amazonaws.com/{estate.account}/{name}"
    estate.put(uid, "sqs:ListQueues", thing.region, url)
    estate.single["sqs:GetQueueAttributes"][thing.region, url] = {"Attributes": {"QueueArn": uid, "SqsManagedSseEnabled": "true"}}
    estate.single["sqs:ListQueueTags"][thing.region, url] = {"Tags": {"data-class": "health"}}


def _topic(estate: Estate, thing: Thing) -> None:
    uid = estate.arn("sns", thing.region, f"topic-{thing.number}")
    estate.put(uid, "sns:ListTopics", thing.region, {"TopicArn": uid})
    estate.single["sns:GetTopicAttributes"][thing.region, uid] = {"Attributes": {"TopicArn": uid, "Owner": estate.account}}
    estate.single["sns:ListTagsForResource"][thing.region, uid] = {"Tags": _tags(thing)}


def _repository(estate: Estate, thing: Thing) -> None:
    name = f"repo-{thing.number:06d}"
    uid = estate.arn("ecr", thing.region, f"repository/{name}")
    estate.put(uid, "ecr:DescribeRepositories", thing.region, {"repositoryArn": uid, "repositoryName": name, "registryId": estate.account,
        "imageTagMutability": "MUTABLE", "imageScanningConfiguration": {"scanOnPush": False}})
    estate.single["ecr:ListTagsForResource"][thing.region, uid] = {"tags": _tags(thing)}
    registry = estate.single["ecr:DescribeRegistry"].setdefault(
        (thing.region, ""), {"registryId": estate.account, "replicationConfiguration": {"rules": []}}
    )
    if thing.copied_to:
        estate.copies.add((uid, "replica", thing.copied_to))
        registry["replicationConfiguration"]["rules"].append({
            "destinations": [{"region": thing.copied_to, "registryId": estate.account}],
            "repositoryFilters": [{"filter": name, "filterType": "PREFIX_MATCH"}],
        })  # fmt: skip


def _log(estate: Estate, thing: Thing) -> None:
    uid = estate.arn("logs", thing.region, f"log-group:/app/{thing.number}")
    group = {"logGroupName": f"/app/{thing.number}", "arn": f"{uid}:*", "storedBytes": 1}
    estate.put(uid, "logs:DescribeLogGroups", thing.region, group)
    estate.single["logs:ListTagsForResource"][thing.region, uid] = {"tags": {"data-class": "personal"}}
    estate.single["logs:DescribeSubscriptionFilters"][thing.region, f"/app/{thing.number}"] = {"subscriptionFilters": []}


def _trail(estate: Estate, thing: Thing) -> None:
    uid = estate.arn("cloudtrail", thing.region, f"trail/trail-{thing.number}")
    estate.uids.add(uid)
    trail = {
        "Name": f"trail-{thing.number}", "TrailARN": uid, "HomeRegion": thing.region, "IsMultiRegionTrail": True,
        "S3BucketName": f"b-{estate.account}-0",
    }  # fmt: skip
    for region in estate.regions:
        estate.lists["cloudtrail:DescribeTrails"][region].append(trail)
    estate.single["cloudtrail:ListTags"][thing.region, uid] = {"ResourceTagList": [{"ResourceId": uid, "TagsList": _tags(thing)}]}


def _vault(estate: Estate, thing: Thing) -> None:
    uid = estate.arn("backup", thing.region, f"backup-vault:v-{thing.number}")
    estate.put(uid, "backup:ListBackupVaults", thing.region, {"BackupVaultName": f"v-{thing.number}", "BackupVaultArn": uid})
    estate.single["backup:ListTags"][thing.region, uid] = {"Tags": {}}
    if thing.copied_to:
        estate.copies.add((uid, "backup", thing.copied_to))
        target = estate.arn("backup", thing.copied_to, f"backup-vault:v-{thing.pair}")
        plan = f"plan-{thing.number}"
        estate.lists["backup:ListBackupPlans"][thing.region].append({"BackupPlanId": plan, "BackupPlanName": plan})
        rule = {
            "RuleName": "daily", "TargetBackupVaultName": f"v-{thing.number}",
            "CopyActions": [{"DestinationBackupVaultArn": target}],
        }  # fmt: skip
        estate.single["backup:GetBackupPlan"][thing.region, plan] = {"BackupPlan": {"BackupPlanName": plan, "Rules": [rule]}}


def _key(estate: Estate, thing: Thing) -> None:
    name = f"mrk-{min(thing.number, thing.pair):032x}" if thing.pair is not None else f"{thing.number:036x}"
    uid = estate.arn("kms", thing.region, f"key/{name}")
    told: Item = {"KeyId": name, "Arn": uid, "Origin": "AWS_KMS", "KeyManager": "CUSTOMER", "MultiRegion": thing.pair is not None}
    if thing.copied_to or thing.copy_of:
        here, there = (thing.region, thing.copied_to) if thing.copied_to else (thing.copy_of, thing.region)
        replica = {"Arn": estate.arn("kms", str(there), f"key/{name}"), "Region": there}
        told["MultiRegionConfiguration"] = {
            "MultiRegionKeyType": "PRIMARY" if thing.copied_to else "REPLICA", "ReplicaKeys": [replica],
            "PrimaryKey": {"Arn": estate.arn("kms", str(here), f"key/{name}"), "Region": here},
        }  # fmt: skip
    if thing.copied_to:
        estate.copies.add((uid, "replica", thing.copied_to))
    estate.put(uid, "kms:ListKeys", thing.region, {"KeyId": name, "KeyArn": uid})
    estate.single["kms:DescribeKey"][thing.region, name] = {"KeyMetadata": told}
    estate.single["kms:ListResourceTags"][thing.region, name] = {"Tags": [], "Truncated": False}
    own = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{estate.account}:root"}, "Action": "kms:*", "Resource": "*"}
    estate.single["kms:GetKeyPolicy"][thing.region, name] = {"Policy": json.dumps({"Statement": [own]})}


def _efs(estate: Estate, thing: Thing) -> None:
    name = estate.id("fs", thing.number)
    uid = estate.arn("elasticfilesystem", thing.region, f"file-system/{name}")
    system = {"FileSystemId": name, "FileSystemArn": uid, "Encrypted": False, "Tags": _tags(thing), "NumberOfMountTargets": 0}
    estate.put(uid, "efs:DescribeFileSystems", thing.region, system)
    if thing.copied_to:
        estate.copies.add((uid, "replica", thing.copied_to))
        copy = {"Status": "ENABLED", "FileSystemId": estate.id("fs", thing.pair or 0), "Region": thing.copied_to}
        for region in (thing.region, thing.copied_to):
            estate.lists["efs:DescribeReplicationConfigurations"][region].append(
                {"SourceFileSystemId": name, "SourceFileSystemArn": uid, "Destinations": [copy]}
            )


def _stream(estate: Estate, thing: Thing) -> None:
    name = f"stream-{thing.number}"
    uid = estate.arn("kinesis", thing.region, f"stream/{name}")
    estate.put(uid, "kinesis:ListStreams", thing.region, name)
    told = {"StreamName": name, "StreamARN": uid, "EncryptionType": "NONE"}
    estate.single["kinesis:DescribeStreamSummary"][thing.region, name] = {"StreamDescriptionSummary": told}
    whole: Item = {
        "StreamName": name, "StreamARN": uid, "StreamStatus": "ACTIVE", "Shards": [], "HasMoreShards": False,
        "RetentionPeriodHours": 24, "StreamCreationTimestamp": 1700000000, "EnhancedMonitoring": [], "EncryptionType": "NONE",
    }  # fmt: skip
    estate.single["kinesis:DescribeStream"][thing.region, name] = {"StreamDescription": whole}
    estate.single["kinesis:ListTagsForStream"][thing.region, name] = {"Tags": _tags(thing), "HasMoreTags": False}


def _redis(estate: Estate, thing: Thing) -> None:
    name = f"rg-{thing.number}"
    uid = estate.arn("elasticache", thing.region, f"replicationgroup:{name}")
    group: Item = {"ReplicationGroupId": name, "ARN": uid, "AtRestEncryptionEnabled": True}
    if thing.copied_to or thing.copy_of:
        first = thing.number if thing.copied_to else thing.pair
        group["GlobalReplicationGroupInfo"] = {"GlobalReplicationGroupId": f"ds-{first}"}
    estate.put(uid, "elasticache:DescribeReplicationGroups", thing.region, group)
    estate.single["elasticache:ListTagsForResource"][thing.region, uid] = {"TagList": _tags(thing)}
    if thing.copied_to:
        estate.copies.add((uid, "replica", thing.copied_to))
        members = [
            {"ReplicationGroupId": name, "ReplicationGroupRegion": thing.region, "Role": "PRIMARY"},
            {"ReplicationGroupId": f"rg-{thing.pair}", "ReplicationGroupRegion": thing.copied_to, "Role": "SECONDARY"},
        ]
        for region in (thing.region, thing.copied_to):
            estate.lists["elasticache:DescribeGlobalReplicationGroups"][region].append(
                {"GlobalReplicationGroupId": f"ds-{thing.number}", "Members": members}
            )


def _domain(estate: Estate, thing: Thing) -> None:
    name = f"domain-{thing.number}"
    uid = estate.arn("es", thing.region, f"domain/{name}")
    estate.put(uid, "opensearch:ListDomainNames", thing.region, {"DomainName": name})
    estate.single["opensearch:DescribeDomains"][thing.region, name] = {
        "DomainId": name, "DomainName": name, "ARN": uid, "ClusterConfig": {}, "EncryptionAtRestOptions": {"Enabled": True},
    }  # fmt: skip
    estate.single["opensearch:ListTags"][thing.region, uid] = {"TagList": _tags(thing)}


MAKERS: dict[str, Callable[[Estate, Thing], None]] = {
    "bucket": _bucket, "instance": _instance, "volume": _volume, "snapshot": _snapshot, "image": _image, "db": _db,
    "cluster": _cluster, "dbsnapshot": _dbsnapshot, "table": _table, "function": _function, "secret": _secret,
    "queue": _queue, "topic": _topic, "repository": _repository, "log": _log, "trail": _trail, "vault": _vault, "key": _key,
    "efs": _efs, "stream": _stream, "redis": _redis, "domain": _domain,
}  # fmt: skip
