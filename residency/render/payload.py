"""The two long tables in one compact text that the report's script unpacks: columns, each text kept once, gzip, base64.

A text that names its resource is kept without the name, so that thousands of alike texts are one. Every text goes
through the same showing of hidden characters as the rest of the page.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from residency.render.plain import ID, LONG, clip, visible
from residency.result import Finding

NAME_MARK = "\x01"
UID_MARK = "\x02"
_SHORTEST_MARKED = 4
Columns = dict[str, Any]


def payload(document: Mapping[str, Any]) -> str:
    """A value of JSON for the script."""
    raw = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return base64.b64encode(gzip.compress(raw, compresslevel=7, mtime=0)).decode()


def finding_columns(findings: Sequence[Finding]) -> Columns:
    """The findings, in the order given."""
    return {name: _column([read(finding) for finding in findings]) for name, read in _COLUMNS.items()}


def placement_columns(table: pa.Table) -> Columns:
    """A table of placements (`residency.render.counted.placements`), in its order."""
    columns = {name: _distinct(table[name]) for name in table.column_names if name not in ("uid", "target")}
    names = [_name(name) for name in table["name"].to_pylist()]
    uids = [shown_id(uid) for uid in table["uid"].to_pylist()]
    marked = [_marked(uid, name) for uid, name in zip(uids, names, strict=True)]
    targets = [
        None if target is None else _marked(shown_id(target), uid, UID_MARK)
        for target, uid in zip(table["target"].to_pylist(), uids, strict=True)
    ]
    return columns | {"uid": _column(marked), "target": _column(targets)}


def shown_id(text: str) -> str:
    """A provider's id as the page shows it."""
    return visible(clip(text, ID))


def _distinct(texts: pa.ChunkedArray) -> dict[str, Any]:
    """A column of few different texts; each is made fit to be shown once."""
    encoded = texts.combine_chunks().dictionary_encode()
    known = [_name(text) for text in encoded.dictionary.to_pylist()]
    if len(known) * 2 > len(texts):
        return {"v": [None if place is None else known[place] for place in encoded.indices.to_pylist()]}
    return {"d": known, "i": encoded.indices.fill_null(-1).to_pylist()}


def _column(values: Sequence[str | None]) -> dict[str, Any]:
    """`{"v": values}` when most are different, else `{"d": distinct values, "i": place of each, -1 for unknown}`."""
    places: dict[str, int] = {}
    indexes = [-1 if value is None else places.setdefault(value, len(places)) for value in values]
    if len(places) * 2 > len(values):
        return {"v": list(values)}
    return {"d": list(places), "i": indexes}


def _name(text: str | None) -> str | None:
    return None if text is None else visible(clip(text))


def _marked(text: str, name: str | None, mark: str = NAME_MARK) -> str:
    return text.replace(name, mark) if name and len(name) >= _SHORTEST_MARKED else text


def _sentence(text: str, finding: Finding) -> str:
    """The text with marks where it names the resource. The script puts the names back."""
    uid, name = shown_id(finding.resource.uid), _name(finding.resource.name)
    return _marked(_marked(visible(clip(text, LONG)), uid, UID_MARK), name)


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
    **{name: _resource(name) for name in ("provider", "offer", "account", "type", "kind", "name")},
    "uid": lambda f: _marked(shown_id(f.resource.uid), _name(f.resource.name)),
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
