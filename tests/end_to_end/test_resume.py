"""A run that is killed goes on where it was: nothing is lost, and no account that had ended is read again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emulators.aws import AwsEmulator, aws_emulator
from tests.end_to_end.command import Ran

PARIS = "eu-west-3"
ACCOUNTS = ("111122223333", "222233334444", "333344445555")
LAST = ACCOUNTS[-1]
# The command with a few services: what is tested here is the same for all.
COMMAND = """
import residency.connectors.aws.collector as c
few = {entry.service: entry for entry in c.collectors() if entry.service in ("s3", "sqs", "kms", "cloudtrail")}
c.COLLECTORS = few
from residency.cli.main import main
main()
"""


@pytest.fixture(scope="module")
def estate() -> Iterator[AwsEmulator]:
    """Three accounts: the first logs into a bucket of the third, and uses a key of the second."""
    with aws_emulator() as aws:
        aws.reset()  # another test of the same process may have left the checking of rights on
        key = aws.client_of(ACCOUNTS[1], "kms").create_key()["KeyMetadata"]["Arn"]
        aws.client_of(LAST, "s3", "eu-central-1").create_bucket(
            Bucket="logs", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
        first = aws.client_of(ACCOUNTS[0], "sqs")
        for index in range(30):
            first.create_queue(QueueName=f"q{index}", Attributes={"KmsMasterKeyId": key}, tags={"é": "<b>=1+1</b>"})
        aws.client_of(ACCOUNTS[0], "cloudtrail").create_trail(Name="trail", S3BucketName="logs")
        yield aws


@pytest.fixture
def aws(estate: AwsEmulator) -> AwsEmulator:
    estate.released.set()
    estate.faults.clear()
    estate.calls.clear()
    estate.released.clear()
    return estate


def start(aws: AwsEmulator, folder: Path, *options: str) -> subprocess.Popen[str]:
    config = {"aws": {"role": "audit", "accounts": list(ACCOUNTS)}, "regions": [PARIS]}
    (folder / "residency.yaml").write_text(json.dumps(config), encoding="utf-8")
    environment = {**{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}, **aws.environment()}
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, *options], cwd=folder, env=environment, text=True, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def run(aws: AwsEmulator, folder: Path, *options: str) -> Ran:
    process = start(aws, folder, *options)
    out, err = process.communicate(timeout=60)
    return Ran(process.returncode, out, err)


def kept(folder: Path) -> list[Path]:
    return list((folder / "out").glob(".reading-*"))


@pytest.fixture(scope="module")
def whole(estate: AwsEmulator, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The inventory of a run that nobody disturbs."""
    folder = tmp_path_factory.mktemp("whole")
    ran = run(estate, folder, "scan", "aws", "--out", "out")
    assert (ran.code, kept(folder)) == (0, []), ran.err
    return (folder / "out" / "inventory.json").read_bytes()


def stopped_in_the_third_account(aws: AwsEmulator, folder: Path, how: signal.Signals) -> None:
    aws.fail("sts:AssumeRole", None, about=LAST)
    process = start(aws, folder, "scan", "aws", "--out", "out")
    end = time.monotonic() + 40
    while len(list((folder / "out").glob(".reading-*/aws/*.parquet"))) < 2:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.05)
    process.send_signal(how)
    process.communicate(timeout=20)
    assert process.returncode != 0
    aws.faults.clear()
    aws.calls.clear()
    aws.released.set()


def entered(aws: AwsEmulator) -> int:
    return [call.operation for call in aws.calls].count("AssumeRole")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_run_that_is_killed_goes_on(aws: AwsEmulator, whole: bytes, tmp_path: Path, how: signal.Signals) -> None:
    stopped_in_the_third_account(aws, tmp_path, how)
    assert not list((tmp_path / "out").glob("*.json"))
    assert {folder.stat().st_mode & 0o777 for folder in kept(tmp_path)} == {0o700}
    ran = run(aws, tmp_path, "scan", "aws", "--out", "out", "--resume")
    assert ran.code == 0, ran.err
    assert (tmp_path / "out" / "inventory.json").read_bytes() == whole
    assert entered(aws) == 1, "the accounts that had ended are not entered again"
    assert kept(tmp_path) == []
