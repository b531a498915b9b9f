"""A decision to take, in sentences: what, where, who could reach the data, who acts, who accepted it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from residency.model import Verdict
from residency.policy.papers import Waiver
from residency.render.decisions import Decision, Filed
from residency.render.plain import clip
from residency.render.sentences import Sentences
from residency.result import ControlRef, LawRef

_NAMED = 3  # accounts named before they are counted
_REACH = 5  # companies listed before they are counted


@dataclass(frozen=True, slots=True)
class Told:
    """The sentences of a decision. `classes` and `reach` are empty where it is not about places or companies.

    `reach` has the first companies with the laws that reach them.
    """

    where: str
    offers: str
    classes: str
    reach: tuple[tuple[str, tuple[LawRef, ...]], ...]
    more_reach: int
    who: str
    accepted: tuple[str, ...]


def headline(words: Sentences, decision: Decision) -> str:
    """The rule with what became of it: *Not met: every store of personal data is in the EU*."""
    title = words.both(decision.title) if decision.title else decision.rule
    return words.say(f"decision.title.{decision.verdict}", title=title)


def link(decision: Decision) -> str:
    """The filter that shows the findings of a decision, as the query of a fragment."""
    return urlencode({"verdict": decision.verdict.value, "policy": decision.policy, "rule": decision.rule})


def told(
    words: Sentences, decision: Decision, filed: tuple[Filed, ...], names: Mapping[tuple[str, str], str]
) -> Told:
    """The sentences of a decision. `names` are those of accounts, by provider and id."""
    about = decision.about_place
    offers = ", ".join(_counted(words, offer or words.say("unknown"), n) for offer, n in decision.offers)
    classes = ", ".join(_counted(words, words.label("class", name), n) for name, n in decision.classes)
    return Told(
        where=words.where(decision),
        offers=words.say("decision.offers", offers=offers) if about else "",
        classes=classes if about else "",
        reach=tuple((_company(words, control), control.laws) for control, _n in decision.reach[:_REACH]),
        more_reach=max(0, len(decision.reach) - _REACH),
        who=_who(words, decision, names),
        accepted=tuple(_filed(words, paper) for paper in filed),
    )


def _counted(words: Sentences, name: str, n: int) -> str:
    return words.say("counted", name=clip(name), n=n)


def _company(words: Sentences, control: ControlRef) -> str:
    parent = words.company(control.parent, control.parent_country)
    return words.say("control.line", operator=clip(control.operator or words.say("unknown")), parent=parent)


def _who(words: Sentences, decision: Decision, names: Mapping[tuple[str, str], str]) -> str:
    if decision.decide == "document":
        return words.say("who.paper")
    accounts = [(provider, account) for provider, account in decision.accounts if account]
    known = [clip(names.get(key, key[1]), 60) for key in accounts[:_NAMED]]
    named = ", ".join(known) if len(accounts) <= _NAMED else words.say("scope.accounts", n=len(accounts))
    if not named:
        return words.say("who.paper")
    return words.say("who.acts" if decision.verdict is Verdict.VIOLATION else "who.reads", accounts=named)


def _filed(words: Sentences, filed: Filed) -> str:
    paper = filed.paper
    if isinstance(paper, Waiver):
        key = "accepted.waiver" if filed.valid else "accepted.waiver_ended"
        return words.say(key, id=paper.id, approver=clip(paper.approved_by), owner=clip(paper.owner), n=filed.accepted,
                         date=words.date(paper.expires.isoformat()))  # fmt: skip
    key = "accepted.paper" if filed.valid else "accepted.paper_ended"
    return words.say(key, id=paper.id, owner=clip(paper.owner), document=clip(paper.document),
                     date=words.date(paper.valid_until.isoformat()))  # fmt: skip
