"""A local Azure: a TLS server on a port of this machine, seeded from a declared estate, for as long as a block runs.

It speaks the token protocol of Entra ID, Azure Resource Manager and Resource Graph to the real client libraries.
"""

from __future__ import annotations

import base64
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, TypeVar

from residency.demo.tls_server import Asked, Reply, tls_server

TENANT = "7a1e0000-0000-4000-8000-00000000007e"
CLIENT = "c11e0000-0000-4000-8000-0000000000a0"
SECRET = "not-a-real-secret"  # noqa: S105
GRAPH = "/providers/microsoft.resourcegraph/resources"

# Lists of a Recovery Services vault that give what lies several steps below it.
_SHORT = {"backupprotecteditems": "protecteditems", "replicationprotecteditems": "replicationprotecteditems"}
_NOT_TRACKED = ("microsoft.authorization/policyassignments", "microsoft.resources/subscriptions")

Body = dict[str, Any]
Local = TypeVar("Local", bound="LocalAzure")


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription of the estate. `groups` are the titles of its management groups from the root down."""

    id: str
    name: str
    groups: tuple[str, ...] = ()
    tenant: str = TENANT
    state: str = "Enabled"
    tags: Mapping[str, str] = field(default_factory=dict)


def refused(status: int, code: str, message: str, **headers: str) -> Reply:
    """An error as Resource Manager words it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, {"error": {"code": code, "message": message}}, named)


@dataclass
class LocalAzure:
    """An emulator. `items` are objects as Resource Manager gives them; those whose type is in `parts` are told by their
    parents only, the others by Resource Graph and the lists of their subscriptions too.

    `allowed` and `refused_actions` are the role of whoever asks, as patterns of actions. `page` is the longest page,
    and `quota` the number of queries in each `window` of seconds.
    """

    subscriptions: tuple[Subscription, ...] = ()
    items: list[Body] = field(default_factory=list)
    parts: frozenset[str] = frozenset()
    pairs: Mapping[str, str | None] = field(default_factory=dict)
    tenants: Mapping[str, str] = field(default_factory=lambda: {TENANT: "Health Data Hub"})
    boundary: str = "EU"
    allowed: tuple[str, ...] = ("*",)
    refused_actions: tuple[str, ...] = ()
    page: int = 1000
    quota: int = 15
    window: int = 5
    url: str = ""
    ca_bundle: str = ""
    tokens: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    queries: list[float] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        """The variables with which an auditor connects."""
        return {
            "RESIDENCY_AZURE_ENDPOINT": self.url, "RESIDENCY_AZURE_CA_BUNDLE": self.ca_bundle,
            "AZURE_TENANT_ID": next(iter(self.tenants)), "AZURE_CLIENT_ID": CLIENT, "AZURE_CLIENT_SECRET": SECRET,
        }  # fmt: skip

    def may(self, action: str) -> bool:
        """Whether the role allows an action. Azure compares actions without case."""
        asked = action.lower()
        if any(fnmatchcase(asked, pattern.lower()) for pattern in self.refused_actions):
            return False
        return any(fnmatchcase(asked, pattern.lower()) for pattern in self.allowed)

    def answer(self, asked: Asked) -> Reply:
        """What Azure would answer."""
        if "/.well-known/openid-configuration" in asked.path:
            return self._discovery(asked.path.strip("/").partition("/")[0])
        if asked.path.endswith("/oauth2/v2.0/token"):
            return self._token(asked)
        tenant = self.tokens.get(asked.headers.get("authorization", "").removeprefix("Bearer "))
        if tenant is None:
            return refused(401, "ExpiredAuthenticationToken", "The access token has expired.")
        if "api-version" not in asked.query:
            return refused(400, "MissingApiVersionParameter", "The api-version query parameter is required.")
        path = asked.path.rstrip("/").lower()
        if path == GRAPH:
            return self._graph(asked, tenant)
        if asked.method != "GET":
            return refused(405, "MethodNotAllowed", "This emulator only reads.")
        return self._manager(asked, path, tenant)

    def _discovery(self, tenant: str) -> Reply:
        told = f"{self.url}/{tenant}"
        return Reply(200, {
            "issuer": f"{told}/v2.0", "authorization_endpoint": f"{told}/oauth2/v2.0/authorize",
            "token_endpoint": f"{told}/oauth2/v2.0/token", "tenant_region_scope": "EU",
        })  # fmt: skip

    def _token(self, asked: Asked) -> Reply:
        if asked.body.get("client_id") != CLIENT or asked.body.get("client_secret") != SECRET:
            told = "AADSTS7000215: Invalid client secret provided. Trace ID: 0"
            return Reply(401, {"error": "invalid_client", "error_description": told})
        tenant = asked.path.strip("/").partition("/")[0]
        if tenant not in self.tenants:
            told = f"AADSTS90002: Tenant '{tenant}' not found. Trace ID: 0"
            return Reply(400, {"error": "invalid_request", "error_description": told})
        with self.lock:
            token = f"token-{len(self.tokens)}-{time.monotonic_ns()}"
            self.tokens[token] = tenant
        return Reply(200, {"token_type": "Bearer", "expires_in": 3600, "access_token": token})

    def _visible(self, tenant: str) -> list[Subscription]:
        return [entry for entry in self.subscriptions if entry.tenant == tenant]

    def _manager(self, asked: Asked, path: str, tenant: str) -> Reply:
        if path == "/tenants":
            told = [_tenant(uid, name) for uid, name in self.tenants.items()]
            return self._listed(asked, told)
        if path == "/subscriptions":
            return self._listed(asked, [_subscription(entry) for entry in self._visible(tenant)])
        if path == "/providers/microsoft.resources/databoundaries/default":
            return Reply(200, {"id": path, "name": "default", "properties": {"dataBoundary": self.boundary}})
        subscription = path.split("/")[2] if path.startswith("/subscriptions/") else ""
        if subscription not in {entry.id for entry in self._visible(tenant)}:
            return refused(404, "SubscriptionNotFound", "The subscription could not be found.")
        action = f"{action_type(path)}/read"
        if not self.may(action):
            told_refusal = f"The client does not have authorization to perform action '{action}'."
            return refused(403, "AuthorizationFailed", told_refusal)
        if path == f"/subscriptions/{subscription}/locations":
            return self._listed(asked, [_location(name, pair) for name, pair in self.pairs.items()])
        if path == f"/subscriptions/{subscription}/resources":
            bare = ("id", "name", "type", "location", "kind", "sku", "tags", "managedBy")
            found = [item for item in self._tracked([subscription]) if self.may(f"{item['type']}/read")]
            return self._listed(asked, [{key: item[key] for key in bare if key in item} for item in found])
        if path == f"/subscriptions/{subscription}/providers":
            return self._listed(asked, self._providers())
        return self._object_or_parts(asked, path)

    def _object_or_parts(self, asked: Asked, path: str) -> Reply:
        for item in self.items:
            if item["id"].lower() == path:
                return Reply(200, item)
        parent, _, last = path.rpartition("/")
        if path.rpartition("/providers/")[2].count("/") % 2 == 0:
            return refused(404, "ResourceNotFound", "The resource was not found.")
        wanted = _SHORT.get(last, last)
        deep = last in _SHORT
        below = [
            item
            for item in self.items
            if item["id"].lower().startswith(f"{parent}/" if deep else f"{path}/")
            and item["type"].lower().rpartition("/")[2] == wanted
            and (deep or item["id"].lower().rpartition("/")[0] == path)
        ]
        of_subscription = path.startswith(f"/subscriptions/{path.split('/')[2]}/providers/")
        known = below or of_subscription or any(path.startswith(f"{item['id'].lower()}/") for item in self.items)
        if not known:
            return refused(404, "ResourceNotFound", "The resource was not found.")
        return self._listed(asked, below)

    def _providers(self) -> list[Body]:
        types = sorted({item["type"].partition("/")[::2] for item in self.items})
        versions = ["2024-01-01", "2023-01-01", "2099-01-01-preview"]
        return [
            {"namespace": namespace, "resourceTypes": [{"resourceType": name, "apiVersions": versions}]}
            for namespace, name in types
        ]

    def _listed(self, asked: Asked, found: list[Body]) -> Reply:
        start = int(asked.query.get("$skiptoken", "0"))
        body: Body = {"value": found[start : start + self.page]}
        if start + self.page < len(found):
            version = asked.query["api-version"]
            body["nextLink"] = f"{self.url}{asked.path}?api-version={version}&$skiptoken={start + self.page}"
        return Reply(200, body)

    def _tracked(self, subscriptions: list[str]) -> list[Body]:
        wanted = {entry.lower() for entry in subscriptions}
        return [
            item
            for item in self.items
            if item["type"].lower() not in (*self.parts, *_NOT_TRACKED) and item["id"].lower().split("/")[2] in wanted
        ]

    def _graph(self, asked: Asked, tenant: str) -> Reply:
        if asked.method != "POST":
            return refused(405, "MethodNotAllowed", "Resource Graph is asked with POST.")
        if not self.may("Microsoft.ResourceGraph/resources/read"):
            return refused(403, "AuthorizationFailed", "The client does not have authorization to perform action.")
        quota = self._quota()
        if quota is None:
            return refused(429, "RateLimiting", "Too many queries.", Retry_After=str(self.window))
        stages = [stage.strip() for stage in asked.body["query"].split("|")]
        visible = {entry.id for entry in self._visible(tenant)}
        scope = [entry for entry in asked.body.get("subscriptions") or sorted(visible) if entry.lower() in visible]
        try:
            above = "Above" in asked.body.get("options", {}).get("authorizationScopeFilter", "AtScopeAndBelow")
            rows = run_query(stages, self._table(stages[0], scope, above=above))
        except ValueError as error:
            return refused(400, "BadRequest", str(error))
        options = asked.body.get("options", {})
        start = int(base64.b64decode(options["$skipToken"])) if "$skipToken" in options else 0
        end = start + min(self.page, int(options.get("$top", 100)))
        body: Body = {
            "totalRecords": len(rows), "count": len(rows[start:end]), "resultTruncated": "false", "facets": [],
            "data": rows[start:end],
        }  # fmt: skip
        if end < len(rows):
            body["$skipToken"] = base64.b64encode(str(end).encode()).decode()
        told_quota = {"x-ms-user-quota-remaining": str(quota)}
        return Reply(200, body, told_quota | {"x-ms-user-quota-resets-after": f"00:00:{self.window:02d}"})

    def _quota(self) -> int | None:
        """Queries that are left in this window; `None` when there are none."""
        with self.lock:
            now = time.monotonic()
            self.queries[:] = [asked for asked in self.queries if now - asked < self.window]
            if len(self.queries) >= self.quota:
                return None
            self.queries.append(now)
            return self.quota - len(self.queries)

    def _table(self, table: str, scope: list[str], *, above: bool) -> list[Body]:
        if table.lower() == "resourcecontainers":
            return [_container(entry) for entry in self.subscriptions if entry.id in scope]
        if table.lower() == "policyresources":
            assigned = [item for item in self.items if item["type"].lower() == _NOT_TRACKED[0]]
            groups = {_group_id(title) for entry in self.subscriptions if entry.id in scope for title in entry.groups}
            return [_row(item) for item in assigned if _scope_of(item) in ({*scope} | groups if above else {*scope})]
        if table.lower() != "resources":
            raise ValueError(f"'{table}' is not a table of this emulator.")
        return [_row(item) for item in self._tracked(scope) if self.may(f"{item['type']}/read")]


def action_type(path: str) -> str:
    """The type whose reading a path asks for: `microsoft.sql/servers/failovergroups` for a list of them."""
    before, found, after = path.rpartition("/providers/")
    if not found:
        return "microsoft.resources/" + "/".join(path.strip("/").split("/")[::2])
    namespace, *steps = after.split("/")
    return "/".join([namespace, *steps[::2]]) if before or namespace else namespace


def run_query(stages: list[str], rows: list[Body]) -> list[Body]:
    """The few stages of the query language that this emulator knows. Raises `ValueError` for any other."""
    for stage in stages[1:]:
        if (kept := re.fullmatch(r"where type =~ '([^']+)'", stage)) is not None:
            rows = [row for row in rows if row["type"] == kept.group(1).lower()]
        elif stage.startswith("project "):
            columns = [name.strip() for name in stage.removeprefix("project ").split(",")]
            rows = [{name: row.get(name) for name in columns} for row in rows]
        elif stage == "order by id asc":
            rows = sorted(rows, key=lambda row: str(row["id"]))
        else:
            raise ValueError(f"'{stage}' is not a stage of this emulator.")
    return rows


def _row(item: Body) -> Body:
    """An object as Resource Graph gives it: type, location and group in lower case, and every column there."""
    steps = item["id"].split("/")
    columns: Body = {name: item.get(name) for name in ("sku", "plan", "properties", "tags", "identity", "zones")}
    return columns | {
        "id": item["id"], "name": item["name"], "type": item["type"].lower(), "kind": item.get("kind", ""),
        "location": str(item.get("location", "")).replace(" ", "").lower(), "managedBy": item.get("managedBy", ""),
        "resourceGroup": steps[4].lower() if len(steps) > 4 else "",
        "subscriptionId": steps[2] if steps[1] == "subscriptions" else "",
        "tenantId": item.get("tenantId", TENANT),
        "extendedLocation": item.get("extendedLocation"),
    }  # fmt: skip


def _tenant(uid: str, name: str) -> Body:
    return {"id": f"/tenants/{uid}", "tenantId": uid, "displayName": name, "countryCode": "FR"}


def _subscription(entry: Subscription) -> Body:
    return {
        "id": f"/subscriptions/{entry.id}", "subscriptionId": entry.id, "displayName": entry.name,
        "state": entry.state, "tenantId": entry.tenant,
    }  # fmt: skip


def _group_id(title: str) -> str:
    return title.lower().replace(" ", "-")


def _scope_of(item: Body) -> str:
    """The subscription or the management group that a policy is assigned to, or in."""
    steps = item["id"].lower().split("/")
    return str(steps[4] if steps[3:4] == ["managementgroups"] else steps[2])


def _container(entry: Subscription) -> Body:
    chain = [{"name": _group_id(title), "displayName": title} for title in reversed(entry.groups)]
    return {
        "id": f"/subscriptions/{entry.id}", "name": entry.name, "type": "microsoft.resources/subscriptions",
        "subscriptionId": entry.id, "tenantId": entry.tenant, "tags": dict(entry.tags),
        "properties": {"state": entry.state, "managementGroupAncestorsChain": chain},
    }  # fmt: skip


def _location(name: str, pair: str | None) -> Body:
    told: Body = {"regionType": "Physical", "regionCategory": "Recommended"}
    told["pairedRegion"] = [] if pair is None else [{"name": pair, "id": f"/locations/{pair}"}]
    return {"id": f"/locations/{name}", "name": name, "type": "Region", "metadata": told}


@contextmanager
def running(emulator: Local) -> Iterator[Local]:
    """The emulator, answering on a port of this machine until the block ends."""
    with tls_server(emulator.answer) as (url, certificate):
        emulator.url, emulator.ca_bundle = url, certificate
        yield emulator
