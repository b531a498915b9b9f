"""Bedrock agents and knowledge bases: which models answer them, and where what they know is kept.

Flows and prompts are in `bedrock_flows`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found, Routed
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, at_address, encrypted, primary, resource, towards
from residency.connectors.aws.services.bedrock_flows import DESIGNS, TAGS, collect_designs
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Role, StoresData

AGENTS = operation("bedrock-agent:ListAgents", permission="bedrock:ListAgents", lists="agentSummaries")
AGENT = operation("bedrock-agent:GetAgent", permission="bedrock:GetAgent", lists="agent")
BASES = operation(
    "bedrock-agent:ListKnowledgeBases", permission="bedrock:ListKnowledgeBases", lists="knowledgeBaseSummaries"
)
BASE = operation("bedrock-agent:GetKnowledgeBase", permission="bedrock:GetKnowledgeBase", lists="knowledgeBase")
SOURCES = operation("bedrock-agent:ListDataSources", permission="bedrock:ListDataSources", lists="dataSourceSummaries")
SOURCE = operation("bedrock-agent:GetDataSource", permission="bedrock:GetDataSource", lists="dataSource")

# Where a knowledge base keeps its vectors: by ARN, else at an address from which no region is learnt.
_STORES = (
    ("opensearchServerlessConfiguration", "collectionArn"), ("opensearchManagedClusterConfiguration", "domainArn"),
    ("rdsConfiguration", "resourceArn"), ("neptuneAnalyticsConfiguration", "graphArn"),
    ("s3VectorsConfiguration", "indexArn"), ("pineconeConfiguration", "connectionString"),
    ("redisEnterpriseCloudConfiguration", "endpoint"), ("mongoDbAtlasConfiguration", "endpoint"),
)  # fmt: skip


@collector(
    service="bedrock-agent",
    actions=(AGENTS, AGENT, BASES, BASE, SOURCES, SOURCE, TAGS, *DESIGNS),
    scope="regional",
    kinds=("llm", "knowledge-base"),
    roles=(Role.PRIMARY, Role.PROCESSING, Role.REPLICA, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The agents and the knowledge bases, then each, with the sources of a knowledge base."""
    for _, agent in calls.items(AGENTS, maxResults=1000):
        calls.each(_agent, agent["agentId"])
    for _, base in calls.items(BASES, maxResults=1000):
        calls.each(_base, base["knowledgeBaseId"])
    calls.each(collect_designs)


def _agent(calls: Calls, name: str) -> None:
    answer = calls.one(AGENT, agentId=name)
    if answer is not None:
        tags = calls.tags(TAGS, resourceArn=answer["agent"]["agentArn"])
        calls.add(read_agent(calls.place, answer, tags))


def _base(calls: Calls, name: str) -> None:
    answer = calls.one(BASE, knowledgeBaseId=name)
    if answer is None:
        return
    uid = answer["knowledgeBase"]["knowledgeBaseArn"]
    calls.add(read_base(calls.place, answer, calls.tags(TAGS, resourceArn=uid)))
    for _, source in calls.items(SOURCES, knowledgeBaseId=name, maxResults=1000):
        calls.each(_source, uid, source)


def _source(calls: Calls, base: str, source: Answer) -> None:
    answer = calls.one(SOURCE, knowledgeBaseId=source["knowledgeBaseId"], dataSourceId=source["dataSourceId"])
    if answer is not None:
        calls.add(read_source(calls.place, base, answer))


def read_agent(place: Place, answer: Answer, tags: Tags) -> Iterator[Found]:
    """An agent, and the models it asks, which a profile may answer in other regions."""
    agent, call = answer["agent"], AGENT.call
    uid, key = agent["agentArn"], agent.get("customerEncryptionKeyArn")
    custody, keys = encrypted(place, uid, key, call, "agent.customerEncryptionKeyArn", KeyCustody.PROVIDER_MANAGED)
    type_, stores = "AWS::Bedrock::Agent", StoresData.TRANSIT
    yield resource(place, uid, type_, "llm", agent["agentName"], tags=tags, stores=stores, custody=custody)
    yield primary(place, uid, call, "agent.agentArn", uid)
    yield from keys
    prompts = (agent.get("promptOverrideConfiguration") or {}).get("promptConfigurations", ())
    asked = [(agent.get("foundationModel"), "agent.foundationModel")]
    asked += [
        (prompt.get("foundationModel"), f"agent.promptOverrideConfiguration.promptConfigurations[{at}].foundationModel")
        for at, prompt in enumerate(prompts)
    ]
    yield from _routed(place, uid, asked, call)


def read_base(place: Place, answer: Answer, tags: Tags) -> Iterator[Found]:
    """A knowledge base. What it knows lies in a store of some service, of the account or of another company."""
    base, call = answer["knowledgeBase"], BASE.call
    uid = base["knowledgeBaseArn"]
    yield resource(place, uid, "AWS::Bedrock::KnowledgeBase", "knowledge-base", base["name"], tags=tags)
    yield primary(place, uid, call, "knowledgeBase.knowledgeBaseArn", uid)
    store = base.get("storageConfiguration") or {}
    for member, name in _STORES:
        told = store.get(member, {}).get(name)
        if told:
            field = f"knowledgeBase.storageConfiguration.{member}.{name}"
            yield towards(place, uid, Role.PRIMARY, told, "knowledge-base-store", call, field)
    settings, path = base.get("knowledgeBaseConfiguration") or {}, "knowledgeBase.knowledgeBaseConfiguration"
    index = settings.get("kendraKnowledgeBaseConfiguration", {}).get("kendraIndexArn")
    if index:
        field = f"{path}.kendraKnowledgeBaseConfiguration.kendraIndexArn"
        yield towards(place, uid, Role.PRIMARY, index, "knowledge-base-store", call, field)
    for member in ("vectorKnowledgeBaseConfiguration", "managedKnowledgeBaseConfiguration"):
        told = settings.get(member, {})
        yield from _routed(place, uid, [(told.get("embeddingModelArn"), f"{path}.{member}.embeddingModelArn")], call)
        locations = told.get("supplementalDataStorageConfiguration", {}).get("storageLocations", ())
        for at, location in enumerate(locations):
            field = f"{path}.{member}.supplementalDataStorageConfiguration.storageLocations[{at}].s3Location.uri"
            uri = location.get("s3Location", {}).get("uri")
            yield from at_address(place, uid, Role.REPLICA, uri, "knowledge-base-extracts", call, field)


def read_source(place: Place, base: str, answer: Answer) -> Iterator[Found]:
    """A source of a knowledge base: what is read into it, and where it is put on the way."""
    source, call = answer["dataSource"], SOURCE.call
    arn = source.get("dataSourceConfiguration", {}).get("s3Configuration", {}).get("bucketArn")
    if arn:
        field = "dataSource.dataSourceConfiguration.s3Configuration.bucketArn"
        yield towards(place, base, Role.PRIMARY, arn, "knowledge-base-source", call, field)
    between = source.get("vectorIngestionConfiguration", {}).get("customTransformationConfiguration", {})
    uri = between.get("intermediateStorage", {}).get("s3Location", {}).get("uri")
    field = (
        "dataSource.vectorIngestionConfiguration.customTransformationConfiguration.intermediateStorage.s3Location.uri"
    )
    yield from at_address(place, base, Role.REPLICA, uri, "knowledge-base-extracts", call, field)
    key = source.get("serverSideEncryptionConfiguration", {}).get("kmsKeyArn")
    field = "dataSource.serverSideEncryptionConfiguration.kmsKeyArn"
    yield from encrypted(place, base, key, call, field, None)[1]


def _routed(place: Place, uid: str, asked: Iterable[tuple[str | None, str]], call: str) -> Iterator[Found]:
    """The models that are asked: the one that is a profile is found out once the profiles are known."""
    for model, field in asked:
        if model:
            yield Routed(uid, model, place, Evidence(call, field, model))
