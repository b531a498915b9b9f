"""How long judging takes: a synthetic estate of N placements under every shipped pack, findings written.

`python benchmarks/judging.py [N]` (default 1,000,000) prints seconds for each step, rows per second for each pack, and
the peak memory of the process.
"""

from __future__ import annotations

import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from residency.atlas.atlas import load_atlas
from residency.classify.rows import classify
from residency.policy.judge import FINDINGS, judged_by_rule
from residency.policy.shipped import find_pack, shipped_ids
from residency.tables import ACCOUNTS, COVERAGE, PLACEMENTS, RESOURCES, Inventory

DAY = date(2026, 11, 24)
OFFERS = {
    "aws": ["eu-west-3", "eu-west-1", "eu-central-1", "us-east-1", "eu-west-2", "ap-southeast-1", "mars-north-1"],
    "azure": ["francecentral", "westeurope", "northeurope", "eastus", "global"],
    "gcp": ["europe-west9", "eu", "us", "europe-west2", "global"],
    "scaleway": ["fr-par", "nl-ams"],
    "ovhcloud": ["eu-west-gra", "eu-west-gra-snc"],
}
KINDS = ["object-bucket", "relational-db", "block-volume", "snapshot", "kms-key", "queue", "function", "log-group"]
TABLES = ("accounts", "resources", "placements", "coverage")
ROLES = ["replica", "backup", "snapshot", "log", "key", "share"]


def estate(placements: int) -> Inventory:
    """An inventory with that many placements: two thirds primary, the rest copies, logs, keys and shares."""
    chance = random.Random(20261124)  # noqa: S311 - a fixed seed, so that every machine judges the same estate
    resources = placements * 2 // 3
    offers = [chance.choice(list(OFFERS)) for _ in range(resources)]
    uids = [f"{offer}:resource/{number:08d}" for number, offer in enumerate(offers)]
    tags = [
        [("data-class", chance.choice(["health", "personal", "public"]))] if chance.random() < 0.8 else []
        for _ in offers
    ]
    table = pa.table(
        {
            "uid": uids, "provider": offers, "offer": offers,
            "account": [f"a{number % 400:03d}" for number in range(resources)],
            "type": ["benchmark"] * resources, "kind": [chance.choice(KINDS) for _ in offers],
            "name": [f"name-{number}" for number in range(resources)], "location": [None] * resources,
            "stores_data": ["yes"] * resources, "tags": tags, "data_class": [None] * resources,
            "key_custody": [chance.choice(["provider-managed", "customer-managed", "external", None]) for _ in offers],
        },
        schema=RESOURCES,
    )  # fmt: skip
    owners = [*range(resources), *(chance.randrange(resources) for _ in range(placements - resources))]
    roles = ["primary"] * resources + [chance.choice(ROLES) for _ in range(placements - resources)]
    where = pa.table(
        {
            "uid": [uids[owner] for owner in owners], "role": roles,
            "location": [chance.choice(OFFERS[offers[owner]]) for owner in owners],
            "via": ["benchmark"] * placements,
            "target": [None if role == "primary" else f"t{number}" for number, role in enumerate(roles)],
            "offer": [None] * placements, "evidence_api": ["api"] * placements,
            "evidence_field": ["field"] * placements,
            "evidence_value": [None] * placements,
        },
        schema=PLACEMENTS,
    )  # fmt: skip
    return Inventory(ACCOUNTS.empty_table(), table.sort_by("uid"), where.sort_by("uid"), COVERAGE.empty_table())


def make(count: int, folder: Path) -> None:
    """Write the estate to a folder. Done in a process of its own, so that making it does not count as memory used."""
    inventory = estate(count)
    for name in TABLES:
        pq.write_table(getattr(inventory, name), folder / f"{name}.parquet")


def main(arguments: Sequence[str]) -> None:
    """Run the benchmark and print its figures."""
    count = int(arguments[0]) if arguments else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        maker = multiprocessing.get_context("spawn").Process(target=make, args=(count, Path(name)))
        maker.start()
        maker.join()
        inventory = Inventory(*(pq.read_table(Path(name) / f"{table}.parquet") for table in TABLES))
        measure(inventory, count)


def measure(inventory: Inventory, count: int) -> None:
    """Judge the estate and print the figures."""
    atlas = load_atlas()
    packs = [find_pack(name) for name in shipped_ids()]
    start = time.perf_counter()
    facts = classify(inventory, atlas, DAY)
    classified = time.perf_counter()
    print(f"classify      {classified - start:6.2f} s  {facts.num_rows:,} fact rows")  # noqa: T201
    taken: Counter[str] = Counter()
    verdicts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "findings.parquet"
        with pq.ParquetWriter(file, FINDINGS, compression="zstd") as writer:
            before = time.perf_counter()
            for part in judged_by_rule(facts, inventory.coverage, packs):
                writer.write_table(part)
                pack = part["policy"][0].as_py() if part.num_rows else "(nothing to say)"
                taken[pack] += time.perf_counter() - before
                verdicts[pack] += part.num_rows
                before = time.perf_counter()
        size = file.stat().st_size / 1e6
    done = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for pack, seconds in taken.items():
        print(f"{pack:22s}{seconds:6.2f} s  {verdicts[pack]:,} verdicts, {count / seconds:,.0f} rows/s")  # noqa: T201
    print(f"all {len(packs)} packs           {done - classified:6.2f} s  {verdicts.total():,} verdicts, {size:,.0f} MB")  # noqa: T201
    print(f"classify, judge and write: {done - start:.2f} s; peak memory {peak:,.0f} MB")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
