"""Broken data is refused with every problem at its file, line and column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from residency.atlas.atlas import Atlas, load_atlas
from residency.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.atlas.conftest import Copy

SCALEWAY = "providers/scaleway.yaml"
OUTSCALE = "providers/outscale.yaml"


def test_the_shipped_data_is_clean(copy: Copy) -> None:
    assert load_atlas(copy.folder).check().version == "2026-11-24"


def test_a_fact_without_source(copy: Copy) -> None:
    company = "ultimate_parent: {name: iliad SA (Xavier Niel), country: FR, certainty: secondary"
    copy.replace(SCALEWAY, f"{company}, source: csf-cards}}", f"{company}}}")
    problem = copy.one(SCALEWAY)
    assert "has no source" in problem.message
    assert "iliad SA" in copy.line(SCALEWAY, problem.line or 0)


def test_a_place_without_source(copy: Copy) -> None:
    copy.replace("providers/infomaniak.yaml", "  sources: [infomaniak-places]\n", "")
    problems = copy.problems()
    assert len(problems) == 2
    assert all("has no source" in p.message for p in problems)


def test_a_fact_without_certainty(copy: Copy) -> None:
    copy.replace("laws.yaml", "    reach: French persons", "    note: x\n    reach: French persons")
    text = (copy.folder / "laws.yaml").read_text(encoding="utf-8")
    head, tail = text.rsplit("    certainty: secondary\n", 1)
    (copy.folder / "laws.yaml").write_text(head + tail, encoding="utf-8")
    assert "has no certainty" in copy.one("laws.yaml").message


def test_an_unknown_source(copy: Copy) -> None:
    copy.replace(SCALEWAY, "scw-hds-docs", "scw-hds-dogs")
    assert copy.one(SCALEWAY).message == "the source 'scw-hds-dogs' is not in the atlas."


def test_a_country_that_does_not_exist(copy: Copy) -> None:
    copy.replace(SCALEWAY, "{id: it-mil, name: Milan, country: IT", "{id: it-mil, name: Milan, country: ZZ")
    problem = copy.one(SCALEWAY)
    assert "'ZZ' is not a country code" in problem.message
    line = copy.line(SCALEWAY, problem.line or 0)
    assert line[(problem.column or 0) - 1 :].startswith("ZZ")


@pytest.mark.parametrize("code", ["fr", "EU", "UK", "EL", "FRA"])
def test_codes_that_are_not_iso(copy: Copy, code: str) -> None:
    copy.replace(SCALEWAY, "{id: it-mil, name: Milan, country: IT", f"{{id: it-mil, name: Milan, country: {code}")
    assert repr(code) in copy.one(SCALEWAY).message


def test_an_id_used_twice(copy: Copy) -> None:
    copy.replace(SCALEWAY, "{id: it-mil, name: Milan,", "{id: fr-par, name: Milan,")
    problems = copy.problems()
    assert "the location 'fr-par' stands twice." in {p.message for p in problems}


def test_a_code_of_two_places_in_different_countries(copy: Copy) -> None:
    copy.replace(
        OUTSCALE, "zones: [eu-west-2a, eu-west-2b]", "zones: [eu-west-2a, EU-WEST-2B], aliases: [AP-Northeast-1]"
    )
    problem = copy.one(OUTSCALE)
    assert "'eu-west-2'" in problem.message
    assert "'ap-northeast-1'" in problem.message


def test_an_offer_used_twice(copy: Copy) -> None:
    copy.replace("providers/hetzner.yaml", "  - id: hetzner\n", "  - id: Scaleway\n")
    assert copy.one(SCALEWAY).message == "the offer 'scaleway' stands twice."


def test_unknown_law_group_kind_scheme_and_location(copy: Copy) -> None:
    copy.replace("providers/upcloud.yaml", "{law: US-CLOUD-ACT,", "{law: US-CLOUD-AKT,")
    copy.replace(
        "providers/gcp.yaml", "several: true, never_in: [eea_territory]", "several: true, never_in: [eea_teritory]"
    )
    copy.replace(SCALEWAY, "services: [vm, object-bucket, block-volume, snapshot, bare-metal, vpc]", "services: [vmm]")
    copy.replace("providers/aruba.yaml", "scheme: ISO/IEC 27018", "scheme: ISO/IEC 27019")
    copy.replace(
        "providers/cloud-temple.yaml",
        "        services: [kubernetes]\n        regions: [fr1]",
        "        services: [kubernetes]\n        regions: [fr9]",
    )
    copy.replace("providers/ionos.yaml", "sold_in: {all: true}", "sold_in: {partition: ionoss}")
    copy.replace("frameworks.yaml", "transition_end: 2026-05-16", "transition_end: 2026-05-16\n    nonsense: 1")
    messages = {p.message for p in copy.problems()}
    assert messages == {
        "the law 'US-CLOUD-AKT' is not in the atlas.",
        "the group 'eea_teritory' is not in the atlas.",
        "the kind 'vmm' is not in the atlas.",
        "the certificate scheme 'ISO/IEC 27019' is not in the atlas.",
        "the location 'fr9' is not in the atlas.",
        "the partition 'ionoss' is not in the atlas.",
        "frameworks[1].nonsense: the key 'nonsense' is not known here.",
    }


def test_dates(copy: Copy) -> None:
    copy.replace(
        "country-groups.yaml", "{country: HR, valid_from: 2013-07-01}", "{country: HR, valid_from: 2013-07-32}"
    )
    assert "'2013-07-32' is not a day" in copy.problems()[0].message


def test_days_in_the_wrong_order(copy: Copy) -> None:
    copy.replace(
        "country-groups.yaml",
        "valid_from: 2009-12-01, valid_until: 2011-12-31",
        "valid_from: 2012-12-01, valid_until: 2011-12-31",
    )
    assert "valid_from 2012-12-01 is after valid_until 2011-12-31" in copy.problems()[0].message


def test_a_certificate_that_ends_before_it_begins(copy: Copy) -> None:
    copy.replace(OUTSCALE, "valid_until: 2029-08-27", "valid_until: 2019-08-27")
    assert copy.one(OUTSCALE).message == "valid_until 2019-08-27 is before date 2026-08-27."


def test_a_place_needs_exactly_one_extent(copy: Copy) -> None:
    copy.replace(SCALEWAY, "name: Milan, country: IT", "name: Milan, country: IT, anywhere: true")
    assert "has country and anywhere" in copy.one(SCALEWAY).message


def test_a_number_where_text_is_needed(copy: Copy) -> None:
    copy.replace("providers/worldline.yaml", "scheme: SecNumCloud", "scheme: SecNumCloud\n        version: 3.2")
    problem = copy.one("providers/worldline.yaml")
    assert problem.remedy == "Put it in quotes."


def test_a_broken_file_is_also_refused_without_check(copy: Copy) -> None:
    copy.replace(SCALEWAY, "list_confidence: high", "list_confidence: very high")
    atlas = load_atlas(copy.folder)
    assert atlas.place("aws", "eu-west-3") is not None
    with pytest.raises(UserError, match=r"scaleway\.yaml:\d+:\d+: list_confidence: must be one of"):
        atlas.offer("scaleway")


def test_a_folder_that_is_no_atlas(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not a folder of atlas data"):
        load_atlas(tmp_path)


def test_a_missing_file(copy: Copy) -> None:
    (copy.folder / "laws.yaml").unlink()
    with pytest.raises(UserError, match=r"laws\.yaml: is missing"):
        load_atlas(copy.folder)


def test_the_hash_changes_with_any_file(copy: Copy) -> None:
    before = Atlas(copy.folder).sha256
    assert before == load_atlas().sha256
    copy.replace("services.yaml", "# Families of services", "# Families of the services")
    assert Atlas(copy.folder).sha256 != before
