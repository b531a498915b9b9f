"""The public page that a certified host of health data keeps: HDS reference of 2024, EXI 31 and chapter 8.

Drafted for each offer that holds health data: which of the three cases the page falls under, the fixed sentence of the
first two, and the seven columns of the table of the third.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from residency.render.database import connection
from residency.render.dpo.forms import ATLAS, PERSON, Field, Form, Group, Paper, blank, known, lines
from residency.render.sentences import Sentences
from residency.result import AuditResult

SHORT = 7
NO_REMOTE_ACCESS = ("HDS-EXI-31", "HDS-EXI-29-P", "HDH-JUR-02")  # rules whose paper tells of transfers and access
_ROWS = """
  SELECT "place.offer", bool_and("cert.hds"), bool_or("cert.hds"), count("cert.hds") = count(*),
    bool_and("cert.secnumcloud"), count("cert.secnumcloud") = count(*),
    bool_or("place.in_eea" = false AND coalesce("place.adequacy", '') <> 'treated'), bool_or("place.in_eea" IS NULL),
    list_sort(list_distinct(flatten(list("place.countries")
      FILTER ("place.in_eea" = false AND coalesce("place.adequacy", '') <> 'treated')))),
    bool_or("place.extent" = 'anywhere'), max("control.operator"), max("control.operator_country"),
    max("control.laws_by_parent"), max("control.laws_by_operator")
  FROM facts WHERE "resource.data_class" = 'health' AND "place.role" IS DISTINCT FROM 'key'
    AND "resource.stores_data" IS DISTINCT FROM 'no' GROUP BY 1 ORDER BY 1"""


@dataclass(frozen=True, slots=True)
class HdsOffer:
    """What decides the page of an offer. A truth value that is `None` is not established.

    `transfer`: health data goes out of the European Economic Area, to a place or by remote access. `risk`: a law of a
    country without adequacy reaches whoever runs the offer (EXI 30). `laws` are those laws, and those of a country
    whose adequacy hangs on a condition.
    """

    offer: str | None
    company: str | None
    company_country: str | None
    certified: bool | None
    qualified: bool | None
    transfer: bool | None
    risk: bool | None
    countries: tuple[str, ...]
    anywhere: bool
    laws: tuple[str, ...]

    @property
    def case(self) -> str | None:
        """The case of the page, `None` while it is not established."""
        return hds_case(self.qualified, self.transfer, self.risk)


def hds_case(qualified: bool | None, transfer: bool | None, risk: bool | None) -> str | None:
    """`A`, `B` or `C` of EXI 31; `None` when what is unknown would decide it.

    A: the activity is qualified SecNumCloud 3.2. B: it is not, nothing leaves the European Economic Area, and there is
    no risk of EXI 30. C: it is not, and there is a transfer or such a risk.
    """
    if qualified:
        return "A"
    if qualified is None:
        return None
    if transfer or risk:
        return "C"
    return "B" if transfer is False and risk is False else None


def hds_offers(result: AuditResult) -> tuple[HdsOffer, ...]:
    """The offers that hold health data, in the order of their ids."""
    with connection() as db:
        db.register("facts", result.facts)
        rows = db.sql(_ROWS).fetchall()
    made = []
    for row in rows:
        offer, all_hds, any_hds, hds_known, all_snc, snc_known, abroad, open_place, countries, anywhere = row[:10]
        company, seat, by_parent, by_operator = row[10:]
        told = _told_by_paper(result, offer)
        laws = tuple(sorted({*(by_parent or ()), *(by_operator or ())}))
        standings = {law.country: _standing(result, law.country) for law in result.atlas.laws if law.id in laws}
        counted = tuple(law.id for law in result.atlas.laws if law.id in laws and standings[law.country] != "full")
        made.append(HdsOffer(
            offer=offer, company=company, company_country=seat,
            certified=True if all_hds and hds_known else False if hds_known and not any_hds else None,
            qualified=True if all_snc and snc_known else False if all_snc is False else None,
            transfer=True if abroad else False if told and not open_place else None,
            risk=_risk(by_parent, by_operator, standings), countries=tuple(countries or ()), anywhere=bool(anywhere),
            laws=counted,
        ))  # fmt: skip
    return tuple(made)


def _standing(result: AuditResult, code: str) -> str | None:
    country = result.atlas.country(code)
    return country.standing if country else None


def _risk(by_parent: object, by_operator: object, standings: dict[str, str | None]) -> bool | None:
    """A law of a country without adequacy is a risk; of one whose adequacy hangs on a condition, perhaps."""
    if "none" in standings.values():
        return True
    if by_parent is None or by_operator is None or {"conditional", None} & set(standings.values()):
        return None
    return False


def _told_by_paper(result: AuditResult, offer: str | None) -> bool:
    """Whether a valid document of the provider tells of transfers and remote access, which no inventory shows."""
    return any(
        set(NO_REMOTE_ACCESS).intersection(paper.rules)
        and paper.issued.isoformat() <= result.run.as_of <= paper.valid_until.isoformat()
        and dict(paper.match).get("place.offer", offer) == offer
        for paper in result.papers.attestations
    )


def hds_page(words: Sentences, result: AuditResult, offers: Sequence[HdsOffer]) -> Paper:
    """The draft of the page: one form an offer, its first fields the seven columns of the table."""
    forms = tuple(_form(words, result, offer) for offer in offers)
    return Paper("t4", words.say("dpo.t4"), (words.say("dpo.t4.note"), words.say("dpo.t4.host")), forms, SHORT)


def _form(words: Sentences, result: AuditResult, entry: HdsOffer) -> Form:
    say = words.say
    offer = result.atlas.offer(entry.offer)
    name = offer.name if offer else entry.offer or say("unknown")
    certificates = [c for c in offer.certificates if c.scheme == "HDS" and c.status == "held"] if offer else []
    activities = lines(words.both(c.scope) for c in certificates if c.scope)
    fields = (
        known(say("dpo.t4.name"), words.company(entry.company, entry.company_country), ATLAS),
        blank(say("dpo.t4.role"), say("dpo.t4.role.hint")),
        _yes_no(words, "certified", entry.certified), _yes_no(words, "qualified", entry.qualified),
        known(say("dpo.t4.activities"), activities, ATLAS, say("dpo.t4.activities.hint")),
        known(say("dpo.t4.access"), _access(words, result, entry)),
        known(say("dpo.t4.exposed"), _exposed(words, entry), ATLAS),
        known(say("dpo.t4.case"), say(f"dpo.t4.case.{entry.case}") if entry.case else None, "run",
              say("dpo.t4.case.hint", qualified=_word(words, entry.qualified), transfer=_word(words, entry.transfer),
                  risk=_word(words, entry.risk))),
        _sentence(words, result, entry.case),
        blank(say("dpo.t4.safeguards")), blank(say("dpo.t4.url")), blank(say("dpo.t4.published")),
        blank(say("dpo.t4.checked")),
    )  # fmt: skip
    return Form(f"H-{entry.offer or 'unknown'}", name, (Group("", fields),))


def _word(words: Sentences, value: bool | None) -> str:
    return words.say({True: "dpo.yes", False: "dpo.no", None: "dpo.unknown"}[value])


def _yes_no(words: Sentences, name: str, value: bool | None) -> Field:
    told = None if value is None else _word(words, value)
    return known(words.say(f"dpo.t4.{name}"), told, ATLAS, words.say(f"dpo.t4.{name}.hint"))


def _access(words: Sentences, result: AuditResult, entry: HdsOffer) -> str:
    """Column 6. The run sees places; access by people from elsewhere only a paper can show."""
    if entry.transfer is False:
        return words.say("dpo.t4.access.none")
    under = [code for code in entry.countries if _standing(result, code) == "full"]
    other = [code for code in entry.countries if code not in under]
    told = []
    if under:
        told.append(words.say("dpo.t4.access.under", countries=words.countries(under)))
    if other:
        told.append(words.say("dpo.t4.access.not_under", countries=words.countries(other)))
    if entry.anywhere:
        told.append(words.say("dpo.t4.access.anywhere"))
    return lines(told) or words.say("dpo.t4.access.unknown")


def _exposed(words: Sentences, entry: HdsOffer) -> str | None:
    """Column 7: `none` is for a person to say unless the atlas knows that no such law reaches the offer."""
    if entry.laws:
        return words.say("dpo.t4.exposed.yes", laws=", ".join(words.label("law", law) for law in entry.laws))
    return words.say("dpo.t4.exposed.none") if entry.risk is False else None


def _sentence(words: Sentences, result: AuditResult, case: str | None) -> Field:
    label = words.say("dpo.t4.sentence")
    fixed = dict(result.atlas.hds_sentences).get(case or "")
    if fixed:
        return known(label, f"«\u00a0{fixed}\u00a0»", ATLAS)
    return Field(label, words.say("dpo.t4.sentence.table") if case == "C" else None, "run" if case else PERSON)
