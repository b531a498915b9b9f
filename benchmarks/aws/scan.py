"""How long `residency scan aws` takes over a simulated AWS, and whether it finds everything.

`python -m benchmarks.aws.scan [ESTATE ...] [--jobs=N ...]` prints, for each estate, wall and processor time,
peak memory, calls, throttled answers, recall and precision, beside the limit `calls x latency / width`. A time with
recall below 100 % does not count. Estates: 1k, 1k/3, 1k/10, 10k, 1k-throttled, and 1k/100 (only when
asked for: it takes minutes).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from benchmarks.aws.answers import ACCOUNT, ROLE
from benchmarks.aws.estate import build
from benchmarks.aws.server import Running, Seen, Weather, simulated_aws

WIDTH = 128
CALM, LIMITED = Weather(), Weather(rate=20, errors=0.002)


@dataclass(frozen=True)
class Size:
    """An estate: thousands of resources an account, accounts, weather, and the seconds and MiB to reach."""

    scale: int
    accounts: int
    weather: Weather
    wall: float | None
    memory: int


SIZES = {
    "1k": Size(1, 1, CALM, 2, 120), "1k/3": Size(1, 3, CALM, 3, 130), "1k/10": Size(1, 10, CALM, None, 300),
    "10k": Size(10, 1, CALM, 8, 180), "1k-throttled": Size(1, 1, LIMITED, None, 120),
    "1k/100": Size(1, 100, CALM, None, 300),
}  # fmt: skip


@dataclass(frozen=True)
class Run:
    """One run of a command: seconds on the clock and of the processor, MiB at its peak, exit code, what it printed."""

    wall: float
    processor: float
    memory: float
    code: int
    told: str


def measured(command: list[str], aws: Running, folder: Path) -> Run:
    """Run a command that shall reach the simulated AWS."""
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "HTTPS_PROXY": aws.proxy, "AWS_CA_BUNDLE": str(aws.bundle),
        "REQUESTS_CA_BUNDLE": str(aws.bundle), "AWS_ACCESS_KEY_ID": f"AKIA{ACCOUNT}", "AWS_SECRET_ACCESS_KEY": "s",
        "AWS_DEFAULT_REGION": "eu-west-3", "AWS_EC2_METADATA_DISABLED": "true",
    }  # fmt: skip
    with (folder / "told.txt").open("w+") as told:
        start = time.perf_counter()
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=told, stderr=told)  # noqa: S603
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, process.returncode, told.read())


def truth(accounts: int, scale: int) -> tuple[set[str], set[tuple[str, str, str]]]:
    """The uids and the copies of all accounts."""
    uids, copies = set(), set()
    for number in range(accounts):
        estate = build(f"{int(ACCOUNT) + number}", scale)
        uids |= estate.uids
        copies |= estate.copies
    return uids, copies


def found(file: Path) -> tuple[set[str], set[tuple[str, str, str]]]:
    """The same of an inventory file; the account itself, which no call tells of, is left out."""
    inventory = json.loads(file.read_text(encoding="utf-8"))
    uids = {row["uid"] for row in inventory["resources"] if not row["uid"].endswith(":root")}
    kept = {"replica", "backup", "snapshot"}
    return uids, {(p["uid"], p["role"], p["location"]) for p in inventory["placements"] if p["role"] in kept}


def scan(aws: Running, folder: Path, size: Size, jobs: int) -> tuple[Run, Seen]:
    """One timed run of `residency scan aws`."""
    if size.accounts > 1:
        (folder / "residency.yaml").write_text(f"aws:\n  role: {ROLE}\n")
    command = [sys.executable, "-m", "residency.cli", "scan", "aws", "--out", "out", "--jobs", str(jobs)]
    aws.reset(size.weather)
    run = measured(command, aws, folder)
    return run, aws.seen()


def report(name: str, size: Size, folder: Path, jobs: int) -> bool:
    """Print one estate's line. Returns whether everything was found and nothing else, with nothing left unanswered."""
    with simulated_aws(folder, size.scale, size.accounts) as aws:
        scan(aws, folder, Size(size.scale, size.accounts, Weather(latency=0), None, 0), jobs)
        run, seen = scan(aws, folder, size, jobs)
    if run.code not in (0, 3):
        sys.stdout.write(f"{name}: exit code {run.code}\n{run.told}\n")
        return False
    (uids, copies), (all_uids, all_copies) = found(folder / "out" / "inventory.json"), truth(size.accounts, size.scale)
    right = uids == all_uids and copies == all_copies
    limit = seen.calls * size.weather.latency / jobs
    sys.stdout.write(
        f"{name:14} {run.wall:7.2f} s  limit {limit:6.2f} s  target {size.wall or '-':>4}  "
        f"processor {run.processor:6.2f} s  memory {run.memory:4.0f} MiB (target {size.memory})  "
        f"calls {seen.calls} to {len(seen.hosts)} hosts  "
        f"throttled {seen.throttled}  errors {seen.failed}  "
        f"resources {_share(uids, all_uids)}  copies {_share(copies, all_copies)}"
        f"{'' if run.code == 0 else '  NOT COMPLETE: exit code 3'}{'' if right else '  DOES NOT COUNT'}\n"
    )
    none = f"{seen.empty.total()} calls for {len(seen.empty)} kinds of things that no estate has"
    sys.stdout.write(f"    server's processor {seen.processor:.2f} s; {none}\n")
    if run.code:
        sys.stdout.write("".join(f"    {line}\n" for line in run.told.splitlines()))
    for call, times in seen.unanswered.most_common(20):
        sys.stdout.write(f"    could not be answered: {call} ({times} times)\n")
    return right and run.code == 0 and not seen.unanswered


def _share(found_: set[object], true: set[object]) -> str:
    recall = len(found_ & true) / len(true)
    precision = len(found_ & true) / len(found_) if found_ else 1
    return f"recall {recall:.1%} precision {precision:.1%} of {len(true)}"


def main(names: list[str]) -> int:
    """Measure the estates named, or all but the largest, at each width given by `--jobs=N`.

    Returns 1 when one was not found whole.
    """
    right = True
    widths = [int(name.removeprefix("--jobs=")) for name in names if name.startswith("--jobs=")] or [WIDTH]
    chosen = [name for name in names if name in SIZES] or [name for name in SIZES if name != "1k/100"]
    for name, jobs in product(chosen, widths):
        with tempfile.TemporaryDirectory() as folder:
            right = report(name, SIZES[name], Path(folder), jobs) and right
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
