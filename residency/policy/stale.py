"""Papers that no longer do what they were written for: expired, not yet valid, or fitting nothing that was found.

Each is a finding of its own, since a waiver that quietly stopped working, or never fitted because of a spelling, is a
decision that somebody believes in and that does not hold.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from residency.model import Severity, Verdict
from residency.policy.judge import FINDINGS
from residency.policy.pack import Pack
from residency.policy.papers import Attestation, Papers, Waiver
from residency.result import Text

ATTESTATION_RULE = "ATTESTATION"
WAIVER_RULE = "WAIVER"


def stale_papers(papers: Papers, judged: pa.Table, packs: Sequence[Pack]) -> pa.Table:
    """One unproven finding for each paper that speaks of a rule of these packs and has no effect.

    `judged` is what was judged with those of the papers that are valid on the day. The table has the schema `FINDINGS`;
    `per` is `attestation` or `waiver` and `subject` the paper's id.
    """
    used = set(judged["attestation"].unique().to_pylist()) | set(judged["waiver"].unique().to_pylist())
    rows: list[dict[str, Any]] = []
    for paper, rule, per in _with_kind(papers):
        spoken = set(paper.rules) if isinstance(paper, Attestation) else {paper.rule}
        wanted = None if isinstance(paper, Attestation) else paper.policy
        pack = next(
            (p for p in packs if wanted in (None, p.id) and any(r.id in spoken for r in p.rules)),
            None,
        )
        if pack is None or paper.id in used:
            continue
        digest = hashlib.sha256(f"{pack.id} {rule} {per} {paper.id}".encode()).hexdigest()[:16]
        rows.append({
            "id": digest, "policy": pack.id, "rule": rule, "verdict": str(Verdict.UNPROVEN),
            "severity": str(Severity.MEDIUM), "per": per, "subject": paper.id, "row": None, "missing": [],
            "waiver": None, "attestation": None,
        })  # fmt: skip
    return pa.Table.from_pylist(rows, schema=FINDINGS)


def _with_kind(papers: Papers) -> Iterator[tuple[Attestation | Waiver, str, str]]:
    for attestation in sorted(papers.attestations, key=lambda paper: paper.id):
        yield attestation, ATTESTATION_RULE, "attestation"
    for waiver in sorted(papers.waivers, key=lambda paper: paper.id):
        yield waiver, WAIVER_RULE, "waiver"


def stale_reason(paper: Attestation | Waiver, day: date) -> Text:
    """Why a paper has no effect on a day."""
    if isinstance(paper, Attestation):
        what, quoi = f"The supporting document {paper.id}", f"La pièce justificative {paper.id}"
        until = paper.valid_until
        if day < paper.issued:
            return Text(
                f"{what} counts only from {paper.issued}.", f"{quoi} ne compte qu’à partir du {paper.issued:%d/%m/%Y}."
            )
    else:
        what, quoi = f"The deviation approval {paper.id}", f"La décision d’acceptation d’écart {paper.id}"
        until = paper.expires
    if day > until:
        return Text(f"{what} ran out on {until}.", f"{quoi} a expiré le {until:%d/%m/%Y}.")
    return Text(
        f"{what} fits nothing that was found: its rule or its pattern is misspelt, or what it spoke of is gone.",
        f"{quoi} ne correspond à rien de ce qui a été trouvé : sa règle ou son motif est mal écrit, "
        "ou son objet a disparu.",
    )


def stale_remediation(paper: Attestation | Waiver) -> Text:
    """What to do about it."""
    return Text(
        f"Renew, correct or remove it in {paper.place} (owner: {paper.owner}).",
        f"Renouvelez, corrigez ou retirez cette entrée dans {paper.place} (responsable : {paper.owner}).",
    )
