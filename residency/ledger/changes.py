"""What differs between two runs, finding by finding, and why: the estate, the law, the rules, papers, or the reading.

Pure: a function of the tables and manifests of the two runs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import pyarrow as pa

from residency.facts import FACTS
from residency.model import Verdict
from residency.render.manifest import manifest_document
from residency.result import AuditResult, ChangeCount, FindingChange, InputChange, RunChanges
from residency.stored_run import StoredRun

# Facts that the inventory gives. All others come from the atlas, so that a change in those alone is one of law.
_OF_THE_ESTATE = frozenset({
    "resource.uid", "resource.provider", "resource.offer", "resource.account", "resource.account_path",
    "resource.type", "resource.name", "resource.stores_data", "resource.data_class", "resource.data_class_from",
    "resource.classified", "place.role", "place.location", "place.via", "place.target", "place.offer", "key.custody",
})  # fmt: skip
_OF_A_FINDING = ("id", "policy", "rule", "verdict", "per", "subject", "row", "waiver", "attestation")
# What makes two fact rows the same placement: one text, each part behind its length.
_PLACE = " || ".join(
    f"coalesce(length(\"{name}\") || ':' || \"{name}\", '-')"
    for name in ("resource.uid", "place.role", "place.via", "place.offer", "place.location", "place.target")
)

_QUERY = """
WITH
  o AS (SELECT f.*, r.* EXCLUDE (number) FROM old_findings f
        LEFT JOIN old_facts r ON f."row" = r.number AND f.per NOT IN ('coverage', 'attestation', 'waiver')),
  n AS (SELECT f.*, r.* EXCLUDE (number) FROM new_findings f
        LEFT JOIN new_facts r ON f."row" = r.number AND f.per NOT IN ('coverage', 'attestation', 'waiver'))
SELECT coalesce(n.id, o.id) AS id, coalesce(n.policy, o.policy) AS policy, coalesce(n.rule, o.rule) AS rule,
  coalesce(n.per, o.per) AS per, coalesce(n.subject, o.subject) AS paper,
  coalesce(n."resource.uid", o."resource.uid") AS uid, coalesce(n."resource.name", o."resource.name") AS name,
  coalesce(n."resource.account", o."resource.account") AS account, coalesce(n."place.role", o."place.role") AS role,
  coalesce(n."place.via", o."place.via") AS via, coalesce(n."place.offer", o."place.offer") AS offer,
  o."place.location" AS location_before, n."place.location" AS location_after,
  o.verdict AS before, n.verdict AS after,
  o.waiver IS DISTINCT FROM n.waiver OR o.attestation IS DISTINCT FROM n.attestation AS papers,
  (o.id IS NULL OR o.place IN (SELECT place FROM new_facts))
    AND (n.id IS NULL OR n.place IN (SELECT place FROM old_facts)) AS known,
  o.place IS DISTINCT FROM n.place AS other_place,
  list_filter([{differing}], lambda x: x IS NOT NULL) AS facts
FROM o FULL JOIN n ON o.id = n.id
WHERE o.verdict IS DISTINCT FROM n.verdict
ORDER BY policy, rule, uid, role, id
"""


@dataclass(frozen=True, slots=True)
class Side:
    """One of two runs to compare: what its manifest says, its findings (columns of `FINDINGS`) and its fact rows."""

    manifest: Mapping[str, Any]
    findings: pa.Table
    facts: pa.Table


def stored_side(run: StoredRun) -> Side:
    """A run on disk, to compare."""
    return Side(run.manifest, run.findings, run.facts)


def fresh_side(result: AuditResult) -> Side:
    """A run that is not on disk yet, to compare."""
    return Side(manifest_document(result, ()), result.judged, result.facts)


def changes_between(old: Side, new: Side) -> RunChanges:
    """What is not the same in `new` as it was in `old`."""
    inputs = _inputs(old.manifest, new.manifest)
    rows = _moved([_row(row, inputs) for row in _differing(old, new)])
    told = [row[0] for row in rows]
    counted = Counter((c.kind, c.cause, c.before, c.after) for c in told)
    listed = [change for change in told if {change.before, change.after} - {None, Verdict.COMPLIANT}]
    return RunChanges(
        old=old.manifest["run"], old_started=old.manifest["started"], old_as_of=old.manifest["as_of"], inputs=inputs,
        counts=tuple(
            ChangeCount(*key, count)
            for key, count in sorted(counted.items(), key=lambda item: tuple(str(part) for part in item[0]))
        ),
        findings=tuple(sorted(listed, key=_weight)),
    )  # fmt: skip


def _differing(old: Side, new: Side) -> list[dict[str, Any]]:
    """One row for each finding whose verdict differs, with what the two fact rows behind it say."""
    shared = [f.name for f in FACTS if f.name in old.facts.column_names and f.name in new.facts.column_names]
    with duckdb.connect(config={"enable_external_access": False}) as db:
        for name, run in (("old", old), ("new", new)):
            db.register("findings", run.findings.select(list(_OF_A_FINDING)))
            db.register("facts", run.facts.select(shared).append_column("number", _numbers(run.facts)))
            db.execute(f"""CREATE TEMP TABLE {name}_findings AS
                SELECT * FROM findings QUALIFY row_number() OVER (PARTITION BY id ORDER BY "row") = 1""")  # noqa: S608
            db.execute(f"CREATE TEMP TABLE {name}_facts AS SELECT *, md5_number_lower({_PLACE}) AS place FROM facts")  # noqa: S608
        differing = ", ".join(
            f'CASE WHEN o.id IS NOT NULL AND n.id IS NOT NULL AND o."{name}" IS DISTINCT FROM n."{name}" '
            f"THEN '{name}' END"
            for name in shared
        )
        found = db.execute(_QUERY.format(differing=differing))
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _numbers(table: pa.Table) -> pa.Array:
    return pa.array(range(table.num_rows), pa.int64())


def _row(row: Mapping[str, Any], inputs: tuple[InputChange, ...]) -> tuple[FindingChange, tuple[Any, ...]]:
    """The change a row tells of, and the setting it is about: what stays the same when data moves."""
    before, after = (row[side] and Verdict(row[side]) for side in ("before", "after"))
    kind = "changed" if before and after else "new" if after else "gone"
    facts = tuple(name for name in row["facts"] if not (row["other_place"] and name in _OF_THE_ESTATE))
    change = FindingChange(
        kind=kind, cause=_cause(row, kind, inputs), id=row["id"], policy=row["policy"], rule=row["rule"],
        subject=row["name"] or row["uid"] or row["paper"] or "", account=row["account"] or "",
        role=row["role"] if row["per"] == "placement" else None, location_before=row["location_before"],
        location_after=row["location_after"], before=before, after=after, facts=facts,
    )  # fmt: skip
    setting = (row["per"], row["policy"], row["rule"], row["uid"], row["role"], row["via"], row["offer"])
    return change, setting


def _cause(row: Mapping[str, Any], kind: str, inputs: tuple[InputChange, ...]) -> str:
    if row["per"] == "coverage":
        return "reading"
    if row["per"] in ("attestation", "waiver"):
        return "papers"
    rules = any(change.what == f"policy:{row['policy']}" for change in inputs)
    if kind != "changed":
        if not row["known"]:
            return "estate"
        return "rules" if rules else "law"
    if row["papers"]:
        return "papers"
    # Another placement may speak for a resource than before, though the estate has both in both runs.
    same_estate = row["known"] if row["other_place"] else not _OF_THE_ESTATE & set(row["facts"])
    if not same_estate:
        return "estate"
    return "law" if row["facts"] or not rules else "rules"


def _moved(rows: list[tuple[FindingChange, tuple[Any, ...]]]) -> list[tuple[FindingChange, tuple[Any, ...]]]:
    """The same with a `gone` and a `new` finding of one setting made one `moved` finding."""
    gone: dict[tuple[Any, ...], list[FindingChange]] = {}
    for change, setting in rows:
        if change.kind == "gone" and setting[0] == "placement":
            gone.setdefault(setting, []).append(change)
    merged, used = [], set()
    for change, setting in rows:
        left = gone.get(setting)
        if change.kind == "new" and left:
            was = left.pop(0)
            used.add(was.id)
            change = replace(  # noqa: PLW2901
                change, kind="moved", cause="estate", location_before=was.location_before, before=was.before,
                facts=("place.location",),
            )  # fmt: skip
        merged.append((change, setting))
    return [(change, setting) for change, setting in merged if not (change.kind == "gone" and change.id in used)]


def _inputs(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[InputChange, ...]:
    """What the runs were made from, where it differs: by hash, told by version."""
    found = []
    for what in ("as_of", "scenario", "tool"):
        if old[what] != new[what]:
            found.append(InputChange(what, old[what], new[what]))
    if sorted(old["sources"]) != sorted(new["sources"]):
        found.append(InputChange("sources", ", ".join(sorted(old["sources"])), ", ".join(sorted(new["sources"]))))
    if old["atlas"]["sha256"] != new["atlas"]["sha256"]:
        found.append(InputChange("atlas", _version(old["atlas"]), _version(new["atlas"])))
    before, after = ({str(use["id"]): use for use in run["policies"]} for run in (old, new))
    for name in sorted(before.keys() | after.keys()):
        one, other = before.get(name), after.get(name)
        if one is None or other is None or any(one.get(part) != other.get(part) for part in ("sha256", "profile")):
            found.append(InputChange(f"policy:{name}", one and _version(one), other and _version(other)))
    return tuple(found)


def _version(use: Mapping[str, Any]) -> str:
    profile = f"@{use['profile']}" if use.get("profile") else ""
    return f"{use['version']}{profile} ({use['sha256'][:12]})"


def _weight(change: FindingChange) -> tuple[Any, ...]:
    after = change.after.weight if change.after else -1
    before = change.before.weight if change.before else -1
    return (-after, -before, change.policy, change.rule, change.subject, change.role or "", change.id)


def worst_change(changes: RunChanges) -> Verdict | None:
    """The worst verdict that something newly has: a new finding, another verdict, another place. `None` for nothing."""
    newly = [count.after for count in changes.counts if count.after and count.before != count.after]
    newly += [count.after for count in changes.counts if count.after and count.kind == "moved"]
    return max(newly, key=lambda verdict: verdict.weight, default=None)
