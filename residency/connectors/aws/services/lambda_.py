"""Lambda functions: where they run, and the key of their code and settings."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, encrypted, primary, resource
from residency.connectors.aws.wire import Answer
from residency.model import KeyCustody, Role, StoresData

FUNCTIONS = operation("lambda:ListFunctions", lists="Functions")
TAGS = operation("lambda:ListTags")


@collector(
    service="lambda",
    actions=(FUNCTIONS, TAGS),
    scope="regional",
    kinds=("function",),
    roles=(Role.PRIMARY, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The list of functions, then the tags of each."""
    index = 0
    for page in calls.pages(FUNCTIONS, MaxItems=50):
        for function in page["Functions"]:
            calls.each(_read, function, index)
            index += 1


def _read(calls: Calls, function: Answer, index: int) -> None:
    answer = calls.one(TAGS, Resource=function["FunctionArn"])
    calls.add(read_function(calls.place, function, index, None if answer is None else answer.get("Tags", {})))


def read_function(place: Place, function: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A function, which data only passes through."""
    uid, path = function["FunctionArn"], f"Functions[{index}]"
    custody, keys = encrypted(
        place, uid, function.get("KMSKeyArn"), FUNCTIONS.call, f"{path}.KMSKeyArn", KeyCustody.PROVIDER_MANAGED
    )
    yield resource(
        place, uid, "AWS::Lambda::Function", "function", function["FunctionName"], tags=tags,
        stores=StoresData.TRANSIT, custody=custody,
    )  # fmt: skip
    yield primary(place, uid, FUNCTIONS.call, f"{path}.FunctionArn", uid)
    yield from keys
