"""An estate with a known answer: every placement that the connector must find, and no other."""

from __future__ import annotations

from typing import Any

from tests.connectors.aws.estate_answered import add_answered
from tests.connectors.aws.estate_data import add_data
from tests.connectors.aws.estate_databases import add_databases
from tests.connectors.aws.estate_edge import add_edge
from tests.connectors.aws.estate_flows import add_flows
from tests.connectors.aws.estate_identity import add_identity
from tests.connectors.aws.estate_messaging import add_messaging
from tests.connectors.aws.estate_outward import add_outward
from tests.connectors.aws.estate_shares import add_shares
from tests.connectors.aws.estate_storage import add_storage
from tests.connectors.aws.estate_transfers import add_transfers
from tests.connectors.aws.estate_workloads import add_workloads
from tests.emulators.aws import ACCOUNT, AwsEmulator

PARIS, VIRGINIA, DUBLIN = "eu-west-3", "us-east-1", "eu-west-1"
REGIONS = (PARIS, VIRGINIA, DUBLIN)
Place = tuple[str, str, str | None, str, str | None]


def arn(service: str, region: str, rest: str) -> str:
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{rest}"


class Estate:
    """Seeds an emulator and keeps the answer."""

    def __init__(self, aws: AwsEmulator) -> None:
        self._aws = aws
        self.places: set[Place] = set()
        self.custody: dict[str, str | None] = {}
        self._keys()
        self._buckets()
        self._ec2()
        self._databases()
        self._messages()
        self._containers()
        self._records()
        self._edge()
        add_shares(aws, self)
        add_data(aws, self)
        add_flows(aws, self)
        add_messaging(aws, self)
        add_workloads(aws, self)
        add_edge(aws, self)
        add_answered(aws, self)
        add_storage(aws, self)
        add_databases(aws, self)
        add_transfers(aws, self)
        add_identity(aws, self)
        add_outward(aws, self)

    def is_at(
        self, uid: str, region: str | None, custody: str | None, via: str = "location", target: str | None = None
    ) -> None:
        self.places.add((uid, "primary", region, via, target))
        self.custody[uid] = custody

    def also(self, uid: str, role: str, region: str | None, via: str, target: str | None) -> None:
        self.places.add((uid, role, region, via, target))

    def encrypted(self, uid: str, key: str) -> None:
        self.also(uid, "key", key.split(":")[3], "encryption-key", key)

    def _keys(self) -> None:
        kms = self._aws.client("kms", PARIS)
        self.key = kms.create_key(MultiRegion=True)["KeyMetadata"]["Arn"]
        kms.replicate_key(KeyId=self.key.rpartition("/")[2], ReplicaRegion=VIRGINIA)
        copy = self.key.replace(PARIS, VIRGINIA)
        self.is_at(self.key, PARIS, "customer-managed")
        self.is_at(copy, VIRGINIA, "customer-managed")
        self.also(self.key, "replica", VIRGINIA, "kms-multi-region", copy)
        self.imported = kms.create_key(Origin="EXTERNAL")["KeyMetadata"]["Arn"]
        self.is_at(self.imported, PARIS, "imported")
        self.store = kms.create_key(Origin="EXTERNAL_KEY_STORE")["KeyMetadata"]["Arn"]
        self.is_at(self.store, PARIS, "external")
        kms.create_alias(AliasName="alias/queue", TargetKeyId=self.store)

    def _bucket(self, name: str, region: str, custody: str = "provider-managed") -> str:
        where = {} if region == VIRGINIA else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        s3 = self._aws.client("s3", region)
        s3.create_bucket(Bucket=name, **where)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        self.is_at(f"arn:aws:s3:::{name}", region, custody)
        return f"arn:aws:s3:::{name}"

    def _buckets(self) -> None:
        lake = self._bucket("lake", PARIS, "customer-managed")
        copy = self._bucket("lake-copy", VIRGINIA)
        self._bucket("access-logs", PARIS)
        self._bucket("trail-logs", DUBLIN)
        s3 = self._aws.client("s3", PARIS)
        default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": self.key}
        s3.put_bucket_encryption(
            Bucket="lake",
            ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": default}]},
        )
        self.encrypted(lake, self.key)
        rules = [
            self._rule("copy", "Enabled", "arn:aws:s3:::lake-copy"),
            self._rule("off", "Disabled", "arn:aws:s3:::access-logs"),
            self._rule("lost", "Enabled", "arn:aws:s3:::no-such-bucket"),
        ]
        s3.put_bucket_replication(
            Bucket="lake", ReplicationConfiguration={"Role": "arn:aws:iam::1:role/r", "Rules": rules}
        )
        self.also(lake, "replica", VIRGINIA, "s3-replication", copy)
        self.also(lake, "replica", None, "s3-replication", "arn:aws:s3:::no-such-bucket")
        grants = [
            {"Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/s3/LogDelivery"}, "Permission": p}
            for p in ("WRITE", "READ_ACP")
        ]
        owner = s3.get_bucket_acl(Bucket="access-logs")["Owner"]
        s3.put_bucket_acl(Bucket="access-logs", AccessControlPolicy={"Grants": grants, "Owner": owner})
        s3.put_bucket_logging(
            Bucket="lake", BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": "access-logs", "TargetPrefix": "l/"}}
        )
        self.also(lake, "log", PARIS, "s3-logging", "arn:aws:s3:::access-logs")

    @staticmethod
    def _rule(name: str, status: str, bucket: str) -> dict[str, Any]:
        return {
            "ID": name, "Status": status, "Priority": len(name), "Filter": {"Prefix": name},
            "DeleteMarkerReplication": {"Status": "Disabled"}, "Destination": {"Bucket": bucket},
        }  # fmt: skip

    def _ec2(self) -> None:
        ec2 = self._aws.client("ec2", PARIS)
        machine = ec2.run_instances(ImageId="ami-00000000000000000", MinCount=1, MaxCount=1)["Instances"][0][
            "InstanceId"
        ]
        self.is_at(arn("ec2", PARIS, f"instance/{machine}"), PARIS, None)
        disks = ec2.describe_volumes()["Volumes"]
        self.is_at(arn("ec2", PARIS, f"volume/{disks[0]['VolumeId']}"), PARIS, "none")
        volume = ec2.create_volume(AvailabilityZone=f"{PARIS}a", Size=1, Encrypted=True, KmsKeyId=self.imported)[
            "VolumeId"
        ]
        self.is_at(arn("ec2", PARIS, f"volume/{volume}"), PARIS, "imported")
        self.encrypted(arn("ec2", PARIS, f"volume/{volume}"), self.imported)
        snapshot = ec2.create_snapshot(VolumeId=disks[0]["VolumeId"])["SnapshotId"]
        self.is_at(f"arn:aws:ec2:{PARIS}::snapshot/{snapshot}", PARIS, "none")
        image = ec2.create_image(InstanceId=machine, Name="golden")["ImageId"]
        self.is_at(f"arn:aws:ec2:{PARIS}::image/{image}", PARIS, None)
        of_image = {
            s["SnapshotId"]
            for s in ec2.describe_snapshots(Filters=[{"Name": "owner-id", "Values": [ACCOUNT]}])["Snapshots"]
        }
        for name in of_image - {snapshot}:
            self.is_at(f"arn:aws:ec2:{PARIS}::snapshot/{name}", PARIS, "none")

    def _databases(self) -> None:
        rds = self._aws.client("rds", PARIS)
        wanted = {
            "DBInstanceClass": "db.t3.medium", "Engine": "postgres", "AllocatedStorage": 20,
            "MasterUsername": "someone", "MasterUserPassword": "not-a-real-password",
        }  # fmt: skip
        rds.create_db_instance(
            DBInstanceIdentifier="main", StorageEncrypted=True, KmsKeyId=self.key, BackupRetentionPeriod=0, **wanted
        )
        main = arn("rds", PARIS, "db:main")
        self.is_at(main, PARIS, "customer-managed")
        self.encrypted(main, self.key)
        self._aws.client("rds", VIRGINIA).create_db_instance_read_replica(
            DBInstanceIdentifier="far", SourceDBInstanceIdentifier=main, SourceRegion=PARIS
        )
        far = arn("rds", VIRGINIA, "db:far")
        self.is_at(far, VIRGINIA, "customer-managed")
        self.encrypted(far, self.key)
        self.also(main, "replica", VIRGINIA, "rds-read-replica", far)
        for snapshot in rds.describe_db_snapshots()["DBSnapshots"]:
            self.is_at(snapshot["DBSnapshotArn"], PARIS, "customer-managed")
            self.encrypted(snapshot["DBSnapshotArn"], self.key)
        for snapshot in self._aws.client("rds", VIRGINIA).describe_db_snapshots()["DBSnapshots"]:
            self.is_at(snapshot["DBSnapshotArn"], VIRGINIA, "customer-managed")
            self.encrypted(snapshot["DBSnapshotArn"], self.key)
        rds.create_db_cluster(
            DBClusterIdentifier="cohort", Engine="aurora-postgresql", MasterUsername="someone",
            MasterUserPassword="not-a-real-password", StorageEncrypted=False,
        )  # fmt: skip
        self.is_at(arn("rds", PARIS, "cluster:cohort"), PARIS, "none")
        for snapshot in rds.describe_db_cluster_snapshots()["DBClusterSnapshots"]:
            self.is_at(snapshot["DBClusterSnapshotArn"], PARIS, "none")
        tables = self._aws.client("dynamodb", VIRGINIA)
        tables.create_table(
            TableName="codes", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        )  # fmt: skip
        self.is_at(arn("dynamodb", VIRGINIA, "table/codes"), VIRGINIA, "provider-managed")

    def _messages(self) -> None:
        secret = self._aws.client("secretsmanager", PARIS).create_secret(
            Name="token", SecretString="not-a-real-secret", AddReplicaRegions=[{"Region": VIRGINIA}]
        )["ARN"]
        copy = secret.replace(PARIS, VIRGINIA)
        self.is_at(secret, PARIS, "provider-managed")
        self.also(secret, "replica", VIRGINIA, "secret-replication", copy)
        self.encrypted(secret, arn("kms", VIRGINIA, "alias/aws/secretsmanager"))
        self.is_at(copy, VIRGINIA, "provider-managed")
        self._aws.client("sqs", PARIS).create_queue(QueueName="work", Attributes={"KmsMasterKeyId": "alias/queue"})
        self.is_at(arn("sqs", PARIS, "work"), PARIS, "external")
        self.encrypted(arn("sqs", PARIS, "work"), arn("kms", PARIS, "alias/queue"))
        self._aws.client("sns", DUBLIN).create_topic(Name="ready", Attributes={"KmsMasterKeyId": "alias/aws/sns"})
        self.is_at(arn("sns", DUBLIN, "ready"), DUBLIN, "provider-managed")
        self.encrypted(arn("sns", DUBLIN, "ready"), arn("kms", DUBLIN, "alias/aws/sns"))

    def _containers(self) -> None:
        ecr = self._aws.client("ecr", PARIS)
        for name in ("prod/api", "test/api"):
            ecr.create_repository(repositoryName=name)
            self.is_at(arn("ecr", PARIS, f"repository/{name}"), PARIS, "provider-managed")
        rule = {
            "destinations": [{"region": DUBLIN, "registryId": ACCOUNT}],
            "repositoryFilters": [{"filter": "prod/", "filterType": "PREFIX_MATCH"}],
        }
        ecr.put_replication_configuration(replicationConfiguration={"rules": [rule]})
        target = arn("ecr", DUBLIN, "repository/prod/api")
        self.also(arn("ecr", PARIS, "repository/prod/api"), "replica", DUBLIN, "ecr-replication", target)
        role = self._aws.client("iam", VIRGINIA).create_role(
            RoleName="run", AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": []}'
        )["Role"]["Arn"]
        self._aws.client("lambda", DUBLIN).create_function(
            FunctionName="intake",
            Runtime="python3.12",
            Role=role,
            Handler="a.b",
            Code={"ZipFile": b"PK\x05\x06" + bytes(18)},
        )
        self.is_at(arn("lambda", DUBLIN, "function:intake"), DUBLIN, "provider-managed")

    def _records(self) -> None:
        self._aws.client("logs", PARIS).create_log_group(logGroupName="/portal", kmsKeyId=self.key)
        group = arn("logs", PARIS, "log-group:/portal")
        self.is_at(group, PARIS, "customer-managed")
        self.encrypted(group, self.key)
        self._aws.client("cloudtrail", PARIS).create_trail(
            Name="audit",
            S3BucketName="trail-logs",
            IsMultiRegionTrail=True,
            TagsList=[{"Key": "data-class", "Value": "personal"}],
        )
        trail = arn("cloudtrail", PARIS, "trail/audit")
        self.is_at(trail, PARIS, "provider-managed")
        self.also(trail, "log", DUBLIN, "cloudtrail-delivery", "arn:aws:s3:::trail-logs")
        backup = self._aws.client("backup", PARIS)
        vault = backup.create_backup_vault(BackupVaultName="safe", EncryptionKeyArn=self.key)["BackupVaultArn"]
        self.is_at(vault, PARIS, "customer-managed")
        self.encrypted(vault, self.key)
        far = arn("backup", VIRGINIA, "backup-vault:far")
        rule = {
            "RuleName": "daily",
            "TargetBackupVaultName": "safe",
            "CopyActions": [{"DestinationBackupVaultArn": far}],
        }
        backup.create_backup_plan(BackupPlan={"BackupPlanName": "daily", "Rules": [rule]})
        self.also(vault, "backup", VIRGINIA, "backup-copy", far)

    def _edge(self) -> None:
        origins = [
            {
                "Id": "s3",
                "DomainName": "lake.s3.eu-west-3.amazonaws.com",
                "S3OriginConfig": {"OriginAccessIdentity": ""},
            },
            {
                "Id": "web",
                "DomainName": "portal.example.org",
                "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"},
            },
        ]
        cdn = self._aws.client("cloudfront", VIRGINIA).create_distribution(
            DistributionConfig={
                "CallerReference": "c", "Comment": "", "Enabled": True, "Origins": {"Quantity": 2, "Items": origins},
                "DefaultCacheBehavior": {
                    "TargetOriginId": "s3", "ViewerProtocolPolicy": "https-only", "MinTTL": 0,
                    "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}},
                },
            }
        )["Distribution"]["ARN"]  # fmt: skip
        self.is_at(cdn, PARIS, None, "cdn-origin", "arn:aws:s3:::lake")
        self.also(cdn, "primary", None, "cdn-origin", "portal.example.org")
        self.also(cdn, "cache", "aws-global", "cdn-edge", None)
