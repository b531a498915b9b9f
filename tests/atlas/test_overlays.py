"""Facts of a user's own over the shipped ones: each kind does what it says, and a wrong one is refused at its place."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from residency.atlas.atlas import Atlas, load_atlas
from residency.atlas.scenario import load_scenario
from residency.errors import UserError
from tests.atlas.answers import answers, differences

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 24)


def example(page: str, name: str) -> str:
    text = (ROOT / "docs" / "how-to" / page).read_text(encoding="utf-8")
    found = re.search(rf"<!-- example: {re.escape(name)} -->\n```yaml\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def to_file(text: str) -> Path:
        file = tmp_path / "own.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    return to_file


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    file = tmp_path_factory.mktemp("overlay") / "clinic.yaml"
    file.write_text(example("correct-the-atlas.md", "clinic.yaml"), encoding="utf-8")
    return load_atlas(overlays=(file,)).check()


def test_a_data_centre_of_ones_own(clinic: Atlas) -> None:
    place = clinic.place("clinic-dc", "DC1")
    assert place is not None
    assert (place.id, place.country, place.source, place.certainty) == ("lyon", "FR", "contracts", "verified")
    assert clinic.within(place, "eu_territory", TODAY) is True
    assert clinic.laws("clinic-dc", TODAY) == ()
    assert "clinic-dc" in clinic.offer_ids()
    assert clinic.source("clinic-dc", "contracts").text == "Contracts of the clinic, folder 12"


def test_a_recipient_is_reached_by_the_laws_of_its_parent(clinic: Atlas) -> None:
    links = clinic.laws("ridehail", TODAY)
    assert links is not None
    assert {"US-CLOUD-ACT", "US-FISA-702", "US-EO-12333", "US-NSL"} <= {link.law for link in links}
    assert {(link.via, link.access) for link in links} == {("parent", True)}
    # As sure as the seat, which is verified, and the law, which may be less.
    sure = {link.law: link.certainty for link in links}
    assert (sure["US-CLOUD-ACT"], sure["US-NSL"]) == ("verified", "secondary")
    assert all("Example Rides Inc. (US)" in (link.note or "") for link in links)
    place = clinic.place("ridehail", "us")
    assert place is not None
    assert clinic.adequate(place, TODAY) is False
    assert clinic.adequate(place, date(2026, 11, 18)) is None


def test_everything_else_stays(atlas: Atlas, clinic: Atlas) -> None:
    offers = atlas.offer_ids()
    found = differences(answers(atlas, TODAY, offers), answers(clinic, TODAY, offers))
    shared = [o for o in offers if clinic.offer(o) and clinic.place(o, "eu-west-9")]
    assert shared == ["aws"]
    kinds = {key[0] for key in found}
    assert kinds == {"adequacy", "adequate", "law", "laws", "parent", "countries", "area", "cert"}
    assert {key for key in found if key[0] in ("countries", "area")} == {
        ("countries", "aws", "eu-west-9"), ("area", "aws", "eu-west-9"),
    }  # fmt: skip
    assert {key for key in found if key[0] == "parent"} == {("parent", "hetzner")}
    assert {key for key in found if key[0] == "cert" and key[1] != "aws"} == {
        ("cert", "scaleway", "secnumcloud", kind, "fr-par") for kind in ("vm", "object-bucket")
    }
    assert {key for key in found if key[0] == "adequacy"} == {("adequacy", "US")}


def test_a_new_region_belongs_to_its_offer(clinic: Atlas) -> None:
    place = clinic.place("aws", "EU-WEST-9a")
    assert place is not None
    assert (place.id, place.country, place.partition, place.certainty) == ("eu-west-9", "FR", "aws", "verified")
    assert clinic.place("aws-esc", "eu-west-9") is None


def test_a_new_certificate(clinic: Atlas) -> None:
    def holds(kind: str, location: str, day: date = TODAY) -> bool | None:
        return clinic.certificate("scaleway", "secnumcloud", kind, location, day).holds

    assert holds("vm", "fr-par") is True
    assert holds("vm", "nl-ams") is False
    assert holds("relational-db", "fr-par") is False
    # It ended, but may have been renewed since: that day is not known.
    assert holds("vm", "fr-par", date(2029, 11, 15)) is None


def test_control_changes_on_its_day(clinic: Atlas) -> None:
    before, after = clinic.offer("hetzner", date(2026, 11, 17)), clinic.offer("hetzner", date(2026, 11, 18))
    assert before is not None
    assert after is not None
    assert after == clinic.offer("hetzner")
    assert (before.ultimate_parent.country, after.ultimate_parent.country) == ("DE", "US")
    assert after.certificates == before.certificates
    through = [{x.via for x in clinic.laws("hetzner", d) or ()} for d in (date(2026, 11, 17), date(2026, 11, 18))]
    assert through == [{"establishment"}, {"establishment", "parent"}]


def test_corrections(atlas: Atlas, clinic: Atlas) -> None:
    place, was = clinic.place("azure", "francesouth"), atlas.place("azure", "francesouth")
    assert place is not None
    assert was is not None
    assert place.city == "Avignon"
    assert (place.name, place.country, place.zones, place.paired) == (was.name, was.country, was.zones, was.paired)
    assert place.source == "contracts"
    assert [clinic.adequacy("US", d).status for d in (date(2026, 11, 18), date(2026, 11, 19))] == [
        "conditional",
        "none",
    ]
    law = clinic.law("US-FISA-702")
    assert law is not None
    assert law.lapse is None
    assert law.citation.startswith("50 U.S.C. 1881a")


def test_law_and_membership(clinic: Atlas) -> None:
    assert [clinic.adequacy("KE", d).status for d in (date(2026, 11, 15), TODAY)] == ["none", "full"]
    assert clinic.in_group("ME", "eea_territory", date(2028, 1, 1))
    assert not clinic.in_group("ME", "eu_27", date(2027, 12, 31))


def test_version_and_hash_tell(atlas: Atlas, clinic: Atlas) -> None:
    assert clinic.version == "2026-11-24+overlay:clinic"
    assert clinic.sha256 != atlas.sha256
    assert clinic.under(load_scenario("dpf-annulled")).version == "2026-11-24+overlay:clinic+scenario:dpf-annulled"


def test_the_scenario_of_the_page(clinic: Atlas, write: Callable[[str], Path]) -> None:
    scenario = load_scenario(write(example("write-a-scenario.md", "sold-and-annulled.yaml")))
    assert scenario.earliest == date(2027, 1, 15)
    assert clinic.under(scenario).laws("scaleway", date(2027, 3, 1))


HEAD = "overlay: own\ndefaults: {source: our own papers, certainty: memory, checked_on: 2026-11-20}\n"
COMPANY = "contracting_entity: {name: X, country: FR}, ultimate_parent: {name: Y}"


def test_an_unknown_country_of_the_parent_leaves_the_laws_unknown(write: Callable[[str], Path]) -> None:
    text = f"{HEAD}offers: [{{id: p, name: P, kind: recipient, {COMPANY}}}]\n"
    atlas = load_atlas(overlays=(write(text),))
    assert atlas.laws("p", TODAY) is None
    atlas = load_atlas(overlays=(write(text.replace("ultimate_parent", "laws: [], ultimate_parent")),))
    assert atlas.laws("p", TODAY) == ()


def test_an_offer_in_one_partition_gets_the_place_there(write: Callable[[str], Path]) -> None:
    text = f"{HEAD}locations:\n  - {{offer: aws-esc, id: eusc-fr-west-1, country: FR}}\n  - {{offer: worldline, id: blois, country: FR}}\n"
    atlas = load_atlas(overlays=(write(text),))
    assert atlas.place("aws-esc", "eusc-fr-west-1") is not None
    assert atlas.place("aws", "eusc-fr-west-1") is None
    assert atlas.place("worldline", "blois") is not None


def test_the_same_path_is_read_again(write: Callable[[str], Path]) -> None:
    one = load_atlas(overlays=(write(HEAD + "memberships: [{group: eu_27, country: ME}]\n"),))
    two = load_atlas(overlays=(write(HEAD + "memberships: [{group: eu_27, country: AL}]\n"),))
    assert one.in_group("ME", "eu_27", TODAY)
    assert not two.in_group("ME", "eu_27", TODAY)


def test_a_certificate_instead_of_the_shipped_ones(write: Callable[[str], Path]) -> None:
    entry = "certificates: [{offer: scaleway, scheme: SecNumCloud, status: unknown, instead: true}]\n"
    atlas = load_atlas(overlays=(write(HEAD + entry),))
    assert atlas.certificate("scaleway", "secnumcloud", "vm", "fr-par", TODAY).holds is None


def test_the_operator_can_be_taken_away(write: Callable[[str], Path]) -> None:
    offer = load_atlas(overlays=(write(HEAD + "control: [{offer: aws-esc, operator: null}]\n"),)).offer("aws-esc")
    assert offer is not None
    assert offer.operator is None
    assert offer.runs == offer.contracting_entity


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("offers: [{id: Scaleway, name: S, kind: recipient, COMPANY}]", "own.yaml:3:15: the offer 'Scaleway' is already"),
        ("offers: [{id: p, name: P, kind: cloud, COMPANY}]", "must be one of"),
        ("offers: [{id: p, name: P, kind: recipient, sold_in: {all: true}, COMPANY}]", "sold_in is not for an overlay"),
        ("offers: [{id: p, name: P, kind: recipient, locations: [{id: a, country: UK}], COMPANY}]", "'UK' is not a country"),
        ("offers: [{id: p, name: P, kind: recipient, locations: [{id: a, country: FR}, {id: a, country: DE}], COMPANY}]", "the location 'a' stands twice."),
        ("offers: [{id: p, name: P, kind: recipient, laws: [{law: US-NO, via: parent}], COMPANY}]", "the law 'US-NO' is not"),
        ("offers: [{id: p, name: P, kind: recipient, COMPANY}, {id: P, name: P, kind: recipient, COMPANY}]", "the offer 'P' is already"),
        ("locations: [{offer: aws, id: EU-West-3, country: FR}]", "'EU-West-3' is already in the atlas, as 'eu-west-3'. Correct it"),
        ("locations: [{offer: nobody, id: x, country: FR}]", "own.yaml:3:21: the offer 'nobody' is not in the atlas."),
        ("locations: [{offer: aws-eusc, id: x, country: FR}]", "'aws-eusc' is another name of the offer 'aws-esc'. Write the id."),
        ("locations: [{offer: aws, id: x, country: FR, paired: nowhere}]", "the location 'nowhere' is not"),
        ("certificates: [{offer: aws, scheme: HDSS, status: held}]", "the certificate scheme 'HDSS' is not"),
        ("certificates: [{offer: aws, scheme: HDS, status: held, services: [vmm], regions: [x]}]", "the kind 'vmm' is not"),
        ("control: [{offer: aws}]", "changes nothing"),
        ("control: [{offer: aws, ultimate_parent: null}]", "ultimate_parent cannot be empty"),
        ("control: [{offer: awz, operator: {name: X}}]", "the offer 'awz' is not"),
        ("control: [{offer: aws, laws: [{law: US-NO, via: parent}]}]", "the law 'US-NO' is not"),
        ("adequacy: [{id: GB, name: x, countries: [GB], instrument: x, celex: x, adopted: 2026-01-01, conditional: false, scope: general}]", "the id 'GB' is already in the atlas."),
        ("memberships: [{group: eea, country: ME}]", "the group 'eea' is made of others. Name one of eu_27, eea_efta."),
        ("memberships: [{group: eu, country: ME}]", "the group 'eu' is not"),
        ("memberships: [{group: eu_27, country: ME}, {group: eu_27, country: ME}]", "the membership of ME in eu_27 stands twice for the same days"),
        ("corrections: [{adequacy: DPF, set: {valid_until: 2026-01-01}}]", "own.yaml:3:26: the adequacy 'DPF' is not"),
        ("corrections: [{adequacy: US-DPF, set: {valid_until: yesterday}}]", "own.yaml:3:53: corrections[0].set.valid_until: 'yesterday' is not a day"),
        ("corrections: [{adequacy: US-DPF, set: {valid_untl: 2026-01-01}}]", "the key 'valid_untl' is not known here."),
        ("corrections: [{adequacy: US-DPF, set: {conditional: null}}]", "'conditional' is missing."),
        ("corrections: [{adequacy: US-DPF, set: {id: X}}]", "set cannot hold id"),
        ("corrections: [{adequacy: US-DPF, law: US-NSL, set: {note: x}}]", "needs exactly one of"),
        ("corrections: [{location: {offer: aws, id: nowhere}, set: {city: X}}]", "the location 'nowhere' is not"),
        ("corrections: [{location: {offer: aws, id: eu-west-3}, set: {country: ZZ}}]", "'ZZ' is not a country code"),
        ("sources: {law-notes: {kind: primary, text: x}}", "the source 'law-notes' is one of the atlas."),
        ("provider: own", "the key 'provider' is not known here."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused(write: Callable[[str], Path], text: str, message: str) -> None:
    with pytest.raises(UserError) as caught:
        load_atlas(overlays=(write(HEAD + text.replace("COMPANY", COMPANY) + "\n"),))
    assert message in str(caught.value)


@pytest.mark.parametrize("missing", ["source", "certainty", "checked_on"])
def test_a_fact_needs_source_certainty_and_day(write: Callable[[str], Path], missing: str) -> None:
    told = {"source": "our own papers", "certainty": "memory", "checked_on": "2026-11-20"}
    told.pop(missing)
    defaults = ", ".join(f"{key}: {value}" for key, value in told.items())
    text = f"overlay: own\ndefaults: {{{defaults}}}\nmemberships:\n  - {{group: eu_27, country: ME}}\n"
    with pytest.raises(UserError, match=rf"own\.yaml:4:5: this fact has no {missing}\."):
        load_atlas(overlays=(write(text),))


def test_the_same_overlay_twice(write: Callable[[str], Path]) -> None:
    file = write(HEAD)
    with pytest.raises(UserError, match="the overlay 'own' is given twice"):
        load_atlas(overlays=(file, file))


@pytest.mark.parametrize("text", ["a: &x [1]\nb: *x\n", "[" * 200, "\x00", "- 1\n", ""])
def test_hostile_files_are_refused(write: Callable[[str], Path], text: str) -> None:
    with pytest.raises(UserError):
        load_atlas(overlays=(write(text),))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        load_atlas(overlays=(tmp_path / "none.yaml",))
