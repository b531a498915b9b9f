"""ECR repositories: where they are, where the registry's rules replicate them to, and who else may pull."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, encrypted, primary, resource, tags_of
from residency.connectors.aws.shares import read_policy
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, KeyCustody, Placement, Role

REPOSITORIES = operation("ecr:DescribeRepositories", lists="repositories")
REGISTRY = operation("ecr:DescribeRegistry", lists="replicationConfiguration")
TAGS = operation("ecr:ListTagsForResource", lists="tags")
POLICY = operation("ecr:GetRepositoryPolicy")


@collector(
    service="ecr",
    actions=(REPOSITORIES, REGISTRY, TAGS, POLICY),
    scope="regional",
    kinds=("registry",),
    roles=(Role.PRIMARY, Role.REPLICA, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """The repositories; the registry's rules, which count for all of them, only when there are any."""
    pages = list(calls.pages(REPOSITORIES, maxResults=1000))
    if not any(page["repositories"] for page in pages):
        return
    registry = calls.one(REGISTRY) or {}
    index = 0
    for page in pages:
        for repository in page["repositories"]:
            calls.each(_read, repository, index, registry)
            index += 1


def _read(calls: Calls, repository: Answer, index: int, registry: Answer) -> None:
    answer = calls.one(TAGS, resourceArn=repository["repositoryArn"])
    tags = tags_of(None if answer is None else answer["tags"])
    calls.add(read_repository(calls.place, repository, index, tags))
    calls.add(read_replication(calls.place, repository, registry))
    name, absent = repository["repositoryName"], ("RepositoryPolicyNotFoundException",)
    policy = calls.one(POLICY, absent=absent, repositoryName=name) or {}
    uid = repository["repositoryArn"]
    calls.add(read_policy(calls.place, uid, policy.get("policyText"), "repository-policy", POLICY.call, "policyText"))


def read_repository(place: Place, repository: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A repository, its place and its key."""
    uid, path = repository["repositoryArn"], f"repositories[{index}]"
    key = repository.get("encryptionConfiguration", {}).get("kmsKey")
    field = f"{path}.encryptionConfiguration.kmsKey"
    custody, keys = encrypted(place, uid, key, REPOSITORIES.call, field, KeyCustody.PROVIDER_MANAGED)
    name = repository["repositoryName"]
    yield resource(place, uid, "AWS::ECR::Repository", "registry", name, tags=tags, custody=custody)
    yield primary(place, uid, REPOSITORIES.call, f"{path}.repositoryArn", uid)
    yield from keys


def read_replication(place: Place, repository: Answer, registry: Answer) -> Iterator[Found]:
    """The registry's destinations that count for a repository: a rule without filters counts for every one."""
    name = repository["repositoryName"]
    for index, rule in enumerate(registry.get("replicationConfiguration", {}).get("rules", ())):
        filters = rule.get("repositoryFilters", ())
        if filters and not any(name.startswith(entry["filter"]) for entry in filters):
            continue
        for at, destination in enumerate(rule["destinations"]):
            region = destination["region"]
            evidence = Evidence(
                REGISTRY.call, f"replicationConfiguration.rules[{index}].destinations[{at}].region", region
            )
            target = f"arn:{place.partition}:ecr:{region}:{destination['registryId']}:repository/{name}"
            uid = repository["repositoryArn"]
            yield Placement(uid, Role.REPLICA, region, "ecr-replication", evidence, target=target)
