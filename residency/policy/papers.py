"""What people supply beside the cloud: attestations (documents that prove what no inventory shows) and waivers.

An attestation turns *unproven* into *compliant* for an assisted or document rule while it is valid; it never overturns
a violation. A waiver turns a *violation* into *waived* until it expires. Both are YAML and carry who answers for them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from residency.errors import Problem, UserError
from residency.yamlfile import Document, read_yaml

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=4_000)]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]

# What a paper may be limited to, and the fact each pattern is held against.
MATCHED = {"uid": "resource.uid", "account": "resource.account", "offer": "place.offer", "location": "place.location"}


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class MatchShape(_Shape):
    """What a paper speaks of. Each is a pattern where `*` stands for any text; a missing one matches everything."""

    uid: Words | None = None
    account: Words | None = None
    offer: Words | None = None
    location: Words | None = None


class AttestationShape(_Shape):
    """A supporting document."""

    id: Id
    rules: list[Id] = Field(min_length=1)
    document: Words
    owner: Words
    issued: Day
    valid_until: Day
    match: MatchShape = MatchShape()
    link: Words | None = None

    @model_validator(mode="after")
    def _in_order(self) -> AttestationShape:
        if date.fromisoformat(self.issued) > date.fromisoformat(self.valid_until):
            raise ValueError("valid_until lies before issued")
        return self


class WaiverShape(_Shape):
    """An accepted violation."""

    id: Id
    rule: Id
    policy: Id | None = None
    match: MatchShape
    reason: Words
    owner: Words
    approved_by: Words
    expires: Day

    @model_validator(mode="after")
    def _a_day(self) -> WaiverShape:
        date.fromisoformat(self.expires)
        return self


class PapersShape(_Shape):
    """A file of attestations, waivers or both."""

    attestations: list[AttestationShape] = []
    waivers: list[WaiverShape] = []


@dataclass(frozen=True, slots=True)
class Attestation:
    """A supporting document. It counts from `issued` to `valid_until`, both included."""

    id: str
    rules: tuple[str, ...]
    document: str
    owner: str
    issued: date
    valid_until: date
    match: tuple[tuple[str, str], ...]
    link: str | None
    place: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """An accepted violation. It counts up to `expires`, included."""

    id: str
    rule: str
    policy: str | None
    match: tuple[tuple[str, str], ...]
    reason: str
    owner: str
    approved_by: str
    expires: date
    place: str


@dataclass(frozen=True, slots=True)
class Papers:
    """The attestations and waivers of an audit. `match` pairs name a fact and the pattern it must fit."""

    attestations: tuple[Attestation, ...] = field(default=())
    waivers: tuple[Waiver, ...] = field(default=())

    def by_id(self) -> dict[str, Attestation | Waiver]:
        """Every paper by its id."""
        return {a.id: a for a in self.attestations} | {w.id: w for w in self.waivers}

    def valid_on(self, day: date) -> Papers:
        """Those that count on a day."""
        return Papers(
            tuple(a for a in self.attestations if a.issued <= day <= a.valid_until),
            tuple(w for w in self.waivers if day <= w.expires),
        )


NO_PAPERS = Papers()


def load_papers(files: list[Path]) -> Papers:
    """Read attestations and waivers. Raises `UserError` with every problem: shape, dates, an id used twice."""
    problems: list[Problem] = []
    attestations: list[Attestation] = []
    waivers: list[Waiver] = []
    seen: dict[str, str] = {}
    for file in files:
        document = read_yaml(file)
        try:
            shape = PapersShape.model_validate(document.value or {})
        except ValidationError as error:
            problems += [_problem(document, entry) for entry in error.errors(include_url=False)]
            continue
        for index, a in enumerate(shape.attestations):
            attestations.append(_attestation(a, _place(document, "attestations", index)))
        for index, w in enumerate(shape.waivers):
            waivers.append(_waiver(w, _place(document, "waivers", index)))
    told = [(a.id, a.place) for a in attestations] + [(w.id, w.place) for w in waivers]
    for name, place in told:
        if name in seen:
            problems.append(Problem(f"the id {name} is already used in {seen[name]}.", place))
        seen[name] = place
    if problems:
        raise UserError(*problems)
    return Papers(tuple(attestations), tuple(waivers))


def _attestation(shape: AttestationShape, place: str) -> Attestation:
    issued, until = date.fromisoformat(shape.issued), date.fromisoformat(shape.valid_until)
    return Attestation(
        shape.id, tuple(shape.rules), shape.document, shape.owner, issued, until, _match(shape.match), shape.link, place
    )


def _waiver(shape: WaiverShape, place: str) -> Waiver:
    expires = date.fromisoformat(shape.expires)
    return Waiver(
        shape.id,
        shape.rule,
        shape.policy,
        _match(shape.match),
        shape.reason,
        shape.owner,
        shape.approved_by,
        expires,
        place,
    )


def _match(shape: MatchShape) -> tuple[tuple[str, str], ...]:
    given = ((MATCHED[name], getattr(shape, name)) for name in MATCHED)
    return tuple((fact, pattern) for fact, pattern in given if pattern is not None)


def _place(document: Document, section: str, index: int) -> str:
    return f"{document.file}:{document.place((section, index))[0]}"


def _problem(document: Document, entry: Any) -> Problem:
    name = ".".join(str(part) for part in entry["loc"])
    said = "this key is not known" if entry["type"] == "extra_forbidden" else entry["msg"]
    return document.problem(tuple(entry["loc"]), f"{name}: {said}.")
