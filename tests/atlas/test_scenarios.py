"""Each scenario changes what it says, on the days it says, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from residency.atlas.atlas import Atlas
from residency.atlas.scenario import Scenario, load_scenario, scenario_ids
from residency.errors import UserError
from tests.atlas.answers import Answers, answers, differences

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def before(atlas: Atlas) -> Answers:
    return answers(atlas, TODAY, atlas.offer_ids())


def changed(atlas: Atlas, before: Answers, scenario: Scenario) -> set[tuple[Any, ...]]:
    return differences(before, answers(atlas.under(scenario), TODAY, atlas.offer_ids()))


def written(folder: Path, changes: str) -> Scenario:
    file = folder / "own.yaml"
    text = f"id: own\ntitle: {{en: x, fr: x}}\ndescription: {{en: x, fr: x}}\nchanges:\n{changes}"
    file.write_text(text, encoding="utf-8")
    return load_scenario(file)


def test_the_shipped_ones() -> None:
    assert scenario_ids() == ("cada-adopted", "dpf-annulled", "fisa-renewed", "offer-qualified", "uk-adequacy-lapsed")
    for name in scenario_ids():
        scenario = load_scenario(name)
        assert scenario.id == name
        assert scenario.title.en != scenario.title.fr
        assert scenario.description.en != scenario.description.fr
        assert scenario.earliest is None


def places_in(atlas: Atlas, country: str) -> set[tuple[Any, ...]]:
    """The adequacy answers of each place that may be in a country."""
    return {
        ("adequate", offer, place.id)
        for offer in atlas.offer_ids()
        for place in atlas.places(offer)
        if country in (atlas.countries(place, TODAY) or ())
    }


def test_dpf_annulled(atlas: Atlas, before: Answers) -> None:
    found = changed(atlas, before, load_scenario("dpf-annulled"))
    # A place that already has a country without any decision stays what it was: not adequate.
    assert found == {("adequacy", "US")} | {key for key in places_in(atlas, "US") if before[key] is not False}
    under = atlas.under(load_scenario("dpf-annulled"))
    assert under.adequacy("US", TODAY).status == "none"
    assert under.adequacy("US", date(2020, 7, 15)).decision == "US-PRIVACY-SHIELD"
    place = under.place("aws", "us-east-1")
    assert place is not None
    assert under.adequate(place, TODAY) is False


def test_uk_adequacy_lapsed(atlas: Atlas, before: Answers) -> None:
    found = changed(atlas, before, load_scenario("uk-adequacy-lapsed"))
    assert found == {("adequacy", "GB")} | {key for key in places_in(atlas, "GB") if before[key] is not False}
    under = atlas.under(load_scenario("uk-adequacy-lapsed"))
    assert under.adequacy("GB", TODAY).status == "none"
    assert under.adequacy("GB", date(2020, 6, 1)).treated == "transition"


def test_fisa_renewed(atlas: Atlas, before: Answers) -> None:
    found = changed(atlas, before, load_scenario("fisa-renewed"))
    reached = {
        ("laws", o) for o in atlas.offer_ids() if any(x.law == "US-FISA-702" for x in atlas.laws(o, TODAY) or ())
    }
    assert len(reached) > 10
    assert found == {("law", "US-FISA-702")} | reached
    links = atlas.under(load_scenario("fisa-renewed")).laws("aws", TODAY)
    assert links is not None
    assert [link.law for link in links] == [link.law for link in atlas.laws("aws", TODAY) or ()]
    assert all(link.lapse is None for link in links)


def test_cada_adopted(atlas: Atlas, before: Answers) -> None:
    assert changed(atlas, before, load_scenario("cada-adopted")) == {("applies", "EU-CADA")}
    assert atlas.applies("EU-CADA", TODAY) is False
    assert atlas.under(load_scenario("cada-adopted")).applies("EU-CADA", TODAY) is True


def test_offer_qualified(atlas: Atlas, before: Answers) -> None:
    found = changed(atlas, before, load_scenario("offer-qualified"))
    assert found == {
        ("cert", "scaleway", "secnumcloud", kind, "fr-par") for kind in ("vm", "object-bucket", "relational-db")
    }
    answer = atlas.under(load_scenario("offer-qualified")).certificate(
        "scaleway", "secnumcloud", "vm", "fr-par-2", TODAY
    )
    assert answer.holds is True
    assert answer.why.en == "held by assumption of the scenario offer-qualified"
    # The edition still has to count on the day.
    then = date(2020, 1, 1)
    assert (
        not atlas.under(load_scenario("offer-qualified"))
        .certificate("scaleway", "secnumcloud", "vm", "fr-par", then)
        .holds
    )


def test_a_certificate_for_some_kinds_says_nothing_of_the_others(atlas: Atlas, tmp_path: Path, before: Answers) -> None:
    change = (
        "  - {certify: bleu, scheme: SecNumCloud, version: '3.2', services: [vm], regions: [bleufrancecentral],"
        " from: 2026-11-01, until: 2026-12-31}\n"
    )
    scenario = written(tmp_path, change)
    assert changed(atlas, before, scenario) == {("cert", "bleu", "secnumcloud", "vm", "bleufrancecentral")}
    under = atlas.under(scenario)
    holds = [
        under.certificate("bleu", "secnumcloud", "vm", "bleufrancecentral", day).holds
        for day in (date(2026, 10, 31), date(2026, 11, 1), date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert holds == [None, True, True, None]


def test_a_change_waits_for_its_day(atlas: Atlas, tmp_path: Path, before: Answers) -> None:
    scenario = written(
        tmp_path,
        "  - {annul: US-DPF, from: 2027-01-01}\n"
        "  - {lapse: US-CLOUD-ACT, from: 2027-02-01}\n"
        "  - {acquire: scaleway, by: {name: Example Inc., country: US}, from: 2027-03-01}\n"
        "  - {adopt: EU-CADA, from: 2027-04-01}\n"
        "  - {renew: US-FISA-702, from: 2027-05-01, until: 2029-05-01}\n",
    )
    assert scenario.earliest == date(2027, 1, 1)
    assert changed(atlas, before, scenario) == set()
    under = atlas.under(scenario)
    eve = timedelta(days=1)
    told: tuple[tuple[date, Callable[[date], Any]], ...] = (
        (date(2027, 1, 1), lambda d: under.adequacy("US", d).status == "none"),
        (date(2027, 2, 1), lambda d: "US-CLOUD-ACT" not in {x.law for x in under.laws("aws", d) or ()}),
        (date(2027, 3, 1), lambda d: bool(under.laws("scaleway", d))),
        (date(2027, 4, 1), lambda d: under.applies("EU-CADA", d)),
        (date(2027, 5, 1), lambda d: all(x.lapse is None for x in under.laws("aws", d) or ())),
    )
    for day, tell in told:
        assert (tell(day - eve), tell(day)) == (False, True), day
    assert "US-FISA-702" not in {x.law for x in under.laws("aws", date(2029, 5, 2)) or ()}


def test_an_acquisition(atlas: Atlas, tmp_path: Path, before: Answers) -> None:
    scenario = written(tmp_path, "  - {acquire: scaleway, by: {name: Example Inc., country: US}}\n")
    assert changed(atlas, before, scenario) == {(what, "scaleway") for what in ("parent", "shares", "laws")}
    under = atlas.under(scenario)
    offer, links = under.offer("scaleway", TODAY), under.laws("scaleway", TODAY)
    assert offer is not None
    assert links is not None
    assert (offer.ultimate_parent.name, offer.ultimate_parent.country) == ("Example Inc.", "US")
    access = {"law_enforcement", "intelligence", "both"}
    shipped = {law.id for ((_, law),) in atlas.layers.laws.values() if law.country == "US" and law.kind in access}
    assert {link.law for link in links} == shipped
    assert {(link.via, link.access) for link in links} == {("parent", True)}
    assert under.non_eu_share("scaleway", TODAY) == (100.0, 100.0)


def test_a_buyer_of_the_union_frees_an_offer(atlas: Atlas, tmp_path: Path) -> None:
    under = atlas.under(written(tmp_path, "  - {acquire: azure, by: {name: Exemple SA, country: FR}}\n"))
    assert [link for link in under.laws("azure", TODAY) or () if link.via == "parent"] == []
    assert under.non_eu_share("azure", TODAY) is None


def test_renewal_of_a_decision_that_had_ended(atlas: Atlas, tmp_path: Path) -> None:
    under = atlas.under(written(tmp_path, "  - {renew: GB, from: 2032-06-01, until: 2035-12-31}\n"))
    days = (date(2031, 12, 27), date(2032, 1, 1), date(2032, 6, 1), date(2035, 12, 31), date(2036, 1, 1))
    assert [under.adequacy("GB", day).status for day in days] == ["full", "none", "full", "full", "none"]


def test_a_new_decision_and_a_withdrawn_certificate(atlas: Atlas, tmp_path: Path) -> None:
    scenario = written(
        tmp_path,
        "  - {grant: CN, countries: [CN], conditional: true, from: 2027-01-01}\n"
        "  - {withdraw: clever-cloud, scheme: HDS, from: 2026-12-01}\n",
    )
    under = atlas.under(scenario)
    assert [under.adequacy("CN", d).status for d in (TODAY, date(2027, 1, 1))] == ["none", "conditional"]
    holds = [
        under.certificate("clever-cloud", "hds", "web-app", "parhds", day).holds for day in (TODAY, date(2026, 12, 1))
    ]
    assert holds == [True, False]


def test_the_atlas_it_comes_from_stays_and_the_hash_tells(atlas: Atlas, before: Answers) -> None:
    one, two = load_scenario("dpf-annulled"), load_scenario("offer-qualified")
    both = atlas.under(one).under(two)
    assert both.version == "2026-11-24+scenario:dpf-annulled+scenario:offer-qualified"
    assert len({atlas.sha256, atlas.under(one).sha256, atlas.under(two).sha256, both.sha256}) == 4
    assert atlas.under(one).sha256 == atlas.under(one).sha256
    assert both.adequacy("US", TODAY).status == "none"
    assert both.certificate("scaleway", "secnumcloud", "vm", "fr-par", TODAY).holds is True
    assert differences(before, answers(atlas, TODAY, atlas.offer_ids())) == set()


def test_an_unknown_scenario_names_those_there_are() -> None:
    with pytest.raises(UserError, match=r"'dpf' is neither shipped nor a file\. Shipped: cada-adopted, dpf-annulled"):
        load_scenario("dpf")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("{annul: US-DPFF}", "own.yaml:5:13: the adequacy decision 'US-DPFF' is not in the atlas."),
        ("{lapse: XX}", "the adequacy decision or law 'XX' is not in the atlas."),
        ("{adopt: GDPR-45}", "'GDPR-45' is not a proposal."),
        ("{grant: GB, countries: [GB], conditional: false}", "'GB' is already in the atlas."),
        ("{acquire: aws-eusc, by: {name: X, country: FR}}", "'aws-eusc' is another name of the offer 'aws-esc'."),
        ("{acquire: nobody, by: {name: X, country: FR}}", "the offer 'nobody' is not in the atlas."),
        ("{withdraw: aws, scheme: HDSS}", "the certificate scheme 'HDSS' is not in the atlas."),
        ("{certify: aws, scheme: HDS, version: v9, services: all, regions: all}", "the edition of HDS 'v9' is not"),
        ("{certify: aws, scheme: HDS, services: all, regions: all}", "without a version proves nothing. Name one of v1, v2."),
        ("{certify: aws, scheme: HDS, version: v2, services: [vmm], regions: [eu-west-33]}", "the kind 'vmm' is not"),
        ("{certify: aws, scheme: HDS, version: v2, services: all, regions: [EU-WEST-3]}", "the location 'EU-WEST-3' is not"),
    ],
)  # fmt: skip
def test_what_the_atlas_does_not_know_is_refused(atlas: Atlas, tmp_path: Path, change: str, message: str) -> None:
    with pytest.raises(UserError) as caught:
        atlas.under(written(tmp_path, f"  - {change}\n"))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("{anul: US-DPF}", "own.yaml:5:5: changes[0]: a change needs exactly one of annul, lapse,"),
        ("{annul: US-DPF, lapse: GB}", "needs exactly one of"),
        ("just words", "needs exactly one of"),
        ("{annul: US-DPF, form: 2027-01-01}", "the key 'form' is not known here."),
        ("{annul: US-DPF, from: 2027-02-30}", "own.yaml:5:27: changes[0].from: '2027-02-30' is not a day"),
        ("{renew: GB, from: 2030-01-01, until: 2029-01-01}", "from 2030-01-01 is after until 2029-01-01."),
        ("{acquire: aws, by: {name: X, country: UK}}", "'UK' is not a country code"),
    ],
)
def test_a_broken_file_is_refused_at_its_place(tmp_path: Path, change: str, message: str) -> None:
    with pytest.raises(UserError) as caught:
        written(tmp_path, f"  - {change}\n")
    assert message in str(caught.value)
