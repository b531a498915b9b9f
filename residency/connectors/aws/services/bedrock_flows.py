"""Flows and prompts of Bedrock: which models they ask, and the functions, bots and buckets that a flow uses."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import operation
from residency.connectors.aws.found import Found, Routed
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, in_bucket, kept, towards
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Role, StoresData

FLOWS = operation("bedrock-agent:ListFlows", permission="bedrock:ListFlows", lists="flowSummaries")
FLOW = operation("bedrock-agent:GetFlow", permission="bedrock:GetFlow", lists="arn")
PROMPTS = operation("bedrock-agent:ListPrompts", permission="bedrock:ListPrompts", lists="promptSummaries")
PROMPT = operation("bedrock-agent:GetPrompt", permission="bedrock:GetPrompt", lists="arn")
TAGS = operation("bedrock-agent:ListTagsForResource", permission="bedrock:ListTagsForResource", lists="tags")
DESIGNS = (FLOWS, FLOW, PROMPTS, PROMPT)
# What a node of a flow passes data to, by the path to its ARN. A loop has a flow of its own inside.
_PASSED_TO = (("lambdaFunction", "lambdaArn"), ("lex", "botAliasArn"), ("agent", "agentAliasArn"))
_MODELS = (("knowledgeBase", "modelId"), ("prompt", "sourceConfiguration.inline.modelId"))


def collect_designs(calls: Calls) -> None:
    """The flows and the prompts, each as it is being worked on."""
    calls.each_of(FLOWS, _flow, maxResults=1000)
    calls.each_of(PROMPTS, _prompt, maxResults=1000)


def _flow(calls: Calls, flow: Answer, _index: int) -> None:
    answer = calls.one(FLOW, flowIdentifier=flow["id"])
    if answer is not None:
        calls.add(read_flow(calls.place, answer, calls.tags(TAGS, resourceArn=answer["arn"])))


def _prompt(calls: Calls, prompt: Answer, _index: int) -> None:
    answer = calls.one(PROMPT, promptIdentifier=prompt["id"])
    if answer is not None:
        calls.add(read_prompt(calls.place, answer, calls.tags(TAGS, resourceArn=answer["arn"])))


def read_flow(place: Place, flow: Answer, tags: Tags) -> Iterator[Found]:
    """A flow and what its nodes hand data to."""
    yield from _design(place, flow, "AWS::Bedrock::Flow", FLOW.call, tags)
    yield from _nodes(place, flow["arn"], flow.get("definition") or {}, "definition")


def read_prompt(place: Place, prompt: Answer, tags: Tags) -> Iterator[Found]:
    """A prompt that is kept, and the models that its variants ask."""
    uid = prompt["arn"]
    yield from _design(place, prompt, "AWS::Bedrock::Prompt", PROMPT.call, tags)
    for index, variant in enumerate(prompt.get("variants") or ()):
        model = variant.get("modelId")
        if model:
            yield Routed(uid, model, place, Evidence(PROMPT.call, f"variants[{index}].modelId", model))


def _design(place: Place, told: Answer, type_: str, call: str, tags: Tags) -> Iterator[Found]:
    key = told.get("customerEncryptionKeyArn")
    yield from kept(
        place, told["arn"], type_, "llm", told["name"], call, "arn", told["arn"], tags=tags, key=key,
        key_field="customerEncryptionKeyArn", otherwise=KeyCustody.PROVIDER_MANAGED, stores=StoresData.TRANSIT,
    )  # fmt: skip


def _nodes(place: Place, uid: str, definition: Answer, path: str) -> Iterator[Found]:
    for index, node in enumerate(definition.get("nodes") or ()):
        told, where = node.get("configuration") or {}, f"{path}.nodes[{index}].configuration"
        for member, name in _PASSED_TO:
            arn = _at(told, f"{member}.{name}")
            if arn:
                yield towards(place, uid, Role.PROCESSING, arn, "bedrock-flow", FLOW.call, f"{where}.{member}.{name}")
        for member, name in _MODELS:
            model = _at(told, f"{member}.{name}")
            if model:
                yield Routed(uid, model, place, Evidence(FLOW.call, f"{where}.{member}.{name}", model))
        for member, role in (("storage", Role.REPLICA), ("retrieval", Role.PROCESSING)):
            field = f"{member}.serviceConfiguration.s3.bucketName"
            bucket = _at(told, field)
            if bucket:
                evidence = Evidence(FLOW.call, f"{where}.{field}", bucket)
                yield in_bucket(place, uid, role, bucket, "bedrock-flow", evidence)
        inner = (told.get("loop") or {}).get("definition")
        if inner:
            yield from _nodes(place, uid, inner, f"{where}.loop.definition")


def _at(told: Answer, path: str) -> str | None:
    found: Answer | str | None = told
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, str) else None
