"""What nothing here reads, as far as the account's own indexes name it: Resource Explorer and AWS Config.

An index says that something exists, not where its copies are, so that it never stands for reading. What it counts and
no collector reads is a coverage row `unsupported`; a region without an index is told once, and spoils nothing: see
`docs/decisions/0006`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path

from residency.connectors.aws.found import Found, Indexed
from residency.model import Coverage, Resource, Status
from residency.yamlfile import read_yaml

NAMED = "other-services"
# How Resource Explorer calls the region of what has none.
GLOBAL = "global"
_TYPES = Path(__file__).resolve().parent / "data" / "types.yaml"


def unread(found: Iterable[Found], account: str, regions: Collection[str], nowhere: str) -> Iterator[Coverage]:
    """A row for each region and type that an index counts and nothing reads, and one for the regions without an index.

    A type of which something was found is read, whatever it is called in the list of types.
    """
    read = set()
    indexes: list[Indexed] = []
    for row in found:
        if isinstance(row, Resource):
            read.add(row.type)
        elif isinstance(row, Indexed):
            indexes.append(row)
    named: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for index in indexes:
        for type_, count in index.counts:
            if type_ not in read and not known(type_):
                named[index.region, type_][index.by] += count
    for (region, type_), counts in sorted(named.items()):
        if region not in regions and region != GLOBAL:
            continue
        told = ", ".join(f"{count} by {by}" for by, count in sorted(counts.items()))
        detail = f"counted {told}; nothing here reads this type"
        yield Coverage("aws", account, nowhere if region == GLOBAL else region, type_, Status.UNSUPPORTED, detail)
    without = sorted(set(regions) - {index.region for index in indexes})
    if without:
        told = (
            f"neither Resource Explorer nor AWS Config names anything in {len(without)} of {len(regions)} regions: "
            f"a service that nothing here reads would not be told of there ({', '.join(without)})"
        )
        yield Coverage("aws", account, nowhere, NAMED, Status.DISABLED, told)


def known(type_: str) -> bool:
    """Whether a type is read by a collector or holds nothing, as `data/types.yaml` has it."""
    return type_ in _types()["read"] or holds_nothing(type_)


def holds_nothing(type_: str) -> bool:
    """Whether things of a type hold no customer content and place none."""
    return type_ in _types()["holds_nothing"]


@cache
def _types() -> dict[str, Collection[str]]:
    types: dict[str, Collection[str]] = read_yaml(_TYPES).value
    return types
