"""Several accounts in one run: those of an organisation, a list of them, several profiles. One that cannot be entered
is told, and stops none of the others."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from residency.atlas.atlas import load_atlas
from residency.classify.rows import classify
from residency.connectors.aws.collector import collectors
from residency.connectors.aws.connector import AwsConnector
from residency.connectors.aws.settings import AwsSettings
from residency.connectors.interface import Scope, Silent
from residency.errors import UserError
from residency.model import Account, Coverage, KeyCustody, Placement, Resource, Role, Row
from residency.tables import Inventory
from tests.connectors.aws.conftest import HASTY
from tests.connectors.aws.estate import PARIS, VIRGINIA
from tests.emulators.aws import ACCOUNT, AwsEmulator, refusal

ROLE = AwsSettings(role="audit/residency", external_id="se:cret/1")
IN_PARIS = {"CreateBucketConfiguration": {"LocationConstraint": PARIS}}


@pytest.fixture(autouse=True)
def _few_services(monkeypatch: pytest.MonkeyPatch) -> None:
    """The services that these tests use: what happens to accounts is the same for all."""
    few = {name: entry for entry in collectors() if (name := entry.service) in ("s3", "sqs", "kms", "cloudtrail")}
    monkeypatch.setattr("residency.connectors.aws.collector.COLLECTORS", few)


@dataclass(frozen=True)
class Tree:
    """An organisation of three accounts and a closed one. Its root holds `Health`, which holds `Research`."""

    lake: str
    lab: str
    closed: str
    id: str


@pytest.fixture
def tree(aws: AwsEmulator) -> Tree:
    client = aws.client("organizations", VIRGINIA)
    organisation = client.create_organization(FeatureSet="ALL")["Organization"]["Id"]
    root = client.list_roots()["Roots"][0]["Id"]
    health = client.create_organizational_unit(ParentId=root, Name="Health")["OrganizationalUnit"]["Id"]
    research = client.create_organizational_unit(ParentId=health, Name="Recherché")["OrganizationalUnit"]["Id"]
    made = {}
    for name, unit in (("lake", health), ("lab", research), ("closed", root)):
        state = client.create_account(Email=f"{name}@example.org", AccountName=name)["CreateAccountStatus"]
        made[name] = state["AccountId"]
        if unit != root:
            client.move_account(AccountId=made[name], SourceParentId=root, DestinationParentId=unit)
    client.tag_resource(ResourceId=made["lake"], Tags=[{"Key": "data-class", "Value": "health"}])
    client.close_account(AccountId=made["closed"])
    return Tree(made["lake"], made["lab"], made["closed"], organisation)


def read(
    aws: AwsEmulator, settings: AwsSettings = ROLE, *accounts: str, regions: tuple[str, ...] = (PARIS,)
) -> list[Row]:
    connector = AwsConnector(environment=aws.environment(), patience=HASTY, settings=settings)
    return list(connector.collect(Scope(regions, accounts, jobs=16), Silent()))


def accounts(rows: list[Row]) -> dict[str, Account]:
    return {row.id: row for row in rows if isinstance(row, Account)}


def gaps(rows: list[Row]) -> set[tuple[str, str, str, str, str]]:
    told = [row for row in rows if isinstance(row, Coverage) and not row.status.complete]
    return {(row.account, row.region, row.service, str(row.status), row.detail) for row in told}


def places(rows: list[Row], role: Role) -> set[tuple[str, str | None, str | None]]:
    return {(row.uid, row.location, row.target) for row in rows if isinstance(row, Placement) and row.role is role}


def closed(tree: Tree) -> tuple[str, str, str, str, str]:
    return tree.closed, "*", "*", "denied", "the account is suspended: what it still holds cannot be read"


def test_every_active_account_with_its_path_and_tags(aws: AwsEmulator, tree: Tree) -> None:
    for account in (tree.lake, tree.lab):
        aws.client_of(account, "sqs").create_queue(QueueName="q")
    aws.client("sqs").create_queue(QueueName="q")
    aws.calls.clear()
    rows = read(aws)
    found = accounts(rows)
    assert set(found) == {ACCOUNT, tree.lake, tree.lab}
    assert (found[tree.lake].name, found[tree.lake].path) == ("lake", ("Root", "Health"))
    assert found[tree.lab].path == ("Root", "Health", "Recherché")
    assert (found[tree.lake].tags, found[tree.lab].tags) == ({"data-class": "health"}, {})
    queues = {row.uid for row in rows if isinstance(row, Resource) and row.kind == "queue"}
    assert queues == {f"arn:aws:sqs:{PARIS}:{account}:q" for account in found}
    assert gaps(rows) == {closed(tree)}
    covered = {(row.account, row.service) for row in rows if isinstance(row, Coverage) and row.region == PARIS}
    services = {service for _, service in covered}
    assert covered == {(account, service) for account in found for service in services}
    # The role is asked for where the login is at home: tokens of the global endpoint do not work everywhere.
    assert {call.region for call in aws.calls if call.service == "sts"} == {PARIS}


def test_the_data_class_of_an_account_is_that_of_what_is_in_it(aws: AwsEmulator, tree: Tree) -> None:
    for account in (tree.lake, tree.lab):
        sqs = aws.client_of(account, "sqs")
        sqs.create_queue(QueueName="plain")
        sqs.create_queue(QueueName="open", tags={"data-class": "public"})
    facts = classify(Inventory.of(read(aws)), load_atlas(), date(2026, 11, 24)).to_pylist()
    told = {
        (row["resource.account"], row["resource.name"]): (row["resource.data_class"], row["resource.data_class_from"])
        for row in facts if row["resource.kind"] == "queue"
    }  # fmt: skip
    assert told == {
        (tree.lake, "plain"): ("health", "account"), (tree.lake, "open"): ("public", "tag"),
        (tree.lab, "plain"): ("personal", "default"), (tree.lab, "open"): ("public", "tag"),
    }  # fmt: skip


def test_an_account_that_cannot_be_entered_stops_no_other(aws: AwsEmulator, tree: Tree) -> None:
    aws.fail("sts:AssumeRole", refusal("sts", "AccessDenied"), about=tree.lake)
    rows = read(aws)
    assert gaps(rows) == {closed(tree), (tree.lake, "*", "*", "denied", "AccessDenied: sts:AssumeRole")}
    assert set(accounts(rows)) == {ACCOUNT, tree.lake, tree.lab}


def test_no_account_can_be_entered(aws: AwsEmulator, tree: Tree) -> None:
    aws.fail("sts:AssumeRole", refusal("sts", "RegionDisabledException"))
    rows = read(aws)
    refused = {(name, "*", "*", "denied", "RegionDisabledException: sts:AssumeRole") for name in (tree.lake, tree.lab)}
    assert gaps(rows) == {closed(tree), *refused}
    assert {row.account for row in rows if isinstance(row, Coverage) and row.region == PARIS} == {ACCOUNT}


def test_whoever_may_not_ask_who_he_is(aws: AwsEmulator) -> None:
    aws.client("sqs").create_queue(QueueName="q")
    aws.fail("sts:GetCallerIdentity", refusal("sts", "AccessDenied"))
    rows = read(aws, AwsSettings())
    told = "AccessDenied: sts:GetCallerIdentity; whose the credentials are is not known"
    assert gaps(rows) == {("*", "*", "sts", "denied", told)}
    connector = AwsConnector(environment={**aws.environment(), "AWS_ACCOUNT_ID": ACCOUNT}, patience=HASTY)
    rows = list(connector.collect(Scope((PARIS,)), Silent()))
    assert gaps(rows) == {(ACCOUNT, "*", "sts", "denied", "AccessDenied: sts:GetCallerIdentity")}
    assert f"arn:aws:sqs:{PARIS}:{ACCOUNT}:q" in {row.uid for row in rows if isinstance(row, Resource)}


def test_the_list_of_accounts_is_refused(aws: AwsEmulator, tree: Tree) -> None:
    aws.fail("organizations:ListAccounts", refusal("organizations", "AccessDeniedException", 400))
    rows = read(aws)
    detail = "AccessDeniedException: organizations:ListAccounts; the accounts of the organisation are not known"
    assert gaps(rows) == {(ACCOUNT, "aws-global", "organizations", "denied", detail)}
    assert set(accounts(rows)) == {ACCOUNT}
    assert set(accounts(read(aws, ROLE, tree.lab))) == {tree.lab}


def test_names_and_tags_that_are_refused_are_unknown(aws: AwsEmulator, tree: Tree) -> None:
    for call in ("ListTagsForResource", "ListOrganizationalUnitsForParent"):
        aws.fail(f"organizations:{call}", refusal("organizations", "AccessDeniedException", 400))
    rows = read(aws)
    row = next(row for row in rows if isinstance(row, Coverage) and row.service == "organizations")
    assert str(row.status) == "denied"
    merged = Inventory.of(rows).coverage.to_pylist()
    detail = next(entry["detail"] for entry in merged if entry["service"] == "organizations")
    assert "organizations:ListOrganizationalUnitsForParent" in detail
    assert "organizations:ListTagsForResource" in detail
    found = accounts(rows)
    assert (found[tree.lake].tags, found[tree.lake].path) == (None, ())
    assert found[ACCOUNT].path == ("Root",)


def test_an_account_in_no_organisation_is_read_alone(aws: AwsEmulator) -> None:
    rows = read(aws)
    assert gaps(rows) == set()
    row = next(row for row in rows if isinstance(row, Coverage) and row.service == "organizations")
    assert (str(row.status), set(accounts(rows))) == ("disabled", {ACCOUNT})


def test_a_list_of_accounts_needs_no_organisation(aws: AwsEmulator) -> None:
    aws.client_of("111122223333", "sqs").create_queue(QueueName="q")
    settings = AwsSettings(role="audit", accounts=("111122223333", "444455556666"))
    rows = read(aws, settings)
    assert set(accounts(rows)) == {"111122223333", "444455556666"}
    assert f"arn:aws:sqs:{PARIS}:111122223333:q" in {row.uid for row in rows if isinstance(row, Resource)}
    assert not [call for call in aws.calls if call.service == "organizations"]
    assert set(accounts(read(aws, settings, "444455556666"))) == {"444455556666"}


def test_without_a_role_no_other_account_is_entered(aws: AwsEmulator) -> None:
    with pytest.raises(UserError, match=r"account 123456789012, not of 999999999999\. .*aws\.role"):
        read(aws, AwsSettings(), "999999999999")


def test_profiles_side_by_side_and_one_that_is_refused(aws: AwsEmulator, tmp_path: Path) -> None:
    told = aws.client("sts").assume_role(RoleArn="arn:aws:iam::111122223333:role/x", RoleSessionName="xx")[
        "Credentials"
    ]
    secrets = tmp_path / "credentials"
    secrets.write_text(
        f"[one]\naws_access_key_id = k\naws_secret_access_key = s\n"
        f"[two]\naws_access_key_id = {told['AccessKeyId']}\naws_secret_access_key = {told['SecretAccessKey']}\n"
        f"aws_session_token = {told['SessionToken']}\n"
    )  # fmt: skip
    config = tmp_path / "config"
    config.write_text(
        "".join(f"[profile {name}]\nregion = {PARIS}\nendpoint_url = {aws.url}\n" for name in ("one", "two"))
    )
    files = {"AWS_CONFIG_FILE": str(config), "AWS_SHARED_CREDENTIALS_FILE": str(secrets)}
    settings = AwsSettings(profiles=("one", "two"))

    def run() -> list[Row]:
        connector = AwsConnector(environment=files, patience=HASTY, settings=settings)
        return list(connector.collect(Scope((PARIS,), jobs=16), Silent()))

    assert set(accounts(run())) == {ACCOUNT, "111122223333"}
    aws.fail("sts:GetCallerIdentity", refusal("sts", "ExpiredToken"), times=1)
    rows = run()
    assert set(accounts(rows)) == {"111122223333"}
    assert {(account, status) for account, _, _, status, _ in gaps(rows)} == {("profile one", "denied")}


def test_what_one_account_has_is_known_to_the_others(aws: AwsEmulator, tree: Tree) -> None:
    """A log bucket and a key of one account, used by another; nobody needs to be asked where the bucket is."""
    s3, kms = aws.client_of(tree.lab, "s3"), aws.client_of(tree.lab, "kms")
    s3.create_bucket(Bucket="central-logs", **IN_PARIS)
    key = kms.create_key(Origin="EXTERNAL")["KeyMetadata"]["Arn"]
    aws.client_of(tree.lake, "cloudtrail").create_trail(Name="trail", S3BucketName="central-logs")
    aws.client_of(tree.lake, "sqs").create_queue(QueueName="q", Attributes={"KmsMasterKeyId": key})
    aws.calls.clear()
    rows = read(aws)
    assert ("arn:aws:s3:::central-logs", PARIS) in {(target, where) for _, where, target in places(rows, Role.LOG)}
    assert not [call for call in aws.calls if call.operation == "HeadBucket"]
    queue = next(row for row in rows if isinstance(row, Resource) and row.kind == "queue")
    assert queue.key_custody is KeyCustody.IMPORTED
    assert gaps(rows) == {closed(tree)}


@pytest.mark.parametrize("entered", [True, False])
def test_a_share_with_an_account_of_the_run_stays_where_it_is(aws: AwsEmulator, tree: Tree, entered: bool) -> None:
    queue = aws.client_of(tree.lake, "sqs").create_queue(QueueName="q")["QueueUrl"]
    grants = [
        {"Effect": "Allow", "Action": "sqs:ReceiveMessage", "Resource": "*", "Principal": {"AWS": f"arn:aws:iam::{tree.lab}:root"}},
        {"Effect": "Allow", "Action": "sqs:ReceiveMessage", "Resource": "*", "Principal": "*",
         "Condition": {"StringEquals": {"aws:PrincipalOrgID": tree.id}}},
        {"Effect": "Allow", "Action": "sqs:ReceiveMessage", "Resource": "*", "Principal": {"AWS": "arn:aws:iam::999999999999:root"}},
    ]  # fmt: skip
    policy = json.dumps({"Version": "2012-10-17", "Statement": grants})
    aws.client_of(tree.lake, "sqs").set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    if not entered:
        aws.fail("sts:AssumeRole", refusal("sts", "AccessDenied"), about=tree.lab)
    there = PARIS if entered else None
    shares = {(target, where) for _, where, target in places(read(aws), Role.SHARE)}
    assert shares == {
        (f"arn:aws:iam::{tree.lab}:root", there), (tree.id, there), ("arn:aws:iam::999999999999:root", None),
    }  # fmt: skip


def test_regions_that_are_on_and_not_allowed_are_told(aws: AwsEmulator) -> None:
    rows = read(aws, AwsSettings(allowed_regions=(PARIS, "eu-central-1")))
    told = accounts(rows)[ACCOUNT].settings["regions-on-not-allowed"].split(", ")
    assert VIRGINIA in told
    assert not {PARIS, "eu-central-1", "cn-north-1"} & set(told)
    assert told == sorted(told)
    assert gaps(rows) == set()
    assert accounts(read(aws, AwsSettings()))[ACCOUNT].settings == {}


def test_the_same_rows_whatever_the_width(aws: AwsEmulator, tree: Tree) -> None:
    for account in (tree.lake, tree.lab):
        for name in ("a", "b", "c"):
            aws.client_of(account, "sqs").create_queue(QueueName=name)
    connector = AwsConnector(environment=aws.environment(), patience=HASTY, settings=ROLE)
    one, many = (Inventory.of(connector.collect(Scope((PARIS,), jobs=jobs), Silent())) for jobs in (1, 32))
    assert one == many
