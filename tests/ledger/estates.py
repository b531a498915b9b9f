"""Small estates audited in this process: what a run on disk needs, without starting a command."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from residency.atlas.atlas import load_atlas
from residency.audit import Origin, Question, audit
from residency.model import Verdict
from residency.policy.papers import NO_PAPERS, Papers
from residency.policy.shipped import find_pack
from residency.result import AuditResult
from residency.sources.inventory_file import read_inventory
from tests.end_to_end.estates import bucket, replicated


def two_buckets(replica: str = "us-east-1", other: str | None = None, denied: bool = False) -> dict[str, Any]:
    """`patients` in Paris with a replica, and perhaps another bucket and an unread service."""
    whole = replicated(bucket("patients", "eu-west-3"), replica)
    if other:
        added = bucket(other, "eu-west-1")
        whole = {key: [*whole[key], *added[key]] if key in ("resources", "placements") else whole[key] for key in whole}
    if denied:
        gap = {
            "provider": "aws",
            "account": "111122223333",
            "region": "eu-west-1",
            "service": "rds",
            "status": "denied",
        }
        whole = {**whole, "coverage": [*whole["coverage"], gap]}
    return whole


def audited(
    folder: Path,
    estate: dict[str, Any],
    started: str = "2026-11-24T09:00:00Z",
    as_of: str = "2026-11-24",
    packs: tuple[str, ...] = ("health-data-hub",),
    papers: Papers = NO_PAPERS,
) -> AuditResult:
    """The result of an audit of the estate, which is written to `folder` as an inventory first."""
    file = folder / "inventory.json"
    file.write_text(json.dumps(estate), encoding="utf-8")
    question = Question(tuple(find_pack(name) for name in packs), date.fromisoformat(as_of), papers=papers)
    origin = Origin((str(file),), started, live=False)
    listed = frozenset(Verdict) - {Verdict.COMPLIANT}
    return audit(read_inventory(file), load_atlas(), question, origin, listed)
