"""Who outside the organization can read: told by the policy of a resource, of its project, folder or organization."""

from __future__ import annotations

from typing import Any

import pytest

from residency.connectors.gcp.asset import asset_of
from residency.connectors.gcp.calls import POLICIES
from residency.connectors.gcp.members import Own, Party
from residency.connectors.gcp.read import read
from residency.connectors.gcp.reading_roles import Roles, knowledge
from residency.connectors.gcp.tally import Asked
from residency.model import Coverage, Placement, Resource, Row, Status
from tests.connectors.gcp.estate import ANCESTORS, FOLDER, NUMBER, ORGANIZATION, PROJECT, P, asset, bucket, key, project

ORG = asset(
    f"//cloudresourcemanager.googleapis.com/{ORGANIZATION}", "cloudresourcemanager.googleapis.com/Organization", None,
    {"displayName": "hospital.example"}, ancestors=[ORGANIZATION],
)  # fmt: skip
VIEWER = "roles/storage.objectViewer"


def bound(role: str, *members: str) -> dict[str, Any]:
    return {"role": role, "members": list(members)}


def policy(name: str, type_: str, *bindings: dict[str, Any], ancestors: list[str] | None = None) -> dict[str, Any]:
    return {"name": f"//{name}", "assetType": type_, "ancestors": ancestors or ANCESTORS, "iamPolicy": {"bindings": list(bindings)}}


def of_bucket(*bindings: dict[str, Any]) -> dict[str, Any]:
    return policy("storage.googleapis.com/b", "storage.googleapis.com/Bucket", *bindings)


def of_project(*bindings: dict[str, Any]) -> dict[str, Any]:
    name = f"cloudresourcemanager.googleapis.com/projects/{NUMBER}"
    return policy(name, "cloudresourcemanager.googleapis.com/Project", *bindings)


def rows(*items: dict[str, Any], **more: Any) -> list[Row]:
    return list(read([asset_of(item, "cloudasset:ListAssets") for item in items], **more))


def shares(*items: dict[str, Any], **more: Any) -> set[tuple[str, str | None, str]]:
    return {
        (row.uid.rpartition("/")[2], row.target, row.via)
        for row in rows(ORG, project(), *items, **more)
        if isinstance(row, Placement) and row.role == "share"
    }


def rights(*items: dict[str, Any], **more: Any) -> Coverage:
    return next(row for row in rows(*items, **more) if isinstance(row, Coverage) and row.service == "iam")


PLAIN = bucket("b", "EU")


@pytest.mark.parametrize(
    ("member", "target"),
    [
        ("allUsers", "*"),
        ("allAuthenticatedUsers", "*"),
        ("domain:other.example", "domain:other.example"),
        ("user:Ann@Other.example", "domain:other.example"),
        ("group:staff@hospital.example", None),
        ("user:ann@hospital.example", None),
        ("deleted:user:ann@other.example?uid=1", None),
        ("serviceAccount:robot@elsewhere.iam.gserviceaccount.com", "projects/elsewhere"),
        (f"serviceAccount:robot@{PROJECT}.iam.gserviceaccount.com", None),
        (f"serviceAccount:service-{NUMBER}@gcp-sa-pubsub.iam.gserviceaccount.com", None),
        ("serviceAccount:service-777777777777@gcp-sa-pubsub.iam.gserviceaccount.com", "projects/777777777777"),
        (f"serviceAccount:{NUMBER}-compute@developer.gserviceaccount.com", None),
        ("serviceAccount:777777777777@cloudbuild.gserviceaccount.com", "projects/777777777777"),
        (f"serviceAccount:{PROJECT}@appspot.gserviceaccount.com", None),
        (f"serviceAccount:service-org-{ORGANIZATION.partition('/')[2]}@gcp-sa-logging.iam.gserviceaccount.com", None),
        ("serviceAccount:service-org-123456789@gcp-sa-logging.iam.gserviceaccount.com", "organizations/123456789"),
        (f"serviceAccount:{PROJECT}.svc.id.goog[ward/reader]", None),
        ("serviceAccount:elsewhere.svc.id.goog[ward/reader]", "projects/elsewhere"),
        (f"projectViewer:{PROJECT}", None),
        ("projectViewer:elsewhere", "projects/elsewhere"),
        (f"principalSet://iam.googleapis.com/projects/{NUMBER}/locations/global/workloadIdentityPools/p/*", None),
        ("principalSet://iam.googleapis.com/projects/7/locations/global/workloadIdentityPools/p/*", "projects/7"),
        (f"principalSet://cloudresourcemanager.googleapis.com/{FOLDER}/type/ServiceAccount", None),
        ("principal://goog/subject/ann@other.example", "domain:other.example"),
        ("principalSet://iam.googleapis.com/locations/global/workforcePools/p/*",
         "principalSet://iam.googleapis.com/locations/global/workforcePools/p/*"),
        ("serviceAccount:cloud-logs@system.gserviceaccount.com", "serviceAccount:system.gserviceaccount.com"),
        ("someone@somewhere", "someone@somewhere"),
    ],
)  # fmt: skip
def test_who_is_let_in(member: str, target: str | None) -> None:
    expected = set() if target is None else {("b", target, "iam-policy")}
    assert shares(PLAIN, of_bucket(bound(VIEWER, member))) == expected


def test_who_may_only_write_is_no_share() -> None:
    assert shares(PLAIN, of_bucket(bound("roles/storage.objectCreator", "allUsers"))) == set()


def test_each_party_is_told_once_for_a_role_and_never_by_the_address_of_a_person() -> None:
    found = rows(ORG, project(), PLAIN, of_bucket(bound(VIEWER, "user:a@other.example", "user:b@other.example")))
    told = [row for row in found if isinstance(row, Placement) and row.role == "share"]
    assert [(row.target, row.location, row.evidence and row.evidence.value) for row in told] == [("domain:other.example", None, VIEWER)]
    assert "a@other" not in str(found)


@pytest.mark.parametrize(
    ("settings", "shared"),
    [
        ({}, {"*", "projects/elsewhere"}),
        ({"publicAccessPrevention": "inherited"}, {"*", "projects/elsewhere"}),
        ({"publicAccessPrevention": "enforced"}, {"projects/elsewhere"}),
    ],
)
def test_a_bucket_that_prevents_public_access(settings: dict[str, Any], shared: set[str]) -> None:
    own = bucket("b", "EU", iamConfiguration=settings)
    open_to = of_bucket(bound(VIEWER, "allUsers", "serviceAccount:r@elsewhere.iam.gserviceaccount.com"))
    assert {target for _, target, _ in shares(own, open_to)} == shared


def prevention(container: str, enforce: bool, above: list[str]) -> dict[str, Any]:
    name = f"//orgpolicy.googleapis.com/{container}/policies/storage.publicAccessPrevention"
    return asset(name, "orgpolicy.googleapis.com/Policy", "global", {"spec": {"rules": [{"enforce": enforce}]}}, ancestors=above)


def test_an_organization_policy_that_prevents_public_access_is_overruled_by_the_nearest() -> None:
    public = of_bucket(bound(VIEWER, "allUsers"))
    above = prevention(ORGANIZATION, True, [ORGANIZATION])
    assert shares(PLAIN, public, above) == set()
    assert shares(PLAIN, public, above, prevention(FOLDER, False, [FOLDER, ORGANIZATION])) == {("b", "*", "iam-policy")}


def test_access_lists_count_unless_they_are_switched_off() -> None:
    lists = {"acl": [{"entity": "allUsers", "role": "READER"}, {"entity": f"project-owners-{NUMBER}", "role": "OWNER"}],
             "defaultObjectAcl": [{"entity": "domain-other.example", "role": "READER"}]}  # fmt: skip
    assert shares(bucket("b", "EU", **lists)) == {("b", "*", "bucket-acl"), ("b", "domain:other.example", "bucket-acl")}
    off = {"uniformBucketLevelAccess": {"enabled": True}}
    assert shares(bucket("b", "EU", iamConfiguration=off, **lists)) == set()


def test_the_access_list_of_a_dataset() -> None:
    uid = f"//bigquery.googleapis.com/{P}/datasets/d"
    entries = [
        {"role": "READER", "specialGroup": "allAuthenticatedUsers"}, {"role": "OWNER", "specialGroup": "projectOwners"},
        {"role": "READER", "userByEmail": "x@other.example"}, {"role": "WRITER", "groupByEmail": "g@hospital.example"},
        {"role": "READER", "domain": "third.example"}, {"role": "roles/bigquery.metadataViewer", "iamMember": "domain:fourth.example"},
        {"role": "OWNER", "userByEmail": "r@elsewhere.iam.gserviceaccount.com"},
        {"view": {"projectId": "far", "datasetId": "v", "tableId": "t"}}, {"view": {"projectId": PROJECT, "datasetId": "v"}},
        {"dataset": {"dataset": {"projectId": "farther", "datasetId": "d"}, "targetTypes": ["VIEWS"]}},
    ]  # fmt: skip
    found = shares(asset(uid, "bigquery.googleapis.com/Dataset", "EU", {"location": "EU", "access": entries}))
    assert found == {
        ("d", target, "dataset-access")
        for target in ("*", "domain:other.example", "domain:third.example", "projects/elsewhere", "projects/far", "projects/farther")
    }  # fmt: skip


@pytest.mark.parametrize(
    ("container", "via", "above"),
    [
        (f"projects/{NUMBER}", "iam-policy-of-project", ANCESTORS),
        (FOLDER, "iam-policy-of-folder", [FOLDER, ORGANIZATION]),
        (ORGANIZATION, "iam-policy-of-organization", [ORGANIZATION]),
    ],
)
def test_what_a_container_grants_holds_for_all_in_it(container: str, via: str, above: list[str]) -> None:
    kind = {"projects": "Project", "folders": "Folder", "organizations": "Organization"}[container.partition("/")[0]]
    topic = asset(f"//pubsub.googleapis.com/{P}/topics/t", "pubsub.googleapis.com/Topic", None, {"name": "t"})
    network = asset(f"//compute.googleapis.com/{P}/zones/europe-west9-a/instances/i", "compute.googleapis.com/Instance", None, {"name": "i"})
    granted = policy(
        f"cloudresourcemanager.googleapis.com/{container}", f"cloudresourcemanager.googleapis.com/{kind}",
        bound(VIEWER, "user:a@other.example"), bound("roles/pubsub.viewer", "user:a@third.example"),
        bound("roles/viewer", "domain:fourth.example"), ancestors=above,
    )  # fmt: skip
    found = [row for row in rows(ORG, project(), PLAIN, topic, network, granted) if isinstance(row, Placement) and row.role == "share"]
    assert {(row.uid.rpartition("/")[2], row.target, row.via) for row in found} == {
        ("b", "domain:other.example", via), ("b", "domain:fourth.example", via)
    }  # fmt: skip
    assert {row.evidence.value for row in found if row.evidence} == {f"{VIEWER} on {container}", f"roles/viewer on {container}"}


def test_a_custom_role_is_weighed_by_its_permissions() -> None:
    def role(*permissions: str) -> dict[str, Any]:
        return asset(f"//iam.googleapis.com/{P}/roles/mine", "iam.googleapis.com/Role", None, {"includedPermissions": list(permissions)})

    public = of_bucket(bound(f"{P}/roles/mine", "allUsers"))
    assert shares(PLAIN, public) == {("b", "*", "iam-policy")}, "a role that was not listed may read"
    assert shares(PLAIN, public, role("storage.objects.get")) == {("b", "*", "iam-policy")}
    assert shares(PLAIN, public, role("storage.objects.create")) == set()


@pytest.mark.parametrize(
    ("item", "type_"),
    [
        (key(f"{P}/locations/europe-west9/keyRings/r/cryptoKeys/k", "SOFTWARE"), "cloudkms.googleapis.com/CryptoKey"),
        (asset(f"//secretmanager.googleapis.com/projects/{NUMBER}/secrets/k", "secretmanager.googleapis.com/Secret", None, {"replication": {"automatic": {}}}), "secretmanager.googleapis.com/Secret"),
        (asset(f"//pubsub.googleapis.com/{P}/topics/k", "pubsub.googleapis.com/Topic", None, {"name": "k"}), "pubsub.googleapis.com/Topic"),
        (asset(f"//pubsub.googleapis.com/{P}/subscriptions/k", "pubsub.googleapis.com/Subscription", None, {"topic": "k"}), "pubsub.googleapis.com/Subscription"),
        (asset(f"//artifactregistry.googleapis.com/{P}/locations/europe/repositories/k", "artifactregistry.googleapis.com/Repository", None, {"format": "DOCKER"}), "artifactregistry.googleapis.com/Repository"),
        (asset(f"//run.googleapis.com/{P}/locations/europe-west9/services/k", "run.googleapis.com/Service", None, {"name": "k"}), "run.googleapis.com/Service"),
        (asset(f"//cloudfunctions.googleapis.com/{P}/locations/europe-west9/functions/k", "cloudfunctions.googleapis.com/Function", None, {"name": "k"}), "cloudfunctions.googleapis.com/Function"),
        (asset(f"//bigquery.googleapis.com/{P}/datasets/k", "bigquery.googleapis.com/Dataset", None, {"location": "EU"}), "bigquery.googleapis.com/Dataset"),
    ],
)  # fmt: skip
def test_policies_of_other_services(item: dict[str, Any], type_: str) -> None:
    service = type_.partition(".")[0]
    short = item["name"].removeprefix("//")
    assert shares(item, policy(short, type_, bound(f"roles/{service}.admin", "allUsers"))) == {("k", "*", "iam-policy")}
    for name in knowledge().services[service].nothing_out:
        assert shares(item, policy(short, type_, bound(f"roles/{service}.{name}", "allUsers"))) == set()


def test_a_resource_that_only_its_policy_tells_of_is_kept_with_its_share() -> None:
    found = rows(ORG, project(), of_bucket(bound(VIEWER, "allUsers")))
    (resource,) = (row for row in found if isinstance(row, Resource))
    assert (resource.name, resource.kind, resource.location, resource.tags) == ("b", "object-bucket", None, None)
    assert [row.role for row in found if isinstance(row, Placement)] == ["share"]


def test_policies_alone_do_not_make_the_project_read() -> None:
    found = rows(of_project(bound("roles/owner", "domain:other.example")), of_bucket(bound(VIEWER, "allUsers")))
    told = {row.service: row.status for row in found if isinstance(row, Coverage)}
    assert told == {"*": Status.UNSUPPORTED, "iam": Status.READ}


def test_without_the_policies_the_rights_are_not_read() -> None:
    bare = {name: value for name, value in project().items() if name != "iamPolicy"}
    row = rights(ORG, bare, PLAIN)
    assert (row.account, row.status) == (PROJECT, Status.UNSUPPORTED)
    assert "--content-type=iam-policy" in row.detail
    assert rights(ORG, bare, PLAIN, of_bucket(bound(VIEWER, "allUsers"))).status is Status.UNSUPPORTED, "not all of them"
    assert rights(ORG, bare, PLAIN, of_project()).status is Status.READ


def test_a_list_of_policies_that_was_cut_off() -> None:
    asked = Asked((PROJECT,))
    asked.failed(POLICIES, {PROJECT: (Status.THROTTLED, "too fast")})
    assert rights(ORG, project(), PLAIN, asked=asked) == Coverage("gcp", PROJECT, "*", "iam", Status.THROTTLED, "too fast")


def test_addresses_are_not_weighed_while_no_domain_is_known_and_that_is_told() -> None:
    items = (project(), PLAIN, of_bucket(bound(VIEWER, "user:a@other.example")))
    assert not [row for row in rows(*items) if isinstance(row, Placement) and row.role == "share"]
    row = rights(*items)
    assert (row.status, row.detail[:2]) == (Status.UNSUPPORTED, "1 ")
    assert "domain of the organization" in row.detail
    assert rights(*items, names={ORGANIZATION: "hospital.example"}).status is Status.READ


def test_a_role_that_nobody_knows_reads() -> None:
    assert Roles().reads("roles/storage.brandNew", "storage")
    assert Roles().reads("roles/anything.at.all", "unheard")
    assert not Roles().reach("roles/storage.objectViewer", "unheard")


def test_policies_of_a_wrong_shape_are_read_as_far_as_they_go() -> None:
    for wrong in ({}, {"bindings": None}, {"bindings": [None, {"members": 3}, {"role": 7, "members": [None]}]}):
        item = {**of_bucket(), "iamPolicy": wrong}
        rows(ORG, project(), PLAIN, item)


def test_an_own_domain_is_one_of_us() -> None:
    assert Own({"projects/1"}, {"a.example"}).has(Party("domain", ("a.example",))) is True
    assert Own({"projects/1"}).has(Party("domain", ("a.example",))) is None
