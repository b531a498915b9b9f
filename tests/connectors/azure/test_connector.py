from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import hcl2
import pytest

from residency.atlas.atlas import load_atlas
from residency.connectors.azure.calls import ACTIONS, EVERYTHING
from residency.connectors.azure.clouds import CLOUDS, cloud_of, endpoint
from residency.connectors.azure.connector import AzureConnector
from residency.connectors.azure.parts import INSTANCE_FAILOVER, PARTS
from residency.connectors.azure.regions import regions_of
from residency.connectors.azure.rows import READERS
from residency.connectors.azure.settings import AzureSettings
from residency.connectors.azure.wire import Patience, UndeclaredCall, Wire
from residency.connectors.interface import Scope, Silent
from residency.demo.azure_emulator import SECRET, TENANT, Subscription, running
from residency.demo.tls_server import Asked, Reply
from residency.errors import UserError
from residency.model import Account, Coverage, Placement, Resource, Row, Status
from tests.connectors.azure import estate, estate_more
from tests.connectors.azure.test_estate import FOUND
from tests.emulators.azure import AzureEmulator, is_later_page
from tests.end_to_end.command import Ran, one_message, residency

HASTY = Patience(first=0.01, longest=0.02, total=0.4, attempt=5)
PROD, LAB = "5b000000-0000-4000-8000-000000000001", "5b000000-0000-4000-8000-000000000002"
PARTNER = "7a1e0000-0000-4000-8000-0000000000ff"
POLICIES = "microsoft.storage/storageaccounts/objectreplicationpolicies"
GRAPH, LIST = "/microsoft.resourcegraph/resources", "/resources"


def account(
    subscription: str, name: str, location: str = "France Central", sku: str = "Standard_LRS"
) -> dict[str, Any]:
    return {
        "id": f"/subscriptions/{subscription}/resourceGroups/Data/providers/Microsoft.Storage/storageAccounts/{name}",
        "name": name, "type": "Microsoft.Storage/storageAccounts", "location": location, "sku": {"name": sku},
        "tags": {"data-class": "health"}, "properties": {"encryption": {"keySource": "Microsoft.Storage"}},
    }  # fmt: skip


def policy(source: dict[str, Any], target: dict[str, Any]) -> dict[str, Any]:
    told = {"sourceAccount": source["id"], "destinationAccount": target["id"]}
    return {
        "id": f"{source['id']}/objectReplicationPolicies/p1", "name": "p1",
        "type": "Microsoft.Storage/storageAccounts/objectReplicationPolicies", "properties": told,
    }  # fmt: skip


LAKE, COPY, NOTES = (
    account(PROD, "lake"),
    account(PROD, "copy", "westeurope"),
    account(LAB, "notes", sku="Standard_GRS"),
)
MACHINE = {
    "id": f"/subscriptions/{PROD}/resourceGroups/Data/providers/Acme.Odd/widgets/w", "name": "w", "type": "Acme.Odd/widgets",
    "location": "eastus", "properties": {},
}  # fmt: skip
KNOWN = {
    ("lake", "primary", "francecentral"), ("lake", "replica", "westeurope"), ("copy", "primary", "westeurope"),
    ("notes", "primary", "francecentral"), ("notes", "replica", "francesouth"),
}  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[AzureEmulator]:
    with running(AzureEmulator()) as emulator:
        yield emulator


@pytest.fixture
def azure(server: AzureEmulator, monkeypatch: pytest.MonkeyPatch) -> AzureEmulator:
    fresh = AzureEmulator(
        subscriptions=(Subscription(PROD, "hub-prod", ("Root", "Health")), Subscription(LAB, "hub-lab", ("Root",))),
        items=[LAKE, COPY, NOTES, policy(LAKE, COPY)], parts=frozenset({POLICIES}),
        pairs={"francecentral": "francesouth", "francesouth": "francecentral", "westeurope": "northeurope", "eastus": None},
        page=2, quota=10_000, url=server.url, ca_bundle=server.ca_bundle,
    )  # fmt: skip
    server.__dict__.update(fresh.__dict__)
    return server


def collected(azure: AzureEmulator, **scope: Any) -> list[Row]:
    return list(AzureConnector(azure.environment(), HASTY).collect(Scope(**scope), Silent()))


def of(found: list[Row], kind: type) -> list[Any]:
    return [row for row in found if isinstance(row, kind)]


def places(found: list[Row]) -> set[tuple[str, str, str | None]]:
    names = {row.uid: row.name for row in of(found, Resource)}
    told = [row for row in of(found, Placement) if row.via != "directory"]
    return {(names[row.uid], str(row.role), row.location) for row in told}


def gaps(found: list[Row]) -> dict[tuple[str, str], Coverage]:
    return {(row.account, row.service): row for row in of(found, Coverage) if not row.status.complete}


def test_the_estate_is_found_exactly(azure: AzureEmulator) -> None:
    found = collected(azure)
    assert places(found) == KNOWN
    assert gaps(found) == {}
    assert {row.id: (row.name, row.path, row.offer) for row in of(found, Account) if row.id in (PROD, LAB)} == {
        PROD: ("hub-prod", ("Root", "Health"), "azure"), LAB: ("hub-lab", ("Root",), "azure"),
    }  # fmt: skip


def test_everything_that_has_a_reader_is_found_exactly_over_the_wire(azure: AzureEmulator) -> None:
    pairs = regions_of("azure").pairs
    azure.items, azure.pairs, azure.page = estate.ESTATE, {**dict.fromkeys(pairs.values()), **pairs}, 7
    azure.subscriptions = (Subscription(estate.SUB, "hospital"),)
    azure.parts = frozenset(part.type.lower() for part in (*PARTS, INSTANCE_FAILOVER))
    found = collected(azure)
    told: dict[str, set[str]] = {row.name: set() for row in of(found, Resource) if row.account == estate.SUB}
    names = {row.uid: row.name for row in of(found, Resource)}
    for row in of(found, Placement):
        told.setdefault(names[row.uid], set()).add(f"{row.role}:{row.location or '?'}")
    told.pop("Health Data Hub")
    assert told == {name: set(places.split()) for name, places in estate.PLACES.items()}
    assert {key[1]: row.status for key, row in gaps(found).items()} == {
        row.service: row.status for row in of(FOUND, Coverage) if not row.status.complete
    }


def test_a_policy_of_a_management_group_is_told_with_each_subscription_below_it(azure: AzureEmulator) -> None:
    azure.items.append({
        "id": "/providers/Microsoft.Management/managementGroups/Root/providers/Microsoft.Authorization/policyAssignments/p",
        "name": "p", "type": "Microsoft.Authorization/policyAssignments", "properties": {
            "policyDefinitionId": "/providers/Microsoft.Authorization/policyDefinitions/e56962a6-4747-49cd-b67b-bf8b01975c4c",
            "parameters": {"listOfAllowedLocations": {"value": ["francecentral"]}}, "displayName": "Stay",
        },
    })  # fmt: skip
    found = collected(azure)
    told = {row.id: row.settings.get("allowed locations: Stay") for row in of(found, Account) if row.settings}
    assert told == {PROD: "francecentral", LAB: "francecentral", TENANT: None}
    assert gaps(found) == {}


def test_the_parts_of_parts_are_asked_for(azure: AzureEmulator) -> None:
    azure.items += estate_more.SHARING
    azure.subscriptions = (*azure.subscriptions, Subscription(estate.SUB, "hospital"))
    azure.parts = frozenset(part.type.lower() for part in PARTS)
    found = collected(azure)
    assert ("give", "share", None) in places(found)
    asked = {path.rpartition("/storageAccounts/")[2] for _, path in azure.calls if path.endswith("/containers")}
    assert "lake/blobServices/default/containers" in asked
    assert "guarded/blobServices/default/containers" not in asked


def test_the_directory_of_the_tenant_is_where_its_boundary_says(azure: AzureEmulator) -> None:
    (row,) = [row for row in of(collected(azure), Placement) if row.via == "directory"]
    assert (row.uid, row.location) == (f"/tenants/{TENANT}", "eudb")


def test_only_reading_requests_are_sent(azure: AzureEmulator) -> None:
    azure.items.append(account(LAB, "late"))
    azure.spoil(GRAPH, _without("late"))
    collected(azure)
    sent = {(method, path.lower()) for method, path in azure.calls if "oauth2" not in path}
    assert {path for method, path in sent if method != "GET"} == {"/providers/microsoft.resourcegraph/resources"}
    asked = {path.partition("/storageaccounts/")[2] for _, path in sent if "/storageaccounts/" in path}
    parts = {
        f"{name}/{part.path.lower()}"
        for name in ("lake", "copy", "notes", "late")
        for part in PARTS
        if part.of == LAKE["type"]
    }
    assert asked == {"late", *parts}


def test_a_refused_graph_is_told_and_the_lists_are_read_one_by_one(azure: AzureEmulator) -> None:
    azure.fail(GRAPH, 403, "AuthorizationFailed")
    found = collected(azure)
    assert places(found) == KNOWN
    assert {key: row.status for key, row in gaps(found).items()} == {
        (PROD, "microsoft.resourcegraph"): Status.DENIED, (LAB, "microsoft.resourcegraph"): Status.DENIED,
        (PROD, "microsoft.resources"): Status.DENIED, (LAB, "microsoft.resources"): Status.DENIED,
    }  # fmt: skip


def _without(name: str) -> Any:
    def changed(asked: Asked, reply: Reply) -> Reply:
        body = {**reply.body, "data": [row for row in reply.body["data"] if row["name"] != name]}
        body["totalRecords"] = 0
        return replace(reply, body=body)

    return changed


def test_what_the_graph_lacks_is_read_and_told(azure: AzureEmulator) -> None:
    azure.spoil(GRAPH, _without("notes"))
    found = collected(azure)
    assert places(found) == KNOWN
    assert gaps(found) == {}
    told = [row.detail for row in of(found, Coverage) if row.service == "microsoft.resourcegraph"]
    assert told == ["1 that Resource Graph did not list, asked for one by one"]


def test_a_list_to_compare_with_that_is_refused_is_told(azure: AzureEmulator) -> None:
    azure.fail(f"{PROD}{LIST}", 403, "AuthorizationFailed")
    found = collected(azure)
    assert places(found) == KNOWN
    assert {key: row.status for key, row in gaps(found).items()} == {(PROD, "microsoft.resources"): Status.DENIED}


def test_a_subscription_of_which_nothing_may_be_listed(azure: AzureEmulator) -> None:
    azure.fail(GRAPH, 403, "AuthorizationFailed")
    azure.fail(f"{LAB}{LIST}", 403, "AuthorizationFailed")
    found = collected(azure)
    assert places(found) == {place for place in KNOWN if place[0] != "notes"}
    assert {row.status for row in of(found, Coverage) if row.account == LAB} == {Status.DENIED}
    assert (LAB, "*") in gaps(found)
    assert (LAB, "microsoft.storage") in gaps(found)


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (403, "AuthorizationFailed", Status.DENIED),
        (404, "SomethingElse", Status.DENIED),
        (429, "TooManyRequests", Status.THROTTLED),
        (500, "InternalServerError", Status.UNREACHABLE),
        (503, "ServerBusy", Status.UNREACHABLE),
        (400, "NoRegisteredProviderFound", Status.UNSUPPORTED),
        (302, "Found", Status.UNREACHABLE),
    ],
)
def test_a_part_that_cannot_be_read(azure: AzureEmulator, status: int, code: str, expected: Status) -> None:
    azure.fail("/lake/objectReplicationPolicies", status, code)
    found = collected(azure)
    assert places(found) == KNOWN - {("lake", "replica", "westeurope")}
    (gap,) = gaps(found).values()
    assert (gap.account, gap.service, gap.status) == (PROD, POLICIES, expected)
    assert gap.detail == f"1 of 2: {code}: Microsoft.Storage/storageAccounts/objectReplicationPolicies/read"


@pytest.mark.parametrize("code", ["ResourceNotFound", "MissingSubscriptionRegistration"])
def test_a_part_that_cannot_exist_is_no_gap(azure: AzureEmulator, code: str) -> None:
    azure.fail("/notes/objectReplicationPolicies", 404 if code == "ResourceNotFound" else 409, code)
    found = collected(azure)
    assert places(found) == KNOWN
    assert gaps(found) == {}


def html(asked: Asked, reply: Reply) -> Reply:
    return Reply(200, text="<html>sign in</html>", content_type="text/html")


def html_as_json(asked: Asked, reply: Reply) -> Reply:
    return Reply(200, text="<html>sign in</html>")


def empty_object(asked: Asked, reply: Reply) -> Reply:
    return Reply(200, {})


def without_list(asked: Asked, reply: Reply) -> Reply:
    return Reply(200, {"odd": 1})


def as_text(asked: Asked, reply: Reply) -> Reply:
    return replace(reply, content_type="text/plain")


def nothing(asked: Asked, reply: Reply) -> Reply:
    return Reply(200, text="")


def cut_off(asked: Asked, reply: Reply) -> Reply:
    return Reply(200, text=json.dumps(reply.body)[:-20])


def fewer_bytes(asked: Asked, reply: Reply) -> Reply:
    return replace(reply, headers={"content-length": "99999", "connection": "close"})


def elsewhere(asked: Asked, reply: Reply) -> Reply:
    return replace(reply, body={**reply.body, "nextLink": "https://evil.example/subscriptions?api-version=1"})


def again(asked: Asked, reply: Reply) -> Reply:
    return replace(
        reply, body={**reply.body, "nextLink": f"https://127.0.0.1:{asked.headers['host'].partition(':')[2]}/loop"}
    )


SPOILED = [html, html_as_json, empty_object, without_list, as_text, nothing, cut_off, fewer_bytes]


@pytest.mark.parametrize("spoil", [*SPOILED, elsewhere])
def test_a_list_that_is_none_is_unreachable_and_not_empty(azure: AzureEmulator, spoil: Any) -> None:
    azure.spoil("/lake/objectReplicationPolicies", spoil)
    found = collected(azure)
    assert {key: row.status for key, row in gaps(found).items()} == {(PROD, POLICIES): Status.UNREACHABLE}


@pytest.mark.parametrize("spoil", SPOILED)
def test_a_graph_answer_that_is_none_is_unreachable_and_the_lists_are_read(azure: AzureEmulator, spoil: Any) -> None:
    azure.spoil(GRAPH, spoil)
    found = collected(azure)
    assert places(found) == KNOWN
    assert gaps(found)[PROD, "microsoft.resourcegraph"].status is Status.UNREACHABLE


def test_a_token_is_never_sent_to_another_server(azure: AzureEmulator) -> None:
    azure.spoil(f"{PROD}/locations", elsewhere)
    detail = gaps(collected(azure))[PROD, "microsoft.resources"].detail
    assert detail.startswith("the next page is on another server")


def test_a_list_that_never_ends(azure: AzureEmulator) -> None:
    azure.spoil(f"{PROD}/locations", again)
    azure.spoil("/loop", lambda asked, reply: Reply(200, {"value": [], "nextLink": f"{azure.url}/loop"}))
    assert gaps(collected(azure))[PROD, "microsoft.resources"].detail.startswith("the same next page twice")


@pytest.mark.parametrize("told", [{"resultTruncated": "true"}, {"totalRecords": 9}])
def test_a_graph_that_is_cut_short_is_told(azure: AzureEmulator, told: dict[str, Any]) -> None:
    azure.page = 1000
    azure.spoil(GRAPH, lambda asked, reply: replace(reply, body={**reply.body, **told}))
    found = collected(azure)
    assert places(found) == KNOWN
    assert "cut short" in gaps(found)[PROD, "microsoft.resourcegraph"].detail


def test_a_graph_that_breaks_off_keeps_what_came(azure: AzureEmulator) -> None:
    azure.fail(GRAPH, 500, "InternalServerError", later_pages=True)
    azure.fail(f"{PROD}{LIST}", 403, "AuthorizationFailed")
    azure.fail(f"{LAB}{LIST}", 403, "AuthorizationFailed")
    found = collected(azure)
    assert ("lake", "primary", "francecentral") in places(found)
    assert {key for key in gaps(found) if key[1] == "*"} == {(PROD, "*"), (LAB, "*")}


def test_throttling_and_failures_that_pass_are_waited_out(azure: AzureEmulator) -> None:
    azure.fail(GRAPH, 429, "RateLimiting", headers={"Retry-After": "1"}, times=1)
    azure.fail("/locations", 503, "ServerBusy", times=2)
    azure.fail("/objectReplicationPolicies", 429, "TooManyRequests", times=3)
    azure.fail("/tenants", 502, "BadGateway", times=1)
    patient = Patience(first=0.01, longest=0.02, total=10, attempt=5)
    found = list(AzureConnector(azure.environment(), patient).collect(Scope(), Silent()))
    assert places(found) == KNOWN
    assert gaps(found) == {}


def test_a_wait_longer_than_patience_is_throttled_at_once(azure: AzureEmulator) -> None:
    azure.fail("/lake/objectReplicationPolicies", 429, "TooManyRequests", headers={"Retry-After": "3600"})
    assert {row.status for row in gaps(collected(azure)).values()} == {Status.THROTTLED}


def test_queries_keep_to_the_quota(azure: AzureEmulator) -> None:
    azure.page, azure.quota, azure.window = 1, 4, 1
    statuses: list[int] = []

    def noted(asked: Asked, reply: Reply) -> Reply:
        statuses.append(reply.status)
        return reply

    azure.spoil(GRAPH, noted)
    found = collected(azure)
    assert places(found) == KNOWN
    assert gaps(found) == {}
    assert statuses == [200] * 6


def test_a_token_that_runs_out_is_renewed(azure: AzureEmulator) -> None:
    def expiring(asked: Asked, reply: Reply) -> Reply:
        azure.expire()
        return reply

    azure.spoil(GRAPH, expiring, times=2)
    azure.spoil("/locations", expiring, times=1)
    found = collected(azure, jobs=8)
    assert places(found) == KNOWN
    assert gaps(found) == {}


def test_a_token_that_no_renewal_helps_ends_the_run(azure: AzureEmulator) -> None:
    azure.fail("/tenants", 401, "ExpiredAuthenticationToken")
    with pytest.raises(UserError, match="Azure refuses the credentials: ExpiredAuthenticationToken"):
        collected(azure)


def test_wrong_credentials_end_the_run_and_are_not_shown(azure: AzureEmulator) -> None:
    environment = {**azure.environment(), "AZURE_CLIENT_SECRET": "hunter2-hunter2"}
    with pytest.raises(UserError, match="Azure refuses the credentials: AADSTS7000215") as told:
        list(AzureConnector(environment, HASTY).collect(Scope(), Silent()))
    assert "hunter2" not in str(told.value)


def test_a_web_page_instead_of_azure_ends_the_run(azure: AzureEmulator) -> None:
    azure.spoil("/tenants", html)
    with pytest.raises(UserError, match="Azure cannot be reached"):
        collected(azure)


def test_a_certificate_that_nobody_vouches_for_ends_the_run(azure: AzureEmulator) -> None:
    environment = {key: value for key, value in azure.environment().items() if key != "RESIDENCY_AZURE_CA_BUNDLE"}
    with pytest.raises(UserError, match=r"cannot be reached: nobody can sign in"):
        list(AzureConnector(environment, HASTY).collect(Scope(), Silent()))
    assert azure.calls == []


def test_credentials_that_see_no_subscription(azure: AzureEmulator) -> None:
    azure.subscriptions = ()
    (gap,) = gaps(collected(azure)).values()
    assert (gap.account, gap.service, gap.status) == ("*", "*", Status.DENIED)


def test_subscriptions_that_are_asked_for_by_id_or_name(azure: AzureEmulator) -> None:
    found = collected(azure, accounts=("hub-lab", "absent"))
    assert {row[0] for row in places(found)} == {"notes"}
    assert {key: row.status for key, row in gaps(found).items()} == {("absent", "*"): Status.DENIED}
    assert {row[0] for row in places(collected(azure, accounts=(PROD.upper(),)))} == {"lake", "copy"}


def test_a_deleted_subscription_is_not_asked_and_a_disabled_one_is(azure: AzureEmulator) -> None:
    prod, lab = azure.subscriptions
    azure.subscriptions = (replace(prod, state="Deleted"), replace(lab, state="Disabled"))
    assert {row[0] for row in places(collected(azure))} == {"notes"}


def test_every_tenant_is_read(azure: AzureEmulator) -> None:
    azure.tenants = {TENANT: "Hub", PARTNER: "Partner"}
    azure.subscriptions = (azure.subscriptions[0], replace(azure.subscriptions[1], tenant=PARTNER))
    found = collected(azure)
    assert places(found) == KNOWN
    assert gaps(found) == {}


def test_a_tenant_that_refuses_the_sign_in_is_told(azure: AzureEmulator) -> None:
    azure.tenants = {TENANT: "Hub", PARTNER: "Partner"}
    told = "AADSTS50020: hidden"
    azure.spoil(
        f"{PARTNER}/oauth2", lambda asked, reply: Reply(400, {"error": "invalid_grant", "error_description": told})
    )
    found = collected(azure)
    assert places(found) == KNOWN
    (gap,) = gaps(found).values()
    assert (gap.account, gap.status) == (PARTNER, Status.DENIED)
    assert "AADSTS50020" in gap.detail


def test_only_what_is_in_a_region_or_nowhere_known(azure: AzureEmulator) -> None:
    names = {row.name for row in of(collected(azure, regions=("westeurope",)), Resource)}
    assert "copy" in names
    assert not names & {"lake", "notes"}


def test_a_region_that_does_not_exist(azure: AzureEmulator) -> None:
    with pytest.raises(UserError, match=r"no Azure region 'francecentrale'.*francecentral"):
        collected(azure, regions=("francecentrale",))


def test_a_type_that_nobody_reads_is_kept_and_told(azure: AzureEmulator) -> None:
    azure.items.append(MACHINE)
    found = collected(azure)
    assert ("w", "primary", "eastus") in places(found)
    assert {key: row.status for key, row in gaps(found).items()} == {(PROD, "acme.odd/widgets"): Status.UNSUPPORTED}


def test_the_width_changes_nothing(azure: AzureEmulator) -> None:
    azure.items += [account(LAB, f"account{number:02d}") for number in range(30)]
    azure.fail("/account07/objectReplicationPolicies", 403, "AuthorizationFailed")
    azure.page = 7
    narrow, wide = (sorted(map(repr, collected(azure, jobs=jobs))) for jobs in (1, 24))
    assert narrow == wide
    assert len(narrow) > 60


def test_names_that_would_break_an_address_stay_names(azure: AzureEmulator) -> None:
    hostile = account(PROD, "x?api-version=9&a={b}#c d")
    azure.items.append(hostile)
    found = collected(azure)
    assert ("x?api-version=9&a={b}#c d", "primary", "francecentral") in places(found)
    assert gaps(found) == {}
    asked = [path for _, path in azure.calls if "x?api-version=9&a={b}#c d" in path]
    assert len(asked) == sum(part.of == hostile["type"] for part in PARTS)


def test_the_secret_is_in_no_row(azure: AzureEmulator) -> None:
    azure.fail("/objectReplicationPolicies", 403, f"{SECRET} {SECRET}")
    assert SECRET not in repr(collected(azure))


def test_later_pages_are_told_apart() -> None:
    assert is_later_page(Asked("GET", "/x", {"$skiptoken": "2"}, None, {}))
    assert not is_later_page(Asked("POST", "/x", {}, {"options": {}}, {}))


def granted(azure: AzureEmulator, folder: Path) -> dict[str, Any]:
    role: dict[str, Any] = json.loads(residency("permissions", "azure", cwd=folder).out)
    azure.allowed, azure.refused_actions = tuple(role["Actions"]), tuple(role["NotActions"])
    return role


def test_the_role_is_enough_and_lets_nothing_be_changed(azure: AzureEmulator, tmp_path: Path) -> None:
    azure.items.append(MACHINE)
    role = granted(azure, tmp_path)
    found = collected(azure)
    assert places(found) == {*KNOWN, ("w", "primary", "eastus")}
    assert set(gaps(found)) == {(PROD, "acme.odd/widgets")}
    assert all(action.endswith("/read") for action in role["Actions"])
    assert not role["DataActions"]
    assert not azure.may("Microsoft.OperationalInsights/workspaces/query/Heartbeat/read")
    assert not azure.may("Microsoft.Storage/storageAccounts/listKeys/action")


def test_the_role_for_terraform_grants_the_same(azure: AzureEmulator, tmp_path: Path) -> None:
    role = granted(azure, tmp_path)
    told = residency("permissions", "azure", "--format", "terraform", cwd=tmp_path).out
    assert f"actions     = {json.dumps(role['Actions'])}" in told
    assert f"not_actions = {json.dumps(role['NotActions'])}" in told
    assert "resource" in hcl2.loads(told)


def test_a_role_of_the_types_we_know_would_hide_the_others(azure: AzureEmulator) -> None:
    azure.items.append(MACHINE)
    azure.allowed = tuple({*ACTIONS, *(f"{reader.type}/read" for reader in READERS.values())} - {EVERYTHING})
    found = collected(azure)
    assert places(found) == KNOWN
    assert gaps(found) == {}


def test_no_role_at_all(azure: AzureEmulator) -> None:
    azure.allowed = ()
    found = collected(azure)
    assert places(found) == set()
    assert {row.status for row in of(found, Coverage) if row.service == "*"} == {Status.DENIED}
    assert {row.status for row in gaps(found).values()} == {Status.DENIED}


def audit(azure: AzureEmulator, folder: Path) -> Ran:
    out = folder / "run"
    return residency("audit", "azure", "--policy", "eu-only", "--out", out, cwd=folder, env=azure.environment())


def test_the_command_line_says_that_it_was_no_real_cloud(azure: AzureEmulator, tmp_path: Path) -> None:
    ran = audit(azure, tmp_path)
    assert ran.code == 0, ran.out + ran.err
    document = json.loads((tmp_path / "run" / "findings.json").read_text(encoding="utf-8"))
    assert document["run"]["live"] is False
    assert document["run"]["endpoints"] == [f"azure: {azure.url}"]
    assert SECRET not in "".join(file.read_text("utf-8", "replace") for file in (tmp_path / "run").iterdir())


def test_the_command_line_finds_the_violation(azure: AzureEmulator, tmp_path: Path) -> None:
    azure.items.append(account(LAB, "virginia", "eastus"))
    assert audit(azure, tmp_path).code == 1


def test_the_command_line_never_passes_what_was_refused(azure: AzureEmulator, tmp_path: Path) -> None:
    azure.fail("/notes/objectReplicationPolicies", 403, "AuthorizationFailed")
    ran = audit(azure, tmp_path)
    assert ran.code == 3, ran.err


def test_no_credentials_is_one_message(tmp_path: Path) -> None:
    env = {
        "HOME": str(tmp_path),
        "PATH": "/nowhere",
        "IDENTITY_ENDPOINT": "",
        "AZURE_POD_IDENTITY_AUTHORITY_HOST": "http://127.0.0.1:9",
    }
    ran = residency("audit", "azure", "--policy", "eu-only", cwd=tmp_path, env=env)
    assert one_message(ran, "no Azure credentials were found", "az login"), ran.err


def test_an_unknown_cloud_is_one_message(tmp_path: Path) -> None:
    ran = residency("audit", "azure", cwd=tmp_path, env={"RESIDENCY_AZURE_CLOUD": "AzureBlue"})
    assert one_message(ran, "AzureBlue", "AzureBleuCloud"), ran.err


@pytest.mark.parametrize("name", sorted(CLOUDS))
def test_a_cloud_of_the_table(name: str) -> None:
    cloud = cloud_of({"RESIDENCY_AZURE_CLOUD": name})
    assert cloud.audience == f"{cloud.manager}/.default"
    assert load_atlas().offer(cloud.offer) is not None
    assert any(place.type == "region" and place.status != "retired" for place in load_atlas().places(cloud.offer))
    assert {cloud_of({}, told) for told in (name, name.lower(), cloud.offer)} == {cloud}
    assert endpoint({"RESIDENCY_AZURE_CLOUD": name}) is None


def test_what_is_chosen_goes_before_the_environment(azure: AzureEmulator) -> None:
    environment = {**azure.environment(), "RESIDENCY_AZURE_CLOUD": "AzureChinaCloud"}
    azure.items = [account(PROD, "records", "usgovvirginia", sku="Standard_GRS")]
    azure.pairs = {"usgovvirginia": "usgovtexas"}
    settings = AzureSettings("AzureUSGovernment")
    found = list(AzureConnector(environment, HASTY, settings).collect(Scope(), Silent()))
    assert {row.offer for row in of(found, Account)} == {"azure-us-government"}
    assert places(found) == {("records", "primary", "usgovvirginia"), ("records", "replica", "usgovtexas")}


def test_a_cloud_that_the_command_line_names(tmp_path: Path) -> None:
    ran = residency("scan", "azure", "--azure-cloud", "AzureGermanCloud", cwd=tmp_path)
    assert one_message(ran, "--azure-cloud", "AzureGermanCloud", "delos-cloud"), ran.err
    file = tmp_path / "china.json"
    file.write_text(json.dumps([account(PROD, "lake", "chinaeast2", sku="Standard_GRS")]), encoding="utf-8")
    (tmp_path / "residency.yaml").write_text("azure: {cloud: bleu}\n", encoding="utf-8")
    assert residency("scan", str(file), "--azure-cloud", "azure-china", cwd=tmp_path).code == 3
    told = json.loads((tmp_path / "residency-report/inventory.json").read_text(encoding="utf-8"))
    assert {row["offer"] for row in told["resources"]} == {"azure-china"}
    assert {row["location"] for row in told["placements"]} == {"chinaeast2", "chinanorth2"}


def test_an_authority_of_ones_own() -> None:
    assert cloud_of({"AZURE_AUTHORITY_HOST": "login.example.org"}).authority == "https://login.example.org"


def test_nothing_but_reading_leaves_the_client(azure: AzureEmulator) -> None:
    wire = Wire(cloud_of(azure.environment()), azure.environment(), HASTY, 1)
    for method, path in [
        ("DELETE", f"{LAKE['id']}?api-version=1"), ("PUT", f"{LAKE['id']}?api-version=1"),
        ("POST", f"{LAKE['id']}/listKeys?api-version=1"), ("GET", "https://evil.example/subscriptions"),
        ("GET", azure.url.replace("https", "http") + "/subscriptions"),
    ]:  # fmt: skip
        with pytest.raises(UndeclaredCall):
            wire._patiently(method, path, None, "x")
    assert azure.calls == []


def test_an_endpoint_without_tls_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="speaks TLS"):
        AzureConnector({"RESIDENCY_AZURE_ENDPOINT": "http://127.0.0.1:1"}).endpoint()
