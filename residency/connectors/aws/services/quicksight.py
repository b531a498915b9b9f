"""QuickSight: data sets that it keeps a copy of, and the sources they come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import in_named_bucket, kept
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role, StoresData

SOURCES = operation("quicksight:ListDataSources", lists="DataSources")
SETS = operation("quicksight:ListDataSets", lists="DataSetSummaries")
# What the parameters of a source name that is outside of this account's AWS, or may be.
_OUTSIDE = ("Host", "SiteBaseUrl", "ProjectId", "ConfluenceUrl", "SharePointDomain", "Domain")
_NEVER_USED = ("ResourceNotFoundException",)


@collector(
    service="quicksight",
    actions=(SOURCES, SETS),
    scope="regional",
    kinds=("bi-dataset", "bi-source"),
    roles=(Role.PRIMARY, Role.PROCESSING),
)
def collect(calls: Calls) -> None:
    """Sources and sets side by side, of an account that has ever signed up."""
    calls.each(_sets)
    account = calls.place.account
    for index, source in calls.items(SOURCES, absent=_NEVER_USED, AwsAccountId=account, MaxResults=100):
        calls.add(read_source(calls.place, source, index))


def _sets(calls: Calls) -> None:
    for index, entry in calls.items(SETS, absent=_NEVER_USED, AwsAccountId=calls.place.account, MaxResults=100):
        calls.add(read_set(calls.place, entry, index))


def read_set(place: Place, entry: Answer, index: int) -> Iterator[Found]:
    """A data set: a copy when it is imported into SPICE, else a question that the source is asked each time."""
    uid, type_, name = entry["Arn"], "AWS::QuickSight::DataSet", entry.get("Name")
    imported = entry.get("ImportMode") == "SPICE"
    yield from kept(
        place, uid, type_, "bi-dataset", name, SETS.call, f"DataSetSummaries[{index}].Arn", uid, tags=None,
        stores=StoresData.YES if imported else StoresData.TRANSIT, otherwise=KeyCustody.PROVIDER_MANAGED,
    )  # fmt: skip


def read_source(place: Place, source: Answer, index: int) -> Iterator[Found]:
    """A source of data: a bucket, or a host that is in a place which nobody here knows."""
    uid, path, name = source["Arn"], f"DataSources[{index}]", source.get("Name")
    yield from kept(
        place, uid, "AWS::QuickSight::DataSource", "bi-source", name, SOURCES.call, f"{path}.Arn", uid, tags=None,
        stores=StoresData.NO,
    )  # fmt: skip
    for sort, told in sorted((source.get("DataSourceParameters") or {}).items()):
        where = f"{path}.DataSourceParameters.{sort}"
        bucket = (told.get("ManifestFileLocation") or {}).get("Bucket")
        if bucket:
            evidence = Evidence(SOURCES.call, f"{where}.ManifestFileLocation.Bucket", bucket)
            yield in_named_bucket(place, uid, Role.PROCESSING, "quicksight-source", bucket, evidence)
        field, host = _outside(told)
        if host:
            evidence = Evidence(SOURCES.call, f"{where}.{field}", host)
            yield Placement(uid, Role.PROCESSING, None, "quicksight-source", evidence, target=host)


def _outside(told: Mapping[str, Any]) -> tuple[str, str | None]:
    return next(((field, told[field]) for field in _OUTSIDE if told.get(field)), ("", None))
