"""The part of the known estate about copies: images, snapshots, backups, transfers, and machines outside of AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.connectors.aws.estate_databases import arn, only_in
from tests.connectors.aws.estate_shares import OTHER, ROOT, policy
from tests.emulators.aws import ACCOUNT, AwsEmulator

if TYPE_CHECKING:
    from tests.connectors.aws.estate import Estate

PARIS, VIRGINIA, DUBLIN = "eu-west-3", "us-east-1", "eu-west-1"
OUT = "arn:aws:s3:::trail-logs"
SERVER, JOB = "s-1234567890abcdef0", "JID123e4567-e89b-12d3-a456-426655440000"


def add_transfers(aws: AwsEmulator, estate: Estate) -> None:
    """Create one of each."""
    _policies(aws, estate)
    _backups(aws, estate)
    _moves(aws, estate)
    _gateways(aws, estate)
    _outside(aws, estate)
    _tables(aws, estate)
    _migrations(aws, estate)


def _policies(aws: AwsEmulator, estate: Estate) -> None:
    uid, off = arn("dlm", "policy/p-1"), arn("dlm", "policy/p-2")
    outpost = arn("outposts", "outpost/op-1")
    schedule = {
        "CrossRegionCopyRules": [{"TargetRegion": VIRGINIA, "Encrypted": True, "CmkArn": estate.key}, {"Target": outpost, "Encrypted": False}],
        "ShareRules": [{"TargetAccounts": [OTHER]}],
    }
    details = {
        "Schedules": [schedule], "CrossRegionCopyTargets": [{"TargetRegion": DUBLIN}],
        "Actions": [{"Name": "a", "CrossRegionCopy": [{"Target": "eu-central-1", "EncryptionConfiguration": {"Encrypted": False}}]}],
    }  # fmt: skip
    told = {
        "p-1": {"PolicyId": "p-1", "PolicyArn": uid, "State": "ENABLED", "PolicyDetails": details},
        "p-2": {"PolicyId": "p-2", "PolicyArn": off, "State": "DISABLED", "PolicyDetails": details},
    }
    listed = [{"PolicyId": name, "State": row["State"]} for name, row in told.items()]
    aws.answer("dlm:GetLifecyclePolicies", only_in(PARIS, {"Policies": listed}, {"Policies": []}))
    aws.answer("dlm:GetLifecyclePolicy", lambda region, account, params: {"Policy": told[params["PolicyId"]]})
    for name in (uid, off):
        estate.is_at(name, PARIS, None)
    for region, target in ((VIRGINIA, None), (None, outpost), (DUBLIN, None), ("eu-central-1", None)):
        estate.also(uid, "snapshot", region, "dlm-copy", target)
    estate.custody[uid] = None
    estate.encrypted(uid, estate.key)
    estate.also(uid, "share", None, "dlm-share", OTHER)


def _backups(aws: AwsEmulator, estate: Estate) -> None:
    vault, far = arn("backup", "backup-vault:safe"), arn("backup", "backup-vault:once", DUBLIN)
    text = policy("backup:StartRestoreJob", {"AWS": ROOT})
    aws.answer("backup:GetBackupVaultAccessPolicy", lambda *_: {"BackupVaultName": "safe", "Policy": text})
    estate.also(vault, "share", None, "backup-vault-policy", ROOT)
    job = {"SourceBackupVaultArn": vault, "DestinationBackupVaultArn": far, "State": "COMPLETED"}
    near = {**job, "DestinationBackupVaultArn": arn("backup", "backup-vault:second")}
    aws.answer("backup:ListCopyJobs", lambda *_: {"CopyJobs": [job, job, near]})
    estate.also(vault, "backup", DUBLIN, "backup-copy-job", far)
    server, staging = arn("drs", f"source-server/{SERVER}"), "222222222222"
    machine = f"arn:aws:ec2:{VIRGINIA}:{ACCOUNT}:instance/i-1"
    told = {
        "sourceServerID": SERVER, "arn": server, "stagingArea": {"stagingAccountID": staging},
        "sourceProperties": {"identificationHints": {"hostname": "web", "awsInstanceID": "i-1"}},
        "sourceCloudProperties": {"originRegion": VIRGINIA, "originAccountID": ACCOUNT},
    }  # fmt: skip
    aws.answer("drs:DescribeSourceServers", only_in(PARIS, {"items": [told]}, {"items": []}))
    aws.answer("drs:GetReplicationConfiguration", lambda *_: {"sourceServerID": SERVER, "ebsEncryptionKeyArn": estate.key})
    estate.is_at(server, PARIS, "customer-managed")
    estate.encrypted(server, estate.key)
    estate.also(server, "processing", VIRGINIA, "drs-source", machine)
    estate.also(server, "share", None, "drs-staging", staging)


def _moves(aws: AwsEmulator, estate: Estate) -> None:
    sync = aws.client("datasync", PARIS)
    source = sync.create_location_smb(ServerHostname="files.example.org", Subdirectory="/a", User="u", Password="not-a-real-password", AgentArns=["a"])
    role = {"BucketAccessRoleArn": f"arn:aws:iam::{ACCOUNT}:role/r"}
    target = sync.create_location_s3(S3BucketArn=OUT, S3Config=role)["LocationArn"]
    group = arn("logs", "log-group:/portal:*")
    task = sync.create_task(SourceLocationArn=source["LocationArn"], DestinationLocationArn=target, CloudWatchLogGroupArn=group, Name="nightly")["TaskArn"]
    aws.answer("datasync:ListTagsForResource", lambda *_: {"Tags": []})
    estate.is_at(task, PARIS, None)
    uri = next(row["LocationUri"] for row in sync.list_locations()["Locations"] if row["LocationArn"] == source["LocationArn"])
    estate.also(task, "processing", None, "datasync", uri)
    estate.also(task, "replica", DUBLIN, "datasync", OUT)
    logged = sync.describe_task(TaskArn=task).get("CloudWatchLogGroupArn")
    if logged:
        estate.also(task, "log", PARIS, "datasync-log", logged.removesuffix(":*"))
    transfer = aws.client("transfer", PARIS)
    log = arn("logs", "log-group:/portal")
    server = transfer.create_server(StructuredLogDestinations=[f"{log}:*"], IdentityProviderType="API_GATEWAY", IdentityProviderDetails={"Url": "https://id.example.org"})["ServerId"]
    uid = transfer.describe_server(ServerId=server)["Server"]["Arn"]
    estate.is_at(uid, PARIS, None)
    estate.also(uid, "log", PARIS, "transfer-log", log)
    estate.also(uid, "processing", None, "transfer-identity", "https://id.example.org")
    name = transfer.create_connector(Url="sftp://partner.example.org", AccessRole=role["BucketAccessRoleArn"], SftpConfig={"UserSecretId": "s"})["ConnectorId"]
    uid = transfer.describe_connector(ConnectorId=name)["Connector"]["Arn"]
    estate.is_at(uid, PARIS, None)
    estate.also(uid, "replica", None, "transfer-connector", "sftp://partner.example.org")


def _gateways(aws: AwsEmulator, estate: Estate) -> None:
    gateways = [
        {"GatewayARN": arn("storagegateway", "gateway/g-1"), "GatewayName": "room", "GatewayType": "FILE_S3", "HostEnvironment": "VMWARE"},
        {"GatewayARN": arn("storagegateway", "gateway/g-2"), "GatewayName": "tape", "GatewayType": "VTL", "HostEnvironment": "EC2", "Ec2InstanceId": "i-2", "Ec2InstanceRegion": DUBLIN},
    ]
    aws.answer("storagegateway:ListGateways", only_in(PARIS, {"Gateways": gateways}, {"Gateways": []}))
    for row, region, machine in ((gateways[0], None, None), (gateways[1], DUBLIN, f"arn:aws:ec2:{DUBLIN}:{ACCOUNT}:instance/i-2")):
        estate.is_at(row["GatewayARN"], PARIS, None)
        estate.also(row["GatewayARN"], "cache", region, "gateway-host", machine)
    nfs, smb = arn("storagegateway", "share/s-1"), arn("storagegateway", "share/s-2")
    listed = [{"FileShareARN": nfs, "FileShareType": "NFS"}, {"FileShareARN": smb, "FileShareType": "SMB"}]
    aws.answer("storagegateway:ListFileShares", lambda *_: {"FileShareInfoList": listed})
    one = {"FileShareARN": nfs, "LocationARN": f"{OUT}/prefix/", "KMSKey": estate.key, "AuditDestinationARN": arn("logs", "log-group:/portal:*")}
    two = {"FileShareARN": smb, "LocationARN": f"{OUT}/smb/", "BucketRegion": DUBLIN}
    aws.answer("storagegateway:DescribeNFSFileShares", lambda *_: {"NFSFileShareInfoList": [one]})
    aws.answer("storagegateway:DescribeSMBFileShares", lambda *_: {"SMBFileShareInfoList": [two]})
    estate.is_at(nfs, PARIS, "customer-managed")
    estate.encrypted(nfs, estate.key)
    estate.also(nfs, "primary", DUBLIN, "gateway-bucket", OUT)
    estate.also(nfs, "log", PARIS, "gateway-audit", arn("logs", "log-group:/portal"))
    estate.is_at(smb, PARIS, "provider-managed")
    estate.also(smb, "primary", DUBLIN, "gateway-bucket", OUT)
    system = next(uid for uid, *_ in estate.places if ":fsx:" in uid and ":file-system/" in uid)
    links: list[dict[str, Any]] = [
        {"FileSystemId": system.rpartition("/")[2], "DataRepositoryPath": "s3://trail-logs/x/", "Lifecycle": "AVAILABLE",
         "S3": {"AutoExportPolicy": {"Events": ["NEW"]}}},
        {"FileSystemId": system.rpartition("/")[2], "DataRepositoryPath": "nfs://files.example.org/y", "Lifecycle": "AVAILABLE"},
    ]  # fmt: skip
    aws.answer("fsx:DescribeDataRepositoryAssociations", lambda *_: {"Associations": links})
    estate.also(system, "replica", DUBLIN, "fsx-repository", OUT)
    estate.also(system, "processing", None, "fsx-repository", "nfs://files.example.org/y")


def _outside(aws: AwsEmulator, estate: Estate) -> None:
    uid, site = arn("outposts", "outpost/op-1"), arn("outposts", "site/os-1")
    rack = {"OutpostId": "op-1", "OutpostArn": uid, "SiteId": "os-1", "SiteArn": site, "Name": "cellar", "AvailabilityZone": f"{PARIS}a"}
    aws.answer("outposts:ListOutposts", only_in(PARIS, {"Outposts": [rack]}, {"Outposts": []}))
    aws.answer("outposts:ListSites", lambda *_: {"Sites": [{"SiteId": "os-1", "SiteArn": site, "OperatingAddressCountryCode": "FR"}]})
    estate.custody[uid] = None
    estate.also(uid, "primary", None, "outpost", site)
    estate.also(uid, "control-plane", PARIS, "outpost-region", None)
    job = arn("snowball", f"job/{JOB}")
    listed = [{"JobId": JOB, "JobState": "WithCustomer"}, {"JobId": "JID2", "JobState": "Complete"}]
    aws.answer("snowball:ListJobs", only_in(PARIS, {"JobListEntries": listed}, {"JobListEntries": []}))
    told = {"JobId": JOB, "AddressId": "ADID1234ab12-3eec-4eb3-9be6-9374c10eb51b", "SnowballId": "sb-1", "KmsKeyARN": estate.key, "Resources": {"S3Resources": [{"BucketArn": OUT}]}}
    aws.answer("snowball:DescribeJob", lambda *_: {"JobMetadata": told})
    aws.answer("snowball:DescribeAddress", lambda *_: {"Address": {"Country": "BE"}})
    estate.is_at(job, PARIS, "customer-managed")
    estate.encrypted(job, estate.key)
    estate.also(job, "processing", None, "snow-device", "sb-1")
    estate.also(job, "processing", DUBLIN, "snow-bucket", OUT)


def _tables(aws: AwsEmulator, estate: Estate) -> None:
    uid, copy = arn("s3tables", "bucket/facts"), arn("s3tables", "bucket/facts-copy", VIRGINIA)
    bucket = {"arn": uid, "name": "facts", "ownerAccountId": ACCOUNT, "createdAt": 1}
    aws.answer("s3tables:ListTableBuckets", only_in(PARIS, {"tableBuckets": [bucket]}, {"tableBuckets": []}))
    rules = [{"destinations": [{"destinationTableBucketARN": copy}]}]
    aws.answer("s3tables:GetTableBucketReplication", lambda *_: {"versionToken": "v", "configuration": {"role": "r", "rules": rules}})
    aws.answer("s3tables:GetTableBucketEncryption", lambda *_: {"encryptionConfiguration": {"sseAlgorithm": "aws:kms", "kmsKeyArn": estate.key}})
    aws.answer("s3tables:GetTableBucketPolicy", lambda *_: {"resourcePolicy": policy("s3tables:GetTableData", {"AWS": ROOT})})
    aws.answer("s3tables:ListTagsForResource", lambda *_: {"tags": {}})
    estate.is_at(uid, PARIS, "customer-managed")
    estate.encrypted(uid, estate.key)
    estate.also(uid, "replica", VIRGINIA, "s3tables-replication", copy)
    estate.also(uid, "share", None, "table-bucket-policy", ROOT)
    lake = "arn:aws:s3:::lake"
    reports = arn("s3tables", "bucket/aws-s3")
    result = {"DestinationResult": {"TableBucketType": "aws", "TableBucketArn": reports}}
    of_lake = {"GetBucketMetadataConfigurationResult": {"MetadataConfigurationResult": result}}
    otherwise = aws.overlay.answers["s3:GetBucketMetadataConfiguration"]
    aws.answer(
        "s3:GetBucketMetadataConfiguration",
        lambda region, account, params: of_lake if params["Bucket"] == "lake" else otherwise(region, account, params),
    )
    estate.also(lake, "log", PARIS, "s3-metadata", reports)
    export = {"OutputSchemaVersion": "V_1", "Destination": {"S3BucketDestination": {"Format": "CSV", "Bucket": OUT}}}
    found = [{"Id": "a", "StorageClassAnalysis": {"DataExport": export}}, {"Id": "b", "StorageClassAnalysis": {}}]
    aws.answer(
        "s3:ListBucketAnalyticsConfigurations",
        lambda region, account, params: {"IsTruncated": False, "AnalyticsConfigurationList": found if params["Bucket"] == "lake" else []},
    )
    estate.also(lake, "log", DUBLIN, "s3-analytics", OUT)


def _migrations(aws: AwsEmulator, estate: Estate) -> None:
    dms = aws.client("dms", PARIS)
    machine = dms.create_replication_instance(ReplicationInstanceIdentifier="mover", ReplicationInstanceClass="dms.t3.micro", KmsKeyId=estate.key)
    machine = machine["ReplicationInstance"]["ReplicationInstanceArn"]
    estate.is_at(machine, PARIS, "customer-managed")
    estate.encrypted(machine, estate.key)
    source = dms.create_endpoint(EndpointIdentifier="old", EndpointType="source", EngineName="oracle", ServerName="ora.example.org")["Endpoint"]["EndpointArn"]
    target = dms.create_endpoint(EndpointIdentifier="new", EndpointType="target", EngineName="s3", S3Settings={"BucketName": "trail-logs"})["Endpoint"]["EndpointArn"]
    for uid in (source, target):
        estate.is_at(uid, PARIS, None)
    estate.also(source, "processing", None, "dms-endpoint", "ora.example.org")
    estate.also(target, "replica", DUBLIN, "dms-endpoint", OUT)
    task = dms.create_replication_task(
        ReplicationTaskIdentifier="move", SourceEndpointArn=source, TargetEndpointArn=target, ReplicationInstanceArn=machine,
        MigrationType="full-load", TableMappings="{}",
    )["ReplicationTask"]["ReplicationTaskArn"]  # fmt: skip
    estate.is_at(task, PARIS, None)
    estate.also(task, "processing", PARIS, "dms-task", source)
    estate.also(task, "replica", PARIS, "dms-task", target)
