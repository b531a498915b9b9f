"""What Bedrock did with much data at once: batches of requests, models brought in, models copied from other regions."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import operation
from residency.connectors.aws.found import CopyOf, Found, KeyUse, Routed
from residency.connectors.aws.place import Place, region_of
from residency.connectors.aws.rows import Tags, at_address, kept
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role, StoresData

BATCHES = operation("bedrock:ListModelInvocationJobs", lists="invocationJobSummaries")
COPIES = operation("bedrock:ListModelCopyJobs", lists="modelCopyJobSummaries")
IMPORTED = operation("bedrock:ListImportedModels", lists="modelSummaries")
IMPORT = operation("bedrock:GetImportedModel", lists="modelArn")
TAGS = operation("bedrock:ListTagsForResource", lists="tags")
JOBS = (BATCHES, COPIES, IMPORTED, IMPORT)


def collect_jobs(calls: Calls) -> None:
    """Batches that do the same are told once: a nightly one would be hundreds."""
    seen: set[tuple[str, str | None, str | None]] = set()
    for index, batch in calls.items(BATCHES, maxResults=1000):
        same = (batch["modelId"], _input(batch), _output(batch).get("s3Uri"))
        if batch.get("status") != "Failed" and same not in seen:
            seen.add(same)
            calls.each(_batch, batch, index)
    for index, copy in calls.items(COPIES, maxResults=1000):
        calls.add(read_copy(calls.place, copy, index))
    calls.each_of(IMPORTED, _imported, maxResults=1000)


def _batch(calls: Calls, batch: Answer, index: int) -> None:
    calls.add(read_batch(calls.place, batch, index, calls.tags(TAGS, resourceARN=batch["jobArn"])))


def _imported(calls: Calls, model: Answer, _index: int) -> None:
    answer = calls.one(IMPORT, modelIdentifier=model["modelArn"])
    if answer is not None:
        calls.add(read_imported(calls.place, answer, calls.tags(TAGS, resourceARN=model["modelArn"])))


def read_batch(place: Place, batch: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A batch of requests: the model that is asked, the bucket of the questions and that of the answers."""
    uid, path, call = batch["jobArn"], f"invocationJobSummaries[{index}]", BATCHES.call
    stores, type_ = StoresData.TRANSIT, "AWS::Bedrock::ModelInvocationJob"
    yield from kept(place, uid, type_, "llm", batch["jobName"], call, f"{path}.jobArn", uid, tags=tags, stores=stores)
    yield Routed(uid, batch["modelId"], place, Evidence(call, f"{path}.modelId", batch["modelId"]))
    asked, told = f"{path}.inputDataConfig.s3InputDataConfig.s3Uri", f"{path}.outputDataConfig.s3OutputDataConfig"
    yield from at_address(place, uid, Role.PROCESSING, _input(batch), "batch-inference", call, asked)
    output = _output(batch)
    yield from at_address(place, uid, Role.REPLICA, output.get("s3Uri"), "batch-inference", call, f"{told}.s3Uri")
    key = output.get("s3EncryptionKeyId")
    if key:
        yield KeyUse(uid, key, place, Evidence(call, f"{told}.s3EncryptionKeyId", key), decides=False)


def read_copy(place: Place, copy: Answer, index: int) -> Iterator[Found]:
    """A model of the account that was copied here from another region."""
    source, target = copy["sourceModelArn"], copy["targetModelArn"]
    if copy.get("status") != "Failed" and region_of(source) != place.region:
        evidence = Evidence(COPIES.call, f"modelCopyJobSummaries[{index}].targetModelArn", target)
        yield CopyOf(Placement(source, Role.REPLICA, place.region, "model-copy", evidence, target=target))


def read_imported(place: Place, model: Answer, tags: Tags) -> Iterator[Found]:
    """A model that was brought in, and the bucket that it came from."""
    uid, call = model["modelArn"], IMPORT.call
    yield from kept(
        place, uid, "AWS::Bedrock::ImportedModel", "ml-model", model["modelName"], call, "modelArn", uid, tags=tags,
        key=model.get("modelKmsKeyArn"), key_field="modelKmsKeyArn", otherwise=KeyCustody.PROVIDER_MANAGED,
    )  # fmt: skip
    field = "modelDataSource.s3DataSource.s3Uri"
    uri = model.get("modelDataSource", {}).get("s3DataSource", {}).get("s3Uri")
    yield from at_address(place, uid, Role.REPLICA, uri, "model-import", call, field)


def _input(batch: Answer) -> str | None:
    told: str | None = batch.get("inputDataConfig", {}).get("s3InputDataConfig", {}).get("s3Uri")
    return told


def _output(batch: Answer) -> Answer:
    told: Answer = batch.get("outputDataConfig", {}).get("s3OutputDataConfig", {})
    return told
