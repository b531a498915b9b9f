"""The exports held against the official schemas of their standards, and those schemas against a broken export."""

from __future__ import annotations

import copy
import importlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from residency.result import AuditResult
from tests.render.factory import empty, hostile, small
from tests.render.test_exchange_formats import document, with_compliant

RESULTS = {"small": with_compliant(small()), "hostile": hostile(), "empty": empty()}
FILE = Path(__file__).parents[1] / "data" / "sarif-2.1.0.schema.json"


@cache
def sarif() -> Any:
    return jsonschema.Draft4Validator(json.loads(FILE.read_text(encoding="utf-8")))


@cache
def ocsf() -> Any:
    package = importlib.import_module("ocsf_json_schema")
    embedded = package.OcsfJsonSchemaEmbedded(package.get_ocsf_schema("1.8.0"))
    return jsonschema.Draft202012Validator(embedded.get_class_schema("compliance_finding", ["cloud"]))


def wrong(validator: Any, value: Any) -> list[str]:
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(value)]


@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_sarif_is_valid(result: AuditResult, lang: str) -> None:
    assert wrong(sarif(), document(result, "sarif", lang)) == []


@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_ocsf_is_valid(result: AuditResult, lang: str) -> None:
    for event in document(result, "ocsf", lang):
        assert wrong(ocsf(), event) == []


def test_the_schemas_refuse_what_is_wrong() -> None:
    log = document(small(), "sarif")
    for path, value in (("level", "fatal"), ("message", {}), ("unheard", 1)):
        broken = copy.deepcopy(log)
        broken["runs"][0]["results"][0][path] = value
        assert wrong(sarif(), broken), path
    event = document(small(), "ocsf")[0]
    for key in ("class_uid", "compliance", "finding_info", "severity_id", "time", "metadata"):
        assert wrong(ocsf(), {name: part for name, part in event.items() if name != key}), key
    assert wrong(ocsf(), event | {"severity_id": "high"})
    assert wrong(ocsf(), event | {"unheard": 1})
