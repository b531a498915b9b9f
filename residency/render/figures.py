"""The figures of the HTML report, counted over all fact rows and all verdicts, never only over the listed findings."""

from __future__ import annotations

from dataclasses import dataclass, field

from residency.model import Status
from residency.render.counted.answers import Answer, answers
from residency.render.counted.control import Offer, offers
from residency.render.counted.gaps import GAPS_SHOWN, Gap, gaps
from residency.render.counted.keys import Keys, custody, keys
from residency.render.counted.places import AREAS, Country, countries
from residency.render.counted.query import complete, one, rows
from residency.render.counted.views import opened
from residency.result import AuditResult


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything the report counts."""

    answers: tuple[Answer, ...]
    coverage: dict[str, int]
    asked: int
    gaps: tuple[Gap, ...]
    gap_groups: int
    areas: dict[str, int]
    aside: int
    countries: tuple[Country, ...]
    roles: tuple[str, ...]
    reach: dict[str, int]
    offers: tuple[Offer, ...]
    custody: dict[str, int]
    keys: tuple[Keys, ...]
    resource_count: int
    scope: dict[str, int] = field(default_factory=dict)

    @property
    def unseen(self) -> int:
        """Reads that did not end well."""
        return sum(n for status, n in self.coverage.items() if not Status(status).complete)


_ACCOUNTS = """SELECT count(*) FROM (
    SELECT provider, account FROM coverage UNION SELECT provider, id FROM accounts
    UNION SELECT "resource.provider", "resource.account" FROM facts)"""
_ASKED = "SELECT count(*) FROM (SELECT DISTINCT provider, {} FROM coverage WHERE {} <> '*')"
_ASIDE = """SELECT count(*) FROM facts
            WHERE "place.role" IS DISTINCT FROM 'key' AND "resource.stores_data" = 'no'"""


def figures(result: AuditResult) -> Figures:
    """Count everything the report shows."""
    with opened(result) as db:
        coverage = dict(rows(db, "SELECT status, count(*) FROM coverage GROUP BY 1 ORDER BY 1"))
        found_gaps, found_countries = gaps(db), countries(db)
        return Figures(
            answers=answers(db, result),
            coverage=coverage,
            asked=sum(coverage.values()),
            gaps=tuple(found_gaps[:GAPS_SHOWN]),
            gap_groups=len(found_gaps),
            areas=complete(AREAS, rows(db, "SELECT area, count(*) FROM places GROUP BY 1")),
            aside=one(db, _ASIDE),
            countries=found_countries,
            roles=tuple(dict.fromkeys(role for country in found_countries for role in country.roles)),
            reach=complete(
                ("reached", "disputed", "free", "unknown"), rows(db, "SELECT reach, count(*) FROM places GROUP BY 1")
            ),
            offers=offers(db),
            custody=custody(db),
            keys=keys(db),
            resource_count=one(db, 'SELECT count(DISTINCT "resource.uid") FROM facts'),
            scope={
                "accounts": one(db, _ACCOUNTS),
                "regions": one(db, _ASKED.format("region", "region")),
                "services": one(db, _ASKED.format("service", "service")),
                "placements": result.facts.num_rows,
            },
        )
