"""How long other tools take to answer the residency question over the same simulated AWS.

`python -m benchmarks.aws.others [prowler] [custodian]` installs each from PyPI into an environment of its own, runs it
over the estate `1k`, and prints the time until its output is there, peak memory, and how much of the truth is in it.
The tools do other things besides; they are asked the least here that shows where everything is and is copied to.
A tool that cannot be installed or stopped by the time limit is told so.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.aws.front import Weather
from benchmarks.aws.scan import SIZES, measured, truth
from benchmarks.aws.server import simulated_aws

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


@dataclass(frozen=True)
class Tool:
    """A tool: its package, the command that runs it in a folder, and how to read which uids its output names."""

    package: str
    command: Callable[[Path, Path], list[str]]
    uids: Callable[[Path], set[str]]


def _run_prowler(binaries: Path, folder: Path) -> list[str]:
    return [
        str(binaries / "prowler"), "aws", "--services", *_PROWLER, "--output-formats", "json-ocsf",
        "--output-directory", str(folder / "prowler"), "--no-banner", "--ignore-exit-code-3",
    ]  # fmt: skip


def _told_by_prowler(folder: Path) -> set[str]:
    files = list((folder / "prowler").glob("*.ocsf.json"))
    findings = [entry for file in files for entry in json.loads(file.read_text(encoding="utf-8"))]
    return {resource["uid"] for finding in findings for resource in finding.get("resources", ())}


def _run_custodian(binaries: Path, folder: Path) -> list[str]:
    policies = {"policies": [{"name": f"list-{name}", "resource": f"aws.{name}"} for name in _CUSTODIAN]}
    (folder / "policies.json").write_text(json.dumps(policies))
    return [
        str(binaries / "custodian"), "run", "--region", "all", "--cache-period", "0",
        "--output-dir", str(folder / "custodian"), str(folder / "policies.json"),
    ]  # fmt: skip


def _told_by_custodian(folder: Path) -> set[str]:
    """Custodian's files hold the raw answers: whatever text in them is a uid of the estate counts as told."""
    return {text for file in (folder / "custodian").rglob("resources.json") for text in _texts(file)}


def _texts(file: Path) -> Iterator[str]:
    def walk(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from walk(inner)

    return walk(json.loads(file.read_text(encoding="utf-8")))


TOOLS = {
    "prowler": Tool("prowler", _run_prowler, _told_by_prowler),
    "custodian": Tool("c7n", _run_custodian, _told_by_custodian),
}


def main(names: list[str]) -> int:
    """Measure the tools named, or both. Returns 0 whatever they do."""
    for name in names or list(TOOLS):
        with tempfile.TemporaryDirectory() as folder:
            sys.stdout.write(_measure(name, TOOLS[name], Path(folder)) + "\n")
            sys.stdout.flush()
    return 0


def _measure(name: str, tool: Tool, folder: Path) -> str:
    environment = folder / "environment"
    for command in (
        [sys.executable, "-m", "venv", str(environment)],
        [str(environment / "bin" / "pip"), "install", "-q", tool.package],
    ):
        made = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
        if made.returncode:
            return f"{name}: could not be installed: {made.stderr.strip()[-300:]}"
    size = SIZES["1k"]
    with simulated_aws(folder, size.scale) as aws:
        command = tool.command(environment / "bin", folder)
        # Once without latency, so that every answer is there when the time is taken.
        aws.reset(Weather(latency=0))
        measured(["timeout", LIMIT, *command], aws, folder)
        aws.reset(size.weather)
        run = measured(["timeout", LIMIT, *command], aws, folder)
        seen = aws.seen()
    uids, _ = truth(1, size.scale)
    told = tool.uids(folder)
    named = {uid for uid in uids if uid in told or uid.rpartition("/")[2].rpartition(":")[2] in told}
    lines = [
        f"{name}: {run.wall:.1f} s, processor {run.processor:.1f} s, memory {run.memory:.0f} MiB, "
        f"exit code {run.code}, calls {seen.calls}, resources named {len(named)} of {len(uids)}"
    ]
    if run.code == 124:
        lines.append(f"    stopped after {LIMIT} s: not a time until anything was answered")
    if not named:
        lines.append(f"    nothing of the estate is in its output, which ends: {run.told.strip()[-300:]}")
    if seen.unanswered:
        lines.append(f"    the simulation could not answer {sum(seen.unanswered.values())} of its calls, such as "
                     f"{', '.join(call for call, _ in seen.unanswered.most_common(5))}")  # fmt: skip
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
