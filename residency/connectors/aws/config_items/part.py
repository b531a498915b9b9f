"""What one reader found in an item, with the fields of its evidence as Config names them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from residency.connectors.aws.config_items.item import ConfigItem
from residency.connectors.aws.config_items.spelling import as_recorded
from residency.connectors.aws.found import CopyOf, Found, InBucket, KeyUse, PublicShare, Trust
from residency.model import Evidence, Placement, Resource


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a reader. `paths` are pairs: where the reader had it from, and where the item has it."""

    found: Iterable[Found]
    paths: tuple[tuple[str, str], ...]

    def rows(self, item: ConfigItem) -> Iterator[Found]:
        """The rows, whose evidence names the item's source and field, with the tags that Config has."""
        for row in self.found:
            match row:
                case Resource():
                    yield replace(row, tags=item.tags)
                case Placement():
                    yield self._placement(row, item)
                case InBucket() | CopyOf() | PublicShare() | Trust():
                    yield replace(row, placement=self._placement(row.placement, item))
                case KeyUse():
                    yield replace(row, evidence=self._evidence(row.evidence, item))
                case _:
                    yield row

    def _placement(self, row: Placement, item: ConfigItem) -> Placement:
        return row if row.evidence is None else replace(row, evidence=self._evidence(row.evidence, item))

    def _evidence(self, evidence: Evidence, item: ConfigItem) -> Evidence:
        field = evidence.field
        for theirs, ours in self.paths:
            if not theirs or field == theirs or field.startswith((f"{theirs}.", f"{theirs}[")):
                field = ours + (f".{field}" if not theirs else field[len(theirs) :])
                break
        whole = {"configuration": item.configuration, "supplementaryConfiguration": item.extra}
        return Evidence(item.api, as_recorded(whole, field), evidence.value)
