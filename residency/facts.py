"""The fact row: every fact a rule may name, with its type and its meaning.

A fact row is a placement joined with its resource, its account, its offer and the atlas as of a date. A fact that is
not known is absent (NULL in a table), so that a rule that needs it is *unproven*, never compliant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pyarrow as pa

FactType = Literal["string", "bool", "double", "list"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One column of the fact row. `list` is a list of texts. `meaning` says when the fact is unknown.

    `en` and `fr` are its short names in a sentence.
    """

    name: str
    type: FactType
    en: str
    fr: str
    meaning: str


FACTS: tuple[Fact, ...] = (
    Fact("resource.uid", "string", "resource", "ressource", "The provider's own full id of the resource."),
    Fact("resource.provider", "string", "provider", "fournisseur", "Who answered the inventory calls: aws, gcp, azure, …"),
    Fact("resource.offer", "string", "offer", "offre", "The offer that is bought, an id of the atlas. Unknown when the inventory does not say."),
    Fact("resource.account", "string", "account", "compte", "Account, project or subscription id."),
    Fact("resource.account_path", "list", "account path", "chemin du compte", "Names from the organisation's root down to the account. Empty when there is none."),
    Fact("resource.type", "string", "resource type", "type de ressource", "The provider's own type name."),
    Fact("resource.kind", "string", "kind of resource", "nature de la ressource", "The normalised kind, an id of the atlas. Unknown for a type the atlas does not list."),
    Fact("resource.category", "string", "family of resource", "famille de la ressource", "The family of the kind: object-storage, database, security, …"),
    Fact("resource.holds_keys", "bool", "whether it holds keys", "ressource de gestion de clés ou non", "True for a key or a hardware security module, false for everything else, unlisted types included."),
    Fact("resource.name", "string", "name", "nom", "The resource's name, where it has one."),
    Fact("resource.stores_data", "string", "whether it stores data", "conservation ou non de données", "yes, transit or no: whether customer content rests in it."),
    Fact("resource.data_class", "string", "data class", "catégorie de données", "health, personal, special-category, state-sensitive, internal or public: the class it is judged as."),
    Fact("resource.data_class_from", "string", "origin of the data class", "origine de la catégorie de données", "How the class is known: inventory, tag, account (its tags, or a rule of the configuration), name (a rule), option or default."),
    Fact("resource.classified", "bool", "whether the data class was declared", "déclaration de la catégorie de données", "True when the resource itself or its account says its data class; false when the default was taken."),
    Fact("place.role", "string", "role of the place", "rôle de l’emplacement", "primary, replica, backup, snapshot, cache, processing, log, key, share or control-plane."),
    Fact("place.location", "string", "location code", "code de localisation", "The provider's location code. Unknown when it could not be read."),
    Fact("place.via", "string", "setting that puts data there", "réglage qui y place les données", "The setting or relation that puts data there."),
    Fact("place.target", "string", "what receives the data", "destinataire des données", "What receives the data: a bucket, a vault, an account."),
    Fact("place.offer", "string", "offer of the place", "offre de l’emplacement", "The offer the place belongs to."),
    Fact("place.extent", "string", "extent of the location", "étendue de la localisation", "country (one), countries (several, listed), anywhere, or several (not listed)."),
    Fact("place.countries", "list", "countries", "pays", "Every country the data may be in (ISO 3166-1). Unknown for an unknown location, or one whose countries are not listed."),
    Fact("place.country", "string", "country", "pays", "The country, when there is exactly one."),
    Fact("place.in_eu", "bool", "whether the place is in the EU", "situation dans l’UE ou non", "True when every possible country is EU territory on the as-of date, false when any is not or the place is anywhere."),
    Fact("place.in_eea", "bool", "whether the place is in the EEA", "situation dans l’EEE ou non", "The same for the European Economic Area."),
    Fact("place.adequate", "bool", "whether adequacy covers the place", "couverture par une décision d’adéquation", "True when every possible country is in the EEA, treated as such on the date, or has an unconditional adequacy decision; false when one has none; unknown when it hangs on a condition (US, Canada, Japan…)."),
    Fact("place.adequacy", "string", "standing under GDPR Chapter V", "situation au regard du chapitre V du RGPD", "How the place stands under GDPR Chapter V on the date, worst over its countries: member (EEA), treated (as inside the EEA by a treaty), full (unconditional adequacy), conditional (only recipients the decision covers) or none. A place that is anywhere is none. Unknown where the countries are."),
    Fact("control.operator", "string", "operator", "exploitant", "The company that runs the place."),
    Fact("control.operator_country", "string", "country of the operator", "pays de l’exploitant", "Its country."),
    Fact("control.contracting_country", "string", "country of the contracting company", "pays de la société contractante", "Country of the company that EU customers contract with."),
    Fact("control.parent", "string", "ultimate parent company", "société mère ultime", "The ultimate parent company."),
    Fact("control.parent_country", "string", "country of the ultimate parent", "pays de la société mère ultime", "Its country."),
    Fact("control.seat_in_eu", "bool", "whether the contracting company is in the EU", "siège de la société contractante dans l’UE ou non", "Whether the contracting company sits in EU territory."),
    Fact("control.parent_in_eu", "bool", "whether the ultimate parent is in the EU", "société mère ultime dans l’UE ou non", "Whether the ultimate parent sits in EU territory."),
    Fact("control.operator_in_eu", "bool", "whether the operator is in the EU", "exploitant établi dans l’UE ou non", "Whether the company that runs the place sits in EU territory."),
    Fact("control.seat_in_eea", "bool", "whether the contracting company is in the EEA", "siège de la société contractante dans l’EEE ou non", "Whether the contracting company sits in the European Economic Area."),
    Fact("control.parent_in_eea", "bool", "whether the ultimate parent is in the EEA", "société mère ultime dans l’EEE ou non", "Whether the ultimate parent sits in the European Economic Area."),
    Fact("control.supplier_countries_outside_eu", "list", "countries of technology suppliers outside the EU", "pays des fournisseurs de technologie hors UE", "Countries outside the EU of the technology suppliers the atlas names. Unknown where it names none there: its lists are not said to be complete, so an empty list is never assumed."),
    Fact("control.laws_by_parent", "list", "laws that reach it through the parent", "lois applicables par la société mère", "Foreign access laws in force that reach the offer through its parent."),
    Fact("control.laws_by_operator", "list", "laws that reach it through the operator", "lois applicables par l’exploitant", "The same through the operator itself."),
    Fact("control.laws_disputed", "list", "laws whose reach is disputed", "lois dont la portée est discutée", "The same through an establishment, a technology supplier or a minority shareholder: shown, and judged only by a rule that asks."),
    Fact("control.non_eu_share_largest", "double", "largest non-EU holding", "plus forte participation hors UE", "Upper bound in percent of the largest single non-EU holding. Unknown when not published."),
    Fact("control.non_eu_share_total", "double", "all non-EU holdings together", "total des participations hors UE", "Upper bound in percent of all non-EU holdings together. Unknown when not published."),
    Fact("control.non_eu_known_largest", "double", "largest published non-EU holding", "plus forte participation hors UE publiée", "Lower bound in percent of the largest single non-EU holding: the largest one published, 0 where none is. Unknown for an unknown offer."),
    Fact("control.non_eu_known_total", "double", "published non-EU holdings together", "total des participations hors UE publiées", "Lower bound in percent of all non-EU holdings together: the sum of those published."),
    Fact("cert.secnumcloud", "bool", "SecNumCloud 3.2 qualification", "qualification SecNumCloud 3.2", "Whether a SecNumCloud 3.2 qualification held on the date covers this kind in this location."),
    Fact("cert.hds", "bool", "HDS certificate", "certificat HDS", "Whether an HDS certificate counting on the date covers this kind in this location (the 2024 text from 2026-05-17)."),
    Fact("cert.c5", "bool", "BSI C5 attestation", "attestation BSI C5", "Whether a BSI C5 attestation held on the date covers it."),
    Fact("cert.iso_27001", "bool", "ISO/IEC 27001 certificate", "certificat ISO/IEC 27001", "Whether an ISO/IEC 27001 certificate held on the date covers it."),
    Fact("cert.gaia_x_label", "bool", "Gaia-X Level 3 label", "label Gaia-X de niveau 3", "Whether a Gaia-X Level 3 label held on the date covers it. Unknown where the atlas has no entry."),
    Fact("key.custody", "string", "who holds the keys", "détention des clés", "provider-managed, customer-managed, imported, hsm, external, client-side or none. Unknown when not read."),
    Fact("key.countries", "list", "countries of the keys", "pays des clés", "Countries where the keys of the resource are. Unknown when no key place is known."),
    Fact("key.in_eu", "bool", "whether the keys are in the EU", "clés dans l’UE ou non", "Whether all of them are EU territory."),
    Fact("key.in_eea", "bool", "whether the keys are in the EEA", "clés dans l’EEE ou non", "Whether all of them are in the European Economic Area."),
)  # fmt: skip

BY_NAME: dict[str, Fact] = {fact.name: fact for fact in FACTS}

EVIDENCE = ("evidence.api", "evidence.field", "evidence.value")

# Texts that differ from row to row. All others are kept once, since an estate repeats few of them millions of times.
_VARIED = frozenset({"resource.uid", "resource.name", "place.target", "evidence.value"})


def arrow_schema() -> pa.Schema:
    """The fact row as an Arrow schema: one nullable column per fact, then the evidence of the placement as text."""
    import pyarrow as pa

    word = pa.dictionary(pa.int32(), pa.string())
    types = {"string": word, "bool": pa.bool_(), "double": pa.float64(), "list": pa.list_(pa.string())}
    named = [(fact.name, types[fact.type]) for fact in FACTS] + [(name, word) for name in EVIDENCE]
    return pa.schema([pa.field(name, pa.string() if name in _VARIED else kind) for name, kind in named])
