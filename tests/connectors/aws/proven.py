"""Write `data/proven.yaml`: which operations the known estate gets an answer to, and from what.

`python -m tests.connectors.aws.proven`. The test of the estate fails when the file claims more than is true.
"""

from __future__ import annotations

from residency.connectors.aws.collector import collectors
from residency.connectors.aws.connector import AwsConnector
from residency.connectors.aws.proven import FILE
from residency.connectors.interface import Scope, Silent
from tests.connectors.aws.estate import REGIONS, Estate
from tests.emulators.aws import AwsEmulator, aws_emulator

NOTE = """\
# How operations were proven, by the run over the estate with a known answer: `emulator` (moto answered) or `model` (an
# answer built from the service's own model stood in for it) or `empty` (the same, and it said that there is none). What is
# not here was not asked there.
# Written by `python -m tests.connectors.aws.proven`; tests/connectors/aws/test_estate.py holds it to the truth.
"""


def proven(aws: AwsEmulator) -> dict[str, str]:
    """The declared operations that were answered since the emulator was last told to forget, and by what."""
    declared = {operation.call for entry in collectors() for operation in entry.operations}
    return {call: by for call, by in aws.overlay.answered.items() if call in declared}


def main() -> None:
    with aws_emulator() as aws:
        aws.reset()
        Estate(aws)
        aws.overlay.answered.clear()
        list(AwsConnector(environment=aws.environment()).collect(Scope(regions=REGIONS, jobs=8), Silent()))
        found = proven(aws)
    FILE.write_text(NOTE + "".join(f"{call}: {by}\n" for call, by in sorted(found.items())), encoding="utf-8")


if __name__ == "__main__":
    main()
