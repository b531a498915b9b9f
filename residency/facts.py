"""The fact row: every fact a rule may name, with its type and its meaning.

A fact row is a placement joined with its resource, its account, its offer and the atlas as of a date. A fact that is
not known is absent (NULL in a table), so that a rule that needs it is *unproven*, never compliant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FactType = Literal["string", "bool", "double", "list"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One column of the fact row. `list` is a list of texts. `meaning` says when the fact is unknown."""

    name: str
    type: FactType
    meaning: str


FACTS: tuple[Fact, ...] = (
    Fact("resource.uid", "string", "The provider's own full id of the resource."),
    Fact("resource.provider", "string", "Who answered the inventory calls: aws, gcp, azure, …"),
    Fact("resource.offer", "string", "The offer that is bought, an id of the atlas. Unknown when the inventory does not say."),
    Fact("resource.account", "string", "Account, project or subscription id."),
    Fact("resource.account_path", "list", "Names from the organisation's root down to the account. Empty when there is none."),
    Fact("resource.type", "string", "The provider's own type name."),
    Fact("resource.kind", "string", "The normalised kind, an id of the atlas. Unknown for a type the atlas does not list."),
    Fact("resource.category", "string", "The family of the kind: object-storage, database, security, …"),
    Fact("resource.name", "string", "The resource's name, where it has one."),
    Fact("resource.stores_data", "string", "yes, transit or no: whether customer content rests in it."),
    Fact("resource.data_class", "string", "health, personal, special-category, state-sensitive, internal or public: the class it is judged as."),
    Fact("resource.data_class_from", "string", "How the class is known: inventory, tag, account, option or default."),
    Fact("resource.classified", "bool", "True when the resource itself or its account says its data class; false when the default was taken."),
    Fact("place.role", "string", "primary, replica, backup, snapshot, cache, processing, log, key, share or control-plane."),
    Fact("place.location", "string", "The provider's location code. Unknown when it could not be read."),
    Fact("place.via", "string", "The setting or relation that puts data there."),
    Fact("place.target", "string", "What receives the data: a bucket, a vault, an account."),
    Fact("place.offer", "string", "The offer the place belongs to."),
    Fact("place.extent", "string", "country (one), countries (several, listed), anywhere, or several (not listed)."),
    Fact("place.countries", "list", "Every country the data may be in (ISO 3166-1). Unknown for an unknown location, or one whose countries are not listed."),
    Fact("place.country", "string", "The country, when there is exactly one."),
    Fact("place.in_eu", "bool", "True when every possible country is EU territory on the as-of date, false when any is not or the place is anywhere."),
    Fact("place.in_eea", "bool", "The same for the European Economic Area."),
    Fact("place.adequate", "bool", "True when every possible country is in the EEA, treated as such on the date, or has an unconditional adequacy decision; false when one has none; unknown when it hangs on a condition (US, Canada, Japan…)."),
    Fact("control.operator", "string", "The company that runs the place."),
    Fact("control.operator_country", "string", "Its country."),
    Fact("control.contracting_country", "string", "Country of the company that EU customers contract with."),
    Fact("control.parent", "string", "The ultimate parent company."),
    Fact("control.parent_country", "string", "Its country."),
    Fact("control.seat_in_eu", "bool", "Whether the contracting company sits in EU territory."),
    Fact("control.parent_in_eu", "bool", "Whether the ultimate parent sits in EU territory."),
    Fact("control.laws_by_parent", "list", "Foreign access laws in force that reach the offer through its parent."),
    Fact("control.laws_by_operator", "list", "The same through the operator itself."),
    Fact("control.laws_disputed", "list", "The same through an establishment, a technology supplier or a minority shareholder: shown, and judged only by a rule that asks."),
    Fact("control.non_eu_share_largest", "double", "Upper bound in percent of the largest single non-EU holding. Unknown when not published."),
    Fact("control.non_eu_share_total", "double", "Upper bound in percent of all non-EU holdings together. Unknown when not published."),
    Fact("cert.secnumcloud", "bool", "Whether a SecNumCloud 3.2 qualification held on the date covers this kind in this location."),
    Fact("cert.hds", "bool", "Whether an HDS certificate counting on the date covers this kind in this location (the 2024 text from 2026-05-17)."),
    Fact("cert.c5", "bool", "Whether a BSI C5 attestation held on the date covers it."),
    Fact("cert.iso_27001", "bool", "Whether an ISO/IEC 27001 certificate held on the date covers it."),
    Fact("key.custody", "string", "provider-managed, customer-managed, imported, hsm, external, client-side or none. Unknown when not read."),
    Fact("key.countries", "list", "Countries where the keys of the resource are. Unknown when no key place is known."),
    Fact("key.in_eu", "bool", "Whether all of them are EU territory."),
)  # fmt: skip

BY_NAME: dict[str, Fact] = {fact.name: fact for fact in FACTS}
