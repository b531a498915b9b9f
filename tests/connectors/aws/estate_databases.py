"""The part of the known estate of databases that are kept in several regions, or whose data was put elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.connectors.aws.estate_shares import OTHER, ROOT, policy
from tests.emulators.aws import ACCOUNT, AwsEmulator

if TYPE_CHECKING:
    from tests.connectors.aws.estate import Estate

PARIS, VIRGINIA, DUBLIN, OHIO = "eu-west-3", "us-east-1", "eu-west-1", "us-east-2"
OUT = "arn:aws:s3:::trail-logs"


def arn(service: str, rest: str, region: str = PARIS) -> str:
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{rest}"


def only_in(home: str, answer: dict[str, Any], nothing: dict[str, Any]) -> Any:
    """An answer that one region gives; the others have nothing."""
    return lambda region, account, params: answer if region == home else nothing


def add_databases(aws: AwsEmulator, estate: Estate) -> None:
    """Create one of each."""
    _relational(aws, estate)
    _tables(aws, estate)
    _memory(aws, estate)
    _distributed(aws, estate)
    _warehouses(aws, estate)
    _search(aws, estate)
    _documents(aws, estate)


def _relational(aws: AwsEmulator, estate: Estate) -> None:
    main, cluster = arn("rds", "db:main"), arn("rds", "cluster:cohort")
    copy = arn("rds", "auto-backup:ab-1", VIRGINIA)
    kept = arn("rds", "auto-backup:ab-2")
    live = {"DBInstanceArn": main, "DBInstanceIdentifier": "main", "Region": PARIS, "Status": "active",
            "DBInstanceAutomatedBackupsArn": arn("rds", "auto-backup:ab-0")}  # fmt: skip
    far = {**live, "DBInstanceAutomatedBackupsArn": copy, "Encrypted": True, "KmsKeyId": estate.key}
    gone = {**live, "DBInstanceArn": arn("rds", "db:old"), "DBInstanceAutomatedBackupsArn": kept, "Status": "retained", "Encrypted": False}
    backups = {PARIS: [live, gone], VIRGINIA: [far]}
    aws.answer(
        "rds:DescribeDBInstanceAutomatedBackups",
        lambda region, *_: {"DBInstanceAutomatedBackups": backups.get(region, [])},
    )
    estate.is_at(copy, VIRGINIA, "customer-managed")
    estate.encrypted(copy, estate.key)
    estate.also(main, "backup", VIRGINIA, "rds-automated-backup", copy)
    estate.is_at(kept, PARIS, "none")
    task = {"SourceArn": cluster, "S3Bucket": "trail-logs", "Status": "COMPLETE", "KmsKeyId": estate.key}
    failed = {**task, "S3Bucket": "lake", "Status": "FAILED"}
    aws.answer("rds:DescribeExportTasks", only_in(PARIS, {"ExportTasks": [task, failed]}, {"ExportTasks": []}))
    estate.also(cluster, "replica", DUBLIN, "rds-export", OUT)
    estate.encrypted(cluster, estate.key)
    target = arn("redshift-serverless", "namespace/n-1")
    flow = {"SourceArn": main, "TargetArn": target, "Status": "active"}
    aws.answer("rds:DescribeIntegrations", only_in(PARIS, {"Integrations": [flow]}, {"Integrations": []}))
    estate.also(main, "replica", PARIS, "rds-integration", target)
    reader = arn("rds", "cluster:reader", VIRGINIA)
    group = {"GlobalClusterMembers": [
        {"DBClusterArn": cluster, "IsWriter": True},
        {"DBClusterArn": reader, "IsWriter": False, "GlobalWriteForwardingStatus": "enabled"},
    ]}  # fmt: skip
    aws.answer("rds:DescribeGlobalClusters", lambda *_: {"GlobalClusters": [group]})
    estate.also(cluster, "replica", VIRGINIA, "rds-global-database", reader)


def _tables(aws: AwsEmulator, estate: Estate) -> None:
    tables = aws.client("dynamodb", VIRGINIA)
    uid = arn("dynamodb", "table/codes", VIRGINIA)
    tables.put_resource_policy(ResourceArn=uid, Policy=policy("dynamodb:GetItem", {"AWS": ROOT}))
    estate.also(uid, "share", None, "table-policy", ROOT)
    export = f"{uid}/export/1"
    aws.answer("dynamodb:ListExports", lambda *_: {"ExportSummaries": [{"ExportArn": export, "ExportStatus": "COMPLETED"}]})
    told = {"ExportArn": export, "TableArn": uid, "S3Bucket": "trail-logs", "S3SseKmsKeyId": estate.key}
    aws.answer("dynamodb:DescribeExport", lambda *_: {"ExportDescription": told})
    estate.also(uid, "replica", DUBLIN, "dynamodb-export", OUT)
    estate.encrypted(uid, estate.key)
    stream = arn("kinesis", "stream/events", VIRGINIA)
    streams = [{"StreamArn": stream, "DestinationStatus": "ACTIVE"}, {"StreamArn": stream + "2", "DestinationStatus": "DISABLED"}]
    aws.answer("dynamodb:DescribeKinesisStreamingDestination", lambda *_: {"TableName": "codes", "KinesisDataStreamDestinations": streams})
    estate.also(uid, "processing", VIRGINIA, "dynamodb-kinesis", stream)


def _memory(aws: AwsEmulator, estate: Estate) -> None:
    uid = arn("memorydb", "cluster/scores")
    estate.is_at(uid, PARIS, "customer-managed")
    estate.encrypted(uid, estate.key)
    snapshot = arn("memorydb", "snapshot/monday")
    taken = {"Name": "monday", "ARN": snapshot, "KmsKeyId": estate.key}
    aws.answer("memorydb:DescribeSnapshots", only_in(PARIS, {"Snapshots": [taken]}, {"Snapshots": []}))
    aws.answer("memorydb:ListTags", lambda *_: {"TagList": []})
    estate.is_at(snapshot, PARIS, "customer-managed")
    estate.encrypted(snapshot, estate.key)
    far = arn("memorydb", "cluster/scores-far", VIRGINIA)
    cluster = {"Name": "scores", "ARN": uid, "KmsKeyId": estate.key, "MultiRegionClusterName": "m"}
    aws.answer("memorydb:DescribeClusters", only_in(PARIS, {"Clusters": [cluster]}, {"Clusters": []}))
    members = [{"ClusterName": "scores", "Region": PARIS, "ARN": uid}, {"ClusterName": "scores-far", "Region": VIRGINIA, "ARN": far}]
    aws.answer("memorydb:DescribeMultiRegionClusters", lambda *_: {"MultiRegionClusters": [{"MultiRegionClusterName": "m", "Clusters": members}]})
    estate.also(uid, "replica", VIRGINIA, "memorydb-multi-region", far)
    cache = arn("elasticache", "serverlesscache:quick")
    aws.answer("elasticache:DescribeServerlessCaches", only_in(
        PARIS, {"ServerlessCaches": [{"ServerlessCacheName": "quick", "ARN": cache, "KmsKeyId": estate.key}]}, {"ServerlessCaches": []}
    ))  # fmt: skip
    aws.answer("elasticache:ListTagsForResource", lambda *_: {"TagList": []})
    estate.is_at(cache, PARIS, "customer-managed")
    estate.encrypted(cache, estate.key)


def _distributed(aws: AwsEmulator, estate: Estate) -> None:
    uid, peer = arn("dsql", "cluster/a"), arn("dsql", "cluster/b", DUBLIN)
    aws.answer("dsql:ListClusters", only_in(PARIS, {"clusters": [{"identifier": "a", "arn": uid}]}, {"clusters": []}))
    several = {"witnessRegion": OHIO, "clusters": [uid, peer]}
    told = {
        "identifier": "a", "arn": uid, "status": "ACTIVE", "creationTime": 1, "deletionProtectionEnabled": True,
        "multiRegionProperties": several, "encryptionDetails": {
            "encryptionType": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyArn": estate.key, "encryptionStatus": "ENABLED",
        },
    }  # fmt: skip
    aws.answer("dsql:GetCluster", lambda *_: told)
    aws.answer("dsql:GetClusterPolicy", lambda *_: {"policy": policy("dsql:DbConnect", {"AWS": ROOT}), "policyVersion": "1"})
    estate.is_at(uid, PARIS, "customer-managed")
    estate.encrypted(uid, estate.key)
    estate.also(uid, "replica", DUBLIN, "dsql-multi-region", peer)
    estate.also(uid, "replica", OHIO, "dsql-witness", None)
    estate.also(uid, "share", None, "cluster-policy", ROOT)
    space, table = arn("cassandra", "/keyspace/visits/"), arn("cassandra", "/keyspace/visits/table/t")
    spaces = [
        {"keyspaceName": "visits", "resourceArn": space, "replicationStrategy": "MULTI_REGION", "replicationRegions": [PARIS, VIRGINIA]},
        {"keyspaceName": "system", "resourceArn": space, "replicationStrategy": "SINGLE_REGION"},
    ]
    aws.answer("keyspaces:ListKeyspaces", only_in(PARIS, {"keyspaces": spaces}, {"keyspaces": []}))
    aws.answer("keyspaces:ListTagsForResource", lambda *_: {"tags": [{"key": "a", "value": "b"}]})
    aws.answer("keyspaces:ListTables", lambda *_: {"tables": [{"keyspaceName": "visits", "tableName": "t", "resourceArn": table}]})
    aws.answer("keyspaces:GetTable", lambda *_: {
        "keyspaceName": "visits", "tableName": "t", "resourceArn": table, "replicaSpecifications": [{"region": DUBLIN}],
        "encryptionSpecification": {"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyIdentifier": estate.key},
    })  # fmt: skip
    estate.is_at(space, PARIS, None)
    estate.also(space, "replica", VIRGINIA, "keyspaces-replication", space.replace(PARIS, VIRGINIA))
    estate.is_at(table, PARIS, "customer-managed")
    estate.encrypted(table, estate.key)
    estate.also(table, "replica", DUBLIN, "keyspaces-replication", table.replace(PARIS, DUBLIN))
    base = arn("timestream", "database/pulse")
    aws.answer("timestream-write:ListDatabases", only_in(
        PARIS, {"Databases": [{"DatabaseName": "pulse", "Arn": base, "KmsKeyId": estate.key}]}, {"Databases": []}
    ))  # fmt: skip
    aws.answer("timestream-write:ListTagsForResource", lambda *_: {"Tags": []})
    refused = {"MagneticStoreRejectedDataLocation": {"S3Configuration": {"BucketName": "trail-logs"}}}
    aws.answer("timestream-write:ListTables", lambda *_: {"Tables": [{"TableName": "t", "MagneticStoreWriteProperties": {"EnableMagneticStoreWrites": True, **refused}}]})
    estate.is_at(base, PARIS, "customer-managed")
    estate.encrypted(base, estate.key)
    estate.also(base, "replica", DUBLIN, "timestream-rejected-data", OUT)


def _warehouses(aws: AwsEmulator, estate: Estate) -> None:
    uid, snapshot = arn("redshift-serverless", "namespace/n-1"), arn("redshift-serverless", "snapshot/s-1")
    space = {"namespaceName": "n", "namespaceArn": uid, "kmsKeyId": "AWS_OWNED_KMS_KEY"}
    aws.answer("redshift-serverless:ListNamespaces", only_in(PARIS, {"namespaces": [space]}, {"namespaces": []}))
    aws.answer("redshift-serverless:ListTagsForResource", lambda *_: {"tags": []})
    copy = {"namespaceName": "n", "destinationRegion": DUBLIN, "destinationKmsKeyId": estate.key}
    aws.answer("redshift-serverless:ListSnapshotCopyConfigurations", lambda *_: {"snapshotCopyConfigurations": [copy]})
    made = {"snapshotName": "s", "snapshotArn": snapshot, "ownerAccount": ACCOUNT, "kmsKeyId": estate.key, "accountsWithRestoreAccess": [OTHER]}
    aws.answer("redshift-serverless:ListSnapshots", only_in(PARIS, {"snapshots": [made]}, {"snapshots": []}))
    estate.is_at(uid, PARIS, "provider-managed")
    estate.encrypted(uid, estate.key)
    estate.also(uid, "backup", DUBLIN, "redshift-snapshot-copy", None)
    estate.is_at(snapshot, PARIS, "customer-managed")
    estate.encrypted(snapshot, estate.key)
    estate.also(snapshot, "share", None, "redshift-snapshot-share", OTHER)
    share, here = arn("redshift", "datashare:g/sales"), arn("redshift", "namespace:g")
    consumers = [
        {"ConsumerIdentifier": OTHER, "Status": "ACTIVE", "ConsumerRegion": VIRGINIA},
        {"ConsumerIdentifier": arn("redshift", "namespace:h", DUBLIN), "Status": "ACTIVE", "ConsumerRegion": DUBLIN},
        {"ConsumerIdentifier": "111111111111", "Status": "REJECTED", "ConsumerRegion": DUBLIN},
    ]
    foreign = {"DataShareArn": share.replace(ACCOUNT, OTHER), "ProducerArn": here.replace(ACCOUNT, OTHER), "DataShareAssociations": []}
    shares: list[dict[str, Any]] = [{"DataShareArn": share, "ProducerArn": here, "DataShareAssociations": consumers}, foreign]
    aws.answer("redshift:DescribeDataShares", only_in(PARIS, {"DataShares": shares}, {"DataShares": []}))
    estate.is_at(share, PARIS, None)
    estate.also(share, "share", VIRGINIA, "redshift-data-share", OTHER)
    estate.also(share, "processing", DUBLIN, "redshift-data-share", arn("redshift", "namespace:h", DUBLIN))
    glue = aws.client("glue", PARIS)
    url = "jdbc:postgresql://reader:not-a-real-password@db.example.org:5432/cohort"
    glue.create_connection(ConnectionInput={"Name": "legacy", "ConnectionType": "JDBC", "ConnectionProperties": {"JDBC_CONNECTION_URL": url}})
    uid = arn("glue", "connection/legacy")
    estate.is_at(uid, PARIS, None)
    estate.also(uid, "processing", None, "glue-connection", "db.example.org:5432")
    glue.put_resource_policy(PolicyInJson=policy("glue:GetTable", {"AWS": ROOT}))
    uid = arn("glue", "catalog")
    estate.is_at(uid, PARIS, None)
    estate.also(uid, "share", None, "catalog-policy", ROOT)
    athena = aws.client("athena", PARIS)
    result = {"OutputLocation": "s3://trail-logs/results/", "EncryptionConfiguration": {"EncryptionOption": "SSE_KMS", "KmsKey": estate.key}}
    athena.create_work_group(Name="analysts", Configuration={"ResultConfiguration": result})
    uid = arn("athena", "workgroup/analysts")
    aws.answer("athena:ListTagsForResource", lambda *_: {"Tags": []})  # the emulator knows no tags of a workgroup
    estate.is_at(uid, PARIS, None)
    estate.also(uid, "replica", DUBLIN, "athena-results", OUT)
    estate.encrypted(uid, estate.key)


def _search(aws: AwsEmulator, estate: Estate) -> None:
    def connection(near: str, far: str, owner: str, region: str) -> dict[str, Any]:
        def side(name: str, account: str, where: str) -> dict[str, Any]:
            return {"AWSDomainInformation": {"OwnerId": account, "DomainName": name, "Region": where}}

        return {"LocalDomainInfo": side(near, ACCOUNT, PARIS), "RemoteDomainInfo": side(far, owner, region), "ConnectionStatus": {"StatusCode": "ACTIVE"}}

    out = [connection("texts", "far", ACCOUNT, VIRGINIA), connection("texts", "near", ACCOUNT, PARIS)]
    aws.answer("opensearch:DescribeOutboundConnections", lambda *_: {"Connections": out})
    uid = arn("es", "domain/texts")
    estate.also(uid, "processing", VIRGINIA, "opensearch-connection", arn("es", "domain/far", VIRGINIA))
    other = connection("texts", "theirs", OTHER, DUBLIN)
    incoming = {**other, "LocalDomainInfo": other["RemoteDomainInfo"], "RemoteDomainInfo": other["LocalDomainInfo"]}
    aws.answer("opensearch:DescribeInboundConnections", lambda *_: {"Connections": [incoming]})
    estate.also(uid, "share", DUBLIN, "opensearch-connection", OTHER)
    found = [
        {"name": "vectors", "arn": arn("aoss", "collection/c-1"), "kmsKeyArn": "auto"},
        {"name": "logs", "arn": arn("aoss", "collection/c-2"), "kmsKeyArn": estate.key},
    ]
    aws.answer("opensearchserverless:ListCollections", only_in(PARIS, {"collectionSummaries": found}, {"collectionSummaries": []}))
    aws.answer("opensearchserverless:ListTagsForResource", lambda *_: {"tags": []})
    estate.is_at(arn("aoss", "collection/c-1"), PARIS, "provider-managed")
    estate.is_at(arn("aoss", "collection/c-2"), PARIS, "customer-managed")
    estate.encrypted(arn("aoss", "collection/c-2"), estate.key)


def _documents(aws: AwsEmulator, estate: Estate) -> None:
    uid = arn("docdb-elastic", "cluster/c-1")
    listed = {"clusterName": "papers", "clusterArn": uid, "status": "ACTIVE"}
    aws.answer("docdb-elastic:ListClusters", only_in(PARIS, {"clusters": [listed]}, {"clusters": []}))
    aws.answer("docdb-elastic:GetCluster", lambda *_: {"cluster": {**listed, "kmsKeyId": estate.key}})
    aws.answer("docdb-elastic:ListTagsForResource", lambda *_: {"tags": {}})
    estate.is_at(uid, PARIS, "customer-managed")
    estate.encrypted(uid, estate.key)
    graph = arn("neptune-graph", "graph/g-1")
    told = {"id": "g-1", "name": "kin", "arn": graph, "kmsKeyIdentifier": "AWS_OWNED_KEY"}
    aws.answer("neptune-graph:ListGraphs", only_in(PARIS, {"graphs": [told]}, {"graphs": []}))
    aws.answer("neptune-graph:ListTagsForResource", lambda *_: {"tags": {}})
    task = {"graphId": "g-1", "roleArn": "r", "taskId": "t", "status": "SUCCEEDED", "format": "CSV", "destination": "s3://trail-logs/g/", "kmsKeyIdentifier": "k"}
    aws.answer("neptune-graph:ListExportTasks", lambda *_: {"tasks": [task]})
    estate.is_at(graph, PARIS, "provider-managed")
    estate.also(graph, "replica", DUBLIN, "neptune-export", OUT)
    store = arn("healthlake", "datastore/fhir/d-1")
    kms = {"KmsEncryptionConfig": {"CmkType": "CUSTOMER_MANAGED_KMS_KEY", "KmsKeyId": estate.key}}
    records = {"DatastoreId": "d-1", "DatastoreArn": store, "DatastoreStatus": "ACTIVE", "DatastoreTypeVersion": "R4", "DatastoreEndpoint": "https://x", "SseConfiguration": kms}
    aws.answer("healthlake:ListFHIRDatastores", only_in(PARIS, {"DatastorePropertiesList": [records]}, {"DatastorePropertiesList": []}))
    aws.answer("healthlake:ListTagsForResource", lambda *_: {"Tags": []})
    estate.is_at(store, PARIS, "customer-managed")
    estate.encrypted(store, estate.key)
