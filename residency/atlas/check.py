"""Everything that must hold across the files of the atlas, each broken rule told at its line and column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from residency.atlas.files import SHAPES, Files
from residency.atlas.periods import law_periods, offer_periods
from residency.atlas.provenance import facts, is_block
from residency.atlas.provider import Provider, clashes, folded
from residency.atlas.shapes import NOTHING_TOLD, Origin, Provenance, Shape, earliest, latest
from residency.errors import Problem, UserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from residency.atlas.law_shapes import DecisionShape, GroupsFile
    from residency.atlas.provider_shapes import CertificateShape, LocationShape, OfferShape
    from residency.atlas.reading import Path_, Read


def check(files: Files) -> list[Problem]:
    """All problems of a data folder, file by file; empty when there are none."""
    problems: list[Problem] = []
    read: dict[str, Read[Any]] = {}
    providers: list[Provider] = []
    complete = True
    for name in SHAPES:
        try:
            read[name] = files.shape(name)
        except UserError as error:
            problems.extend(error.problems)
    for file in files.provider_files:
        try:
            providers.append(files.provider(file))
        except UserError as error:
            complete = False
            problems.extend(error.problems)
    known = Known(read, providers, complete)
    for one in read.values():
        problems.extend(origins(one, one.shape, (), NOTHING_TOLD, known.sources))
    problems.extend(_law_files(read, known))
    problems.extend(_other_files(read, known))
    problems.extend(_offer_ids(providers))
    for provider in providers:
        problems.extend(_provider(provider, known))
        problems.extend(offer_periods(provider.read, provider.read.shape.offers or (), ()))
    problems.extend(law_periods(read))
    return problems


class Known:
    """The ids that other files may refer to. A file that could not be read makes its ids unchecked (`None`)."""

    def __init__(self, read: dict[str, Read[Any]], providers: list[Provider], complete: bool) -> None:
        self.sources = set(read["sources"].shape.sources) if "sources" in read else None
        self.groups = set(read["country-groups"].shape.groups) if "country-groups" in read else None
        self.laws = {law.id for law in read["laws"].shape.laws} if "laws" in read else None
        self.kinds = {kind.id for kind in read["resource-types"].shape.kinds} if "resource-types" in read else None
        self.schemes = {s.scheme for s in read["schemes"].shape.schemes} if "schemes" in read else None
        self.providers = {name: p for p in providers for o in p.offers for name in (o.id, *o.aliases)}
        self.offers = set(self.providers) if complete else None


def unknown(read: Read[Any], path: Path_, what: str, name: str, known: set[str] | None) -> list[Problem]:
    """The problem that a name is not among those known, if so; `known` is `None` where their file is broken."""
    if known is None or name in known:
        return []
    return [read.problem(path, f"the {what} {name!r} is not in the atlas.", "Correct the id, or add it.")]


def origins(
    read: Read[Any], shape: Shape, path: Path_, inherited: Provenance, sources: set[str] | None
) -> Iterator[Problem]:
    """Facts without source, certainty or day of checking, and sources that are not known, anywhere below a shape."""
    for place, fact, where in facts(shape, path, inherited):
        for key, name in _named(fact):
            # Words with a space cite a source directly; a single word is the id of one.
            if " " not in name:
                yield from unknown(read, (*place, *key), "source", name, sources)
        if not is_block(place):
            told = {"source": where.sources, "certainty": where.certainty, "checked_on": where.checked_on}
            remedy = "Say where it was read, how sure that is, and when."
            for what, value in told.items():
                if not value:
                    yield read.problem(place, f"this fact has no {what}.", remedy)


def _named(shape: Origin) -> list[tuple[Path_, str]]:
    """The sources a fact names, each with its key."""
    if shape.source is not None:
        return [(("source",), shape.source)]
    return [(("sources", i), name) for i, name in enumerate(shape.sources or ())]


def _twice(read: Read[Any], section: str, ids: list[str], key: str = "id") -> Iterator[Problem]:
    seen: set[str] = set()
    for index, name in enumerate(ids):
        if name in seen:
            yield read.problem((section, index, key), f"the id {name!r} stands twice.", "Keep one of them.")
        seen.add(name)


def _law_files(read: dict[str, Read[Any]], known: Known) -> Iterator[Problem]:
    for name, section in (("laws", "laws"), ("eu-rules", "rules"), ("frameworks", "frameworks")):
        if name in read:
            yield from _twice(read[name], section, [x.id for x in getattr(read[name].shape, section)])
    if "adequacy" in read:
        file = read["adequacy"]
        decisions: list[DecisionShape] = [*file.shape.decisions, *file.shape.revoked]
        seen: set[str] = set()
        for index, decision in enumerate(decisions):
            first = len(file.shape.decisions)
            path: Path_ = ("decisions", index, "id") if index < first else ("revoked", index - first, "id")
            if decision.id in seen:
                yield file.problem(path, f"the id {decision.id!r} stands twice.", "Keep one of them.")
            seen.add(decision.id)
    if "country-groups" in read:
        yield from _groups(read["country-groups"])
    if "frameworks" in read:
        for i, framework in enumerate(read["frameworks"].shape.frameworks):
            for j, criterion in enumerate(framework.criteria):
                if criterion.area is not None:
                    path = ("frameworks", i, "criteria", j, "area")
                    yield from unknown(read["frameworks"], path, "group", criterion.area, known.groups)


def _groups(read: Read[GroupsFile]) -> Iterator[Problem]:
    groups = read.shape.groups
    for name, group in groups.items():
        for index, part in enumerate(group.union_of or ()):
            yield from unknown(read, ("groups", name, "union_of", index), "group", part, set(groups))
            if part in groups and name in _parts(groups, part, set()):
                yield read.problem(("groups", name, "union_of", index), f"the group {name!r} contains itself.")


def _parts(groups: dict[str, Any], name: str, seen: set[str]) -> set[str]:
    if name not in seen and name in groups:
        seen.add(name)
        for part in groups[name].union_of or ():
            _parts(groups, part, seen)
    return seen


def _other_files(read: dict[str, Read[Any]], known: Known) -> Iterator[Problem]:
    for name, section, key in (
        ("resource-types", "kinds", "id"), ("services", "services", "id"), ("schemes", "schemes", "check"),
        ("hdh-case", "requirements", "id"),
    ):  # fmt: skip
        if name in read:
            yield from _twice(read[name], section, [getattr(x, key) for x in getattr(read[name].shape, section)], key)
    if "hdh-case" in read:
        case = read["hdh-case"]
        ids = {r.id for r in case.shape.requirements}
        for i, requirement in enumerate(case.shape.requirements):
            if requirement.area is not None:
                yield from unknown(case, ("requirements", i, "area"), "group", requirement.area, known.groups)
        for profile, members in case.shape.profiles.items():
            for i, member in enumerate(members):
                yield from unknown(case, ("profiles", profile, i), "requirement", member, ids)
    if "services" in read:
        services = read["services"]
        for i, service in enumerate(services.shape.services):
            for target, entry in service.targets.items():
                path: Path_ = ("services", i, "targets", target)
                yield from unknown(services, path, "offer", target, known.offers)
                for j, region in enumerate(entry.regions or ()):
                    if target in known.providers and known.providers[target].place(region) is None:
                        yield from unknown(services, (*path, "regions", j), "location", region, set())


def _offer_ids(providers: list[Provider]) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    provider_ids: dict[str, str] = {}
    for provider in providers:
        read = provider.read
        if provider.id in provider_ids:
            yield read.problem(("provider",), f"the provider {provider.id!r} is also in {provider_ids[provider.id]}.")
        provider_ids[provider.id] = read.document.file
        for index, offer in enumerate(provider.offers):
            for name in (offer.id, *offer.aliases):
                owner = owners.setdefault(folded(name), f"{read.document.file}:{index}")
                if owner != f"{read.document.file}:{index}":
                    message = f"the offer {name!r} stands twice."
                    yield read.problem(("offers", index, "id"), message, "Keep one of them.")


def _provider(provider: Provider, known: Known) -> Iterator[Problem]:
    read = provider.read
    sources = None if known.sources is None else known.sources | set(read.shape.sources or ())
    yield from origins(read, read.shape, (), NOTHING_TOLD, sources)
    yield from clashes(read, provider.places)
    ids = {place.id for place in provider.places}
    yield from location_problems(read, read.shape.locations or (), (), ids, known)
    partitions = {place.partition for place in provider.places}
    for i, offer in enumerate(read.shape.offers or ()):
        if offer.sold_in is not None:
            if offer.sold_in.partition is not None:
                path = ("offers", i, "sold_in", "partition")
                yield from unknown(read, path, "partition", offer.sold_in.partition, partitions)
            for j, name in enumerate(offer.sold_in.ids or ()):
                yield from unknown(read, ("offers", i, "sold_in", "ids", j), "location", name, ids)
        yield from offer_problems(provider, offer, ("offers", i), known, sources)


def location_problems(
    read: Read[Any], locations: Sequence[LocationShape], path: Path_, ids: set[str], known: Known
) -> Iterator[Problem]:
    """References of locations (under `path`) to other locations and to groups that are not known."""
    for i, location in enumerate(locations):
        for key in ("alias_of", "parent", "paired"):
            name = getattr(location, key)
            if name is not None:
                yield from unknown(read, (*path, "locations", i, key), "location", name, ids)
        for j, name in enumerate(location.excludes or ()):
            yield from unknown(read, (*path, "locations", i, "excludes", j), "location", name, ids)
        for key in ("countries_of", "never_in"):
            for j, name in enumerate(getattr(location, key) or ()):
                yield from unknown(read, (*path, "locations", i, key, j), "group", name, known.groups)


def offer_problems(
    provider: Provider, offer: OfferShape, path: Path_, known: Known, sources: set[str] | None
) -> Iterator[Problem]:
    """References of an offer at `path` to laws, schemes, kinds, locations and sources that are not known."""
    read = provider.read
    for j, link in enumerate(offer.laws or ()):
        yield from unknown(read, (*path, "laws", j, "law"), "law", link.law, known.laws)
    for j, certificate in enumerate(offer.certificates or ()):
        place = (*path, "certificates", j)
        yield from certificate_problems(read, provider, certificate, place, known, sources)


def certificate_problems(
    read: Read[Any], provider: Provider, shape: CertificateShape, path: Path_, known: Known, sources: set[str] | None
) -> Iterator[Problem]:
    """References of a certificate at `path` in the file `read`, which covers places of `provider`."""
    yield from unknown(read, (*path, "scheme"), "certificate scheme", shape.scheme, known.schemes)
    if shape.coverage_source is not None and " " not in shape.coverage_source:
        yield from unknown(read, (*path, "coverage_source"), "source", shape.coverage_source, sources)
    for key in ("services", "excluded_services"):
        value = getattr(shape, key)
        for j, kind in enumerate(value if isinstance(value, list) else ()):
            yield from unknown(read, (*path, key, j), "kind", kind, known.kinds)
    for j, region in enumerate(shape.regions if isinstance(shape.regions, list) else ()):
        if provider.place(region) is None:
            yield from unknown(read, (*path, "regions", j), "location", region, set())
    if shape.date and shape.valid_until and earliest(shape.date) > latest(shape.valid_until):
        yield read.problem((*path, "valid_until"), f"valid_until {shape.valid_until} is before date {shape.date}.")
