"""What each verdict becomes in each format: one table, held finding by finding, and by counts over whole runs."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from residency.model import Severity, Verdict
from residency.render.formats import outputs
from residency.render.write import write_run
from residency.result import AuditResult, Finding
from tests.render.factory import hostile, large, small
from tests.render.page import Page
from tests.render.test_exchange_formats import document, rendered, results_of, with_compliant

FORMATS = ["sarif", "ocsf", "oscal", "junit", "json", "csv", "parquet", "html"]
WORDED = FORMATS[:4]
WAIVER = "W-2026-004, until 2027-01-31: exit under way"
COMPLIANT, VIOLATION, UNPROVEN, WAIVED = Verdict.COMPLIANT, Verdict.VIOLATION, Verdict.UNPROVEN, Verdict.WAIVED
# For a verdict and a format, what stands for a finding; `None` where nothing does.
TABLE: dict[str, dict[Verdict, str | None]] = {
    "findings.sarif": {
        COMPLIANT: None, VIOLATION: "error or warning", UNPROVEN: "note, says unproven first",
        WAIVED: "listed in the properties of the run",
    },
    "findings.ocsf.json": {
        COMPLIANT: "1 Pass, event 1 New", VIOLATION: "3 Fail, event 1 New", UNPROVEN: "2 Warning, event 1 New",
        WAIVED: "3 Fail, event 3 Suppressed",
    },
    "findings.oscal.json": {
        COMPLIANT: "satisfied, pass", VIOLATION: "not-satisfied, fail",
        UNPROVEN: "not-satisfied, other, verdict=unproven",
        WAIVED: "not-satisfied, fail, deviation-approved with a deadline",
    },
    "findings.junit.xml": {
        COMPLIANT: "testcase", VIOLATION: "failure", UNPROVEN: "error", WAIVED: f"skipped: {WAIVER}",
    },
    **{
        name: {verdict: verdict.value for verdict in Verdict}
        for name in ("findings.json", "findings.csv", "findings.parquet", "report.html")
    },
}  # fmt: skip
LEVELS = {
    Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "warning",
}  # fmt: skip


def in_sarif(file: Path) -> Iterator[str]:
    loaded = json.loads(file.read_bytes())
    for found in results_of(loaded):
        unproven = found["message"]["text"].startswith(("Unproven: ", "Non démontré\u00a0: "))
        if found["level"] == "note" and unproven:
            yield "note, says unproven first"
        elif found["level"] in ("error", "warning") and not unproven:
            yield "error or warning"
        else:
            yield f"{found['level']}: {found['message']['text']}"
    for run in loaded["runs"]:
        yield from ("listed in the properties of the run" for _waived in run["properties"]["waived"])


def in_ocsf(file: Path) -> Iterator[str]:
    for event in json.loads(file.read_bytes()):
        told = event["compliance"]
        yield f"{told['status_id']} {told['status']}, event {event['status_id']} {event['status']}"


def in_oscal(file: Path) -> Iterator[str]:
    for part in json.loads(file.read_bytes())["assessment-results"]["results"]:
        risks = {risk["uuid"]: risk for risk in part.get("risks", [])}
        for finding in part.get("findings", []):
            status = finding["target"]["status"]
            told = [status["state"], status["reason"]]
            if status["reason"] == "other":
                told += [f"verdict={prop['value']}" for prop in finding["props"] if prop["name"] == "verdict"]
            for related in finding.get("related-risks", []):
                risk = risks[related["risk-uuid"]]
                told.append(risk["status"] + (" with a deadline" if risk.get("deadline") else ""))
            yield ", ".join(told)


def in_junit(file: Path) -> Iterator[str]:
    for case in ET.parse(file).getroot().iter("testcase"):
        child = case[0] if len(case) else case
        yield f"skipped: {child.attrib['message']}" if child.tag == "skipped" else child.tag


def in_csv(file: Path) -> Iterator[str]:
    yield from (row["verdict"] for row in csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))


READ: dict[str, Callable[[Path], Iterator[str | None]]] = {
    "findings.sarif": in_sarif, "findings.ocsf.json": in_ocsf, "findings.oscal.json": in_oscal,
    "findings.junit.xml": in_junit, "findings.csv": in_csv,
    "findings.json": lambda file: (found["verdict"] for found in json.loads(file.read_bytes())["findings"]),
    "findings.parquet": lambda file: iter(pq.read_table(file)["verdict"].to_pylist()),
    "report.html": lambda file: iter(Page(file.read_text(encoding="utf-8")).column("verdict")),
}  # fmt: skip


def accepted(result: AuditResult) -> AuditResult:
    """The same with its waiver's last day."""
    return replace(result, waived_until=((WAIVER, "2027-01-31"),))


def only(verdict: Verdict) -> AuditResult:
    """A run that lists one finding, and judged no other."""
    whole = accepted(with_compliant(small()))
    found = next(finding for finding in whole.findings if finding.verdict is verdict and finding.placement)
    return replace(whole, findings=(found,), judged=whole.judged.filter([row == found.id for row in _ids(whole)]))


def _ids(result: AuditResult) -> list[str]:
    return [str(name) for name in result.judged["id"].to_pylist()]


@pytest.mark.parametrize(("lang", "formats"), [("en", FORMATS), ("fr", WORDED)])
@pytest.mark.parametrize("verdict", Verdict)
def test_what_a_verdict_becomes(verdict: Verdict, lang: str, formats: list[str], tmp_path: Path) -> None:
    write_run(only(verdict), tmp_path, formats, lang)
    files = [output.file for name in formats for output in outputs(name) if output.file in TABLE]
    assert len(files) == len(formats)
    for file in files:
        cell = TABLE[file][verdict]
        assert list(READ[file](tmp_path / file)) == ([cell] if cell else []), file


@pytest.mark.parametrize(("severity", "level"), LEVELS.items())
def test_the_level_of_a_violation_in_sarif_follows_its_severity(severity: Severity, level: str) -> None:
    result = only(VIOLATION)
    finding: Finding = replace(result.findings[0], severity=severity)
    (found,) = results_of(document(replace(result, findings=(finding,)), "sarif"))
    assert found["level"] == level


@pytest.mark.parametrize(
    "result",
    [accepted(with_compliant(small())), with_compliant(large(600)), hostile()],
    ids=["small", "large", "hostile"],
)
def test_every_format_counts_the_same_verdicts(result: AuditResult, tmp_path: Path) -> None:
    write_run(result, tmp_path, FORMATS, "en")  # test_pdf.py counts in the PDF
    summary = json.loads((tmp_path / "findings.json").read_text(encoding="utf-8"))["summary"]
    expected = {Verdict(verdict): n for verdict, n in summary.items() if n}
    for name, read in READ.items():
        cells = {cell: n for verdict, n in expected.items() if (cell := TABLE[name][verdict])}
        assert Counter(read(tmp_path / name)) == cells, name


def test_the_totals_of_the_formats_that_have_them() -> None:
    result = with_compliant(small())
    expected = Counter(str(finding.verdict) for finding in result.findings)
    sarif = document(result, "sarif")
    assert {v: n for v, n in sarif["runs"][0]["properties"]["counts"].items() if n} == expected
    suites = ET.fromstring(rendered(result, "junit"))
    assert int(suites.attrib["tests"]) == expected.total()
    for total, verdict in (("failures", "violation"), ("errors", "unproven"), ("skipped", "waived")):
        assert total == "skipped" or int(suites.attrib[total]) == expected[verdict]
        assert sum(int(suite.attrib[total]) for suite in suites) == expected[verdict]
