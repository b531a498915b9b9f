"""What a caller of the atlas gets: frozen values, with where each comes from. `None` always means *unknown*."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date as day

    from residency.atlas.shapes import Certainty, Provenance, Text

Extent = Literal["country", "countries", "anywhere", "several"]


@dataclass(frozen=True, slots=True)
class Source:
    """A document or page. `id` is missing where the fact cites it in words; then `kind` is not told either."""

    id: str | None
    kind: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """One location code of a provider.

    `extent` says how to read the countries: `country` (one, in `country`), `countries` (`listed`, and the members of
    the groups in `countries_of` on a day), `anywhere`, or `several` (not listed; `never_in` names groups of countries
    it has no part in). Ask `Atlas.countries` and `Atlas.within`, which know the day.
    """

    id: str
    provider: str
    name: str
    type: str
    status: str
    partition: str
    extent: Extent
    country: str | None
    listed: tuple[str, ...]
    countries_of: tuple[str, ...]
    left_out: tuple[str, ...]
    never_in: tuple[str, ...]
    city: str | None
    lat: float | None
    lon: float | None
    aliases: tuple[str, ...]
    zones: tuple[str, ...]
    alias_of: str | None
    parent: str | None
    paired: str | None
    operator: str | None
    sovereign: str | None
    residency: str | None
    launched: str | None
    services: tuple[str, ...]
    note: str | None
    provenance: Provenance = field(repr=False)

    @property
    def certainty(self) -> Certainty | None:
        """How sure the place is: verified, secondary or memory."""
        return self.provenance.certainty

    @property
    def source(self) -> str | None:
        """The first source; all are in `provenance.sources`."""
        return self.provenance.sources[0] if self.provenance.sources else None

    @property
    def anywhere(self) -> bool:
        """True when the place is every region of the provider."""
        return self.extent == "anywhere"

    @property
    def certificate_id(self) -> str:
        """The id under which certificates name the place: that of the place an alias stands for."""
        return self.alias_of or self.id


@dataclass(frozen=True, slots=True)
class Company:
    """A company and the country of its seat."""

    name: str
    country: str | None
    certainty: Certainty | None
    source: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement in words, with where it comes from."""

    text: str
    certainty: Certainty | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Holder:
    """A shareholder outside the Union; `percent` is unknown when not published."""

    name: str
    country: str
    percent: float | None
    as_of: str | None
    certainty: Certainty | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Share:
    """Upper bounds in percent for holders outside the Union, and what they rest on."""

    largest_at_most: float
    total_at_most: float
    basis: str
    certainty: Certainty | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Supplier:
    """Whose technology the offer runs on."""

    name: str
    country: str | None
    what: str
    certainty: Certainty | None
    source: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Establishment:
    """A subsidiary or branch outside the Union, through which a law of its country may reach."""

    country: str
    entity: str
    note: str | None
    certainty: Certainty | None
    source: str | None


@dataclass(frozen=True, slots=True)
class OfferLaw:
    """A law of laws.yaml as the offer's file links it, before any date is looked at."""

    law: str
    via: str
    certainty: Certainty | None
    source: str | None
    note: str | None
    valid_from: day | None
    valid_until: day | None


@dataclass(frozen=True, slots=True)
class LawLink:
    """A law in force on a day that reaches an offer, and the link it acts through.

    `access` is true for a foreign law under which an authority may demand data; false for all others (a cut-off
    risk, a localisation duty, a law of the Union itself). `note` is English; `lapse` is the sentence to show when
    the law has expired and still counts.
    """

    law: str
    via: str
    certainty: Certainty | None
    source: str | None
    note: str | None
    access: bool
    country: str
    kind: str
    name: str
    lapse: Text | None


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate of an offer, or the statement that there is none. Dates as written; `None` is unknown.

    `assumed` names the scenario that says so: then a missing date is open, and only what it says is proven.
    """

    scheme: str
    version: str | None
    status: str
    scope: str | None
    body: str | None
    decision: str | None
    product: str | None
    attestation_type: int | None
    date: str | None
    valid_until: str | None
    services: tuple[str, ...] | Literal["all"] | None
    excluded_services: tuple[str, ...]
    regions: tuple[str, ...] | Literal["all"] | None
    coverage_complete: bool | None
    coverage_certainty: str | None
    coverage_source: str | None
    certainty: Certainty | None
    source: str | None
    checked_on: day | None
    note: str | None
    assumed: str | None = None


@dataclass(frozen=True, slots=True)
class CertAnswer:
    """Whether a certificate covers a kind in a place on a day; `holds` is `None` when that cannot be proven."""

    holds: bool | None
    why: Text
    certificate: Certificate | None


@dataclass(frozen=True, slots=True)
class Adequacy:
    """How a country stands under GDPR chapter V on a day.

    `member` = in the EEA or treated as inside; `full` = an unconditional decision; `conditional` = only recipients
    the decision covers; `none`. `decision` is an id of adequacy.yaml. `treated` tells why a country outside counts as a
    member that day: `transition` = Union law still applied there, `bridge` = a treaty treats transfers as internal.
    """

    status: Literal["member", "full", "conditional", "none"]
    decision: str | None
    instrument: str | None
    note: str | None
    treated: Literal["transition", "bridge"] | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of resource. `names` gives the provider's type names by vocabulary (aws_cloudformation, azure_arm, …)."""

    id: str
    category: str
    stores_data: Literal["yes", "transit", "no"]
    holds_keys: bool
    names: dict[str, str] = field(hash=False)
    also: tuple[str, ...]
    unconfirmed: tuple[str, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class Offer:
    """What is bought: companies, laws and certificates hang on it, not on the brand.

    `operator` is `None` when the contracting entity runs the service itself. `provider` names the file and the list of
    places; `partition` and `ids` narrow it, and an offer with neither nor `all_places` has no listed place.
    `non_eu_holders` is `None` when not researched, empty when a source says there is none; `laws` is `None` when the
    country of a company is not known, so that nobody can say which laws reach it.
    """

    id: str
    provider: str
    name: str
    aliases: tuple[str, ...]
    kind: str
    partition: str | None
    ids: tuple[str, ...] | None
    all_places: bool
    contracting_entity: Company
    ultimate_parent: Company
    operator: Company | None
    ownership: tuple[Statement, ...]
    non_eu_holders: tuple[Holder, ...] | None
    non_eu_share: Share | None
    technology_suppliers: tuple[Supplier, ...]
    us_establishment: Statement | None
    establishments: tuple[Establishment, ...]
    laws: tuple[OfferLaw, ...] | None
    certificates: tuple[Certificate, ...]
    notes: tuple[str, ...]

    @property
    def runs(self) -> Company:
        """The company that runs the service: the operator, or else the contracting entity."""
        return self.operator or self.contracting_entity
