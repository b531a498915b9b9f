"""Athena: workgroups, the buckets that query results and logs are written to, and their keys."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found, KeyUse
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, in_named_bucket, kept, tags_of
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Role

GROUPS = operation("athena:ListWorkGroups", lists="WorkGroups")
GROUP = operation("athena:GetWorkGroup", lists="WorkGroup")
TAGS = operation("athena:ListTagsForResource", lists="Tags")


@collector(
    service="athena",
    actions=(GROUPS, GROUP, TAGS),
    scope="regional",
    kinds=("query-workgroup",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.LOG, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The workgroups, then each. Every region has one from the start, which writes nothing before it is set up."""
    for _, group in calls.items(GROUPS, MaxResults=50):
        calls.each(_read, group["Name"])


def _read(calls: Calls, name: str) -> None:
    answer = calls.one(GROUP, WorkGroup=name)
    if answer is None or not writes(answer):
        return
    uid = calls.place.arn("athena", f"workgroup/{name}")
    calls.add(read_group(calls.place, answer, tags_of(calls.whole(TAGS, "Tags", ResourceARN=uid))))


def writes(answer: Answer) -> bool:
    """Whether a workgroup keeps results or logs anywhere."""
    told = answer["WorkGroup"].get("Configuration") or {}
    logs = (told.get("MonitoringConfiguration") or {}).get("S3LoggingConfiguration") or {}
    managed = (told.get("ManagedQueryResultsConfiguration") or {}).get("Enabled")
    return bool((told.get("ResultConfiguration") or {}).get("OutputLocation") or managed or logs.get("LogLocation"))


def read_group(place: Place, answer: Answer, tags: Tags) -> Iterator[Found]:
    """A workgroup and where it writes. Results that Athena manages stay in the region."""
    name, settings = answer["WorkGroup"]["Name"], answer["WorkGroup"].get("Configuration") or {}
    uid, path = place.arn("athena", f"workgroup/{name}"), "WorkGroup.Configuration"
    managed = settings.get("ManagedQueryResultsConfiguration") or {}
    key = (managed.get("EncryptionConfiguration") or {}).get("KmsKey") if managed.get("Enabled") else None
    field = f"{path}.ManagedQueryResultsConfiguration.EncryptionConfiguration.KmsKey"
    yield from kept(
        place, uid, "AWS::Athena::WorkGroup", "query-workgroup", name, GROUP.call, "WorkGroup.Name", name, tags=tags,
        key=key, key_field=field,
    )  # fmt: skip
    result = settings.get("ResultConfiguration") or {}
    told = result.get("OutputLocation")
    if told:
        evidence = Evidence(GROUP.call, f"{path}.ResultConfiguration.OutputLocation", told)
        yield in_named_bucket(place, uid, Role.REPLICA, "athena-results", told, evidence)
        key = (result.get("EncryptionConfiguration") or {}).get("KmsKey")
        if key:
            field = f"{path}.ResultConfiguration.EncryptionConfiguration.KmsKey"
            yield KeyUse(uid, key, place, Evidence(GROUP.call, field, key), decides=False)
    logs = (settings.get("MonitoringConfiguration") or {}).get("S3LoggingConfiguration") or {}
    if logs.get("Enabled") and logs.get("LogLocation"):
        field = f"{path}.MonitoringConfiguration.S3LoggingConfiguration.LogLocation"
        evidence = Evidence(GROUP.call, field, logs["LogLocation"])
        yield in_named_bucket(place, uid, Role.LOG, "athena-logs", logs["LogLocation"], evidence)
