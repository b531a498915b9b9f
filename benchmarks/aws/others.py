"""How long other tools take to answer the residency question over the same simulated AWS.

`python -m benchmarks.aws.others [residency] [prowler] [prowler-regions] [custodian]` runs each over the estate `1k` and
prints a Markdown table: the time until its output is there, and how much of the truth is in it. Each of the others is
installed from PyPI into an environment of its own below `~/.cache/residency-benchmarks`, where it is kept; remove that
to have the newest. They do other things besides; they are asked the least here that shows where everything is and is
copied to (`prowler-regions`: only the four checks of Prowler that are about regions).

A copy counts as told when one finding or one resource in the output names both the original and the region of the copy,
in whatever words. A tool that does not tell everything has not answered the question: its time is that of its part.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.aws.front import Seen, Weather
from benchmarks.aws.scan import SIZES, WIDTH, Run, found, measured, scan, truth
from benchmarks.aws.server import Running, simulated_aws

LIMIT = "900"
# Prowler's services that hold one of the kinds of the estate.
_PROWLER = (
    "s3", "ec2", "rds", "dynamodb", "awslambda", "secretsmanager", "sqs", "sns", "ecr", "cloudwatch", "cloudtrail",
    "backup", "kms", "efs", "kinesis", "elasticache", "opensearch",
)  # fmt: skip
# Custodian's resource types for the same kinds, which its policies list without doing anything.
_CUSTODIAN = (
    "s3", "ec2", "ebs", "ebs-snapshot", "ami", "rds", "rds-cluster", "rds-snapshot", "dynamodb-table", "lambda",
    "secrets-manager", "sqs", "sns", "ecr", "log-group", "cloudtrail", "backup-vault", "kms-key", "efs", "kinesis",
    "elasticache-group", "elasticsearch",
)  # fmt: skip


# Its checks that are about regions.
_REGION_CHECKS = (
    "cloudtrail_multi_region_enabled", "kms_cmk_not_multi_region", "s3_bucket_cross_region_replication",
    "vpc_different_regions",
)  # fmt: skip
_COLUMNS = (
    "tool", "time until answered", "processor", "server's", "memory", "calls", "not answered to it", "resources",
    "copies", "exit code", "load before",
)  # fmt: skip


@dataclass(frozen=True)
class Tool:
    """A tool: its package, the command that runs it in a folder, and how to read its output: each finding or
    resource that it tells."""

    package: str
    command: Callable[[Path, Path], list[str]]
    entries: Callable[[Path], list[Any]]


def _run_prowler(*what: str) -> Callable[[Path, Path], list[str]]:
    def command(binaries: Path, folder: Path) -> list[str]:
        return [
            str(binaries / "prowler"), "aws", *what, "--output-formats", "json-ocsf",
            "--output-directory", str(folder / "prowler"), "--no-banner", "--ignore-exit-code-3",
        ]  # fmt: skip

    return command


def _told_by_prowler(folder: Path) -> list[Any]:
    """Its findings."""
    return _read((folder / "prowler").glob("*.ocsf.json"))


def _run_custodian(binaries: Path, folder: Path) -> list[str]:
    policies = {"policies": [{"name": f"list-{name}", "resource": f"aws.{name}"} for name in _CUSTODIAN]}
    (folder / "policies.json").write_text(json.dumps(policies))
    return [
        str(binaries / "custodian"), "run", "--region", "all", "--cache-period", "0",
        "--output-dir", str(folder / "custodian"), str(folder / "policies.json"),
    ]  # fmt: skip


def _told_by_custodian(folder: Path) -> list[Any]:
    """Its files hold the raw answers, one for each resource."""
    return _read((folder / "custodian").rglob("resources.json"))


def _read(files: Iterable[Path]) -> list[Any]:
    return [entry for file in files for entry in json.loads(file.read_text(encoding="utf-8"))]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(inner)


TOOLS = {
    "prowler": Tool("prowler", _run_prowler("--services", *_PROWLER), _told_by_prowler),
    "prowler-regions": Tool("prowler", _run_prowler("--checks", *_REGION_CHECKS), _told_by_prowler),
    "custodian": Tool("c7n", _run_custodian, _told_by_custodian),
}
_Copies = set[tuple[str, str, str]]


def told(entries: Iterable[Any], uids: set[str], copies: _Copies) -> tuple[set[str], _Copies]:
    """Which of the uids and copies of the truth some entries tell: by uid, or by the name at its end."""
    by_name = {name: uid for uid in uids for name in (uid, uid.rpartition("/")[2].rpartition(":")[2])}
    of = defaultdict(list)
    for copy in copies:
        of[copy[0]].append(copy)
    named: set[str] = set()
    copied: _Copies = set()
    for entry in entries:
        texts = set(_texts(entry))
        # Where a text is a sentence or an ARN, what it names is a word or a part of it.
        words = texts | {word.strip(".,'\"") for text in texts for word in text.split()}
        parts = words | {part for word in words if word.startswith("arn:") for part in word.split(":")}
        here = {by_name[word] for word in parts if word in by_name}
        named |= here
        copied |= {copy for uid in here for copy in of[uid] if copy[2] in parts}
    return named, copied


def main(names: list[str]) -> int:
    """Measure the tools named, or all. Returns 0 whatever they do, 2 for a tool that is not known."""
    known = ["residency", *TOOLS]
    if unknown := [name for name in names if name not in known]:
        sys.stderr.write(f"There is no tool {unknown[0]!r}. There is: {', '.join(known)}.\n")
        return 2
    sys.stdout.write(f"| {' | '.join(_COLUMNS)} |\n{'|---' * len(_COLUMNS)}|\n")
    notes: list[str] = []
    for name in names or known:
        with tempfile.TemporaryDirectory() as folder, simulated_aws(Path(folder), SIZES["1k"].scale) as aws:
            line, more = _ours(aws, Path(folder)) if name == "residency" else _theirs(name, aws, Path(folder))
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        notes += more
    sys.stdout.writelines(["\n", *(f"- {note}\n" for note in notes)])
    return 0


def _ours(aws: Running, folder: Path) -> tuple[str, list[str]]:
    size = SIZES["1k"]
    scan(aws, folder, replace(size, weather=Weather(latency=0)), WIDTH)
    load = os.getloadavg()[0]
    run, seen = scan(aws, folder, size, WIDTH)
    return _line("residency", run, seen, found(folder / "out" / "inventory.json"), load)


def _theirs(name: str, aws: Running, folder: Path) -> tuple[str, list[str]]:
    tool = TOOLS[name]
    environment, problem = _environment(tool.package)
    if problem:
        return f"| {name} | could not be installed |", [f"{name}: {problem}"]
    # Once without latency, so that every answer is there when the time is taken.
    before = folder / "before"
    before.mkdir()
    aws.reset(Weather(latency=0))
    measured(["timeout", LIMIT, *tool.command(environment / "bin", before)], aws, before)
    aws.reset(SIZES["1k"].weather)
    load = os.getloadavg()[0]
    run = measured(["timeout", LIMIT, *tool.command(environment / "bin", folder)], aws, folder)
    return _line(name, run, aws.seen(), told(tool.entries(folder), *truth(1, SIZES["1k"].scale)), load)


def _environment(package: str) -> tuple[Path, str]:
    """An environment with a package in it, made when it is not there, and why there is none."""
    folder = Path.home() / ".cache" / "residency-benchmarks" / package
    done = folder / "installed"
    if done.exists():
        return folder, ""
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(folder)],
        [str(folder / "bin" / "pip"), "install", "-q", package],
    ):
        made = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
        if made.returncode:
            return folder, made.stderr.strip()[-300:]
    done.touch()
    return folder, ""


def _line(name: str, run: Run, seen: Seen, what: tuple[set[str], _Copies], load: float) -> tuple[str, list[str]]:
    uids, copies = truth(1, SIZES["1k"].scale)
    unanswered = seen.unanswered.total()
    cells = (
        name, f"{run.wall:.1f} s", f"{run.processor:.1f} s", f"{seen.processor:.1f} s", f"{run.memory:.0f} MiB",
        f"{seen.calls:,}", f"{unanswered:,}", f"{len(what[0] & uids):,} of {len(uids):,}",
        f"{len(what[1] & copies)} of {len(copies)}", str(run.code), f"{load:.1f}",
    )  # fmt: skip
    notes = [f"{name}: could not be answered: {call} ({times} times)" for call, times in seen.unanswered.most_common()]
    if run.code == 124:
        notes.append(f"{name}: stopped after {LIMIT} s: not a time until anything was answered")
    if not what[0]:
        notes.append(f"{name}: nothing of the estate is in its output, which ends: {run.told.strip()[-300:]}")
    return f"| {' | '.join(cells)} |", notes


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
