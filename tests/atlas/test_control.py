from __future__ import annotations

from datetime import date

import pytest

from residency.atlas.atlas import Atlas, LawLink

TODAY = date(2026, 11, 24)


def links(atlas: Atlas, offer: str, day: date = TODAY) -> tuple[LawLink, ...]:
    found = atlas.laws(offer, day)
    assert found is not None
    return found


def test_companies(atlas: Atlas) -> None:
    azure, esc = atlas.offer("azure"), atlas.offer("aws-eusc")
    assert azure is not None
    assert azure.operator is None
    assert (azure.runs.name, azure.runs.country) == ("Microsoft Ireland Operations Limited", "IE")
    assert (azure.ultimate_parent.name, azure.ultimate_parent.country) == ("Microsoft Corporation", "US")
    assert esc is not None
    assert esc.id == "aws-esc"
    assert esc.operator is not None
    assert esc.operator.country == "DE"
    assert esc.technology_suppliers[0].country == "US"


def test_access_laws_and_their_links(atlas: Atlas) -> None:
    assert {link.law for link in links(atlas, "azure") if link.access and link.via == "parent"} == {
        "US-CLOUD-ACT", "US-FISA-702", "US-EO-12333", "US-NSL",
    }  # fmt: skip
    assert [link.law for link in links(atlas, "azure") if not link.access] == ["US-SANCTIONS"]
    assert links(atlas, "scaleway") == ()
    assert {(link.law, link.via) for link in links(atlas, "ovhcloud")} == {
        ("US-CLOUD-ACT", "establishment"), ("CA-PRODUCTION-ORDER", "establishment"), ("UK-IPA", "establishment"),
    }  # fmt: skip
    assert {link.via for link in links(atlas, "s3ns") if link.law == "US-CLOUD-ACT"} == {
        "technology-supplier", "minority-shareholder",
    }  # fmt: skip
    assert {link.via for link in links(atlas, "vultr")} == {"operator"}
    assert atlas.laws("nobody", TODAY) is None


def test_a_law_of_the_union_is_no_foreign_exposure(atlas: Atlas) -> None:
    (link,) = links(atlas, "exoscale")
    assert (link.law, link.access) == ("EU-EEVIDENCE", False)
    assert links(atlas, "exoscale", date(2026, 8, 17)) == ()


def test_laws_of_a_past_day(atlas: Atlas) -> None:
    assert "US-CLOUD-ACT" not in {link.law for link in links(atlas, "aws", date(2018, 3, 22))}
    assert "US-CLOUD-ACT" in {link.law for link in links(atlas, "aws", date(2018, 3, 23))}
    # British law became foreign when the United Kingdom left.
    assert {link.access for link in links(atlas, "ovhcloud", date(2019, 6, 1)) if link.law == "UK-IPA"} == {False}
    assert {link.access for link in links(atlas, "ovhcloud", date(2021, 6, 1)) if link.law == "UK-IPA"} == {True}


def test_the_lapse_of_fisa_702_is_told_and_still_counted(atlas: Atlas) -> None:
    before = next(link for link in links(atlas, "aws", date(2026, 6, 11)) if link.law == "US-FISA-702")
    after = next(link for link in links(atlas, "aws", date(2026, 6, 12)) if link.law == "US-FISA-702")
    assert before.lapse is None
    assert after.access
    assert after.lapse is not None
    assert "2026-06-12" in after.lapse.en
    assert "12 juin 2026" in after.lapse.fr


def test_shares_outside_the_union(atlas: Atlas) -> None:
    assert atlas.non_eu_share("scaleway") == (4.0, 4.0)
    assert atlas.non_eu_share("ovhcloud") == (21.0, 21.0)
    assert {o for o in atlas.offer_ids() if atlas.non_eu_share(o) == (0.0, 0.0)} == {
        "bleu", "clever-cloud", "numspot", "scalingo",
    }  # fmt: skip
    assert atlas.non_eu_share("s3ns") is None
    assert atlas.non_eu_share("aws") is None
    assert atlas.non_eu_share("nobody") is None


@pytest.mark.parametrize(
    ("offer", "check", "kind", "location", "holds"),
    [
        ("scaleway", "secnumcloud", "object-bucket", "fr-par", False),
        ("aws", "secnumcloud", "vm", "eu-west-3", False),
        ("aws", "secnumcloud", None, None, False),
        ("azure", "secnumcloud", "vm", "francecentral", False),
        # Coverage only inferred, and a product line: likely at most.
        ("ovhcloud", "secnumcloud", "vm", "eu-west-gra-snc", None),
        ("ovhcloud", "secnumcloud", "vm", "eu-west-gra", False),
        ("ovhcloud", "secnumcloud", "vm", "GRA11", False),
        # A dedicated server may belong to the qualified Bare Metal Pod.
        ("ovhcloud", "secnumcloud", "bare-metal", "GRA11", None),
        ("outscale", "secnumcloud", "vm", "cloudgouv-eu-west-1", None),
        ("outscale", "secnumcloud", "vm", "eu-west-2", None),
        ("cloud-temple", "secnumcloud", "vm", "fr1", True),
        ("cloud-temple", "secnumcloud", "vpc", "fr1", False),
        ("cloud-temple", "secnumcloud", "queue", "fr1", None),
        ("cloud-temple", "secnumcloud", None, "fr1", None),
        ("cloud-temple", "secnumcloud", "vm", None, None),
        ("s3ns", "secnumcloud", "vm", "u-france-east1", None),
        ("s3ns", "secnumcloud", "spanner", "u-france-east1", False),
        ("numspot", "secnumcloud", "vm", None, None),
        ("worldline", "secnumcloud", "vm", None, None),
        ("bleu", "secnumcloud", "vm", "bleufrancecentral", None),
        ("clever-cloud", "secnumcloud", "web-app", "par", None),
        # A list of places that is only inferred proves nothing about the others, here the EEA regions of AWS.
        ("aws", "hds", "vm", "us-east-1", None),
        ("aws", "hds", "vm", "eu-west-3", None),
        ("outscale", "hds", "vm", "us-east-2", None),
        # HDS at Scaleway: services and region known, last day not.
        ("scaleway", "hds", "object-bucket", "fr-par", None),
        ("scaleway", "hds", "object-bucket", "nl-ams", False),
        ("scaleway", "hds", "relational-db", "fr-par", False),
        ("clever-cloud", "hds", "relational-db", "parhds", True),
        ("clever-cloud", "hds", "relational-db", "par", False),
        ("azure", "hds", "vm", "francecentral", None),
        ("hetzner", "hds", "vm", "fsn1", None),
        ("nobody", "secnumcloud", "vm", "x", None),
    ],
)
def test_certificates_today(
    atlas: Atlas, offer: str, check: str, kind: str | None, location: str | None, holds: bool | None
) -> None:
    answer = atlas.certificate(offer, check, kind, location, TODAY)
    assert answer.holds is holds
    assert answer.why.en
    assert answer.why.fr
    assert answer.why.en != answer.why.fr
    assert answer.certificate is None or answer.certificate.scheme == atlas.schemes()[check].scheme


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2024, 12, 19), None),  # an earlier certificate is not in the atlas
        (date(2024, 12, 20), True),
        (date(2027, 12, 19), True),
        (date(2027, 12, 20), None),  # a renewal after the atlas was checked cannot be known
    ],
)
def test_certificates_on_the_edges_of_their_dates(atlas: Atlas, day: date, holds: bool | None) -> None:
    assert atlas.certificate("clever-cloud", "hds", "web-app", "parhds", day).holds is holds


def test_only_what_is_held_ever_proves_anything(atlas: Atlas) -> None:
    for offer_id in atlas.offer_ids():
        for check in atlas.schemes():
            for place in atlas.places(offer_id):
                for kind in ("vm", "object-bucket", "relational-db"):
                    answer = atlas.certificate(offer_id, check, kind, place.id, TODAY)
                    if answer.holds:
                        assert answer.certificate is not None
                        assert answer.certificate.status == "held"
                        assert answer.certificate.coverage_certainty != "inferred"
                        assert answer.certificate.date is not None
                        assert answer.certificate.valid_until is not None


def test_dates_that_no_source_gives_are_from_memory(atlas: Atlas) -> None:
    editions = {(s.scheme, e.version): e.certainty for s in atlas.schemes().values() for e in s.editions}
    for name in (("BSI C5", "2020"), ("BSI C5", "2026"), ("ISO/IEC 27001", "2013")):
        assert editions[name] == "memory"


def test_unknown_check(atlas: Atlas) -> None:
    with pytest.raises(KeyError):
        atlas.certificate("aws", "soc-9", "vm", "eu-west-3", TODAY)


@pytest.mark.parametrize(
    ("vocabulary", "name", "kind"),
    [
        ("aws_cloudformation", "AWS::S3::Bucket", "object-bucket"),
        ("aws_cloudformation", "aws::s3::bucket", None),
        ("gcp_cai", "storage.googleapis.com/Bucket", "object-bucket"),
        ("azure_arm", "microsoft.storage/STORAGEACCOUNTS", "object-bucket"),
        ("terraform", "AWS_S3_BUCKET", "object-bucket"),
        ("terraform_scaleway", "scaleway_object_bucket", "object-bucket"),
        ("terraform", "aws_s3_directory_bucket", "object-bucket"),
        ("terraform", "google_kms_key_ring", "kms-key"),
        ("aws_arn", "rds:cluster", "relational-cluster"),
        ("aws_cloudformation", "AWS::No::Such", None),
        ("no_vocabulary", "AWS::S3::Bucket", None),
    ],
)
def test_kinds(atlas: Atlas, vocabulary: str, name: str, kind: str | None) -> None:
    assert atlas.kind_of(vocabulary, name) == kind


def test_kinds_that_hold_keys(atlas: Atlas) -> None:
    assert {k.id for k in atlas.kinds.by_id.values() if k.holds_keys} == {"kms-key", "managed-hsm", "payment-key", "private-ca"}
    bucket = atlas.kind("object-bucket")
    assert bucket is not None
    assert (bucket.category, bucket.stores_data) == ("object-storage", "yes")
    assert atlas.kind("no-kind") is None


def test_sources_are_told_in_words(atlas: Atlas) -> None:
    assert atlas.source(None, "anssi-cat").kind == "secondary"
    assert "botocore" in atlas.source("aws", "aws-places-1").text
    assert atlas.source(None, "EUR-Lex copy").text == "EUR-Lex copy"
