"""The peak memory of each step of an audit, and how it grows: of Google Cloud or Azure, from an export.

    python -m benchmarks.memory [--cloud azure] [--resources 100000 300000 1000000] [--scan-only]

Every size is a process of its own. The export is written beforehand, and is that of `benchmarks.google_cloud` or
`benchmarks.azure`. Memory is all that is resident, the pages of files included (`VmHWM`, which Linux lets a process set
back), in MiB; seconds are processor time.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from benchmarks import azure, google_cloud

DAY = date(2026, 11, 24)
FORMATS = ("json", "csv", "parquet")
PAGE = 1000


def export(cloud: str, file: Path, resources: int) -> None:
    """Write an export of so many resources, one a line."""
    if cloud == "gcp":
        google_cloud.export(file, resources // PAGE)
        return
    estate = azure.Estate(1, resources // PAGE, 0)
    rows = "\n".join(json.dumps(row) for row in json.loads(f"[{estate.graph}]")) + "\n"
    with file.open("w", encoding="utf-8") as stream:
        for number in range(resources // PAGE):
            named = rows.replace("SUBSCRIPTION", azure.subscription(number % 20))
            stream.write(named.replace("P0000000-", f"P{number:07d}-"))


@contextmanager
def step(name: str) -> Iterator[None]:
    """Print what the block took."""
    Path("/proc/self/clear_refs").write_text("5")
    before = time.process_time()
    yield
    status = Path("/proc/self/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    print(f"  {name:28s}{time.process_time() - before:8.1f} s {peak // 1024:6d} MiB", flush=True)  # noqa: T201


def run(file: Path, out: Path, scan_only: bool) -> None:
    """Go through the steps of `residency scan` and, unless `scan_only`, of `residency audit`."""
    from residency.connectors.interface import Scope, Silent
    from residency.render.inventory_json import inventory_json
    from residency.render.write import write_file
    from residency.sources.resolve import collect

    with step("collect"):
        inventory = collect([str(file)], Scope(), Silent()).inventory
    with step("inventory.json"):
        write_file(out, "inventory.json", inventory_json(inventory))
    if scan_only:
        return
    from residency.atlas.atlas import load_atlas
    from residency.audit import Origin, Question, audit
    from residency.model import Verdict
    from residency.policy.shipped import DEFAULT, find_pack
    from residency.render.write import outputs

    listed = frozenset(Verdict) - {Verdict.COMPLIANT}
    with step("classify, judge, put in words"):
        question, origin = Question((find_pack(DEFAULT),), DAY), Origin(("file",), f"{DAY}T09:30:00Z", live=False)
        result = audit(inventory, load_atlas(), question, origin, listed)
    for output in (output for name in FORMATS for output in outputs(name)):
        with step(output.file):
            write_file(out, output.file, output.render(result, "en"))
    print(f"  {result.judged.num_rows:,} verdicts, {len(result.findings):,} findings listed")  # noqa: T201


def main() -> None:
    """Measure each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cloud", choices=("gcp", "azure"), default="gcp")
    parser.add_argument("--resources", type=int, nargs="+", default=[100_000, 300_000, 1_000_000])
    parser.add_argument("--scan-only", action="store_true")
    told = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    for resources in told.resources:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "export.ndjson"
            export(told.cloud, file, resources)
            print(f"{told.cloud}, {resources:,} resources:", flush=True)  # noqa: T201
            child = spawn.Process(target=run, args=(file, Path(folder) / "out", told.scan_only))
            child.start()
            child.join()


if __name__ == "__main__":
    main()
