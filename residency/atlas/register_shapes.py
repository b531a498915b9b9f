"""The shapes of the other files: kinds, services, schemes, sources, the Health Data Hub case, registers, Gaia-X."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from residency.atlas.shapes import Certainty, Day, Fact, Origin, PartialDate, Shape, SourceShape, Text

Stores = Literal["yes", "transit", "no"]


class SourcesFile(Shape):
    """sources.yaml."""

    sources: dict[str, SourceShape]


class SentenceShape(Shape):
    """A free sentence of another file, to the letter, and its French."""

    en: str
    fr: str


class FrenchFile(Shape):
    """french.yaml."""

    sentences: list[SentenceShape]

    @cached_property
    def table(self) -> dict[str, str]:
        """The French of each sentence."""
        return {entry.en: entry.fr for entry in self.sentences}


class KindShape(Fact):
    """A kind of resource and what each provider calls it."""

    id: str
    category: str
    stores_data: Stores
    holds_keys: bool = False
    aws_cloudformation: str | None = None
    aws_arn: str | None = None
    boto3_list: str | None = None
    gcp_cai: str | None = None
    azure_arm: str | None = None
    terraform_aws: str | None = None
    terraform_google: str | None = None
    terraform_azurerm: str | None = None
    terraform_ovh: str | None = None
    terraform_scaleway: str | None = None
    terraform_openstack: str | None = None
    terraform_also: list[str] | None = None
    unconfirmed: list[str] | None = None


class KindsFile(Shape):
    """resource-types.yaml."""

    defaults: Origin
    where_the_location_is: dict[str, str]
    checked_against: dict[str, str]
    kinds: list[KindShape]


class RungShape(Fact):
    """A rung of key custody: who can decrypt, and what that does to a transfer."""

    id: str
    title: Text
    decrypts: Text
    use_case: Literal["1", "6"] | None = None
    keys_in_area: bool = False
    effect: Text


class CustodyFile(Shape):
    """key-custody.yaml."""

    defaults: Origin
    rungs: list[RungShape]


class HintsShape(Shape):
    """Coarse certification hints; the certificates of the offer decide."""

    hds: str | None = None
    secnumcloud: str | None = None
    c5: str | None = None


class TargetShape(Fact):
    """What a family of services becomes at one provider."""

    service: str | None = None
    available: bool
    regions: list[str] | None = None
    certification: HintsShape | None = None
    alternative: str | None = None


class ServiceShape(Shape):
    """A family of services of the three large clouds, and its counterparts."""

    id: str
    category: str
    stores_data: Stores
    aws: str
    azure: str
    gcp: str
    api_compatibility: str
    gap: str
    targets: dict[str, TargetShape]


class ServicesFile(Shape):
    """services.yaml."""

    defaults: Origin
    targets: list[str]
    services: list[ServiceShape]


class EditionShape(Fact):
    """An edition of a scheme, and the days on which a certificate to it counts."""

    version: str


class SchemeShape(Fact):
    """A certificate scheme and the check that asks for it."""

    check: str
    scheme: str
    name: str
    editions: list[EditionShape]
    edition_unknown: Literal["unknown", "counts"]


class SchemesFile(Shape):
    """schemes.yaml."""

    defaults: Origin
    fields: dict[str, str]
    schemes: list[SchemeShape]


class CaseEventShape(Fact):
    """A day of the Health Data Hub case."""

    date: PartialDate
    event: str
    ref: str
    effect: str
    date_precision: Literal["year", "month"] | None = None
    date_certainty: Certainty | None = None
    content_certainty: Certainty | None = None
    future: bool | None = None


class ExceptionShape(Shape):
    """A derogation: what it rests on, what it needs, when it ends."""

    ref: str
    needs: str
    ends: str


class RequirementShape(Fact):
    """A checkable requirement of the Health Data Hub case."""

    id: str
    title: str
    requirement: str
    legal_basis: list[str]
    area: str | None = None
    decide: Literal["automatic", "assisted", "document"]
    severity: Literal["critical", "high", "medium", "low"]
    met_when: str
    violated_when: str
    partly_when: str | None = None
    unknown_when: str | None = None
    exception: ExceptionShape | None = None
    warn_days_before: int | None = None
    evidence: dict[str, list[str]]
    traps: list[str] | None = None


class CaseFile(Shape):
    """hdh-case.yaml."""

    defaults: Origin
    official_name: str
    main_data: str
    newest_case_event_found: Day
    timeline: list[CaseEventShape]
    unknown: list[str]
    verdict_rules: list[str]
    profiles: dict[str, list[str]]
    requirements: list[RequirementShape]


class RegisterEntryShape(Origin):
    """A line of the SecNumCloud catalogue as it was read."""

    holder: str
    offer: str
    version: str | None = None
    status: str
    service_type: str | None = None
    date: PartialDate | None = None
    valid_until: PartialDate | None = None
    decision: str | None = None
    provider_id: str | None = None
    catalogue: Day | None = None
    note: str | None = None


class RegisterRulesShape(Fact):
    """How a SecNumCloud qualification works."""

    body: str
    validity_years: int
    surveillance: str
    ownership_rule: str
    validity_source: str


class AwardShape(Shape):
    """A group that won a part of the tender."""

    lead: str
    partners: list[str]
    seal: str


class TenderShape(Fact):
    """The Commission's tender for sovereign cloud services."""

    name: str
    buyer: str
    launched: Day
    awarded: Day
    value_eur: int
    duration_years: int
    framework: str
    scale: dict[str, str]
    awards: list[AwardShape]


class LabelsShape(Fact):
    """Gaia-X level 3 labels."""

    first_wave: list[str]
    services: int
    clearing_house: str
    announced: str


class C3aShape(Fact):
    """BSI C3A attestations."""

    name: str
    published: Day
    body: str
    prerequisite: str
    scope: str
    attested_providers: list[str]


class DoraShape(Fact):
    """Critical providers designated under DORA art. 31."""

    designated: Day
    entities: list[str]


class RegistersFile(Shape):
    """registers.yaml."""

    defaults: Origin
    secnumcloud_register: list[RegisterEntryShape]
    secnumcloud_rules: RegisterRulesShape
    eu_cloud_sovereignty_tender: TenderShape
    gaia_x_label_3: LabelsShape
    bsi_c3a: C3aShape
    dora_critical_providers: DoraShape


class CredentialFormatShape(Fact):
    """How Gaia-X credentials are secured and wrapped."""

    data_model: str
    securing: str
    identity: str
    wrapped_as: str


class EndpointShape(Shape):
    """A service of a clearing house."""

    name: str
    url: str
    line: str
    note: str | None = None


class CredentialsShape(Fact):
    """Terms of the Gaia-X ontology."""

    ontology_namespace: str
    ontology_version: str
    all_listed_shapes_closed: bool
    required_marker: str
    classes: dict[str, list[str]]
    data_protection_regimes: list[str]
    absent_terms_in_25_11: list[str]
    older_terms: dict[str, str]
    participant_set: list[str]
    format: CredentialFormatShape
    services: list[EndpointShape]
    offline_libraries: list[str]
    offline_limit: str


class GaiaXFile(Shape):
    """gaia-x.yaml."""

    defaults: Origin
    credentials: CredentialsShape


class EvidenceShape(Fact):
    """A fact that an audit should collect, and why."""

    field: str
    why: str
    values: list[str] | None = None


class EvidenceFile(Shape):
    """evidence-fields.yaml."""

    defaults: Origin
    fields: list[EvidenceShape]
