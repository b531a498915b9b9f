from __future__ import annotations

import gzip
import importlib
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from residency.model import Severity, Verdict
from residency.render import findings_sarif as sarif_module
from residency.render.findings_json import findings_json
from residency.render.formats import outputs
from residency.result import AuditResult
from tests.render.factory import PACK, empty, hostile, large, small

NEW = ("md", "sarif", "ocsf", "oscal", "junit")


def rendered(result: AuditResult, name: str, lang: str = "en") -> bytes:
    return b"".join(outputs(name)[0].render(result, lang))


def document(result: AuditResult, name: str, lang: str = "en") -> Any:
    return json.loads(rendered(result, name, lang))


def with_compliant(result: AuditResult) -> AuditResult:
    """The same with its compliant findings listed too, as `--verdicts all` does."""
    example = next(finding for finding in result.findings if finding.placement)
    added = [
        replace(
            example, id=row["id"], rule=row["rule"], severity=Severity(row["severity"]), verdict=Verdict.COMPLIANT,
            missing=(), waiver=None,
        )
        for row in result.judged.to_pylist()
        if row["verdict"] == "compliant"
    ]  # fmt: skip
    return replace(result, findings=(*result.findings, *added))


def results_of(sarif: Any) -> Iterator[Any]:
    return (found for run in sarif["runs"] for found in run["results"])


@pytest.mark.parametrize("name", NEW)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_same_result_gives_the_same_bytes(name: str, lang: str) -> None:
    assert rendered(small(), name, lang) == rendered(small(), name, lang)


@pytest.mark.parametrize("name", NEW)
def test_french_says_french_reasons(name: str) -> None:
    assert "ce que la règle n’admet pas" in rendered(small(), name, "fr").decode()
    assert "ce que la règle n’admet pas" not in rendered(small(), name, "en").decode()


@pytest.mark.parametrize("name", NEW)
@pytest.mark.parametrize("result", [hostile(), empty()], ids=["hostile", "empty"])
def test_nothing_hidden_gets_through(name: str, result: AuditResult) -> None:
    text = rendered(result, name).decode()
    assert not re.search("[\u200b\u202e\x00-\x08]", text)


def test_sarif_has_what_github_asks_of_a_file() -> None:
    sarif = document(small(), "sarif")
    assert sarif["version"] == "2.1.0"
    assert sarif["$schema"].endswith("sarif-2.1.0.json")
    run = sarif["runs"][0]
    assert run["automationDetails"]["id"] == f"residency/{PACK}/111122223333/"
    rules = run["tool"]["driver"]["rules"]
    for rule in rules:
        for key in ("shortDescription", "fullDescription", "help"):
            assert 0 < len(rule[key]["text"]) <= 1024
        assert 0.1 <= float(rule["properties"]["security-severity"]) <= 10
        assert isinstance(rule["properties"]["security-severity"], str)
        assert "security" in rule["properties"]["tags"]
        assert len(rule["properties"]["tags"]) <= 10
    hashes = [found["partialFingerprints"]["primaryLocationLineHash"] for found in run["results"]]
    assert len(set(hashes)) == len(hashes)
    for found in run["results"]:
        place = found["locations"][0]
        assert place["physicalLocation"]["artifactLocation"]["uri"] == "residency.yaml"
        assert place["physicalLocation"]["region"] == {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2}
        assert place["logicalLocations"][0]["fullyQualifiedName"]
        assert rules[found["ruleIndex"]]["id"] == found["ruleId"]
        assert "kind" not in found
        assert (found["level"] == "note") == found["message"]["text"].startswith("Unproven: ")
    levels = {(f["properties"]["severity"], f["level"]) for f in run["results"] if f["level"] != "note"}
    assert levels == {("critical", "error"), ("high", "error"), ("medium", "warning")}
    assert [w["waiver"][:10] for w in run["properties"]["waived"]] == ["W-2026-004"]
    assert run["properties"]["omitted"] == {
        "packs": 0, "total": 0, "kept": len(run["results"]), "limit": 25_000, "by": {},
    }  # fmt: skip


def test_sarif_cuts_the_least_urgent_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif_module, "MOST", 5)
    whole = small()
    run = document(whole, "sarif")["runs"][0]
    told = sum(f.verdict in (Verdict.VIOLATION, Verdict.UNPROVEN) for f in whole.findings)
    assert len(run["results"]) == 5
    assert {found["level"] for found in run["results"]} == {"error"}
    assert run["properties"]["omitted"]["total"] == told - 5 == sum(run["properties"]["omitted"]["by"].values())
    assert sum(run["properties"]["counts"].values()) == whole.judged.num_rows


def test_sarif_stays_below_the_size_that_github_takes_and_says_what_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = large(2_000)
    packed = len(gzip.compress(rendered(whole, "sarif"), 1))
    assert document(whole, "sarif")["runs"][0]["properties"]["omitted"]["total"] == 0
    monkeypatch.setattr(sarif_module, "PACKED", packed // 3)
    cut = rendered(whole, "sarif")
    assert len(gzip.compress(cut, 1)) <= packed // 3 + 200
    run = json.loads(cut)["runs"][0]
    omitted = run["properties"]["omitted"]
    assert omitted["kept"] == omitted["limit"] == len(run["results"]) > 200
    assert omitted["total"] + omitted["kept"] == sum(f.verdict is not Verdict.WAIVED for f in whole.findings)


def test_sarif_has_at_most_twenty_runs_the_worst_packs_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif_module, "RUNS", 2)
    policy = small().policies[0]
    more = [replace(policy, id=f"p{n}", verdict=verdict) for n, verdict in enumerate((Verdict.COMPLIANT, Verdict.UNPROVEN))]
    given = replace(small(), policies=(*more, policy))
    runs = document(given, "sarif")["runs"]
    assert [run["properties"]["policy"] for run in runs] == ["p1", PACK]
    assert runs[0]["properties"]["omitted"]["packs"] == 1


def test_no_text_of_sarif_is_empty_and_no_rule_has_too_many_tags() -> None:
    def texts(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for name, part in value.items():
                yield from [part] if name == "text" else texts(part)
        elif isinstance(value, list):
            for part in value:
                yield from texts(part)

    for result in (small(), hostile(), empty()):
        log = document(result, "sarif")
        assert all(text.strip() for text in texts(log))
        rules = [rule for run in log["runs"] for rule in run["tool"]["driver"]["rules"]]
        assert all(0 < len(rule["properties"]["tags"]) <= 20 and len(rule["name"]) <= 255 for rule in rules)


def test_a_name_makes_no_link_in_sarif() -> None:
    result = small()
    finding = replace(result.findings[0], reason=replace(result.findings[0].reason, en="see [this](https://e.ex)"))
    text = next(results_of(document(replace(result, findings=(finding,)), "sarif")))["message"]["text"]
    assert "](" not in text


REQUIRED_OCSF = (
    "activity_id", "category_uid", "class_uid", "type_uid", "severity_id", "time", "metadata", "finding_info", "compliance",
)  # fmt: skip


@pytest.mark.parametrize("result", [with_compliant(small()), hostile(), empty()], ids=["small", "hostile", "empty"])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_ocsf_events_are_compliance_findings(result: AuditResult, lang: str) -> None:
    events = document(result, "ocsf", lang)
    models = importlib.import_module("py_ocsf_models.events.findings.compliance_finding")
    for event in events:
        assert set(REQUIRED_OCSF) <= set(event)
        assert (event["class_uid"], event["category_uid"]) == (2003, 2)
        assert event["type_uid"] == event["class_uid"] * 100 + event["activity_id"]
        assert event["metadata"]["version"] == "1.8.0"
        assert event["finding_info"]["uid"]
        assert ("cloud" in event) == ("cloud" in event["metadata"].get("profiles", []))
        assert all(item.get("name") or item.get("uid") for item in event["resources"])
        assert event["remediation"]["desc"]
        assert not {"resource", "status_detail", "compliance_references", "compliance_standards", "comment"} & set(
            event
        )
        models.ComplianceFinding.model_validate(event)
    if events:
        assert events[0]["time"] == 1795512600000


@pytest.mark.parametrize(
    "result",
    [with_compliant(small()), hostile(), empty(), replace(empty(), policies=())],
    ids=["small", "hostile", "empty", "no pack"],
)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_oscal_is_valid_and_its_references_lead_somewhere(result: AuditResult, lang: str) -> None:
    models = importlib.import_module("trestle.oscal.assessment_results")
    loaded = document(result, "oscal", lang)
    models.Model.model_validate(loaded)
    whole = loaded["assessment-results"]
    assert whole["metadata"]["oscal-version"] == "1.2.1"
    assert whole["import-ap"]["href"] == "#" + whole["back-matter"]["resources"][0]["uuid"]
    ids = re.findall(r'"uuid": "([0-9a-f-]+)"', rendered(result, "oscal", lang).decode())
    assert len(set(ids)) == len(ids)
    for part in whole["results"]:
        observed = {observation["uuid"] for observation in part.get("observations", [])}
        risks = {risk["uuid"] for risk in part.get("risks", [])}
        for finding in part.get("findings", []):
            assert {o["observation-uuid"] for o in finding["related-observations"]} <= observed
            assert {r["risk-uuid"] for r in finding.get("related-risks", [])} <= risks
            verdict = next(prop["value"] for prop in finding["props"] if prop["name"] == "verdict")
            assert (finding["target"]["status"]["reason"] == "other") == (verdict == "unproven")


def test_an_accepted_deviation_is_an_approved_risk_with_a_deadline() -> None:
    given = replace(small(), waived_until=(("W-2026-004, until 2027-01-31: exit under way", "2027-01-31"),))
    for result, deadline in ((given, "2027-01-31T23:59:59Z"), (small(), None)):
        part = document(result, "oscal")["assessment-results"]["results"][0]
        assert [(risk["status"], risk.get("deadline")) for risk in part["risks"]] == [("deviation-approved", deadline)]


def test_junit_names_account_resource_role_and_place() -> None:
    suite = ET.fromstring(rendered(small(), "junit"))[0]
    assert suite.attrib["name"] == PACK
    case = next(case for case in suite.iter("testcase") if case.find("failure") is not None)
    assert case.attrib["classname"].startswith("HDH-")
    assert case.attrib["name"] == "111122223333/patients/primary/eu-west-3"
    assert any("us-east-1" in failure.attrib["message"] for failure in suite.iter("failure"))


def test_a_pack_that_judged_nothing_is_no_green_suite() -> None:
    suites = ET.fromstring(rendered(empty(), "junit"))
    assert (suites.attrib["tests"], suites.attrib["errors"]) == ("1", "1")
    assert suites.find(".//error") is not None
    assert json.loads(b"".join(findings_json(empty())))["verdict"] == {PACK: "unproven"}
