"""The papers of a data protection officer: what is filled in, what stays empty, and what is never concluded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pyarrow as pa
import pytest

from residency.atlas.atlas import load_atlas
from residency.atlas_used import atlas_used
from residency.classify.roles import AccountRole, Contacts, Roles
from residency.model import Duty, Resource
from residency.policy.papers import Attestation, Papers
from residency.render.dpo.forms import PERSON, Paper
from residency.render.dpo.hds_page import hds_case, hds_offers
from residency.render.dpo.papers import dpo_papers, drafted
from residency.render.dpo.secnumcloud import wanted
from residency.render.dpo.transfers import transfers
from residency.render.html import report_html
from residency.render.sentences import Sentences
from residency.result import AuditResult
from tests.render.factory import Estate, empty, hostile, small
from tests.render.page import Page

DAY = date(2026, 11, 24)


def known_estate() -> AuditResult:
    result = small()
    return replace(result, atlas=atlas_used(load_atlas(), result.facts, DAY))


def papers(result: AuditResult, lang: str = "en") -> dict[str, Paper]:
    return {paper.key: paper for paper in dpo_papers(Sentences(lang), result, drafted(result))}


def field(paper: Paper, form: int, label: str) -> str | None:
    return next(f.value for f in paper.forms[form].fields if f.label == label)


def attestation(*rules: str, until: date = date(2027, 1, 1), match: tuple[tuple[str, str], ...] = ()) -> Attestation:
    return Attestation("A-1", rules, "Signed clauses", "legal", date(2026, 1, 1), until, match, None, "papers.yaml:1")


@pytest.mark.parametrize(("qualified", "transfer", "risk"), list(product((True, False), repeat=3)))
def test_the_case_of_the_hds_page(qualified: bool, transfer: bool, risk: bool) -> None:
    expected = "A" if qualified else "C" if transfer or risk else "B"
    assert hds_case(qualified, transfer, risk) == expected


def test_an_unknown_that_would_decide_leaves_the_case_open() -> None:
    assert hds_case(None, False, False) is None
    assert hds_case(None, True, True) is None
    assert hds_case(False, None, False) is None
    assert hds_case(False, False, None) is None
    assert hds_case(True, None, None) == "A"
    assert hds_case(False, None, True) == "C"


def test_places_in_the_eea_are_no_candidate_transfer_and_unknown_ones_are() -> None:
    found = {(t.countries, t.data_class, t.placements) for t in transfers(small())}
    assert found == {(("US",), "health", 1), (("SG",), "health", 1), (("GB",), "health", 1), ((), "health", 1)}


def test_internal_data_is_counted_and_not_listed() -> None:
    estate = Estate()
    estate.bucket("wiki", ("primary", "us-east-1"), data_class="internal")
    register = papers(estate.result())["t1"]
    assert register.forms == ()
    assert "1 placement abroad holds data that is internal or public" in register.notes[1]


def test_an_entry_keeps_its_id_in_another_run() -> None:
    estate = Estate()
    estate.bucket("patients", ("primary", "us-east-1"))
    one = transfers(estate.result())
    estate.bucket("others", ("primary", "us-east-1"))
    two = transfers(estate.result())
    assert [t.id for t in one] == [t.id for t in two]
    assert two[0].placements == 2


def test_data_for_two_purposes_makes_two_entries_that_name_them() -> None:
    estate = Estate()
    for name, tags in (("a", {"purpose": "care"}), ("b", {"purpose": "research"}), ("c", None)):
        estate.bucket(name, ("primary", "us-east-1"))
        bucket = estate.rows[-2]
        assert isinstance(bucket, Resource)
        estate.rows[-2] = replace(bucket, tags=tags)
    result = estate.result()
    found = transfers(result)
    assert sorted((t.purpose or "", t.placements) for t in found) == [("", 1), ("care", 1), ("research", 1)]
    assert len({t.id for t in found}) == 3
    register, record = papers(result)["t1"], papers(result)["t2"]
    assert {field(register, n, "Purposes (b)") for n in range(3)} == {None, "care", "research"}
    for row in record.forms:
        told = next(f.value for f in row.fields if f.label.startswith("Transfers"))
        assert str(told).count("T-") == 1


def test_the_register_begins_with_the_four_columns_of_the_record_of_processing() -> None:
    register = papers(known_estate())["t1"]
    assert [f.label for f in register.forms[0].fields[:4]] == [
        "Recipient (importer)", "Country", "Type of safeguard", "Paper and link",
    ]  # fmt: skip
    labels = [[f.label for f in form.fields] for form in register.forms]
    assert all(row == labels[0] for row in labels)


def test_an_adequacy_decision_is_cited_and_one_on_a_condition_is_no_ground() -> None:
    register = papers(known_estate())["t1"]
    by_country = {form.fields[1].value: form for form in register.forms}
    british = {f.label: f.value for f in by_country["United Kingdom"].fields}
    american = {f.label: f.value for f in by_country["United States"].fields}
    assert british["Type of safeguard"] == "Adequacy decision (GDPR art. 45)"
    assert "2021/1772" in str(british["Adequacy on the date"])
    assert "In force until 27\u00a0December 2031" in str(british["Adequacy on the date"])
    assert american["Type of safeguard"] is None
    assert "for the recipients it covers only" in str(american["Adequacy on the date"])
    assert all({f.label: f.value for f in form.fields}["Status"] == "candidate transfer, to be confirmed or refuted"
               for form in register.forms)  # fmt: skip


def test_a_paper_on_file_is_named_until_its_last_day() -> None:
    def link(paper: Attestation) -> str | None:
        found = replace(known_estate(), papers=Papers((paper,), ()))
        return field(papers(found)["t1"], 0, "Paper and link")

    assert link(attestation("HDH-LOC-03")) == "Signed clauses (A-1, valid until 1\u00a0January 2027)"
    assert link(attestation("HDH-LOC-03", until=date(2026, 11, 23))) is None
    assert link(attestation("HDH-CTL-01")) is None  # a rule of the other view
    assert link(attestation("HDH-LOC-03", match=(("place.offer", "gcp"),))) is None


def test_no_draft_where_a_decision_covers_the_country() -> None:
    drafts = papers(known_estate())["t3"]
    assert {form.fields[1].value for form in drafts.forms} == {"United States", "Singapore", "country not established"}


def test_a_draft_concludes_nothing_and_names_laws_as_leads() -> None:
    draft = papers(known_estate())["t3"].forms[0]
    fields = {f.label: f for f in draft.fields}
    assert fields["Conclusion"].value is None
    assert fields["Conclusion"].origin == PERSON
    law = next(f for label, f in fields.items() if "US-CLOUD-ACT" in label)
    assert "18 U.S.C. 2713" in str(law.value)
    assert "the parent company" in str(law.value)
    assert law.origin == "atlas"


def test_keys_at_the_provider_never_give_use_case_1() -> None:
    def told(custody: str) -> str:
        estate = Estate()
        estate.bucket("patients", ("primary", "us-east-1"), custody=custody)
        fact = estate.facts[0]
        fact["key.countries"], fact["key.in_eea"] = ["FR"], True
        label = "Use cases of EDPB 01/2020, annex 2 (from memory, to be checked)"
        return str(field(papers(estate.result())["t3"], 0, label))

    assert told("external").startswith("Use case 1 may hold")
    assert told("client-side").startswith("Use case 1 may hold")
    for custody in ("provider-managed", "customer-managed", "imported", "hsm", "none"):
        assert told(custody).startswith("Use case 1 (encrypted storage) is not shown"), custody


def test_no_transfer_is_not_proven_by_places_alone() -> None:
    estate = Estate()
    estate.bucket("a", ("primary", "eu-west-3"), offer="ovhcloud")
    result = estate.result()
    assert [(o.qualified, o.transfer) for o in hds_offers(result)] == [(True, None)]
    told = replace(result, papers=Papers((attestation("HDS-EXI-31", match=(("place.offer", "ovhcloud"),)),), ()))
    assert [o.transfer for o in hds_offers(told)] == [False]
    assert [o.case for o in hds_offers(known_estate())] == ["C"]


def test_the_fixed_sentences_of_the_hds_page_are_quoted_as_they_are() -> None:
    sentences = dict(known_estate().atlas.hds_sentences)
    assert (
        sentences["A"]
        == "Aucun risque d’accès imposé par la législation d’un pays tiers en violation du droit de l’Union"
    )
    assert sentences["B"].startswith("Aucun transfert de données de santé à caractère personnel vers un pays tiers")
    estate = Estate()
    estate.bucket("a", ("primary", "eu-west-3"), offer="ovhcloud")
    result = replace(estate.result(), atlas=known_estate().atlas)
    for lang in ("en", "fr"):
        values = [f.value for f in papers(result, lang)["t4"].forms[0].fields]
        assert f"«\u00a0{sentences['A']}\u00a0»" in values


def test_every_paper_of_secnumcloud_is_listed_for_every_offer() -> None:
    found = papers(known_estate())["t5"]
    assert len(found.forms) == 2 * len(wanted())
    filed = replace(known_estate(), papers=Papers((attestation("SNC-19.6.b", match=(("place.offer", "aws*"),)),), ()))
    told = [form.id for form in papers(filed)["t5"].forms if form.fields[2].value]
    assert told == [f"S-aws-{len(wanted())}"]


def test_both_languages_have_the_same_forms() -> None:
    result = known_estate()
    for one, two in zip(papers(result, "en").values(), papers(result, "fr").values(), strict=True):
        assert [form.id for form in one.forms] == [form.id for form in two.forms]
        assert [form.empty for form in one.forms] == [form.empty for form in two.forms]
        assert one.columns == two.columns


def test_an_estate_with_nothing_or_hostile_names_has_papers() -> None:
    assert all(not paper.forms for paper in papers(empty()).values())
    assert papers(hostile())["t1"].forms


def test_the_page_shows_the_papers_with_their_empty_fields_counted() -> None:
    result = known_estate()
    page = Page(report_html(result, "fr"))
    for paper in papers(result, "fr").values():
        assert paper.title in page.text
    assert "champs attendent une personne." in page.text
    assert "à compléter" in page.text


CONTACTS = Contacts("Hospital of Lyon", "University of Lyon", None, "dpo@hospital.example")


def with_roles(*told: tuple[str, str | None]) -> AuditResult:
    """Accounts `1`, `2`, … with the same two buckets each; the controller served, or the role, of some of them."""
    estate = Estate()
    for number in range(1, 5):
        estate.bucket(f"a{number}", ("primary", "us-east-1"), account=f"{number}" * 12)
        estate.bucket(f"b{number}", ("primary", "eu-west-3"), account=f"{number}" * 12, data_class="personal")
    roles = tuple(
        AccountRole(account * 12, Duty.PROCESSOR if controller else Duty.CONTROLLER, controller)
        for account, controller in told
    )
    return replace(estate.result(), roles=Roles(roles, CONTACTS))


def test_the_two_registers_and_what_belongs_to_neither_are_never_mixed() -> None:
    told = papers(with_roles(("1", None), ("2", "Clinic A"), ("3", "Clinic B")))
    assert list(told) == ["t1", "t2-1", "t2-2", "t2", "t3", "t4", "t5"]
    assert {field(told["t2-1"], n, "Accounts") for n in range(2)} == {"1" * 12}
    assert {field(told["t2"], n, "Accounts") for n in range(2)} == {"4" * 12}
    assert [form.title for form in told["t2-2"].forms] == ["Clinic A", "Clinic B"]
    assert {field(told["t2-1"], 0, label) for label in ("Controller (a)", "Joint controller (a)", "Representative (a)")} == {
        "Hospital of Lyon", "University of Lyon", None,
    }  # fmt: skip
    assert {field(told["t2"], n, "Register") for n in range(2)} == {None}
    assert field(told["t2-1"], 0, "Data protection officer (a)") == "dpo@hospital.example"


def test_the_record_of_a_processor_has_the_fields_of_30_2_only() -> None:
    record = papers(with_roles(("2", "Clinic A"), ("3", "Clinic A")))["t2-2"]
    assert [f.label for f in record.forms[0].fields] == [
        "Controller served (a)", "Categories of processing (b)", "Transfers (c)", "Papers on safeguards (c)",
        "Encryption and keys (d)", "Other security measures (d)", "Processor (a)", "Representative (a)",
        "Data protection officer (a)",
    ]  # fmt: skip
    assert len(record.forms) == 1
    assert "(4 resources)" in str(field(record, 0, "Encryption and keys (d)"))


def test_a_transfer_is_told_in_the_register_of_its_account_only() -> None:
    result = with_roles(("1", None), ("2", "Clinic A"), ("3", None))
    facts = result.facts.to_pylist()
    for fact in facts:
        if fact["resource.name"] == "a2":
            fact["place.countries"] = ["SG"]
    told = papers(replace(result, facts=pa.Table.from_pylist(facts, schema=result.facts.schema)))
    assert str(field(told["t2-2"], 0, "Transfers (c)")).endswith("Singapore")
    own = [str(field(told["t2-1"], n, "Transfers (e)")) for n in range(2)]
    assert any("United States" in text for text in own)
    assert not any("Singapore" in text for text in own)


def test_without_a_role_there_is_the_list_alone() -> None:
    assert [key for key in papers(small()) if key.startswith("t2")] == ["t2"]


def test_names_from_the_configuration_stay_inert() -> None:
    evil = "<img src=x onerror=alert(1)>"
    result = replace(
        small(), roles=Roles((AccountRole("111122223333", Duty.PROCESSOR, evil),), Contacts(evil, evil, evil, evil))
    )
    page = report_html(result, "en")
    assert evil not in page
    assert evil in Page(page).text
