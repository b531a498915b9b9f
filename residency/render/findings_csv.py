"""`findings.csv`: one finding a line, for spreadsheets and scripts.

The names in it come from other people's clouds and a spreadsheet takes a cell that starts with `=` for a formula. Such
a cell gets a `'` in front, also when white space comes first, since some importers trim it. French spreadsheets split
on `;` whatever the quotes say, so what follows a `;`, a tab or a line end inside a cell is treated alike.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from functools import lru_cache

from residency.render.formats import Output
from residency.result import AuditResult, Finding, PlacementRef

COLUMNS = (
    "id", "policy", "rule", "verdict", "severity", "data_class",
    "provider", "offer", "account", "type", "kind", "name", "uid",
    "role", "location", "countries", "anywhere", "via", "target",
    "evidence_api", "evidence_field", "evidence_value",
    "operator", "parent", "parent_country", "laws",
    "reason_en", "reason_fr", "remediation_en", "remediation_fr", "basis", "missing", "waiver", "as_of", "run",
)  # fmt: skip
_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_INSIDE = re.compile(r"([;\t\r\n])(\s*)(?=[=+\-@＝＋－＠])")
_ROWS_AT_ONCE = 2_000


def findings_csv(result: AuditResult) -> Iterator[bytes]:
    """The table in pieces: UTF-8 with a byte-order mark, a header row, every cell quoted."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow(COLUMNS)
    for number, finding in enumerate(result.findings, 1):
        row = _row(finding) | {"as_of": result.run.as_of, "run": result.run.id}
        writer.writerow([safe_cell(row.get(column) or "") for column in COLUMNS])
        if number % _ROWS_AT_ONCE == 0:
            yield _drain(buffer)
    yield _drain(buffer)


@lru_cache(maxsize=20_000)
def safe_cell(text: str) -> str:
    """The text, with a `'` before whatever a spreadsheet could take for a formula."""
    safe = _INSIDE.sub(r"\1\2'", text)
    if text.startswith(("\t", "\r", "\n")) or text.lstrip().startswith(_STARTS):
        return "'" + safe
    return safe


def _row(finding: Finding) -> dict[str, str | None]:
    resource, control = finding.resource, finding.control
    place = _placement(finding.placement)
    laws = sorted((law.id, law.via, law.certainty) for law in control.laws) if control else []
    return {
        "id": finding.id, "policy": finding.policy, "rule": finding.rule, "verdict": finding.verdict.value,
        "severity": finding.severity.value, "data_class": finding.data_class, "provider": resource.provider,
        "offer": resource.offer, "account": resource.account, "type": resource.type, "kind": resource.kind,
        "name": resource.name, "uid": resource.uid, **place,
        "operator": control.operator if control else None, "parent": control.parent if control else None,
        "parent_country": control.parent_country if control else None,
        "laws": "; ".join(f"{law} ({via}, {certainty})" for law, via, certainty in laws),
        "reason_en": finding.reason.en, "reason_fr": finding.reason.fr, "remediation_en": finding.remediation.en,
        "remediation_fr": finding.remediation.fr, "basis": "; ".join(finding.basis),
        "missing": " ".join(sorted(finding.missing)), "waiver": finding.waiver,
    }  # fmt: skip


def _placement(place: PlacementRef | None) -> dict[str, str | None]:
    if place is None:
        return {}
    return {
        "role": place.role, "location": place.location, "countries": " ".join(sorted(place.countries)),
        "anywhere": str(place.anywhere).lower(), "via": place.via, "target": place.target,
        "evidence_api": place.evidence_api, "evidence_field": place.evidence_field,
        "evidence_value": place.evidence_value,
    }  # fmt: skip


def _drain(buffer: io.StringIO) -> bytes:
    data = buffer.getvalue().encode("utf-8", "backslashreplace")
    buffer.seek(0)
    buffer.truncate()
    return data


FORMAT = Output("findings.csv", lambda result, _lang: findings_csv(result))
