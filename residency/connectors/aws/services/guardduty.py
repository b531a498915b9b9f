"""GuardDuty: detectors, and the buckets that their findings are exported to."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found, KeyUse
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, primary, resource, towards
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Role

DETECTORS = operation("guardduty:ListDetectors", lists="DetectorIds")
EXPORTS = operation("guardduty:ListPublishingDestinations", lists="Destinations")
EXPORT = operation("guardduty:DescribePublishingDestination", lists="DestinationProperties")
TAGS = operation("guardduty:ListTagsForResource", lists="Tags")


@collector(
    service="guardduty",
    actions=(DETECTORS, EXPORTS, EXPORT, TAGS),
    scope="regional",
    kinds=("security-findings",),
    roles=(Role.PRIMARY, Role.LOG, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The detector of the region, if there is one, and its exports."""
    calls.each_of(DETECTORS, _read, MaxResults=50)


def _read(calls: Calls, name: str, index: int) -> None:
    uid = _arn(calls.place, name)
    calls.add(read_detector(calls.place, name, index, calls.tags(TAGS, ResourceArn=uid)))
    for _, export in calls.items(EXPORTS, DetectorId=name, MaxResults=50):
        calls.each(_export, name, export["DestinationId"])


def _export(calls: Calls, name: str, export: str) -> None:
    answer = calls.one(EXPORT, DetectorId=name, DestinationId=export)
    if answer is not None:
        calls.add(read_export(calls.place, name, answer))


def read_detector(place: Place, name: str, index: int, tags: Tags) -> Iterator[Found]:
    """A detector, which keeps what it found."""
    uid, custody = _arn(place, name), KeyCustody.PROVIDER_MANAGED
    yield resource(place, uid, "AWS::GuardDuty::Detector", "security-findings", name, tags=tags, custody=custody)
    yield primary(place, uid, DETECTORS.call, f"DetectorIds[{index}]", name)


def read_export(place: Place, name: str, export: Answer) -> Iterator[Found]:
    """The bucket that findings are exported to, and the key they are encrypted with there."""
    told, path, call = export["DestinationProperties"], "DestinationProperties", EXPORT.call
    uid, arn, key = _arn(place, name), told.get("DestinationArn"), told.get("KmsKeyArn")
    if arn and export.get("Status") != "STOPPED":
        yield towards(place, uid, Role.LOG, arn, "guardduty-export", call, f"{path}.DestinationArn")
        if key:
            yield KeyUse(uid, key, place, Evidence(call, f"{path}.KmsKeyArn", key), decides=False)


def _arn(place: Place, name: str) -> str:
    return place.arn("guardduty", f"detector/{name}")
