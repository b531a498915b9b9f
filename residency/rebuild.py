"""A result made again from the tables of a stored run: nothing is read from a cloud and nothing is judged again.

Pure: no network, no clock.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from residency.atlas.atlas import Atlas
from residency.classify.roles import NO_ROLES, AccountRole, Contacts, Roles
from residency.errors import Problem, UserError
from residency.model import Duty, Verdict
from residency.policy.judge import FINDINGS
from residency.policy.pack import Pack
from residency.policy.papers import NO_PAPERS, Papers
from residency.result import AuditResult, ChangeCount, FindingChange, InputChange, Run, RunChanges, VerdictChange
from residency.stored_run import NOTHING_TOLD, Told
from residency.tables import Inventory
from residency.wording_findings import Judged, count_verdicts, tell


def rebuild(
    manifest: Mapping[str, Any],
    tables: tuple[pa.Table, pa.Table, Inventory],
    atlas: Atlas,
    packs: Sequence[Pack],
    listed: Collection[Verdict],
    papers: Papers = NO_PAPERS,
    beside: Told = NOTHING_TOLD,
) -> AuditResult:
    """The result of the run that `manifest` tells of.

    `tables` are its findings (the columns of `FINDINGS` and any others), its facts and its inventory; `atlas`, `packs`
    and `papers` those that the run used; `beside` what its findings.json tells. Raises `UserError` when a pack, the
    atlas or a paper is not the one that the run used: its words would not be true.
    """
    findings, facts, inventory = tables
    _check_packs(manifest, packs)
    if manifest["atlas"]["sha256"] != atlas.sha256:
        told = f"the run used another atlas ({manifest['atlas']['version']}): laws and names may have changed since."
        remedy = "Give its overlays with --atlas and its scenario with --scenario, or audit again."
        raise UserError(Problem(told, remedy=remedy))
    verdicts = findings.select(FINDINGS.names).cast(FINDINGS)
    _check_papers(verdicts, papers)
    run = Run(
        id=manifest["run"], started=manifest["started"], as_of=manifest["as_of"], scenario=manifest["scenario"],
        sources=tuple(manifest.get("sources", ())), endpoints=tuple(manifest.get("endpoints", ())),
        atlas_version=manifest["atlas"]["version"], atlas_sha256=manifest["atlas"]["sha256"],
        tool_version=manifest["tool"], complete=manifest["complete"], live=manifest["live"],
        redacted=manifest.get("redacted", False),
    )  # fmt: skip
    judged = Judged(inventory, facts, verdicts, atlas, tuple(packs), papers, date.fromisoformat(run.as_of))
    changes = tuple(_change(row) for row in beside.scenario_changes)
    result = tell(judged, run, count_verdicts(verdicts), listed, changes)
    seen = manifest.get("first_seen")
    return replace(
        result, since=_since(beside.since) if beside.since else None,
        first_seen=None if seen is None else tuple(sorted(seen.items())), roles=_roles(manifest.get("roles")),
    )  # fmt: skip


def _check_packs(manifest: Mapping[str, Any], packs: Sequence[Pack]) -> None:
    changed = [
        Problem(
            f"the pack {used['id']} is not the one of the run: its version then was {used['version']}, "
            f"sha256 {used['sha256'][:12]}…, now {pack.version}, {pack.sha256[:12]}….",
            remedy="Give the file that the run used with --policy, or audit again.",
        )
        for used, pack in zip(manifest["policies"], packs, strict=True)
        if used["sha256"] != pack.sha256
    ]
    if changed:
        raise UserError(*changed)


def _check_papers(verdicts: pa.Table, papers: Papers) -> None:
    about = verdicts.filter(pc.is_in(verdicts["per"], value_set=pa.array(["attestation", "waiver"])))
    unknown = sorted(set(about["subject"].to_pylist()) - set(papers.by_id()))
    if unknown:
        told = f"the run speaks of papers that are not given: {', '.join(unknown[:5])}."
        raise UserError(Problem(told, remedy="Give the files that the run used with --papers."))


def _roles(told: Mapping[str, Any] | None) -> Roles:
    if told is None:
        return NO_ROLES
    accounts = (AccountRole(row["account"], Duty(row["role"]), row["controller"]) for row in told["accounts"])
    return Roles(tuple(accounts), Contacts(**told["contacts"]))


def _change(row: Mapping[str, Any]) -> VerdictChange:
    return VerdictChange(row["id"], row["policy"], row["rule"], row["subject"], row["location"], **_sides(row))


def _since(row: Mapping[str, Any]) -> RunChanges:
    return RunChanges(
        row["run"], row["started"], row["as_of"],
        tuple(InputChange(**change) for change in row["inputs"]),
        tuple(ChangeCount(**{**count, **_sides(count)}) for count in row["counts"]),
        tuple(FindingChange(**{**f, **_sides(f), "facts": tuple(f["facts"])}) for f in row["findings"]),
    )  # fmt: skip


def _sides(row: Mapping[str, Any]) -> dict[str, Verdict | None]:
    return {side: row[side] and Verdict(row[side]) for side in ("before", "after")}
