"""The Health Data Hub's estate judged under the law of the days that marked the case.

`python docs/replay/replay.py` prints the table of docs/reference/health-data-hub-replay.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from residency.atlas.atlas import load_atlas
from residency.audit import Origin, Question, audit
from residency.model import Verdict
from residency.policy.shipped import find_pack, whole_pack
from residency.result import Finding
from residency.sources.inventory_file import read_inventory

ESTATE = Path(__file__).with_name("health-data-hub.json")

# The days, and what happened on each: the timeline of residency/atlas/data/hdh-case.yaml.
DAYS: dict[date, str] = {
    date(2020, 7, 15): "the last day of Privacy Shield",
    date(2020, 7, 17): "the day after Schrems II (C-311/18)",
    date(2020, 10, 13): "Conseil d’État, order no. 444937",
    date(2021, 6, 30): "the UK has its adequacy decision",
    date(2023, 7, 10): "the Data Privacy Framework applies",
    date(2024, 3, 22): "Conseil d’État, order no. 492369",
    date(2026, 5, 17): "HDS certificates on the 2018 text no longer count",
    date(2026, 11, 24): "SREN decree in force, Scaleway chosen, not yet qualified",
}

# What of the estate is told, and by which rules: uid's last part, role, rules.
TOLD: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("snds", "primary", ("HDH-LOC-01", "HDH-LOC-02", "HDH-JUR-01", "HDH-CERT-01", "HDH-CERT-02", "HDH-KEY-01")),
    ("snds", "replica", ("HDH-LOC-03",)),
    ("snds", "log", ("HDH-LOC-04",)),
    ("first-data", "primary", ("HDH-LOC-01",)),
    ("london-copy", "primary", ("HDH-LOC-01", "GDPR-TRF-01", "GDPR-TRF-02")),
    ("virginia-copy", "replica", ("HDH-LOC-03", "GDPR-TRF-01", "GDPR-TRF-02")),
    ("snds-target", "primary", ("HDH-LOC-01", "HDH-JUR-01", "HDH-CERT-02", "HDH-KEY-01")),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One verdict of the replay. `finding` is `None` where the rule says nothing that day."""

    name: str
    role: str
    rule: str
    day: date
    finding: Finding | None


def replay() -> tuple[Cell, ...]:
    """Every cell of the table, in its order."""
    inventory, atlas = read_inventory(ESTATE), load_atlas()
    packs = (whole_pack("health-data-hub"), find_pack("gdpr-transfers"))
    cells = []
    for day in DAYS:
        origin = Origin((ESTATE.name,), f"{day}T00:00:00Z", live=False)
        found: dict[tuple[str | None, str, str], Finding] = {}
        for finding in audit(inventory, atlas, Question(packs, day), origin, set(Verdict)).findings:
            if finding.placement:
                found[finding.resource.name, finding.placement.role, finding.rule] = finding
        cells += [Cell(n, role, rule, day, found.get((n, role, rule))) for n, role, rules in TOLD for rule in rules]
    return tuple(cells)


WORDS = {
    Verdict.COMPLIANT: "compliant",
    Verdict.VIOLATION: "**not compliant**",
    Verdict.UNPROVEN: "unproven",
    Verdict.WAIVED: "accepted",
}


def page() -> str:
    """The table as Markdown, with the reason behind each change of a verdict."""
    cells = replay()
    by_key = {(cell.name, cell.role, cell.rule, cell.day): cell for cell in cells}
    lines = [
        "# The Health Data Hub, day by day\n",
        "The estate of [docs/replay/health-data-hub.json](../replay/health-data-hub.json), modelled on the case: the",
        "platform's store in Paris on Azure with its pair, its telemetry in the United States, the first data in the",
        "Netherlands, copies in London and in Virginia, and the target on Scaleway. Each is judged under the law of",
        "the day (`--as-of`). A dash means that the rule says nothing of it that day.\n",
        "| day | what it is |",
        "|---|---|",
        *(f"| {day} | {event} |" for day, event in DAYS.items()),
        "",
        "| what | rule | " + " | ".join(str(day) for day in DAYS) + " |",
        "|---|---|" + "---|" * len(DAYS),
    ]
    reasons: list[str] = []
    for name, role, rules in TOLD:
        for rule in rules:
            row = [by_key[name, role, rule, day].finding for day in DAYS]
            words = " | ".join(WORDS[finding.verdict] if finding else "–" for finding in row)
            lines.append(f"| {name} ({role}) | {rule} | {words} |")
            reasons += _reasons(name, role, rule, row)
    return "\n".join([*lines, "", "## Why\n", *reasons]) + "\n"


def _reasons(name: str, role: str, rule: str, row: list[Finding | None]) -> Iterator[str]:
    """The reason where the row begins, and wherever its verdict changes."""
    before: object = object()
    for day, finding in zip(DAYS, row, strict=True):
        now = finding.verdict if finding else None
        if now != before and finding is not None:
            yield f"- **{name} ({role}), {rule}, from {day}**: {finding.reason.en} ({'; '.join(finding.basis)})"
        before = now


if __name__ == "__main__":
    click.echo(page(), nl=False)
