"""Lambda functions: where they run, the key of their code and settings, what they hand on, who else may call them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import CopyOf, Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, encrypted, primary, resource, towards
from residency.connectors.aws.shares import read_policy
from residency.connectors.aws.wire import Answer
from residency.model import KeyCustody, Placement, Role, StoresData

FUNCTIONS = operation("lambda:ListFunctions", lists="Functions")
TAGS = operation("lambda:ListTags")
POLICY = operation("lambda:GetPolicy", lists="Policy")
OUTCOMES = operation("lambda:ListFunctionEventInvokeConfigs", lists="FunctionEventInvokeConfigs")
FEEDS = operation("lambda:ListEventSourceMappings", lists="EventSourceMappings")


@collector(
    service="lambda",
    actions=(FUNCTIONS, TAGS, POLICY, OUTCOMES, FEEDS),
    scope="regional",
    kinds=("function",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """The list of functions, then each; and, where there is one, what they are fed from."""
    index = 0
    for page in calls.pages(FUNCTIONS, MaxItems=50):
        for function in page["Functions"]:
            if not index:
                calls.each(_feeds)
            calls.each(_read, function, index)
            index += 1


def _read(calls: Calls, function: Answer, index: int) -> None:
    uid = function["FunctionArn"]
    answer = calls.one(TAGS, Resource=uid)
    calls.add(read_function(calls.place, function, index, None if answer is None else answer.get("Tags", {})))
    calls.add(read_outcomes(calls.place, uid, calls.whole(OUTCOMES, OUTCOMES.lists or "", FunctionName=uid) or ()))
    policy = calls.one(POLICY, absent=("ResourceNotFoundException",), FunctionName=uid) or {}
    calls.add(read_policy(calls.place, uid, policy.get("Policy"), "function-policy", POLICY.call, "Policy"))


def _feeds(calls: Calls) -> None:
    for index, feed in calls.items(FEEDS, MaxItems=1000):
        calls.add(read_feed(calls.place, feed, index))


def read_function(place: Place, function: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A function, which data only passes through, and where the events go that it failed on."""
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
    lost, field = function.get("DeadLetterConfig", {}).get("TargetArn"), f"{path}.DeadLetterConfig.TargetArn"
    if lost:
        yield towards(place, uid, Role.REPLICA, lost, "lambda-dead-letters", FUNCTIONS.call, field)


def read_outcomes(place: Place, uid: str, settings: Iterable[Answer]) -> Iterator[Found]:
    """Where what a function answers to an event goes, for it and each of its versions and aliases."""
    for index, told in enumerate(settings):
        yield from _destinations(place, uid, told, OUTCOMES.call, f"{OUTCOMES.lists}[{index}]")


def read_feed(place: Place, feed: Answer, index: int) -> Iterator[Found]:
    """Where the records go that a function could not deal with, of a queue or stream that it is fed from."""
    uid = ":".join(str(feed.get("FunctionArn", "")).split(":")[:7])
    for found in _destinations(place, uid, feed, FEEDS.call, f"{FEEDS.lists}[{index}]"):
        # A function may be gone, and what fed it still be there.
        yield CopyOf(found) if isinstance(found, Placement) else found


def _destinations(place: Place, uid: str, told: Answer, call: str, path: str) -> Iterator[Found]:
    for outcome in ("OnSuccess", "OnFailure"):
        arn = told.get("DestinationConfig", {}).get(outcome, {}).get("Destination")
        if arn:
            field = f"{path}.DestinationConfig.{outcome}.Destination"
            yield towards(place, uid, Role.REPLICA, arn, "lambda-destination", call, field)
