"""The figures of the HTML report, counted over all fact rows and all verdicts, never only over the listed findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa

from residency.model import Status, Verdict
from residency.result import AuditResult, PolicyUse

VIEWS = ("transfers", "sovereignty")
AREAS = ("eu", "eea", "adequate", "conditional", "third", "anywhere", "unknown")
AT_PROVIDER = ("provider-managed", "customer-managed", "imported", "hsm")
OUTSIDE = ("external", "client-side")
RESOURCES_SHOWN = 100
GAPS_SHOWN = 40
LISTED = 50  # names of accounts and regions kept for a gap


@dataclass(frozen=True, slots=True)
class ViewAnswer:
    """What a pack says in one view. `verdict` is `None` when the pack has no rule for it.

    `places` counts data placements by their worst verdict, `by_class` the same for each data class; `other` counts the
    checks that are not about a single place: accounts, offers and documents.
    """

    view: str
    verdict: Verdict | None
    places: dict[Verdict, int]
    by_class: tuple[tuple[str | None, dict[Verdict, int]], ...]
    other: dict[Verdict, int]
    gaps: int

    @property
    def total(self) -> int:
        """The denominator: places that at least one rule of the view judged."""
        return sum(self.places.values())


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict of a pack and what stands behind it in each view."""

    policy: PolicyUse
    views: tuple[ViewAnswer, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Reads that ended alike: how many, where, and what came back."""

    status: str
    provider: str
    service: str
    detail: str
    count: int
    accounts: list[str]
    regions: list[str]


@dataclass(frozen=True, slots=True)
class Country:
    """Where data may be (one country, or several that cannot be told apart), with placements by role."""

    countries: tuple[str, ...]
    extent: str | None
    area: str
    roles: dict[str, int]
    classes: tuple[str | None, ...]
    accounts: int

    @property
    def total(self) -> int:
        """All placements there."""
        return sum(self.roles.values())


@dataclass(frozen=True, slots=True)
class Offer:
    """Who runs an offer, and how many places it has. A name or list that is `None` is unknown."""

    id: str | None
    facts: dict[str, Any]
    places: int
    certificates: tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Keys:
    """Resources of a data class whose keys are held alike."""

    data_class: str | None
    custody: str | None
    resources: int
    countries: tuple[str, ...]
    unknown_place: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A resource with its placements; `verdict` is the worst one of any rule about it."""

    uid: str
    name: str | None
    type: str
    kind: str | None
    offer: str | None
    account: str
    data_class: str | None
    custody: str | None
    verdict: Verdict | None
    places: tuple[dict[str, Any], ...]


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
    resources: tuple[Listed, ...]
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
    with duckdb.connect(config={"enable_external_access": False}) as db:
        _register(db, result)
        coverage = dict(_rows(db, "SELECT status, count(*) FROM coverage GROUP BY 1 ORDER BY 1"))
        gaps = _gaps(db)
        countries = _countries(db)
        return Figures(
            answers=_answers(db, result),
            coverage=coverage,
            asked=sum(coverage.values()),
            gaps=tuple(gaps[:GAPS_SHOWN]),
            gap_groups=len(gaps),
            areas=_complete(AREAS, _rows(db, "SELECT area, count(*) FROM places GROUP BY 1")),
            aside=_one(db, _ASIDE),
            countries=countries,
            roles=tuple(dict.fromkeys(role for country in countries for role in country.roles)),
            reach=_complete(
                ("reached", "disputed", "free", "unknown"), _rows(db, "SELECT reach, count(*) FROM places GROUP BY 1")
            ),
            offers=_offers(db),
            custody=_custody(db),
            keys=_keys(db),
            resources=_resources(db),
            resource_count=_one(db, 'SELECT count(DISTINCT "resource.uid") FROM facts'),
            scope={
                "accounts": _one(db, _ACCOUNTS),
                "regions": _one(db, _ASKED.format("region", "region")),
                "services": _one(db, _ASKED.format("service", "service")),
                "placements": result.facts.num_rows,
            },
        )


def _register(db: duckdb.DuckDBPyConnection, result: AuditResult) -> None:
    uses = [
        {"policy": rule.policy, "rule": rule.id, "view": view, "paper": rule.decide == "document"}
        for rule in result.rules
        for view in VIEWS
        if rule.view in (view, "both")
    ]
    shape = pa.schema([("policy", pa.string()), ("rule", pa.string()), ("view", pa.string()), ("paper", pa.bool_())])
    weights = pa.table({"verdict": [v.value for v in Verdict], "weight": [v.weight for v in Verdict]})
    db.register("facts", result.facts.append_column("row", pa.array(range(result.facts.num_rows), pa.int64())))
    db.register("judged", result.judged)
    db.register("coverage", result.inventory.coverage)
    db.register("accounts", result.inventory.accounts)
    db.register("uses", pa.Table.from_pylist(uses, schema=shape))
    db.register("weights", weights)
    db.execute("""
        CREATE TEMP VIEW places AS SELECT *,
          CASE WHEN "place.in_eu" THEN 'eu' WHEN "place.in_eea" THEN 'eea' WHEN "place.adequate" THEN 'adequate'
               WHEN "place.extent" = 'anywhere' THEN 'anywhere'
               WHEN coalesce(len("place.countries"), 0) = 0 THEN 'unknown'
               WHEN "place.adequate" = false THEN 'third' ELSE 'conditional' END AS area,
          CASE WHEN len("control.laws_by_parent") > 0 OR len("control.laws_by_operator") > 0 THEN 'reached'
               WHEN "control.laws_by_parent" IS NULL OR "control.laws_by_operator" IS NULL THEN 'unknown'
               WHEN len("control.laws_disputed") > 0 THEN 'disputed'
               WHEN "control.laws_disputed" IS NULL THEN 'unknown' ELSE 'free' END AS reach
        FROM facts WHERE "place.role" IS DISTINCT FROM 'key' AND "resource.stores_data" IS DISTINCT FROM 'no'""")


def _answers(db: duckdb.DuckDBPyConnection, result: AuditResult) -> tuple[Answer, ...]:
    places = _rows(
        db,
        """
        WITH used AS (SELECT j.policy, u.view, j.per, j."row", w.weight FROM judged j
                      JOIN uses u USING (policy, rule) JOIN weights w USING (verdict) WHERE NOT u.paper),
        spread AS (SELECT policy, view, "row", weight FROM used WHERE per = 'placement'
          UNION ALL SELECT used.policy, used.view, f."row", used.weight FROM used
          JOIN facts named ON named."row" = used."row" JOIN facts f ON f."resource.uid" = named."resource.uid"
          WHERE used.per = 'resource'),
        worst AS (SELECT policy, view, "row", max(weight) AS weight FROM spread GROUP BY ALL)
        SELECT policy, view, "resource.data_class", weight, count(*) FROM worst JOIN facts USING ("row")
        GROUP BY ALL ORDER BY ALL""",
    )
    others = _rows(
        db,
        """
        SELECT j.policy, u.view, w.weight, count(*) FROM judged j JOIN uses u USING (policy, rule)
        JOIN weights w USING (verdict) WHERE u.paper OR j.per IN ('account', 'offer') GROUP BY ALL ORDER BY ALL""",
    )
    return tuple(
        Answer(policy, tuple(_view(policy, view, places, others, result) for view in VIEWS))
        for policy in result.policies
    )


def _view(policy: PolicyUse, view: str, places: list[Any], others: list[Any], result: AuditResult) -> ViewAnswer:
    rules = {rule.id for rule in result.rules if rule.policy == policy.id and rule.view in (view, "both")}
    given = [c.verdict for c in result.counts if c.policy == policy.id and c.rule in rules and c.count]
    gaps = sum(c.count for c in result.counts if c.policy == policy.id and c.rule == "COVERAGE")
    classes: dict[str | None, dict[Verdict, int]] = {}
    totals = _no_verdicts()
    for name, of, data_class, weight, count in places:
        if (name, of) == (policy.id, view):
            verdict = list(Verdict)[weight]
            classes.setdefault(data_class, _no_verdicts())[verdict] += count
            totals[verdict] += count
    other = _no_verdicts()
    for name, of, weight, count in others:
        if (name, of) == (policy.id, view):
            other[list(Verdict)[weight]] += count
    worst = max(given, key=lambda verdict: verdict.weight, default=Verdict.UNPROVEN)
    if gaps:
        worst = max(worst, Verdict.UNPROVEN, key=lambda verdict: verdict.weight)
    return ViewAnswer(view, worst if rules else None, totals, tuple(classes.items()), other, gaps)


def _gaps(db: duckdb.DuckDBPyConnection) -> list[Gap]:
    rows = _rows(
        db,
        """
        SELECT status, provider, service, detail, count(*) AS n,
               list_slice(list_sort(list(DISTINCT account)), 1, 50), list_slice(list_sort(list(DISTINCT region)), 1, 50)
        FROM coverage WHERE status NOT IN ('read', 'empty', 'disabled')
        GROUP BY status, provider, service, detail ORDER BY n DESC, status, provider, service, detail""",
    )
    return [Gap(*row) for row in rows]


def _countries(db: duckdb.DuckDBPyConnection) -> tuple[Country, ...]:
    rows = _rows(
        db,
        """
        SELECT coalesce("place.countries", []) AS c, "place.extent" AS e, area, "place.role" AS r, count(*),
               list_sort(list(DISTINCT coalesce("resource.data_class", ''))), list(DISTINCT "resource.account")
        FROM places GROUP BY c, e, area, r ORDER BY area, c, e, r""",
    )
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for countries, extent, area, role, count, classes, accounts in rows:
        groups.setdefault((tuple(sorted(countries)), extent, area), []).append((role, count, classes, accounts))
    made = [
        Country(
            countries, extent, area,
            {role: sum(n for r, n, _c, _a in members if r == role) for role in _in_order(m[0] for m in members)},
            tuple(c or None for c in sorted({c for m in members for c in m[2]})),
            len({a for m in members for a in m[3]}),
        )
        for (countries, extent, area), members in groups.items()
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda c: (AREAS.index(c.area), -c.total, c.countries, c.extent or "")))


def _in_order(roles: Any) -> list[str]:
    order = ("primary", "replica", "backup", "snapshot", "cache", "processing", "log", "share", "control-plane")
    return sorted(set(roles), key=lambda role: (order.index(role) if role in order else len(order), role))


_OFFER_FACTS = (
    "control.operator", "control.operator_country", "control.contracting_country", "control.parent",
    "control.parent_country", "control.seat_in_eu", "control.parent_in_eu", "control.laws_by_parent",
    "control.laws_by_operator", "control.laws_disputed", "control.non_eu_share_largest", "control.non_eu_share_total",
)  # fmt: skip
_CERTIFICATES = ("secnumcloud", "hds", "c5", "iso_27001")


def _offers(db: duckdb.DuckDBPyConnection) -> tuple[Offer, ...]:
    facts = ", ".join(f'max("{name}")' for name in _OFFER_FACTS)
    certificates = ", ".join(
        f'count(*) FILTER ("cert.{name}"), count(*) FILTER (NOT "cert.{name}"), count(*) FILTER ("cert.{name}" IS NULL)'
        for name in _CERTIFICATES
    )
    query = f"""SELECT coalesce("place.offer", "resource.offer") AS offer, count(*) AS n, {facts}, {certificates}
                FROM places GROUP BY offer ORDER BY n DESC, offer"""  # noqa: S608 - built from the names above
    offers = []
    for row in _rows(db, query):
        offer, count = row[:2]
        known = dict(zip(_OFFER_FACTS, row[2 : 2 + len(_OFFER_FACTS)], strict=True))
        rest = row[2 + len(_OFFER_FACTS) :]
        held = tuple((name, *rest[3 * i : 3 * i + 3]) for i, name in enumerate(_CERTIFICATES))
        offers.append(Offer(offer, known, count, held))
    return tuple(offers)


_HOLDERS = """SELECT "resource.uid" AS uid, max("resource.data_class") AS cls, max("key.custody") AS custody,
                     max("key.countries") AS countries FROM places GROUP BY uid"""


def _custody(db: duckdb.DuckDBPyConnection) -> dict[str, int]:
    found = dict(_rows(db, f"SELECT custody, count(*) FROM ({_HOLDERS}) GROUP BY 1"))  # noqa: S608 - no outside text
    return {
        "provider": sum(found.get(name, 0) for name in AT_PROVIDER),
        "outside": sum(found.get(name, 0) for name in OUTSIDE),
        "none": found.get("none", 0),
        "unknown": sum(n for name, n in found.items() if name not in (*AT_PROVIDER, *OUTSIDE, "none")),
    }


def _keys(db: duckdb.DuckDBPyConnection) -> tuple[Keys, ...]:
    query = f"""SELECT cls, custody, count(*), list_sort(list_distinct(flatten(list(coalesce(countries, []))))),
                       count(*) FILTER (countries IS NULL)
                FROM ({_HOLDERS}) GROUP BY cls, custody ORDER BY cls, custody"""  # noqa: S608 - no outside text
    return tuple(Keys(cls, custody, n, tuple(c), unknown) for cls, custody, n, c, unknown in _rows(db, query))


def _resources(db: duckdb.DuckDBPyConnection) -> tuple[Listed, ...]:
    query = f"""
        WITH seen AS (SELECT f."resource.uid" AS uid, max(w.weight) AS weight
                      FROM judged j JOIN weights w USING (verdict) JOIN facts f USING ("row")
                      WHERE j.per IN ('placement', 'resource') GROUP BY 1),
        chosen AS (SELECT DISTINCT f."resource.uid" AS uid, coalesce(weight, -1) AS weight FROM facts f
                   LEFT JOIN seen ON seen.uid = f."resource.uid" ORDER BY 2 DESC, 1 LIMIT {RESOURCES_SHOWN})
        SELECT f."resource.uid", "resource.name", "resource.type", "resource.kind", "resource.offer",
               "resource.account", "resource.data_class", "key.custody", weight,
               "place.role", "place.location", "place.countries", "place.extent", "place.via",
               "place.target", "evidence.api", "evidence.field", "evidence.value"
        FROM facts f JOIN chosen ON chosen.uid = f."resource.uid" ORDER BY weight DESC, 1, f."row\""""  # noqa: S608
    grouped: dict[str, list[Any]] = {}
    for row in _rows(db, query):
        grouped.setdefault(row[0], []).append(row)
    keys = ("role", "location", "countries", "extent", "via", "target", "api", "field", "value")
    listed = []
    for rows in grouped.values():
        uid, name, kind_of, kind, offer, account, data_class, custody, weight = rows[0][:9]
        verdict = list(Verdict)[weight] if weight >= 0 else None
        places = tuple(dict(zip(keys, row[9:], strict=True)) for row in rows)
        listed.append(Listed(uid, name, kind_of, kind, offer, account, data_class, custody, verdict, places))
    return tuple(listed)


def _no_verdicts() -> dict[Verdict, int]:
    return dict.fromkeys(reversed(Verdict), 0)


def _complete(keys: Sequence[str], rows: list[Any]) -> dict[str, int]:
    found = dict(rows)
    return {key: found.get(key, 0) for key in keys}


def _rows(db: duckdb.DuckDBPyConnection, query: str) -> list[Any]:
    return db.sql(query).fetchall()


def _one(db: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(_rows(db, query)[0][0])
