"""The part of the known estate about keys, people, desktops, and what is shared with others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.connectors.aws.estate_databases import arn, only_in
from tests.connectors.aws.estate_shares import OTHER, ROOT, policy
from tests.emulators.aws import ACCOUNT, AwsEmulator

if TYPE_CHECKING:
    from tests.connectors.aws.estate import Estate

PARIS, VIRGINIA, DUBLIN = "eu-west-3", "us-east-1", "eu-west-1"
OUT = "arn:aws:s3:::trail-logs"


def add_identity(aws: AwsEmulator, estate: Estate) -> None:
    """Create one of each."""
    _keys(aws, estate)
    _people(aws, estate)
    _shares(aws, estate)
    _desktops(aws, estate)
    _reports(aws, estate)


def _keys(aws: AwsEmulator, estate: Estate) -> None:
    kms = aws.client("kms", PARIS)
    grantee = f"arn:aws:iam::{OTHER}:role/r"
    kms.create_grant(KeyId=estate.imported, GranteePrincipal=grantee, Operations=["Decrypt"])
    kms.create_grant(KeyId=estate.imported, GranteePrincipal=f"arn:aws:iam::{ACCOUNT}:role/r", Operations=["Decrypt"])
    estate.also(estate.imported, "share", None, "key-grant", grantee)
    stores = [
        {"CustomKeyStoreId": "cks-1", "CustomKeyStoreType": "EXTERNAL_KEY_STORE", "XksProxyConfiguration": {"UriEndpoint": "https://keys.example.org"}},
        {"CustomKeyStoreId": "cks-2", "CustomKeyStoreType": "AWS_CLOUDHSM", "CloudHsmClusterId": "cluster-1"},
    ]
    aws.answer("kms:DescribeCustomKeyStores", only_in(PARIS, {"CustomKeyStores": stores}, {"CustomKeyStores": []}))
    told = kms.describe_key(KeyId=estate.store)["KeyMetadata"]
    # The emulator forgets which store a key is in: it says so in its place, and leaves the others to the emulator.
    of_store = {**told, "CustomKeyStoreId": "cks-1", "CreationDate": 1}
    answered = {key: {**kms.describe_key(KeyId=key)["KeyMetadata"], "CreationDate": 1} for key in (estate.key, estate.imported)}
    answered[estate.store] = of_store
    by_id = {key.rpartition("/")[2]: row for key, row in answered.items()}
    far = aws.client("kms", VIRGINIA).describe_key(KeyId=estate.key.replace(PARIS, VIRGINIA))["KeyMetadata"]
    by_region = {VIRGINIA: {**far, "CreationDate": 1}}
    aws.answer("kms:DescribeKey", lambda region, account, params: {"KeyMetadata": by_region.get(region) or by_id[params["KeyId"]]})
    estate.also(estate.store, "key", None, "external-key-store", "https://keys.example.org")
    made = "cluster-1"
    rows = [{"ClusterId": made, "State": "ACTIVE"}, {"ClusterId": "cluster-2", "State": "DELETED"}]
    aws.answer("cloudhsmv2:DescribeClusters", only_in(PARIS, {"Clusters": rows}, {"Clusters": []}))
    cluster = arn("cloudhsm", f"cluster/{made}")
    estate.is_at(cluster, PARIS, "hsm")
    copy = arn("cloudhsm", "backup/backup-1", DUBLIN)
    far_backup = {"BackupId": "backup-1", "BackupArn": copy, "BackupState": "READY", "ClusterId": made, "SourceRegion": PARIS, "SourceCluster": made}
    aws.answer("cloudhsmv2:DescribeBackups", only_in(DUBLIN, {"Backups": [far_backup]}, {"Backups": []}))
    estate.is_at(copy, DUBLIN, "hsm")
    estate.also(cluster, "backup", DUBLIN, "cloudhsm-backup-copy", copy)
    ssm = aws.client("ssm", PARIS)
    ssm.put_parameter(Name="/app/token", Value="not-a-real-token", Type="SecureString", KeyId=estate.key)
    uid = arn("ssm", "parameter/app/token")
    estate.is_at(uid, PARIS, "customer-managed")
    estate.encrypted(uid, estate.key)
    pca = aws.client("acm-pca", PARIS)
    subject = {"KeyAlgorithm": "RSA_2048", "SigningAlgorithm": "SHA256WITHRSA", "Subject": {"CommonName": "root"}}
    lists = {"CrlConfiguration": {"Enabled": True, "ExpirationInDays": 7, "S3BucketName": "trail-logs"}}
    uid = pca.create_certificate_authority(CertificateAuthorityConfiguration=subject, CertificateAuthorityType="ROOT", RevocationConfiguration=lists)["CertificateAuthorityArn"]
    aws.answer("acm-pca:GetPolicy", lambda *_: {"Policy": policy("acm-pca:IssueCertificate", {"AWS": ROOT})})
    estate.is_at(uid, PARIS, "provider-managed")
    estate.also(uid, "log", DUBLIN, "revocation-list", OUT)
    estate.also(uid, "share", None, "authority-policy", ROOT)
    uid = arn("payment-cryptography", "key/kwapwa6qaifllw2h")
    usage = {"KeyUsage": "TR31_P0_PIN_ENCRYPTION_KEY", "KeyClass": "SYMMETRIC_KEY", "KeyAlgorithm": "TDES_2KEY", "KeyModesOfUse": {}}
    listed = {"KeyArn": uid, "KeyState": "CREATE_COMPLETE", "KeyAttributes": usage, "KeyCheckValue": "c", "Exportable": True, "Enabled": True}
    aws.answer("payment-cryptography:ListKeys", only_in(PARIS, {"Keys": [listed]}, {"Keys": []}))
    key = {
        **listed, "KeyCheckValueAlgorithm": "CMAC", "KeyOrigin": "EXTERNAL", "CreateTimestamp": 1,
        "ReplicationStatus": {VIRGINIA: {"Status": "SYNCHRONIZED"}},
    }  # fmt: skip
    aws.answer("payment-cryptography:GetKey", lambda *_: {"Key": key})
    aws.answer("payment-cryptography:ListTagsForResource", lambda *_: {"Tags": []})
    estate.is_at(uid, PARIS, "imported")
    estate.also(uid, "replica", VIRGINIA, "payment-key-replication", uid.replace(PARIS, VIRGINIA))


def _people(aws: AwsEmulator, estate: Estate) -> None:
    uid = "arn:aws:sso:::instance/ssoins-1"
    regions = [{"RegionName": PARIS, "Status": "ACTIVE"}, {"RegionName": VIRGINIA, "Status": "ACTIVE"}]
    told = {"InstanceArn": uid, "OwnerAccountId": ACCOUNT, "Name": "people", "PrimaryRegion": PARIS, "Regions": regions}
    foreign = {"InstanceArn": uid + "2", "OwnerAccountId": OTHER}
    aws.answer("sso-admin:ListInstances", lambda *_: {"Instances": [told, foreign]})
    estate.is_at(uid, PARIS, None)
    estate.also(uid, "replica", VIRGINIA, "identity-center-region", None)
    uid, connector = arn("ds", "directory/d-1"), arn("ds", "directory/d-2")
    rows = [
        {"DirectoryId": "d-1", "Name": "corp.example.org", "Type": "MicrosoftAD", "RegionsInfo": {"PrimaryRegion": PARIS, "AdditionalRegions": [VIRGINIA]}},
        {"DirectoryId": "d-2", "Name": "old.example.org", "Type": "ADConnector", "DnsIpAddrs": ["192.0.2.1"]},
    ]
    aws.answer("ds:DescribeDirectories", only_in(PARIS, {"DirectoryDescriptions": rows}, {"DirectoryDescriptions": []}))
    aws.answer("ds:ListTagsForResource", lambda *_: {"Tags": []})
    lent = [{"SharedAccountId": OTHER, "ShareStatus": "Shared"}, {"SharedAccountId": "111111111111", "ShareStatus": "Rejected"}]
    aws.answer("ds:DescribeSharedDirectories", lambda *_: {"SharedDirectories": lent})
    estate.is_at(uid, PARIS, "provider-managed")
    estate.also(uid, "replica", VIRGINIA, "directory-region", arn("ds", "directory/d-1", VIRGINIA))
    estate.also(uid, "share", None, "directory-share", OTHER)
    estate.is_at(connector, PARIS, "provider-managed")
    estate.also(connector, "processing", None, "directory-connector", "192.0.2.1")


def _shares(aws: AwsEmulator, estate: Estate) -> None:
    uid, system = arn("ram", "resource-share/r-1"), next(uid for uid, *_ in estate.places if ":elasticfilesystem:" in uid)
    organisation = "arn:aws:organizations::333333333333:organization/o-1"
    shares = [{"resourceShareArn": uid, "name": "files", "owningAccountId": ACCOUNT, "status": "ACTIVE"}]
    aws.answer("ram:GetResourceShares", only_in(PARIS, {"resourceShares": shares}, {"resourceShares": []}))
    told = {"PRINCIPAL": [OTHER, organisation, ACCOUNT], "RESOURCE": [system]}
    aws.answer("ram:GetResourceShareAssociations", lambda region, account, params: {"resourceShareAssociations": [
        {"resourceShareArn": uid, "associatedEntity": entity, "status": "ASSOCIATED"} for entity in told[params["associationType"]]
    ]})  # fmt: skip
    estate.is_at(uid, PARIS, None)
    for name in (uid, system):
        for target in (OTHER, organisation):
            estate.also(name, "share", None, "ram-share", target)
    analyzer = arn("access-analyzer", "analyzer/a")
    listed = {"arn": analyzer, "name": "a", "type": "ACCOUNT", "createdAt": 1, "status": "ACTIVE"}
    aws.answer("accessanalyzer:ListAnalyzers", only_in(PARIS, {"analyzers": [listed]}, {"analyzers": []}))

    def finding(resource: str, **more: object) -> dict[str, object]:
        return {"id": "f", "resource": resource, "resourceType": "AWS::S3::Bucket", "condition": {}, "createdAt": 1, "analyzedAt": 1,
                "updatedAt": 1, "status": "ACTIVE", "resourceOwnerAccount": ACCOUNT, **more}  # fmt: skip

    found = [
        finding("arn:aws:s3:::open", isPublic=True), finding("arn:aws:s3:::lake", principal={"AWS": OTHER}),
        finding("arn:aws:iam::123456789012:role/r", principal={"AWS": OTHER}),
    ]  # fmt: skip
    aws.answer("accessanalyzer:ListFindings", lambda *_: {"findings": found})
    estate.also("arn:aws:s3:::open", "share", None, "access-analyzer", "*")
    estate.also("arn:aws:s3:::lake", "share", None, "access-analyzer", OTHER)


def _desktops(aws: AwsEmulator, estate: Estate) -> None:
    uid = arn("workspaces", "workspace/ws-1")
    desktop = {
        "WorkspaceId": "ws-1", "VolumeEncryptionKey": estate.key, "UserVolumeEncryptionEnabled": True, "RootVolumeEncryptionEnabled": True,
        "RelatedWorkspaces": [{"WorkspaceId": "ws-2", "Region": DUBLIN, "Type": "STANDBY"}],
        "StandbyWorkspacesProperties": [{"StandbyWorkspaceId": "ws-2", "DataReplication": "PRIMARY_AS_SOURCE"}],
    }  # fmt: skip
    aws.answer("workspaces:DescribeWorkspaces", only_in(PARIS, {"Workspaces": [desktop]}, {"Workspaces": []}))
    aws.answer("workspaces:DescribeTags", lambda *_: {"TagList": []})
    estate.is_at(uid, PARIS, "customer-managed")
    estate.encrypted(uid, estate.key)
    estate.also(uid, "replica", DUBLIN, "workspaces-standby", arn("workspaces", "workspace/ws-2", DUBLIN))
    image = arn("workspaces", "workspaceimage/wsi-1")
    aws.answer("workspaces:DescribeWorkspaceImages", only_in(PARIS, {"Images": [{"ImageId": "wsi-1", "Name": "base"}]}, {"Images": []}))
    aws.answer("workspaces:DescribeWorkspaceImagePermissions", lambda *_: {"ImageId": "wsi-1", "ImagePermissions": [{"SharedAccountId": OTHER}]})
    estate.is_at(image, PARIS, None)
    estate.also(image, "share", None, "workspaces-image-share", OTHER)
    fleet, stack, image = arn("appstream", "fleet/f"), arn("appstream", "stack/s"), arn("appstream", "image/i")
    capacity = {"Desired": 1}
    fleets = [{"Arn": fleet, "Name": "f", "InstanceType": "stream.standard.medium", "ComputeCapacityStatus": capacity, "State": "RUNNING"}]
    aws.answer("appstream:DescribeFleets", only_in(PARIS, {"Fleets": fleets}, {"Fleets": []}))
    connectors = [{"ConnectorType": "HOMEFOLDERS", "ResourceIdentifier": "trail-logs"}, {"ConnectorType": "GOOGLE_DRIVE", "Domains": ["example.org"]}]
    settings = {"Enabled": True, "SettingsGroup": "g", "S3BucketName": "access-logs"}
    stacks = [{"Arn": stack, "Name": "s", "StorageConnectors": connectors, "ApplicationSettings": settings}]
    aws.answer("appstream:DescribeStacks", only_in(PARIS, {"Stacks": stacks}, {"Stacks": []}))
    aws.answer("appstream:DescribeImages", only_in(PARIS, {"Images": [{"Name": "i", "Arn": image, "ImageSharedWithOthers": "TRUE"}]}, {"Images": []}))
    lent = [{"sharedAccountId": OTHER, "imagePermissions": {"allowFleet": True}}]
    aws.answer("appstream:DescribeImagePermissions", lambda *_: {"Name": "i", "SharedImagePermissionsList": lent})
    for name in (fleet, stack, image):
        estate.is_at(name, PARIS, None)
    estate.also(stack, "replica", DUBLIN, "appstream-storage", OUT)
    estate.also(stack, "replica", None, "appstream-storage", "example.org")
    estate.also(stack, "replica", PARIS, "appstream-settings", "arn:aws:s3:::access-logs")
    estate.also(image, "share", None, "appstream-image-share", OTHER)


def _reports(aws: AwsEmulator, estate: Estate) -> None:
    source, sheet, copy = arn("quicksight", "datasource/a"), arn("quicksight", "datasource/b"), arn("quicksight", "dataset/c")
    sources = [
        {"Arn": source, "Name": "a", "DataSourceParameters": {"SnowflakeParameters": {"Host": "snow.example.org", "Database": "d", "Warehouse": "w"}}},
        {"Arn": sheet, "Name": "b", "DataSourceParameters": {"S3Parameters": {"ManifestFileLocation": {"Bucket": "trail-logs", "Key": "m"}}}},
    ]
    aws.answer("quicksight:ListDataSources", only_in(PARIS, {"DataSources": sources}, {"DataSources": []}))
    sets = [{"Arn": copy, "Name": "c", "ImportMode": "SPICE"}]
    aws.answer("quicksight:ListDataSets", only_in(PARIS, {"DataSetSummaries": sets}, {"DataSetSummaries": []}))
    estate.is_at(source, PARIS, None)
    estate.also(source, "processing", None, "quicksight-source", "snow.example.org")
    estate.is_at(sheet, PARIS, None)
    estate.also(sheet, "processing", DUBLIN, "quicksight-source", OUT)
    estate.is_at(copy, PARIS, "provider-managed")
