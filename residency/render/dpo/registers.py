"""The two registers of GDPR art. 30, never mixed: own processing (30(1)), and processing on behalf of others (30(2)).

What an account without a role holds is a list of its own. The run knows recipients, places, transfers and encryption,
the configuration whom to name. Why and for how long is for a person to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from residency.model import Duty
from residency.render.dpo.forms import ATLAS, CONFIG, RUN, Field, Form, Group, Paper, blank, known, lines
from residency.render.dpo.records import Record
from residency.render.dpo.transfers import Transfer
from residency.render.plain import LONG, clip
from residency.render.sentences import Sentences
from residency.result import AuditResult

SHORT = 5
NAMED = 30


def registers(
    words: Sentences, result: AuditResult, rows: Sequence[Record], entries: Sequence[Transfer]
) -> tuple[Paper, ...]:
    """The registers that have entries, and the list of what belongs to neither yet; that alone where no role is told.

    `entries` are the candidate transfers of the same run.
    """
    own, served, untold = (
        [row for row in rows if row.duty is duty] for duty in (Duty.CONTROLLER, Duty.PROCESSOR, None)
    )
    say, found = words.say, []
    if own:
        forms = tuple(_own(words, result, number, row, entries) for number, row in enumerate(own, 1))
        found.append(Paper("t2-1", say("dpo.t2-1"), (say("dpo.t2-1.note"), say("dpo.t2.note")), forms, SHORT))
    if served:
        clients = [tuple(group) for _name, group in groupby(served, key=lambda row: row.controller)]
        forms = tuple(_served(words, result, number, group, entries) for number, group in enumerate(clients, 1))
        found.append(Paper("t2-2", say("dpo.t2-2"), (say("dpo.t2-2.note"),), forms, SHORT))
    if untold or not found:
        forms = tuple(_untold(words, result, number, row, entries) for number, row in enumerate(untold, 1))
        found.append(Paper("t2", say("dpo.t2"), (say("dpo.t2.note"), say("dpo.t2.two")), forms, SHORT))
    return tuple(found)


def _own(words: Sentences, result: AuditResult, number: int, row: Record, entries: Sequence[Transfer]) -> Form:
    named = _named(words, result, "dpo.t2-1.controller", words.say("dpo.t2-1.controller.hint"))
    joint = known(
        words.say("dpo.t2-1.joint"), _told(result.roles.contacts.joint_controller), CONFIG, words.say("dpo.where_any")
    )
    fields = tuple(_of_a_controller(words, result, row, entries))
    group = Group("", (*fields[:SHORT], named[0], joint, *named[1:], *fields[SHORT:]))
    return Form(f"RC-{number}", _title(words, row), (group,))


def _untold(words: Sentences, result: AuditResult, number: int, row: Record, entries: Sequence[Transfer]) -> Form:
    register = blank(words.say("dpo.t2.register"), words.say("dpo.t2.register.hint"))
    names = blank(words.say("dpo.t2.names"), words.say("dpo.t2.names.hint"))
    fields = tuple(_of_a_controller(words, result, row, entries))
    group = Group("", (*fields[:SHORT], register, names, *fields[SHORT:]))
    return Form(f"R-{number}", _title(words, row), (group,))


def _served(
    words: Sentences, result: AuditResult, number: int, rows: Sequence[Record], entries: Sequence[Transfer]
) -> Form:
    """What art. 30(2) asks of a processor for one controller, and no more than that."""
    say, controller = words.say, _told(rows[0].controller)
    purposes = lines(clip(row.purpose) for row in rows if row.purpose)
    held: dict[str | None, int] = {}
    for custody, n in (pair for row in rows for pair in row.custody):
        held[custody] = held.get(custody, 0) + n
    processor, *others = _named(words, result, "dpo.t2-2.processor", say("dpo.t2-2.processor.hint"))
    fields = (
        known(say("dpo.t2-2.controller"), controller, CONFIG),
        known(say("dpo.t2-2.categories"), purposes, RUN, say("dpo.t2-2.categories.hint")),
        known(say("dpo.t2-2.transfers"), _abroad(words, rows, entries) or say("dpo.t2.no_transfer")),
        blank(say("dpo.t2-2.safeguards"), say("dpo.t2.safeguards.hint")),
        known(say("dpo.t2-2.security"), _encryption(words, sorted(held.items(), key=lambda pair: pair[0] or "")), RUN),
        blank(say("dpo.t2-2.measures"), say("dpo.t2.measures.hint")),
        processor,
        *others,
    )
    return Form(f"RP-{number}", controller or say("unknown"), (Group("", fields),))


def _of_a_controller(
    words: Sentences, result: AuditResult, row: Record, entries: Sequence[Transfer]
) -> Iterator[Field]:
    """The fields of art. 30(1) that speak of the data; the first `SHORT` make the short table."""
    say = words.say
    companies = [_offer(words, result, offer) for offer in row.offers]
    places = words.countries(row.countries)
    if row.unknown:
        places += (say("semicolon") if places else "") + say("dpo.places_unknown", n=row.unknown)
    yield known(say("dpo.t2.data"), words.label("class", row.data_class))
    yield known(say("dpo.t2.purpose"), row.purpose and clip(row.purpose), RUN, say("dpo.t2.purpose.hint"))
    yield known(say("dpo.t2.recipients"), lines([*companies, *(clip(name) for name in row.shared)]), ATLAS)
    yield known(say("dpo.t2.transfers"), _abroad(words, (row,), entries) or say("dpo.t2.no_transfer"))
    yield blank(say("dpo.t2.erasure"), say("dpo.t2.erasure.hint"))
    yield blank(say("dpo.t2.persons"))
    yield known(say("dpo.t2.places"), places)
    yield blank(say("dpo.t2.safeguards"), say("dpo.t2.safeguards.hint"))
    yield known(say("dpo.t2.security"), _encryption(words, row.custody), RUN)
    yield blank(say("dpo.t2.measures"), say("dpo.t2.measures.hint"))
    yield _accounts(words, row.accounts)
    yield known(say("resources"), words.number(row.resources))


def _named(words: Sentences, result: AuditResult, label: str, hint: str) -> tuple[Field, Field, Field]:
    """The organisation itself, its representative and its data protection officer."""
    contacts, say = result.roles.contacts, words.say
    return (
        known(say(label), _told(contacts.organisation), CONFIG, hint),
        known(say("dpo.t2.representative"), _told(contacts.representative), CONFIG, say("dpo.where_any")),
        known(say("dpo.t2.dpo"), _told(contacts.dpo), CONFIG, say("dpo.where_any")),
    )


def _told(text: str | None) -> str | None:
    return clip(text, LONG) if text else None


def _title(words: Sentences, row: Record) -> str:
    return words.label("class", row.data_class) + (f" · {clip(row.purpose)}" if row.purpose else "")


def _abroad(words: Sentences, rows: Sequence[Record], entries: Sequence[Transfer]) -> str:
    """The candidate transfers of this data that come from these accounts."""
    wanted = {(row.data_class, row.purpose, account) for row in rows for account in row.accounts}
    return lines(
        words.say("dpo.t2.transfer", id=t.id, importer=clip(t.importer or words.say("unknown")),
                  country=words.place_name(t.countries, t.extent)) for t in entries
        if any((t.data_class, t.purpose, account) in wanted for account in t.accounts)
    )  # fmt: skip


def _encryption(words: Sentences, custody: Sequence[tuple[str | None, int]]) -> str:
    return lines(words.say("dpo.form_in", form=words.label("dpo.form", c or "unknown"), n=n) for c, n in custody)


def _offer(words: Sentences, result: AuditResult, offer_id: str) -> str:
    offer = result.atlas.offer(offer_id)
    company = offer.company("operator") if offer else None
    if offer is None or company is None:
        return offer_id
    return words.say("dpo.t2.offer", offer=offer.name, company=words.company(company.name, company.country))


def _accounts(words: Sentences, accounts: Sequence[str]) -> Field:
    more = len(accounts) - NAMED
    return known(
        words.say("accounts"), lines([*accounts[:NAMED], words.say("dpo.and_more", n=more) if more > 0 else ""])
    )
