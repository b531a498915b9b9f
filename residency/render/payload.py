"""All findings in one compact text that the report's script unpacks: columns, each text kept once, gzip, base64.

A reason that names its resource is kept without the name, so that thousands of alike reasons are one. Every text goes
through the same showing of hidden characters as the rest of the page.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Sequence
from typing import Any

from residency.render.plain import LONG, clip, visible
from residency.result import Finding

NAME_MARK = "\x01"
UID_MARK = "\x02"
_SHORTEST_MARKED = 4


def payload(findings: Sequence[Finding], extra: dict[str, Any]) -> str:
    """The findings, in the order given, and `extra` values for the script."""
    columns = {name: _column([read(finding) for finding in findings]) for name, read in _COLUMNS.items()}
    document = {"n": len(findings), "columns": columns} | extra
    raw = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return base64.b64encode(gzip.compress(raw, compresslevel=7, mtime=0)).decode()


def _column(values: list[str | None]) -> dict[str, Any]:
    """`{"v": values}` when most are different, else `{"d": distinct values, "i": place of each, -1 for unknown}`."""
    places: dict[str, int] = {}
    indexes = [-1 if value is None else places.setdefault(value, len(places)) for value in values]
    if len(places) * 2 > len(values):
        return {"v": values}
    return {"d": list(places), "i": indexes}


def _name(text: str | None) -> str | None:
    return None if text is None else visible(clip(text))


def _sentence(text: str, finding: Finding) -> str:
    """The text with marks where it names the resource. The script puts the names back."""
    marked = visible(clip(text, LONG))
    uid, name = _name(finding.resource.uid), _name(finding.resource.name)
    if uid and len(uid) >= _SHORTEST_MARKED:
        marked = marked.replace(uid, UID_MARK)
    if name and len(name) >= _SHORTEST_MARKED:
        marked = marked.replace(name, NAME_MARK)
    return marked


def _laws(finding: Finding) -> str | None:
    if finding.control is None:
        return None
    return "\n".join(sorted(_name(f"{law.id}|{law.via}|{law.certainty}") or "" for law in finding.control.laws))


def _place(field: str) -> Callable[[Finding], str | None]:
    return lambda finding: _name(getattr(finding.placement, field)) if finding.placement else None


def _control(field: str) -> Callable[[Finding], str | None]:
    return lambda finding: _name(getattr(finding.control, field)) if finding.control else None


def _resource(field: str) -> Callable[[Finding], str | None]:
    return lambda finding: _name(getattr(finding.resource, field))


_COLUMNS: dict[str, Callable[[Finding], str | None]] = {
    "id": lambda f: f.id,
    "policy": lambda f: f.policy,
    "rule": lambda f: f.rule,
    "verdict": lambda f: f.verdict.value,
    "severity": lambda f: f.severity.value,
    "data_class": lambda f: f.data_class,
    **{name: _resource(name) for name in ("uid", "provider", "offer", "account", "type", "kind", "name")},
    **{
        name: _place(name)
        for name in ("role", "location", "via", "target", "evidence_api", "evidence_field", "evidence_value")
    },
    "countries": lambda f: (
        None if f.placement is None else "*" if f.placement.anywhere else " ".join(sorted(f.placement.countries))
    ),
    **{name: _control(name) for name in ("operator", "parent", "parent_country")},
    "laws": _laws,
    "reason_en": lambda f: _sentence(f.reason.en, f),
    "reason_fr": lambda f: _sentence(f.reason.fr, f),
    "remediation_en": lambda f: _sentence(f.remediation.en, f),
    "remediation_fr": lambda f: _sentence(f.remediation.fr, f),
    "basis": lambda f: "\n".join(_name(b) or "" for b in f.basis),
    "missing": lambda f: "\n".join(sorted(f.missing)),
    "waiver": lambda f: None if f.waiver is None else visible(clip(f.waiver, LONG)),
}
