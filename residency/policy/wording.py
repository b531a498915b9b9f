"""What a finding says, in English and in French: the rule's own sentence filled from the row, or what is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any

from residency.facts import BY_NAME
from residency.model import Verdict
from residency.policy.pack import Rule
from residency.policy.rule_sql import ATTESTATION
from residency.policy.template import fill
from residency.result import Text

Facts = Mapping[str, Any]
LawName = Callable[[str, str], str]

VERDICTS: dict[Verdict, Text] = {
    Verdict.COMPLIANT: Text("compliant", "conforme"),
    Verdict.VIOLATION: Text("not compliant", "non conforme"),
    Verdict.UNPROVEN: Text("unproven", "non démontré"),
    Verdict.WAIVED: Text("accepted deviation", "écart accepté"),
}
STATUSES: dict[str, Text] = {
    "denied": Text("access was refused", "accès refusé"),
    "unreachable": Text("could not be reached", "injoignable"),
    "throttled": Text("kept refusing for too many calls", "refus répétés pour trop d’appels"),
    "unsupported": Text("cannot be read by this program", "non lu par ce programme"),
}
_YES_NO = {"en": ("yes", "no"), "fr": ("oui", "non")}
_UNKNOWN = {"en": "unknown", "fr": "inconnu"}
_NONE = {"en": "none", "fr": "aucune"}
_ANYWHERE = {"en": "any country", "fr": "un pays quelconque"}
_LOCALES = {"en": "en_GB", "fr": "fr"}

# Codes that a sentence speaks of in words. The labels are those of the glossary in the report.
_WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "place.role": {
        "primary": ("primary copy", "emplacement principal"), "replica": ("replica", "copie répliquée"),
        "backup": ("backup", "sauvegarde"), "snapshot": ("snapshot", "instantané"), "cache": ("cache", "cache"),
        "processing": ("place of processing", "lieu de traitement"), "log": ("log", "journal"), "key": ("key", "clé"),
        "share": ("external share", "partage externe"), "control-plane": ("control plane", "plan de gestion"),
    },
    "key.custody": {
        "provider-managed": ("managed by the provider", "gérées par le fournisseur"),
        "customer-managed": ("managed by the client at the provider", "gérées par le client chez le fournisseur"),
        "imported": ("imported into the provider’s key service", "importées chez le fournisseur"),
        "hsm": ("in a hardware module at the provider", "dans un module matériel chez le fournisseur"),
        "external": ("held outside the provider", "détenues hors du fournisseur"),
        "client-side": ("held by the client only", "détenues par le client seul"),
        "none": ("absent: nothing is encrypted", "absentes : rien n’est chiffré"),
    },
    "resource.data_class": {
        "health": ("health data", "données de santé"), "personal": ("personal data", "données personnelles"),
        "special-category": ("special-category data", "données sensibles"),
        "state-sensitive": ("State-sensitive data", "données d’une sensibilité particulière"),
        "internal": ("internal data", "données internes"), "public": ("public data", "données publiques"),
    },
}  # fmt: skip


@cache
def country(code: str, language: str) -> str:
    """Name of a country in `en` or `fr`; the code itself when it has none."""
    from babel import Locale

    return str(Locale.parse(_LOCALES[language]).territories.get(code, code))


@cache
def _joined(items: tuple[str, ...], language: str) -> str:
    from babel.lists import format_list

    return str(format_list(items, locale=_LOCALES[language]))


def say(language: str, laws: LawName, facts: Facts, name: str, value: Any) -> str:
    """A fact's value in words. `laws` gives the name of a law, for its id and a language."""
    if name == "place.countries" and value is None and facts.get("place.extent") == "anywhere":
        return _ANYWHERE[language]
    if value is None:
        return _UNKNOWN[language]
    if isinstance(value, bool):
        return _YES_NO[language][not value]
    if isinstance(value, list):
        if not value:
            return _NONE[language]
        if name.endswith("countries"):
            return _joined(tuple(country(v, language) for v in value), language)
        if name.startswith("control.laws"):
            return _joined(tuple(laws(v, language) for v in value), language)
        return _joined(tuple(value), language)
    if name.endswith("country"):
        return country(value, language)
    spoken = _WORDS.get(name, {}).get(str(value))
    return spoken[language == "fr"] if spoken else str(value)


def reason(rule: Rule, verdict: Verdict, facts: Facts, missing: Sequence[str], laws: LawName) -> Text:
    """Why the rule says what it says of this row."""
    if verdict is Verdict.COMPLIANT:
        return Text(f"{rule.title.en}: established.", f"{rule.title.fr} : établi.")
    if verdict is Verdict.VIOLATION or not missing or missing == [ATTESTATION]:
        return _both(rule.reason, facts, laws)
    return Text(_unproven("en", facts, missing), _unproven("fr", facts, missing))


def remediation(rule: Rule, verdict: Verdict, facts: Facts, missing: Sequence[str], laws: LawName) -> Text:
    """What to do about it. Nothing for a compliant row."""
    if verdict is Verdict.COMPLIANT:
        return Text("", "")
    if verdict is Verdict.UNPROVEN and missing and missing != [ATTESTATION]:
        return Text(
            "Obtain the missing facts: grant the read that was refused, complete the inventory, or add the fact with "
            "its source to the atlas.",
            "Obtenez les faits manquants : accordez la lecture refusée, complétez l’inventaire, ou ajoutez le fait et "
            "sa source à l’atlas.",
        )
    return _both(rule.remediation, facts, laws)


def _both(sentence: Text, facts: Facts, laws: LawName) -> Text:
    english, french = (partial(say, language, laws, facts) for language in ("en", "fr"))
    return Text(fill(sentence.en, facts, english), fill(sentence.fr, facts, french))


def _unproven(language: str, facts: Facts, missing: Sequence[str]) -> str:
    cause = _cause(language, facts, missing)
    names = tuple(dict.fromkeys(getattr(BY_NAME[name], language) for name in missing))
    listed = _joined(names, language)
    if language == "en":
        return f"Not established: {cause}What is missing: {listed}."
    return f"Non démontré : {cause}Ce qui manque : {listed}."


def _cause(language: str, facts: Facts, missing: Sequence[str]) -> str:
    """The sentence that says why a place is unknown, where the missing facts are about the place."""
    if not any(name.startswith("place.") for name in missing) or facts.get("place.extent") == "countries":
        return ""
    location, offer = facts.get("place.location"), facts.get("place.offer")
    english = language == "en"
    if location is None:
        return "the location could not be read. " if english else "la localisation n’a pas pu être lue. "
    if offer is None:
        return "the inventory does not name the offer. " if english else "l’inventaire ne nomme pas l’offre. "
    if facts.get("place.extent") is None:
        if english:
            return f"the atlas does not know the location {location} of {offer}. "
        return f"l’atlas ne connaît pas la localisation {location} de {offer}. "
    if facts.get("place.country"):
        name = country(facts["place.country"], language)
        if english:
            return f"{name} counted as inside for some purposes that day; a person must say if for this one. "
        return f"{name} comptait comme intérieur à certaines fins ce jour-là ; à une personne d’en juger ici. "
    if english:
        return f"the countries behind {location} are not all listed. "
    return f"les pays que recouvre {location} ne sont pas tous listés. "


def coverage_reason(row: Mapping[str, str]) -> Text:
    """What was not read, where, and why."""
    where = f"{row['provider']} {row['account']}, {row['region']}, {row['service']}"
    detail = f" ({row['detail']})" if row["detail"] else ""
    status = STATUSES[row["status"]]
    return Text(f"Not read: {where}: {status.en}{detail}.", f"Non lu\u00a0: {where}\u00a0: {status.fr}{detail}.")


def coverage_remediation(row: Mapping[str, str]) -> Text:
    """How to close a gap in what was read."""
    if row["status"] == "denied":
        return Text(
            f"Grant the read rights that `residency permissions {row['provider']}` lists, then run again.",
            f"Accordez les droits de lecture que liste `residency permissions {row['provider']}`, puis relancez.",
        )
    if row["status"] == "unsupported":
        return Text(
            "Complete the inventory from another source, or record what is there in a supporting document.",
            "Complétez l’inventaire par une autre source, ou consignez ce qui s’y trouve dans une pièce justificative.",
        )
    return Text(
        "Run again; if it persists, check the network path.", "Relancez ; si cela persiste, vérifiez le chemin réseau."
    )
