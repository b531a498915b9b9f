"""Step Functions: state machines, the key of what their runs remember, and where the runs are logged."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, encrypted, primary, resource, towards
from residency.connectors.aws.wire import Answer
from residency.model import KeyCustody, Role

MACHINES = operation("stepfunctions:ListStateMachines", permission="states:ListStateMachines", lists="stateMachines")
MACHINE = operation(
    "stepfunctions:DescribeStateMachine", permission="states:DescribeStateMachine", lists="stateMachineArn"
)
TAGS = operation("stepfunctions:ListTagsForResource", permission="states:ListTagsForResource", lists="tags")


@collector(
    service="stepfunctions",
    actions=(MACHINES, MACHINE, TAGS),
    scope="regional",
    kinds=("state-machine",),
    roles=(Role.PRIMARY, Role.LOG, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The list of state machines, then each."""
    for _, machine in calls.items(MACHINES, maxResults=1000):
        calls.each(_read, machine["stateMachineArn"])


def _read(calls: Calls, arn: str) -> None:
    # The definition itself could only be read with the right to decrypt it.
    answer = calls.one(MACHINE, stateMachineArn=arn, includedData="METADATA_ONLY")
    if answer is not None:
        calls.add(read_machine(calls.place, answer, calls.tags(TAGS, resourceArn=arn)))


def read_machine(place: Place, machine: Answer, tags: Tags) -> Iterator[Found]:
    """A state machine: the inputs and outputs of its runs are kept with it."""
    uid, call = machine["stateMachineArn"], MACHINE.call
    told = machine.get("encryptionConfiguration") or {}
    field = "encryptionConfiguration.kmsKeyId"
    custody, keys = encrypted(place, uid, told.get("kmsKeyId"), call, field, KeyCustody.PROVIDER_MANAGED)
    type_ = "AWS::StepFunctions::StateMachine"
    yield resource(place, uid, type_, "state-machine", machine["name"], tags=tags, custody=custody)
    yield primary(place, uid, call, "stateMachineArn", uid)
    yield from keys
    logging = machine.get("loggingConfiguration") or {}
    for index, entry in enumerate(logging.get("destinations") or ()):
        arn = entry.get("cloudWatchLogsLogGroup", {}).get("logGroupArn")
        if arn and logging.get("level") != "OFF":
            path = f"loggingConfiguration.destinations[{index}].cloudWatchLogsLogGroup.logGroupArn"
            yield towards(place, uid, Role.LOG, arn, "state-machine-logs", call, path)
