from __future__ import annotations

import time
from collections import Counter
from datetime import date

import pytest
import yaml
from babel import Locale

from residency.atlas.atlas import SHIPPED, Atlas, load_atlas
from residency.atlas.countries import COUNTRIES

TODAY = date(2026, 11, 24)
# Written without the atlas: how many places each provider has.
PLACES = {
    "akamai": 31, "alibaba": 39, "aruba": 9, "aws": 131, "azure": 139, "clever-cloud": 12, "cloud-temple": 2,
    "digitalocean": 14, "exoscale": 8, "gcp": 65, "gcp-sovereign": 2, "hetzner": 6, "huawei": 33, "ibm": 24,
    "infomaniak": 2, "ionos": 10, "leaseweb": 10, "numspot": 2, "oci": 85, "otc": 3, "outscale": 8, "ovhcloud": 50,
    "scaleway": 4, "stackit": 2, "tencent": 23, "upcloud": 15, "vultr": 32,
}  # fmt: skip


def test_counts(atlas: Atlas) -> None:
    providers = [atlas.files.provider(file) for file in atlas.files.provider_files]
    assert {p.id: len(p.places) for p in providers if p.places} == PLACES
    assert sum(PLACES.values()) == 761
    assert len(atlas.offer_ids()) == 46
    offers = [atlas.offer(id_) for id_ in atlas.offer_ids()]
    assert sum(len(offer.certificates) for offer in offers if offer) == 129
    assert sum(len(offer.laws or ()) for offer in offers if offer) == 126
    assert len(atlas.files.shape("adequacy").shape.decisions) == 17
    assert len(atlas.files.shape("adequacy").shape.revoked) == 2
    assert len(atlas.files.shape("laws").shape.laws) == 23
    assert len(atlas.files.shape("frameworks").shape.frameworks) == 12
    assert len(atlas.files.shape("hdh-case").shape.requirements) == 20
    assert len(atlas.files.shape("services").shape.services) == 48
    assert len(atlas.kinds.by_id) == 123


def test_every_line_of_every_file_resolves_to_its_country(atlas: Atlas) -> None:
    # The files are read here with another YAML reader than the product's.
    for file in sorted((SHIPPED / "providers").glob("*.yaml")):
        provider = atlas.files.provider(file)
        for line in yaml.safe_load(file.read_text(encoding="utf-8")).get("locations") or []:
            place = provider.place(line["id"])
            assert place is not None
            assert place.id == line["id"]
            countries = atlas.countries(place, TODAY)
            if "country" in line:
                assert countries == (line["country"],)
            elif "countries" in line:
                assert countries == tuple(sorted(line["countries"]))
            elif "countries_of" in line:
                assert countries is not None
                assert len(countries) in (27, 31)
            else:
                assert countries is None
            for code in (*line.get("aliases", ()), *line.get("zones", ())):
                assert provider.place(code) is place


def test_every_offer_resolves_with_its_places(atlas: Atlas) -> None:
    sold: Counter[str] = Counter()
    for offer_id in atlas.offer_ids():
        offer = atlas.offer(offer_id)
        assert offer is not None
        assert offer.id == offer_id
        for place in atlas.places(offer_id):
            sold[f"{offer.provider}/{place.id}"] += 1
            assert atlas.place(offer_id, place.id) is place
    without_offer = {p.partition for f in atlas.files.provider_files for p in atlas.files.provider(f).places
                     if not sold[f"{p.provider}/{p.id}"]}  # fmt: skip
    # Clouds of governments and of single customers, and the pseudo region of the Chinese partition.
    assert without_offer == {
        "aws-cn", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "AzureUSGovernment", "AzureGermanCloud",
        "AzureSingaporeCloud", "oc10", "oc14", "oc15", "oc2", "oc20", "oc21", "oc23", "oc24", "oc26", "oc29", "oc3",
        "oc35", "oc4", "oc42", "oc51", "oc52", "oc8", "oc9",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("offer", "location", "id_", "country"),
    [
        ("aws", "eu-west-3", "eu-west-3", "FR"), ("aws", "eu-west-3a", "eu-west-3", "FR"),
        ("aws", "euw3-az1", "eu-west-3", "FR"), ("aws", "EU", "EU", "IE"), ("aws", "us-east-1", "us-east-1", "US"),
        ("aws", "eu-west-2-wl1-lon-wlz-1", "eu-west-2-wl1-lon-wlz-1", "GB"), ("aws", "eu-central-2", "eu-central-2", "CH"),
        ("aws", "us-east-1-atl-1a", "us-east-1-atl-1a", "US"), ("aws-esc", "eusc-de-east-1", "eusc-de-east-1", "DE"),
        ("aws-eusc", "eusc-de-east-1a", "eusc-de-east-1", "DE"), ("aws-china-sinnet", "cn-north-1", "cn-north-1", "CN"),
        ("gcp", "europe-west2", "europe-west2", "GB"), ("gcp", "europe-west9-b", "europe-west9", "FR"),
        ("gcp", "EUROPE-WEST6", "europe-west6", "CH"), ("gcp", "us-central1-f", "us-central1", "US"),
        ("gcp", "europe-west", "europe-west", "BE"), ("t-systems-google", "europe-west3-a", "europe-west3", "DE"),
        ("azure", "France Central", "francecentral", "FR"), ("azure", "westeurope", "westeurope", "NL"),
        ("azure", "norway", "norway", "NO"), ("bleu", "bleufrancecentral", "bleufrancecentral", "FR"),
        ("s3ns", "u-france-east1-a", "u-france-east1", "FR"), ("ovhcloud", "GRA", "eu-west-gra", "FR"),
        ("ovhcloud", "gra11", "eu-west-gra", "FR"), ("ovhcloud", "GRA42", "eu-west-gra", "FR"),
        ("ovhcloud", "eu-west-lz-zrh", "eu-west-lz-zrh", "CH"), ("ovhcloud", "BHS5", "ca-east-bhs", "CA"),
        ("scaleway", "fr-par-2", "fr-par", "FR"), ("outscale", "cloudgouv-eu-west-1", "cloudgouv-eu-west-1", "FR"),
        ("oracle", "FRA", "eu-frankfurt-1", "DE"), ("ibm", "eu", "eu-geo", None), ("gcp", "eur4", "eur4", None),
        ("orange-flexible-engine", "eu-west-0", "eu-west-0", "FR"),
    ],
)  # fmt: skip
def test_codes_that_providers_write(atlas: Atlas, offer: str, location: str, id_: str, country: str | None) -> None:
    place = atlas.place(offer, location)
    assert place is not None
    assert (place.id, place.country) == (id_, country)
    assert place.provenance.sources
    assert place.certainty in ("verified", "secondary", "memory")


@pytest.mark.parametrize(
    ("offer", "location"),
    [
        ("aws", "eusc-de-east-1"), ("aws", "cn-north-1"), ("aws-esc", "eu-central-1"), ("aws-china-sinnet", "cn-northwest-1"),
        ("azure", "bleufrancecentral"), ("bleu", "francecentral"), ("gcp", "u-france-east1"), ("ovhcloud", "us-east-vin"),
        ("ovhcloud-us", "eu-west-gra"), ("oracle", "eu-frankfurt-2"), ("t-systems-google", "europe-west1"),
        ("worldline", "fr"), ("microsoft-sovereign-private", "francecentral"), ("aws", "eu-west-33"), ("aws", ""),
        ("nobody", "eu-west-3"),
    ],
)  # fmt: skip
def test_a_place_of_another_partition_or_none_is_not_found(atlas: Atlas, offer: str, location: str) -> None:
    assert atlas.place(offer, location) is None


def test_sets_of_places(atlas: Atlas) -> None:
    def answers(offer: str, location: str) -> tuple[str, bool | None, bool | None, bool | None]:
        place = atlas.place(offer, location)
        assert place is not None
        eu, eea = (atlas.within(place, group, TODAY) for group in ("eu_territory", "eea_territory"))
        return place.extent, eu, eea, atlas.adequate(place, TODAY)

    assert answers("gcp", "eu") == ("countries", True, True, True)
    assert answers("gcp", "EU") == ("countries", True, True, True)
    assert answers("gcp", "eur4") == ("countries", True, True, True)
    assert answers("gcp", "eur5") == ("countries", False, False, True)  # Belgium and London
    assert answers("gcp", "eur6") == ("countries", False, False, True)  # a witness in Zurich
    assert answers("gcp", "nam-eur-asia1") == ("countries", False, False, False)
    assert answers("gcp", "us") == ("country", False, False, None)  # hangs on the Data Privacy Framework
    assert answers("gcp", "europe") == ("several", None, None, None)
    assert answers("azure", "europe") == ("several", None, None, None)
    assert answers("gcp", "asia") == ("several", False, False, None)
    assert answers("azure", "asiapacific") == ("several", False, False, None)
    assert answers("gcp", "global") == ("anywhere", False, False, False)
    assert answers("azure", "global") == ("anywhere", False, False, False)
    assert answers("aws", "aws-global") == ("anywhere", False, False, False)
    assert answers("azure", "eudb") == ("countries", False, False, True)  # EFTA, so Switzerland too


def test_a_multi_region_follows_the_membership_of_the_day(atlas: Atlas) -> None:
    place = atlas.place("gcp", "eu")
    assert place is not None
    today, then = atlas.countries(place, TODAY), atlas.countries(place, date(2013, 6, 30))
    assert today is not None
    assert then is not None
    assert set(today) - set(then) == {"HR"}
    # London was never part of it, although the United Kingdom was a member.
    assert "GB" not in then


def test_country_codes_are_those_of_babel() -> None:
    not_iso = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
    territories = {code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha()}
    assert territories - not_iso == COUNTRIES


def test_no_file_stores_area_membership() -> None:
    for file in (SHIPPED / "providers").glob("*.yaml"):
        for line in yaml.safe_load(file.read_text(encoding="utf-8")).get("locations") or []:
            assert not {"eu", "eea", "in_eu", "in_eea"} & set(line)


def test_an_audit_of_one_cloud_reads_one_provider_file(atlas: Atlas) -> None:
    from residency.atlas.atlas import Atlas as Fresh

    fresh = Fresh(SHIPPED)
    start = time.perf_counter()
    assert fresh.place("aws", "eu-west-3") is not None
    assert time.perf_counter() - start < 2
    assert [f.stem for f in fresh.files.provider_files if f in fresh.files._providers] == ["aws"]
    assert fresh.offer("aws-eusc") is fresh.offer("aws-esc")


def test_version_and_hash(atlas: Atlas) -> None:
    assert atlas.version == "2026-11-24"
    assert len(atlas.sha256) == 64
    assert load_atlas() is load_atlas()
