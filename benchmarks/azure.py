"""Reading a large estate of Azure: from Resource Graph and Resource Manager over TLS.

    python -m benchmarks.azure [--resources 100000] [--subscriptions 20] [--accounts 1]

A server in a process of its own gives tokens and answers with pages of 1,000 resources: disks with a key and tags, and
`--accounts` storage accounts a page, each of which is asked for its parts. It has no quota, so that what is measured is
the reading; Azure itself allows three pages a second. Prints the wall clock and processor time and the peak memory of
`residency scan`, and whether everything was found.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from residency.demo.azure_emulator import CLIENT, SECRET, TENANT
from residency.demo.tls_server import Asked, Reply, tls_server

PAGE = 1000
SETS = "Microsoft.Compute/diskEncryptionSets"


def subscription(number: int) -> str:
    """The id of a subscription."""
    return f"5b000000-0000-4000-8000-{number:012d}"


def resource(sub: str, name: str, type_: str, properties: dict[str, Any]) -> dict[str, Any]:
    """An object as Resource Graph gives it."""
    return {
        "id": f"/subscriptions/{sub}/resourceGroups/ward/providers/{type_}/{name}", "name": name, "kind": "",
        "type": type_.lower(), "location": "francecentral", "extendedLocation": None, "subscriptionId": sub,
        "tenantId": TENANT, "managedBy": "", "sku": {"name": "Premium_ZRS"}, "properties": properties,
        "tags": {"data-class": "health", "team": "ward"},
    }  # fmt: skip


class Estate:
    """Answers about `pages` pages in each subscription. Every name holds `P` and the number of its page."""

    def __init__(self, subscriptions: int, pages: int, accounts: int) -> None:
        self.subscriptions = [subscription(number) for number in range(subscriptions)]
        self.pages = pages
        keys = f"/subscriptions/{subscription(0)}/resourceGroups/ward/providers/{SETS}/keys"
        disk = {"diskState": "Attached", "diskSizeGB": 128, "encryption": {
            "type": "EncryptionAtRestWithCustomerKey", "diskEncryptionSetId": keys,
        }}  # fmt: skip
        store = {"primaryLocation": "francecentral", "encryption": {"keySource": "Microsoft.Storage"}}
        rows = [
            resource("SUBSCRIPTION", f"P0000000-{index:03d}", "Microsoft.Storage/storageAccounts", store)
            if index < accounts
            else resource("SUBSCRIPTION", f"P0000000-{index:03d}", "Microsoft.Compute/disks", disk)
            for index in range(PAGE)
        ]
        self.graph = json.dumps(rows)[1:-1]
        kept = ("id", "name", "type", "location", "sku", "tags")
        self.list = json.dumps([{name: row[name] for name in kept} for row in rows])[1:-1]

    def answer(self, asked: Asked) -> Reply:
        """What a client is told."""
        path = asked.path
        if "openid-configuration" in path:
            told = f"https://{asked.headers['host']}/{TENANT}"
            names = {"issuer": "/v2.0", "authorization_endpoint": "/authorize", "token_endpoint": "/token"}
            return Reply(200, {name: told + end for name, end in names.items()})
        if path.endswith("/token"):
            return Reply(200, {"token_type": "Bearer", "expires_in": 86400, "access_token": "token"})
        if path.startswith("/providers/Microsoft.ResourceGraph"):
            return self._graph(asked.body)
        if path.endswith("/resources"):
            return self._list(asked)
        if path == "/subscriptions":
            named = [{"subscriptionId": uid, "displayName": uid, "tenantId": TENANT} for uid in self.subscriptions]
            return Reply(200, {"value": named})
        if path == "/tenants":
            return Reply(200, {"value": [{"tenantId": TENANT, "countryCode": "FR", "displayName": "Ward"}]})
        if path.endswith("/locations"):
            pair = {"pairedRegion": [{"name": "francesouth"}]}
            return Reply(200, {"value": [{"name": "francecentral", "metadata": pair}]})
        return Reply(200, {"value": [], "properties": {"dataBoundary": "EU"}})

    def _page(self, template: str, sub: str, number: int) -> str:
        return template.replace("SUBSCRIPTION", sub).replace("P0000000-", f"P{number:07d}-")

    def _graph(self, body: dict[str, Any]) -> Reply:
        if not body["query"].startswith("resources "):
            return Reply(200, {"data": [], "resultTruncated": "false"})
        subs, number = body["subscriptions"], int(body["options"].get("$skipToken", 0))
        sub, page = subs[number // self.pages], number % self.pages
        token = f', "$skipToken": "{number + 1}"' if number + 1 < len(subs) * self.pages else ""
        return Reply(200, text=f'{{"resultTruncated": "false", "data": [{self._page(self.graph, sub, page)}]{token}}}')

    def _list(self, asked: Asked) -> Reply:
        number, sub = int(asked.query.get("page", 0)), asked.path.split("/")[2]
        following = f"https://{asked.headers['host']}{asked.path}?api-version=1&page={number + 1}"
        link = f', "nextLink": "{following}"' if number + 1 < self.pages else ""
        return Reply(200, text=f'{{"value": [{self._page(self.list, sub, number)}]{link}}}')


def serve(estate: Estate) -> None:
    """Answer until stopped. Prints the address and the file of the certificate."""
    with tls_server(estate.answer) as (url, certificate):
        print(url, certificate, flush=True)  # noqa: T201
        while True:
            time.sleep(3600)


def scan(url: str, certificate: str, out: Path) -> str:
    """Run `residency scan` and tell what it took."""
    env = {
        **os.environ, "RESIDENCY_AZURE_ENDPOINT": url, "RESIDENCY_AZURE_CA_BUNDLE": certificate,
        "AZURE_TENANT_ID": TENANT, "AZURE_CLIENT_ID": CLIENT, "AZURE_CLIENT_SECRET": SECRET,
    }  # fmt: skip
    begin = time.perf_counter()
    command = [sys.executable, "-m", "residency.cli", "scan", "azure", "--out", str(out), "-q"]
    child = subprocess.Popen(command, env=env)  # noqa: S603
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - begin
    with (out / "inventory.json").open(encoding="utf-8") as stream:
        found = sum(line.lstrip(" [,").startswith('{"uid"') and '"type"' in line for line in stream)
    told = f"{wall:7.1f} s wall  {used.ru_utime + used.ru_stime:7.1f} s CPU  {used.ru_maxrss // 1024:5d} MiB"
    return f"{told}  {found:,} resources, exit {os.waitstatus_to_exitcode(status)}"


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--resources", type=int, default=100_000)
    parser.add_argument("--subscriptions", type=int, default=20)
    parser.add_argument("--accounts", type=int, default=1, help="storage accounts in 1,000 resources")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    told = parser.parse_args()
    pages = max(1, told.resources // PAGE // told.subscriptions)
    if told.serve:
        serve(Estate(told.subscriptions, pages, told.accounts))
        return
    same = [f"--{name}={getattr(told, name)}" for name in ("resources", "subscriptions", "accounts")]
    command = [sys.executable, "-m", "benchmarks.azure", "--serve", *same]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
    try:
        assert server.stdout is not None
        url, certificate = server.stdout.readline().split()
        with tempfile.TemporaryDirectory() as folder:
            print(f"{pages * told.subscriptions * PAGE:,} resources:", scan(url, certificate, Path(folder)))  # noqa: T201
    finally:
        server.kill()


if __name__ == "__main__":
    main()
