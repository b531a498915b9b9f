"""`manifest.json`: which files belong to a run, their sizes and SHA-256, and what they were made from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from residency.classify.roles import NO_ROLES
from residency.render.findings_json import policy_documents
from residency.result import AuditResult

SCHEMA = "residency/manifest/v1"
NAME = "manifest.json"


def manifest_json(result: AuditResult, files: Iterable[tuple[str, Path]]) -> bytes:
    """The manifest of `files`: the name each has in the run, and where its bytes are now."""
    return (json.dumps(manifest_document(result, files), ensure_ascii=False, indent=1) + "\n").encode()


def manifest_document(result: AuditResult, files: Iterable[tuple[str, Path]]) -> dict[str, Any]:
    """The same as plain values."""
    run = result.run
    return {
        "schema": SCHEMA,
        "run": run.id,
        "started": run.started,
        "as_of": run.as_of,
        "scenario": run.scenario,
        "since": result.since.old if result.since else None,
        "first_seen": None if result.first_seen is None else dict(result.first_seen),
        "roles": asdict(result.roles) if result.roles != NO_ROLES else None,
        "sources": sorted(run.sources),
        "endpoints": sorted(run.endpoints),
        "complete": run.complete,
        "live": run.live,
        "redacted": run.redacted,
        "tool": run.tool_version,
        "policies": policy_documents(result),
        "atlas": {"version": run.atlas_version, "sha256": run.atlas_sha256},
        "files": [_file(name, path) for name, path in sorted(files)],
    }


def _file(name: str, path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"name": name, "bytes": path.stat().st_size, "sha256": digest}
