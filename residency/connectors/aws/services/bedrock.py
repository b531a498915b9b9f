"""Bedrock: models of the account, profiles that spread requests over regions, and where requests are written down.

A profile that AWS defines is there in every account. It becomes a place where data is processed once something of the
account is set to use it: an application profile, or an agent (`bedrock_agent.py`). What a program asks of it directly
leaves no trace that can be listed. Batches are in `bedrock_jobs`.
"""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found, KnownProfile
from residency.connectors.aws.place import Place, region_of
from residency.connectors.aws.rows import Tags, at_address, encrypted, in_bucket, primary, resource
from residency.connectors.aws.services.bedrock_jobs import JOBS, TAGS, collect_jobs
from residency.connectors.aws.shares import share
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role, StoresData

PROFILES = operation("bedrock:ListInferenceProfiles", lists="inferenceProfileSummaries")
LOGGING = operation("bedrock:GetModelInvocationLoggingConfiguration")
RETENTION = operation("bedrock:GetAccountDataRetention", lists="mode")
MODELS = operation("bedrock:ListCustomModels", lists="modelSummaries")
MODEL = operation("bedrock:GetCustomModel", lists="modelArn")
GUARDRAILS = operation("bedrock:ListGuardrails", lists="guardrails")


@collector(
    service="bedrock",
    actions=(PROFILES, LOGGING, RETENTION, MODELS, MODEL, GUARDRAILS, TAGS, *JOBS),
    scope="regional",
    kinds=("llm", "ml-model"),
    roles=(Role.PRIMARY, Role.PROCESSING, Role.REPLICA, Role.LOG, Role.SHARE, Role.KEY),
)
def collect(calls: Calls) -> None:
    """Profiles, models, batches and guardrails, and the settings of the account in this region."""
    calls.each(_profiles)
    calls.each(_models)
    calls.each(_settings)
    calls.each(collect_jobs)
    calls.each_of(GUARDRAILS, _guardrail, maxResults=100)


def _profiles(calls: Calls) -> None:
    for _, profile in calls.items(PROFILES, typeEquals="SYSTEM_DEFINED", maxResults=1000):
        calls.add([known_profile(calls.place, profile)])
    calls.each_of(PROFILES, _profile, typeEquals="APPLICATION", maxResults=1000)


def _profile(calls: Calls, profile: Answer, index: int) -> None:
    calls.add([known_profile(calls.place, profile)])
    tags = calls.tags(TAGS, resourceARN=profile["inferenceProfileArn"])
    calls.add(read_profile(calls.place, profile, index, tags))


def _models(calls: Calls) -> None:
    for _, model in calls.items(MODELS, isOwned=True, maxResults=1000):
        calls.each(_model, model)


def _model(calls: Calls, model: Answer) -> None:
    answer = calls.one(MODEL, modelIdentifier=model["modelArn"])
    if answer is not None:
        calls.add(read_model(calls.place, answer, calls.tags(TAGS, resourceARN=model["modelArn"])))


def _guardrail(calls: Calls, guardrail: Answer, index: int) -> None:
    calls.add(read_guardrail(calls.place, guardrail, index, calls.tags(TAGS, resourceARN=guardrail["arn"])))


def _settings(calls: Calls) -> None:
    calls.add(read_settings(calls.place, calls.one(LOGGING) or {}, calls.one(RETENTION) or {}))


def known_profile(place: Place, profile: Answer) -> KnownProfile:
    """The regions that a profile may route to. A model without a region in its ARN is answered anywhere."""
    regions = dict.fromkeys(region_of(entry["modelArn"]) for entry in profile.get("models", ()))
    return KnownProfile(profile["inferenceProfileArn"], profile["inferenceProfileId"], place, tuple(regions))


def read_profile(place: Place, profile: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A profile of the account, and each other region where a request to it may be answered."""
    uid, path, call = profile["inferenceProfileArn"], f"inferenceProfileSummaries[{index}]", PROFILES.call
    type_, stores = "AWS::Bedrock::ApplicationInferenceProfile", StoresData.TRANSIT
    yield resource(place, uid, type_, "llm", profile["inferenceProfileName"], tags=tags, stores=stores)
    yield primary(place, uid, call, f"{path}.inferenceProfileArn", uid)
    seen: set[str | None] = {place.region}
    for at, entry in enumerate(profile.get("models", ())):
        arn = entry["modelArn"]
        region = region_of(arn)
        if region not in seen:
            seen.add(region)
            evidence = Evidence(call, f"{path}.models[{at}].modelArn", arn)
            yield Placement(uid, Role.PROCESSING, region, "inference-profile", evidence, target=arn)


def read_model(place: Place, model: Answer, tags: Tags) -> Iterator[Found]:
    """A model that was trained further with data of the account, and the buckets of that data and of what came out."""
    uid, call = model["modelArn"], MODEL.call
    key = model.get("modelKmsKeyArn")
    custody, keys = encrypted(place, uid, key, call, "modelKmsKeyArn", KeyCustody.PROVIDER_MANAGED)
    name = model["modelName"]
    yield resource(place, uid, "AWS::Bedrock::CustomModel", "ml-model", name, tags=tags, custody=custody)
    yield primary(place, uid, call, "modelArn", uid)
    yield from keys
    for member in ("trainingDataConfig", "outputDataConfig"):
        uri = model.get(member, {}).get("s3Uri")
        yield from at_address(place, uid, Role.REPLICA, uri, "model-training", call, f"{member}.s3Uri")


def read_guardrail(place: Place, guardrail: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A guardrail. With a guardrail profile requests are checked in any region of a part of the world; which those are,
    no answer tells."""
    uid, path, call = guardrail["arn"], f"guardrails[{index}]", GUARDRAILS.call
    type_, stores = "AWS::Bedrock::Guardrail", StoresData.TRANSIT
    yield resource(place, uid, type_, "llm", guardrail["name"], tags=tags, stores=stores)
    yield primary(place, uid, call, f"{path}.arn", uid)
    arn = guardrail.get("crossRegionDetails", {}).get("guardrailProfileArn")
    if arn:
        evidence = Evidence(call, f"{path}.crossRegionDetails.guardrailProfileArn", arn)
        yield Placement(uid, Role.PROCESSING, None, "guardrail-profile", evidence, target=arn)


def read_settings(place: Place, logging: Answer, retention: Answer) -> Iterator[Found]:
    """Where requests and answers of the region are written down, and whether the makers of models get them. Told only
    where one of the two is so: the settings have no ARN of AWS's and no tags."""
    told = logging.get("loggingConfig") or {}
    given = retention.get("mode") == "provider_data_share"
    if not told and not given:
        return
    uid, stores = place.arn("bedrock", "model-invocation-settings"), StoresData.TRANSIT
    yield resource(place, uid, "AWS::Bedrock::AccountSettings", "llm", "Bedrock", tags={}, stores=stores)
    call = LOGGING.call if told else RETENTION.call
    yield primary(place, uid, call, "loggingConfig" if told else "mode", None)
    cloudwatch = told.get("cloudWatchConfig") or {}
    large = cloudwatch.get("largeDataDeliveryS3Config") or {}
    for entry, field in (
        (told.get("s3Config") or {}, "s3Config"), (large, "cloudWatchConfig.largeDataDeliveryS3Config")
    ):  # fmt: skip
        bucket = entry.get("bucketName")
        if bucket:
            evidence = Evidence(LOGGING.call, f"loggingConfig.{field}.bucketName", bucket)
            yield in_bucket(place, uid, Role.LOG, bucket, "bedrock-invocation-log", evidence)
    group = cloudwatch.get("logGroupName")
    if group:
        evidence = Evidence(LOGGING.call, "loggingConfig.cloudWatchConfig.logGroupName", group)
        target = place.arn("logs", f"log-group:{group}")
        yield Placement(uid, Role.LOG, place.region, "bedrock-invocation-log", evidence, target=target)
    if given:
        evidence = Evidence(RETENTION.call, "mode", retention["mode"])
        yield share(uid, "bedrock-data-retention", evidence, "model provider")
