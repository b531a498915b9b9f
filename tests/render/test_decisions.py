"""Decisions to take: grouped by cause, with who could reach the data, who acts, and who accepted it until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from residency.policy.papers import Attestation, Papers, Waiver
from residency.render.decisions import by_urgency, decisions, filed_for
from residency.render.html import report_html
from residency.result import AuditResult
from tests.render.factory import PACK, Estate, small
from tests.render.page import Page


def waiver(expires: date) -> Waiver:
    return Waiver("W-1", "HDH-LOC-03", None, (), "exit under way", "ops", "management", expires, "papers.yaml:1")


def section(result: AuditResult, lang: str = "en") -> str:
    """The text of the section on decisions."""
    text = Page(report_html(result, lang)).text
    first, last = {
        "en": ("Decisions to take The", "Where the data is Data"),
        "fr": ("Décisions à prendre Les", "Où sont les données Emplacements"),
    }[lang]
    return text[text.index(first) : text.rindex(last)]


def test_one_rule_at_several_providers_is_one_decision() -> None:
    estate = Estate()
    for name, offer in (("a", "aws"), ("b", "aws-eusc"), ("c", "aws")):
        estate.bucket(name, ("primary", "eu-west-3"), offer=offer)
    for finding in list(estate.findings):
        assert finding.verdict == "violation"
    found = [d for d in decisions(estate.result(), by_urgency(estate.findings)) if d.rule == "HDH-KEY-02"]
    assert [(d.count, d.offers) for d in found] == [(3, (("aws", 2), ("aws-eusc", 1)))]


def test_a_decision_names_place_class_reach_and_who_acts() -> None:
    text = section(small())
    assert "Not met: No copy outside the Union" in text
    assert "health data" in text
    assert "parent company: Amazon.com, Inc. (United States)" in text
    assert "Through the parent company (from memory only, to be checked): CLOUD Act (United States)" in text
    assert "The team that runs" in text
    assert "prod" in text
    french = section(small(), "fr")
    assert "Non respecté\u00a0: Aucune copie hors de l’Union" in french
    assert "Qui pourrait y accéder" in french


def test_a_document_is_asked_for_by_whoever_has_the_contract() -> None:
    assert "Whoever is in charge of the contract asks the provider" in section(small())


def test_who_accepted_it_and_until_when() -> None:
    assert "Nobody: no deviation approval names this rule." in section(small())
    accepted = section(replace(small(), papers=Papers((), (waiver(date(2027, 1, 31)),))))
    assert "W-1, approved by management until 31\u00a0January 2027 (owner: ops), covers no finding" in accepted
    ended = section(replace(small(), papers=Papers((), (waiver(date(2026, 11, 23)),))))
    assert "W-1: the approval of management ended on 23\u00a0November 2026 and no longer counts" in ended


def test_only_the_papers_of_the_rule_stand_at_its_decision() -> None:
    other = Waiver("W-2", "HDH-LOC-03", "another-pack", (), "r", "o", "a", date(2027, 1, 1), "p:1")
    paper = Attestation("A-1", ("HDH-DOC-01",), "Contract", "legal", date(2026, 1, 1), date(2026, 6, 1), (), None, "p:2")
    result = replace(small(), papers=Papers((paper,), (waiver(date(2027, 1, 31)), other)))
    found = {d.rule: [(f.paper.id, f.valid) for f in filed_for(result, d)] for d in decisions(result, by_urgency(result.findings))}
    assert found["HDH-LOC-03"] == [("W-1", True)]
    assert found["HDH-DOC-01"] == [("A-1", False)]
    assert {d.policy for d in decisions(result, result.findings)} == {PACK}
