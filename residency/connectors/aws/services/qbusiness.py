"""Q Business: applications, which index documents and answer questions about them."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, encrypted, primary, resource
from residency.connectors.aws.wire import Answer
from residency.model import KeyCustody, Role

APPLICATIONS = operation("qbusiness:ListApplications", lists="applications")
APPLICATION = operation("qbusiness:GetApplication", lists="applicationArn")
TAGS = operation("qbusiness:ListTagsForResource", lists="tags")


@collector(
    service="qbusiness",
    actions=(APPLICATIONS, APPLICATION, TAGS),
    scope="regional",
    kinds=("knowledge-base",),
    roles=(Role.PRIMARY, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The list of applications, then each."""
    for _, application in calls.items(APPLICATIONS, maxResults=100):
        calls.each(_read, application["applicationId"])


def _read(calls: Calls, name: str) -> None:
    answer = calls.one(APPLICATION, applicationId=name)
    if answer is not None:
        calls.add(read_application(calls.place, answer, calls.tags(TAGS, resourceARN=answer["applicationArn"])))


def read_application(place: Place, application: Answer, tags: Tags) -> Iterator[Found]:
    """An application: its index holds what was read from the sources."""
    uid, call = application["applicationArn"], APPLICATION.call
    key, field = application.get("encryptionConfiguration", {}).get("kmsKeyId"), "encryptionConfiguration.kmsKeyId"
    custody, keys = encrypted(place, uid, key, call, field, KeyCustody.PROVIDER_MANAGED)
    name = application.get("displayName")
    yield resource(place, uid, "AWS::QBusiness::Application", "knowledge-base", name, tags=tags, custody=custody)
    yield primary(place, uid, call, "applicationArn", uid)
    yield from keys
