"""The exports held against the official schemas of their standards, and those schemas against a broken export."""

from __future__ import annotations

import copy
import importlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from lxml import etree

from residency.result import AuditResult
from tests.render.factory import empty, hostile, small
from tests.render.test_exchange_formats import document, rendered, with_compliant

RESULTS = {"small": with_compliant(small()), "hostile": hostile(), "empty": empty()}
DATA = Path(__file__).parents[1] / "data"


@cache
def sarif() -> Any:
    return jsonschema.Draft4Validator(json.loads((DATA / "sarif-2.1.0.schema.json").read_text(encoding="utf-8")))


@cache
def ocsf() -> Any:
    package = importlib.import_module("ocsf_json_schema")
    embedded = package.OcsfJsonSchemaEmbedded(package.get_ocsf_schema("1.8.0"))
    return jsonschema.Draft202012Validator(embedded.get_class_schema("compliance_finding", ["cloud"]))


@cache
def junit() -> Any:
    return etree.XMLSchema(etree.parse(DATA / "junit-10.xsd"))


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


@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_junit_is_valid(result: AuditResult, lang: str) -> None:
    junit().assertValid(etree.fromstring(rendered(result, "junit", lang)))


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
    suites = rendered(small(), "junit")
    for now, then in ((b"<failure ", b"<failed "), (b' name="residency"', b' skipped="0"'), (b' tests="', b' n="')):
        broken_suites = etree.fromstring(re.sub(b"</failure>", b"</failed>" if then == b"<failed " else b"</failure>", suites.replace(now, then)))
        assert not junit().validate(broken_suites), then
