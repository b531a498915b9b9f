"""Scenarios: facts changed on purpose, such as an annulled adequacy decision. `Atlas.under` applies one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from residency.atlas import scenario_shapes as verbs
from residency.atlas.amend import OfferChange, acquired
from residency.atlas.law_shapes import DecisionShape
from residency.atlas.reading import Read, read_shape
from residency.atlas.values import Certificate, Company
from residency.errors import Problem, UserError
from residency.packagedata import shipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from residency.atlas.law_shapes import FrameworkShape, LawShape, RuleShape
    from residency.atlas.shapes import Text
    from residency.atlas.values import Offer

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario file. `earliest` is the first day on which it changes something; `None` = any day."""

    id: str
    title: Text
    description: Text
    file: str
    sha256: str
    changes: tuple[verbs.Change, ...]
    read: Read[verbs.ScenarioFile]

    @property
    def earliest(self) -> date | None:
        """The first day on which one of its changes applies; `None` when one applies on any day."""
        return verbs.starts(self.read.shape.changes)


def scenario_folder() -> Path:
    """Where the shipped scenarios are."""
    return shipped("policies") / "scenarios"


def scenario_ids() -> tuple[str, ...]:
    """The ids of the shipped scenarios, in order."""
    return tuple(sorted(file.stem for file in scenario_folder().glob("*.yaml")))


def load_scenario(name: str | Path) -> Scenario:
    """A shipped scenario by its id, or one from a file.

    Raises `UserError` for an unknown id, naming those there are, and with every problem of a file.
    """
    file = Path(name)
    if str(name) in scenario_ids():
        file = scenario_folder() / f"{name}.yaml"
    elif not file.exists():
        message = f"the scenario {str(name)!r} is neither shipped nor a file."
        raise UserError(Problem(message, remedy=f"Shipped: {', '.join(scenario_ids())}."))
    read = read_shape(file, verbs.ScenarioFile)
    sha256 = hashlib.sha256(read.document.text.encode()).hexdigest()
    shape = read.shape
    return Scenario(shape.id, shape.title, shape.description, str(file), sha256, tuple(shape.changes), read)


def source_of(scenario: Scenario) -> str:
    """What stands as the source of a fact that a scenario assumes."""
    return f"scenario {scenario.id}"


def decisions_under(scenario: Scenario, decisions: Iterable[DecisionShape]) -> list[DecisionShape]:
    """The adequacy decisions as the scenario has them."""
    result = list(decisions)
    for change in scenario.changes:
        match change:
            case verbs.Annul():
                result = _ended(result, change.annul, change.from_)
            case verbs.Lapse():
                result = _ended(result, change.lapse, change.from_)
            case verbs.Renew():
                result = _renewed(result, change)
            case verbs.Grant():
                result.append(_granted(scenario, change))
            case _:
                pass
    return result


def _ended(decisions: list[DecisionShape], id_: str, first: date | None) -> list[DecisionShape]:
    """Without the decision, or with it until the day before `first`."""
    others = [d for d in decisions if d.id != id_]
    if first is None:
        return others
    last = first - _DAY
    return [
        d.model_copy(update={"valid_until": min(d.valid_until or last, last)}) if d.id == id_ else d
        for d in decisions
        if d.id != id_ or d.valid_from is None or d.valid_from <= last
    ]


def _renewed(decisions: list[DecisionShape], change: verbs.Renew) -> list[DecisionShape]:
    """With the decision until the new end; from a later day on, as a second period of the same decision."""
    result: list[DecisionShape] = []
    for d in decisions:
        if d.id != change.renew:
            result.append(d)
        elif change.from_ is None or (d.valid_from is not None and change.from_ <= d.valid_from):
            result.append(d.model_copy(update={"valid_until": change.until}))
        else:
            result += _ended([d], d.id, change.from_)
            second = {"valid_from": change.from_, "valid_until": change.until, "periods": None}
            result.append(d.model_copy(update=second))
    return result


def _granted(scenario: Scenario, change: verbs.Grant) -> DecisionShape:
    return DecisionShape(
        id=change.grant, name=change.grant, countries=change.countries, celex="", scope="general",
        instrument=change.instrument or source_of(scenario), adopted=change.from_ or date.min,
        conditional=change.conditional, valid_from=change.from_, valid_until=change.until,
        sources=[source_of(scenario)], note=f"by assumption of the scenario {scenario.id}",
    )  # fmt: skip


def laws_under(
    scenario: Scenario, laws: dict[str, tuple[tuple[date | None, LawShape], ...]]
) -> dict[str, tuple[tuple[date | None, LawShape], ...]]:
    """The laws, each as its versions with the day from which they count, as the scenario has them."""
    result = dict(laws)
    for change in scenario.changes:
        match change:
            case verbs.Lapse() if change.lapse in result:
                last = change.from_ - _DAY if change.from_ else date.min
                end = {"valid_until": last, "valid_from": None} if change.from_ is None else {"valid_until": last}
                result[change.lapse] = tuple(
                    (day, law.model_copy(update=end if law.valid_until is None or law.valid_until > last else {}))
                    for day, law in result[change.lapse]
                )
            case verbs.Renew() if change.renew in result:
                versions = result[change.renew]
                new = versions[-1][1].model_copy(update={"lapse": None, "valid_until": change.until})
                earlier = () if change.from_ is None else versions
                result[change.renew] = (*earlier, (change.from_, new))
            case _:
                pass
    return result


def adopted_under(scenario: Scenario, entry: FrameworkShape | RuleShape) -> FrameworkShape | RuleShape:
    """A rule or framework as the scenario has it."""
    for change in scenario.changes:
        if isinstance(change, verbs.Adopt) and change.adopt == entry.id:
            entry = entry.model_copy(update={"stage": None, "applies_from": change.from_ or date.min})
    return entry


def offer_changes(
    scenario: Scenario, offer_id: str, laws: list[LawShape], foreign: Callable[[str, date | None], bool]
) -> list[OfferChange]:
    """What the scenario changes of an offer. `foreign` tells whether a country is outside the Union on a day."""
    found: list[OfferChange] = []
    for change in scenario.changes:
        match change:
            case verbs.Certify() if change.certify == offer_id:
                found.append(OfferChange(change.from_, _With(_certified(scenario, change))))
            case verbs.Withdraw() if change.withdraw == offer_id:
                found.append(OfferChange(change.from_, _Withdrawn(change.scheme, scenario.id)))
            case verbs.Acquire() if change.acquire == offer_id:
                buyer = Company(change.by.name, change.by.country, None, source_of(scenario), None)
                outside = foreign(change.by.country, change.from_)
                found.append(OfferChange(change.from_, _Acquired(buyer, outside, scenario.id, laws)))
            case _:
                pass
    return found


@dataclass(frozen=True, slots=True)
class _With:
    certificate: Certificate

    def __call__(self, offer: Offer) -> Offer:
        return replace(offer, certificates=(self.certificate, *offer.certificates))


@dataclass(frozen=True, slots=True)
class _Withdrawn:
    scheme: str
    scenario: str

    def __call__(self, offer: Offer) -> Offer:
        gone = [
            replace(c, status="not-held", services="all", regions="all", date=None, valid_until=None,
                    source=f"scenario {self.scenario}", certainty=None)
            if c.scheme == self.scheme and c.status == "held" else c
            for c in offer.certificates
        ]  # fmt: skip
        return replace(offer, certificates=tuple(gone))


@dataclass(frozen=True, slots=True)
class _Acquired:
    buyer: Company
    foreign: bool
    scenario: str
    laws: list[LawShape]

    def __call__(self, offer: Offer) -> Offer:
        return acquired(offer, self.buyer, self.foreign, self.scenario, self.laws)


def _certified(scenario: Scenario, change: verbs.Certify) -> Certificate:
    def several(value: list[str] | str) -> tuple[str, ...] | str:
        return tuple(value) if isinstance(value, list) else value

    return Certificate(
        scheme=change.scheme, version=change.version, status="held", scope=None, body=None, decision=None, product=None,
        attestation_type=None, date=change.from_.isoformat() if change.from_ else None,
        valid_until=change.until.isoformat() if change.until else None,
        services=several(change.services), excluded_services=(), regions=several(change.regions),  # type: ignore[arg-type]
        coverage_complete=False, coverage_certainty="verified", coverage_source=None, certainty=None,
        source=source_of(scenario), checked_on=None, note=None, assumed=scenario.id,
    )  # fmt: skip
