"""Reading a large estate of Google Cloud: from Cloud Asset over gRPC, and from an export file.

    python -m benchmarks.google_cloud [--assets 100000]

A server in a process of its own answers with pages of 1,000 assets (buckets with a key, a log bucket and labels; one in
twenty a dataset that is copied), so that what is measured is the reading. Prints for each way the wall clock and
processor time and the peak memory of `residency scan`, and whether everything was found.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent import futures
from pathlib import Path
from typing import Any

PAGE = 1000
PROJECT, NUMBER = "hospital", "4242"
KEY = f"projects/{PROJECT}/locations/europe-west9/keyRings/ring/cryptoKeys/key"
_ANCESTORS = [f"projects/{NUMBER}", "organizations/900"]


def _item(name: str, type_: str, location: str, data: dict[str, Any]) -> dict[str, Any]:
    resource = {"version": "v1", "location": location, "data": data}
    return {"name": name, "assetType": type_, "ancestors": _ANCESTORS, "resource": resource}


def page(number: int) -> Iterator[dict[str, Any]]:
    """The assets of one page. Every name holds `P` and the number of the page in seven digits."""
    for index in range(PAGE):
        mark = f"p{number:07d}-{index:03d}"
        if index % 20 == 0:
            name = f"//bigquery.googleapis.com/projects/{PROJECT}/datasets/{mark}"
            yield _item(name, "bigquery.googleapis.com/Dataset", "EU", {"location": "EU", "labels": {"team": "ward"}})
            continue
        data = {
            "name": mark, "location": "EUROPE-WEST9", "locationType": "region", "labels": {"team": "ward"},
            "encryption": {"defaultKmsKeyName": KEY}, "logging": {"logBucket": "p0000000-001"},
            "iamConfiguration": {"publicAccessPrevention": "enforced"}, "storageClass": "STANDARD",
        }  # fmt: skip
        yield _item(f"//storage.googleapis.com/{mark}", "storage.googleapis.com/Bucket", "europe-west9", data)


def others() -> list[dict[str, Any]]:
    """The project itself and the key."""
    project = {"projectId": PROJECT, "projectNumber": NUMBER, "name": "Hospital"}
    return [
        _item(f"//cloudresourcemanager.googleapis.com/projects/{NUMBER}",
              "cloudresourcemanager.googleapis.com/Project", "global", project),
        _item(f"//cloudkms.googleapis.com/{KEY}", "cloudkms.googleapis.com/CryptoKey", "europe-west9",
              {"versionTemplate": {"protectionLevel": "HSM"}}),
    ]  # fmt: skip


def serve(pages: int) -> None:
    """Answer on a port, which is printed, until stopped."""
    import grpc
    from google.cloud import asset_v1, resourcemanager_v3
    from google.protobuf.json_format import ParseDict

    def packed(items: Iterator[dict[str, Any]] | list[dict[str, Any]]) -> bytes:
        answer = asset_v1.ListAssetsResponse()
        told = type(answer).pb(answer)
        for item in items:
            ParseDict(item, told.assets.add())
        return bytes(told.SerializeToString())

    template, first = packed(page(0)), packed(others())

    policies = packed([{
        "name": f"//cloudresourcemanager.googleapis.com/projects/{NUMBER}", "ancestors": _ANCESTORS,
        "assetType": "cloudresourcemanager.googleapis.com/Project", "iamPolicy": {"bindings": []},
    }])  # fmt: skip

    def list_assets(request: Any, _context: Any) -> bytes:
        if request.content_type == asset_v1.ContentType.IAM_POLICY:
            return policies
        number = int(request.page_token or 0)
        token = asset_v1.ListAssetsResponse(next_page_token=str(number + 1) if number < pages else "")
        body = first if number == 0 else template.replace(b"p0000000-", b"p%07d-" % (number - 1))
        return body + bytes(type(token).pb(token).SerializeToString())  # fields of a message can follow each other

    project = resourcemanager_v3.Project(
        name=f"projects/{NUMBER}", project_id=PROJECT, parent="organizations/900", state="ACTIVE"
    )
    answers = {
        "Projects": ("SearchProjects", resourcemanager_v3.SearchProjectsResponse(projects=[project])),
        "Folders": ("SearchFolders", resourcemanager_v3.SearchFoldersResponse()),
        "Organizations": ("SearchOrganizations", resourcemanager_v3.SearchOrganizationsResponse()),
    }
    server = grpc.server(futures.ThreadPoolExecutor(4))
    handlers = [
        grpc.method_handlers_generic_handler(f"google.cloud.resourcemanager.v3.{service}", {
            call: grpc.unary_unary_rpc_method_handler(
                lambda _request, _context, told=told: type(told).serialize(told)
            )
        })
        for service, (call, told) in answers.items()
    ]  # fmt: skip
    ask = asset_v1.ListAssetsRequest.deserialize
    handlers.append(grpc.method_handlers_generic_handler("google.cloud.asset.v1.AssetService", {
        "ListAssets": grpc.unary_unary_rpc_method_handler(list_assets, request_deserializer=ask)
    }))  # fmt: skip
    server.add_generic_rpc_handlers(tuple(handlers))
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)  # noqa: T201
    server.start()
    server.wait_for_termination()


def export(file: Path, pages: int) -> None:
    """Write the same estate as an export."""
    with file.open("w", encoding="utf-8") as stream:
        for item in others():
            if item["assetType"].endswith("/Project"):
                item["iamPolicy"] = {"bindings": []}
            stream.write(json.dumps(item) + "\n")
        for number in range(pages):
            stream.writelines(json.dumps(item) + "\n" for item in page(number))


def scan(source: str, out: Path, assets: int, env: dict[str, str]) -> str:
    """Run `residency scan` and tell what it took."""
    begin = time.perf_counter()
    command = [sys.executable, "-m", "residency.cli", "scan", source, "--out", str(out), "-q"]
    child = subprocess.Popen(command, env={**os.environ, **env})  # noqa: S603
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - begin
    code = os.waitstatus_to_exitcode(status)
    with (out / "inventory.json").open(encoding="utf-8") as stream:
        found = sum(line.lstrip(" [,").startswith('{"uid"') and '"type"' in line for line in stream)
    told = f"{wall:7.1f} s wall  {used.ru_utime + used.ru_stime:7.1f} s CPU  {used.ru_maxrss // 1024:5d} MiB"
    return f"{told}  {found:,} of {assets + 1:,} resources, exit {code}"


def main() -> None:
    """Measure both ways."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, default=100_000)
    parser.add_argument("--serve", type=int)
    told = parser.parse_args()
    if told.serve is not None:
        serve(told.serve)
        return
    pages = told.assets // PAGE
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.google_cloud", "--serve", str(pages)]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
        try:
            assert server.stdout is not None
            env = {"RESIDENCY_GCP_ENDPOINT": f"http://127.0.0.1:{server.stdout.readline().strip()}"}
            print("gRPC  ", scan("gcp", Path(folder) / "live", pages * PAGE, env))  # noqa: T201
        finally:
            server.kill()
        file = Path(folder) / "assets.ndjson"
        export(file, pages)
        print("export", scan(str(file), Path(folder) / "file", pages * PAGE, {}))  # noqa: T201


if __name__ == "__main__":
    main()
