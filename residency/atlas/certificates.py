"""Does a certificate cover this kind of resource in this place on this day?

Only the status *held* counts, and only where every condition is known: edition, dates, kind, place, product. A
condition that is not known makes the answer unknown, never yes. Rules and facts: `schemes.yaml` and `providers/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from residency.atlas.shapes import Text, earliest, latest
from residency.atlas.values import CertAnswer, Certificate, Offer, Place

if TYPE_CHECKING:
    from datetime import date

    from residency.atlas.register_shapes import SchemeShape


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the kind (`None` = unknown), the place (`None` = unknown or not listed) and the day."""

    kind: str | None
    place: Place | None
    as_of: date


@dataclass(frozen=True, slots=True)
class _Part:
    """One condition of a certificate: met, not met, or unknown, and why."""

    met: bool | None
    why: Text | None = None


_MET = _Part(True)


def answer(offer: Offer, scheme: SchemeShape, question: Question) -> CertAnswer:
    """Whether the offer holds a certificate of the scheme that covers what is asked."""
    entries = [c for c in offer.certificates if c.scheme == scheme.scheme]
    if not entries:
        why = _text("no entry for {0} in the atlas", "aucune mention de {0} dans l’atlas", scheme.name)
        return CertAnswer(None, why, None)
    held = [(c, _covers(c, scheme, question)) for c in entries if c.status == "held"]
    for certificate, part in held:
        if part.met:
            return CertAnswer(True, _held(certificate), certificate)
    # A scenario proves what it says and nothing against it.
    held = [(c, part) for c, part in held if c.assumed is None]
    denied = next((c for c in entries if c.status == "not-held" and _denies(c, question)), None)
    if denied is not None:
        named = (c for c, p in held if p.met is None and _names(c, question) and not _excludes(c, question.place))
        if next(named, None) is None:
            return CertAnswer(False, _text("{0} is not held here", "{0} n’est pas détenu ici", scheme.name), denied)
    for certificate, part in sorted(held, key=lambda pair: not _names(pair[0], question)):
        if part.met is None and part.why is not None:
            return CertAnswer(None, part.why, certificate)
    for certificate, part in held:
        if part.why is not None:
            return CertAnswer(False, part.why, certificate)
    other = next((c for c in entries if c.assumed is None), entries[0])
    en, fr = _STATUS[other.status]
    why = Text(en=f"{en}: does not count as held", fr=f"{fr}\u00a0: ne vaut pas détention")
    return CertAnswer(None, why, other)


def in_force(certificate: Certificate, scheme: SchemeShape, as_of: date) -> bool | None:
    """Whether a certificate is held and counts on a day, whatever it covers; `None` when a date is not known."""
    if certificate.status != "held":
        return False
    return _all([_edition(certificate, scheme, as_of), *_dates(certificate, as_of)])


def covers_place(certificate: Certificate, place: Place) -> bool | None:
    """Whether an entry speaks of a place; `None` when that is not known or only inferred."""
    covered = _place(certificate, place).met
    return None if covered and certificate.coverage_certainty == "inferred" else covered


def _all(parts: list[_Part]) -> bool | None:
    met = {part.met for part in parts}
    return False if False in met else None if None in met else True


_STATUS = {
    "pending": ("pending", "en cours d’examen"),
    "in-progress": ("in progress", "en cours"),
    "announced": ("announced", "annoncé"),
    "via-partner": ("through a partner only", "seulement par un partenaire"),
    "awarded": ("an award, not a certificate", "un marché, non un certificat"),
    "assessed": ("an assessment, not a certificate", "une évaluation, non un certificat"),
    "not-held": ("not held elsewhere, unknown here", "non détenu ailleurs, inconnu ici"),
    "unknown": ("not known", "inconnu"),
}


def _text(en: str, fr: str, *values: object) -> Text:
    return Text(en=en.format(*values), fr=fr.format(*values))


def _held(c: Certificate) -> Text:
    if c.assumed is not None:
        return _text("held by assumption of the scenario {0}", "détenu par hypothèse du scénario {0}", c.assumed)
    return _text("held from {0} to {1}, {2}", "détenu du {0} au {1}, {2}", c.date, c.valid_until, c.scheme)


def _names(certificate: Certificate, question: Question) -> bool:
    """Whether the certificate lists the very kind that is asked for."""
    return isinstance(certificate.services, tuple) and question.kind in certificate.services


def _covers(c: Certificate, scheme: SchemeShape, question: Question) -> _Part:
    parts = [
        _edition(c, scheme, question.as_of),
        _kind(c, question.kind),
        _place(c, question.place),
        *_dates(c, question.as_of),
    ]
    for part in parts:
        if part.met is False:
            return part
    if c.product is not None:
        parts.append(_Part(None, _text("only for the product {0}", "seulement pour le produit {0}", c.product)))
    if c.coverage_certainty == "inferred":
        parts.append(_Part(None, _text(
            "likely, but its coverage is inferred: confirm it on the certificate",
            "probable, mais son périmètre est déduit : à confirmer sur le certificat",
        )))  # fmt: skip
    return next((part for part in parts if part.met is None), _MET)


def _edition(c: Certificate, scheme: SchemeShape, as_of: date) -> _Part:
    if c.version is None:
        if scheme.edition_unknown == "counts":
            return _MET
        return _Part(None, _text("its edition is not known", "son édition n’est pas connue"))
    edition = next((e for e in scheme.editions if e.version == c.version), None)
    if edition is None:
        why = _text("the edition {0} is not in the atlas", "l’édition {0} n’est pas dans l’atlas", c.version)
        return _Part(None, why)
    if edition.holds(as_of):
        return _MET
    if edition.valid_from is not None and as_of < edition.valid_from:
        # An earlier certificate on an earlier edition may have existed: the atlas does not record it.
        return _Part(None, _text(
            "the edition {0} did not exist yet, and no earlier certificate is recorded",
            "l’édition {0} n’existait pas encore, et aucun certificat antérieur n’est consigné", c.version,
        ))  # fmt: skip
    if edition.certainty == "memory":
        why = _text(
            "the edition {0} does not count that day (limit from memory)",
            "l’édition {0} ne compte pas ce jour-là (limite de mémoire)", c.version,
        )  # fmt: skip
    else:
        why = _text("the edition {0} does not count that day", "l’édition {0} ne compte pas ce jour-là", c.version)
    return _Part(False, why)


def _kind(c: Certificate, kind: str | None) -> _Part:
    if c.services == "all" or (c.services is not None and kind in c.services):
        return _MET
    if kind is None:
        return _Part(None, _text("the kind of resource is not known", "le type de ressource n’est pas connu"))
    if kind in c.excluded_services or (c.services is not None and c.coverage_complete):
        return _Part(False, _text("{0} is outside its scope", "{0} est hors de son périmètre", kind))
    if c.services is None:
        return _Part(None, _text("the services it covers are not known", "les services couverts ne sont pas connus"))
    return _Part(None, _text("not known whether it covers {0}", "on ignore s’il couvre {0}", kind))


def _place(c: Certificate, place: Place | None) -> _Part:
    if c.regions is None:
        return _Part(None, _text("the places it covers are not known", "les lieux couverts ne sont pas connus"))
    if place is None:
        return _Part(None, _text("the place is not known", "le lieu n’est pas connu"))
    if c.regions == "all" or place.certificate_id in c.regions:
        return _MET
    if place.parent in c.regions or place.extent in ("anywhere", "several"):
        return _Part(None, _text("not known whether it covers {0}", "on ignore s’il couvre {0}", place.id))
    if c.coverage_certainty == "inferred":
        # The list is a guess: that a place is missing from it proves nothing.
        en, fr = "{0} is not among its places, which are inferred", "{0} n’est pas parmi ses lieux, qui sont déduits"
        return _Part(None, _text(en, fr, place.id))
    return _Part(False, _text("{0} is not among its places", "{0} n’est pas parmi ses lieux", place.id))


def _excludes(c: Certificate, place: Place | None) -> bool:
    """Whether the places of a certificate are told, be it by inference, and this one is not among them."""
    if place is None or not isinstance(c.regions, tuple):
        return False
    return place.certificate_id not in c.regions and place.parent not in c.regions


def _dates(c: Certificate, as_of: date) -> list[_Part]:
    return [part for part in (_end(c, as_of), _start(c, as_of)) if not part.met]


def _end(c: Certificate, as_of: date) -> _Part:
    if c.valid_until is None:
        if c.assumed is not None:
            return _MET
        return _Part(None, _text("its last day is not known", "son dernier jour n’est pas connu"))
    if as_of > latest(c.valid_until):
        # After the day on which the atlas was checked, a renewal may exist that it cannot know.
        seen = c.checked_on is not None and as_of <= c.checked_on
        en, fr = "it ended on {0}; no renewal in the atlas", "il a pris fin le {0}, sans renouvellement dans l’atlas"
        return _Part(False if seen else None, _text(en, fr, c.valid_until))
    if as_of > earliest(c.valid_until):
        return _Part(None, _text("it ends in {0}, day not known", "il prend fin en {0}, jour inconnu", c.valid_until))
    return _MET


def _start(c: Certificate, as_of: date) -> _Part:
    if c.date is None:
        if c.assumed is not None:
            return _MET
        return _Part(None, _text("its first day is not known", "son premier jour n’est pas connu"))
    if as_of < latest(c.date):
        # It may have replaced an earlier one that the atlas does not list.
        en, fr = "it begins on {0}; no earlier one in the atlas", "il commence le {0}, sans précédent dans l’atlas"
        return _Part(None, _text(en, fr, c.date))
    return _MET


def _denies(c: Certificate, question: Question) -> bool:
    """Whether a not-held statement covers what is asked. Without dates it holds for any day."""
    if c.date is not None and question.as_of < earliest(c.date):
        return False
    if c.valid_until is not None and question.as_of > latest(c.valid_until):
        return False
    kind = c.services == "all" or (c.services is not None and question.kind in c.services)
    place = c.regions == "all" or (
        c.regions is not None and question.place is not None and question.place.certificate_id in c.regions
    )
    return kind and place
