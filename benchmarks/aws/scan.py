"""How long `residency scan aws` takes over a simulated AWS, and whether it finds everything.

`python -m benchmarks.aws.scan [ESTATE ...] [--jobs=N ...]` prints a Markdown table with a line for each estate: wall
and processor time of the tool and of the server, peak memory, calls, recall / precision of resources and copies.
`limit` is `calls x latency / width` or, where calls are limited, what the limit allows: no tool that makes these calls
is faster. Exit code 0 of the tool means that everything asked for was read; what was not is told below the table, as is
what the simulation could not answer. A line with either, or with recall or precision below 100 %, does not count.

Estates: `1k` is 1,135 resources; `1k/3` and `1k/10` are as many in 3 and in 10 accounts; `10k`; `1k-throttled` has 20
calls a second for each account, service and region, 40 at once, and errors. When asked for: `1k/100`, `3x1k`, `100x1k`
(100 accounts of 1,135 each), `10k-throttled`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from benchmarks.aws.answers import ROLE
from benchmarks.aws.estate import ACCOUNT, REGIONS, build
from benchmarks.aws.front import Seen, Weather
from benchmarks.aws.server import Running, simulated_aws
from residency.model import Status

WIDTH = 128
CALM, LIMITED = Weather(), Weather(rate=20, errors=0.002)


@dataclass(frozen=True)
class Line:
    """A line of the table, what is to be said of it, and whether everything was found and nothing else."""

    cells: str
    notes: list[str]
    right: bool


@dataclass(frozen=True)
class Size:
    """An estate: thousands of resources an account, accounts, weather, and the seconds and MiB to reach."""

    scale: float
    accounts: int
    weather: Weather
    wall: float | None
    memory: int


_COLUMNS = (
    "estate", "wall", "limit", "target", "processor", "server's", "memory", "target", "calls", "connections",
    "throttled", "errors", "resources", "copies", "exit code", "load before",
)  # fmt: skip
HEAD = f"| {' | '.join(_COLUMNS)} |\n{'|---' * len(_COLUMNS)}|\n"
SIZES = {
    "1k": Size(1, 1, CALM, 2, 120), "1k/3": Size(1 / 3, 3, CALM, 3, 130), "1k/10": Size(0.1, 10, CALM, None, 300),
    "10k": Size(10, 1, CALM, 8, 180), "1k-throttled": Size(1, 1, LIMITED, None, 120),
}  # fmt: skip
# What takes minutes is measured when it is asked for.
LARGE = {
    "3x1k": Size(1, 3, CALM, None, 300), "10k-throttled": Size(10, 1, LIMITED, None, 180),
    "1k/100": Size(0.01, 100, CALM, None, 300), "100x1k": Size(1, 100, CALM, None, 300),
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


def truth(accounts: int, scale: float, regions: Sequence[str] = REGIONS) -> tuple[set[str], set[tuple[str, str, str]]]:
    """The uids and the copies of all accounts."""
    uids, copies = set(), set()
    for number in range(accounts):
        estate = build(f"{int(ACCOUNT) + number}", scale, regions)
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
    command = [sys.executable, "-m", "residency.cli", "scan", "aws", "--out", "out", "--jobs", str(jobs), "-q"]
    aws.reset(size.weather)
    run = measured(command, aws, folder)
    return run, aws.seen()


def report(name: str, size: Size, folder: Path, jobs: int) -> Line:
    """Measure one estate, after a run that warms the server up."""
    with simulated_aws(folder, size.scale, size.accounts) as aws:
        scan(aws, folder, Size(size.scale, size.accounts, Weather(latency=0), None, 0), jobs)
        load = os.getloadavg()[0]
        run, seen = scan(aws, folder, size, jobs)
    if run.code not in (0, 3):
        return Line(f"| {name} | exit code {run.code} |", [run.told], right=False)
    file = folder / "out" / "inventory.json"
    (uids, copies), (all_uids, all_copies) = found(file), truth(size.accounts, size.scale)
    right = uids == all_uids and copies == all_copies and run.code == 0 and not seen.unanswered
    cells = (
        name, f"{run.wall:.1f} s", f"{_limit(size, seen, jobs):.1f} s", f"{size.wall} s" if size.wall else "",
        f"{run.processor:.1f} s", f"{seen.processor:.1f} s", f"{run.memory:.0f} MiB", f"{size.memory} MiB",
        f"{seen.calls:,}", f"{seen.connections:,}", f"{seen.throttled:,}", f"{seen.failed:,}",
        _share(uids, all_uids), _share(copies, all_copies), str(run.code), f"{load:.1f}",
    )  # fmt: skip
    notes = [
        f"{seen.empty.total():,} calls were for {len(seen.empty)} kinds of things that no estate has",
        *(f"could not be answered: {call} ({times} times)" for call, times in seen.unanswered.most_common()),
        *_gaps(file),
    ]
    return Line(f"| {' | '.join(cells)} |", notes, right)


def _limit(size: Size, seen: Seen, jobs: int) -> float:
    """The seconds that no tool can do without which makes these calls, so many at once, or so many a second."""
    limit = seen.calls * size.weather.latency / jobs
    rate, burst = size.weather.rate, size.weather.burst
    if rate is None:
        return limit
    return max(limit, *((asked - burst) / rate for asked in seen.asked.values()))


def _gaps(file: Path) -> Iterator[str]:
    """Why a run ended with exit code 3: what it could not read, and in how many regions and accounts."""
    rows = json.loads(file.read_text(encoding="utf-8"))["coverage"]
    gaps = Counter((row["service"], row["status"], row["detail"]) for row in rows if not Status(row["status"]).complete)
    for (service, status, detail), times in gaps.most_common():
        yield f"not read: {service} in {times} places: {status} ({detail})"


def _share(found_: set[Any], true: set[Any]) -> str:
    recall = len(found_ & true) / len(true)
    precision = len(found_ & true) / len(found_) if found_ else 1
    return f"{recall:.1%} / {precision:.1%} of {len(true):,}"


def main(names: list[str]) -> int:
    """Measure the estates named, or the quick ones, at each width given by `--jobs=N`.

    Returns 1 when one was not found whole.
    """
    sizes = SIZES | LARGE
    unknown = [name for name in names if name not in sizes and not name.startswith("--jobs=")]
    if unknown:
        sys.stderr.write(f"There is no estate {unknown[0]!r}. There is: {', '.join(sizes)}.\n")
        return 2
    right = True
    widths = [int(name.removeprefix("--jobs=")) for name in names if name.startswith("--jobs=")] or [WIDTH]
    chosen = [name for name in names if name in sizes] or list(SIZES)
    notes = []
    sys.stdout.write(HEAD)
    for name, jobs in product(chosen, widths):
        title = name if len(widths) == 1 else f"{name}, {jobs} at once"
        with tempfile.TemporaryDirectory() as folder:
            line = report(title, sizes[name], Path(folder), jobs)
        sys.stdout.write(f"{line.cells}\n")
        sys.stdout.flush()
        notes += [f"- {title}: {note}\n" for note in line.notes]
        right = line.right and right
    sys.stdout.writelines(["\n", *notes])
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
