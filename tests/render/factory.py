"""Audit results made by hand: small, empty, hostile, and with as many findings as asked."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from residency.facts import arrow_schema
from residency.model import (
    Account,
    Coverage,
    DataClass,
    Evidence,
    KeyCustody,
    Placement,
    Resource,
    Role,
    Row,
    Severity,
    Status,
    StoresData,
    Verdict,
)
from residency.policy.judge import FINDINGS
from residency.result import (
    AuditResult,
    ControlRef,
    Count,
    Finding,
    LawRef,
    PlacementRef,
    PolicyUse,
    ResourceRef,
    RuleUse,
    Run,
    Text,
)
from residency.tables import Inventory

PACK = "health-data-hub"
HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def cite(text: str) -> Text:
    return Text(text, text)


RULES = (
    RuleUse(
        PACK,
        "HDH-LOC-03",
        Text("No copy outside the Union", "Aucune copie hors de l’Union"),
        Severity.CRITICAL,
        "transfers",
        "automatic",
        (cite("Arrêté du 9 octobre 2020, art. 1"),),
        "place.in_eu",
    ),
    RuleUse(
        PACK,
        "HDH-CTL-01",
        Text("No foreign law through the parent company", "Aucune loi étrangère par la société mère"),
        Severity.HIGH,
        "sovereignty",
        "automatic",
        (cite("Loi n° 2024-449 (SREN), art. 31"),),
        "size(control.laws_by_parent) == 0 &&\nsize(control.laws_by_operator) == 0",
    ),
    RuleUse(
        PACK,
        "HDH-KEY-02",
        Text("Keys are held outside the provider", "Les clés sont détenues hors du fournisseur"),
        Severity.MEDIUM,
        "both",
        "automatic",
        (cite("SecNumCloud 3.2, 19.6"),),
        "key.custody in ['external', 'client-side']",
    ),
    RuleUse(
        PACK,
        "HDH-DOC-01",
        Text("Hosting contract under EU law", "Contrat d’hébergement soumis au droit de l’Union"),
        Severity.MEDIUM,
        "sovereignty",
        "document",
        (cite("SecNumCloud 3.2, 19.1.c"),),
        "",
    ),
)  # location: countries, in_eu, in_eea, adequate
PLACES: dict[str | None, tuple[list[str] | None, bool | None, bool | None, bool | None]] = {
    "eu-west-3": (["FR"], True, True, True),
    "eu-central-1": (["DE"], True, True, True),
    "europe-west2": (["GB"], False, False, True),
    "us-east-1": (["US"], False, False, None),
    "ap-southeast-1": (["SG"], False, False, False),
    "eu": (["BE", "FI", "NL"], True, True, True),
    None: (None, None, None, None),
}
ADEQUACY = {
    "eu-west-3": "member", "eu-central-1": "member", "eu": "member", "europe-west2": "full",
    "us-east-1": "conditional", "ap-southeast-1": "none", None: None,
}  # fmt: skip
US_LAWS = (LawRef("US-CLOUD-ACT", "parent", "memory"), LawRef("US-FISA-702", "parent", "secondary"))


def text(en: str, fr: str) -> Text:
    return Text(en, fr)


class Estate:
    """An estate that grows by buckets; `result` judges it in the plainest way."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.facts: list[dict[str, Any]] = []
        self.findings: list[Finding] = []
        self.judged: list[dict[str, Any]] = []

    def bucket(
        self,
        name: str,
        *places: tuple[str, str | None],
        account: str = "111122223333",
        data_class: str | None = "health",
        offer: str = "aws",
        custody: str | None = "customer-managed",
        waiver: str | None = None,
    ) -> None:
        uid = f"arn:aws:s3:::{name}"
        american = offer == "aws"
        self.rows.append(
            Resource(
                uid,
                "aws",
                offer,
                account,
                "AWS::S3::Bucket",
                "object-bucket",
                name,
                places[0][1],
                StoresData.YES,
                {"data-class": data_class} if data_class else None,
                DataClass(data_class) if data_class else None,
                KeyCustody(custody) if custody else None,
            )
        )
        for role, location in places:
            evidence = Evidence("s3:GetBucketLocation", "LocationConstraint", location)
            via = "location" if role == "primary" else f"s3-{role}"
            target = None if role == "primary" else f"{uid}-{role}"
            self.rows.append(Placement(uid, Role(role), location, via, evidence, target))
            countries, in_eu, in_eea, adequate = PLACES[location]
            laws = ["US-CLOUD-ACT", "US-FISA-702"] if american else []
            self.facts.append(
                {
                    "resource.uid": uid,
                    "resource.provider": "aws",
                    "resource.offer": offer,
                    "resource.account": account,
                    "resource.account_path": [],
                    "resource.type": "AWS::S3::Bucket",
                    "resource.kind": "object-bucket",
                    "resource.category": "object-storage",
                    "resource.name": name,
                    "resource.stores_data": "yes",
                    "resource.data_class": data_class or "health",
                    "resource.data_class_from": "tag",
                    "resource.classified": True,
                    "place.role": role,
                    "place.location": location,
                    "place.via": via,
                    "place.target": target,
                    "place.offer": offer,
                    "place.extent": None if countries is None else "country" if len(countries) == 1 else "countries",
                    "place.countries": countries,
                    "place.country": countries[0] if countries and len(countries) == 1 else None,
                    "place.in_eu": in_eu,
                    "place.in_eea": in_eea,
                    "place.adequate": adequate,
                    "place.adequacy": ADEQUACY[location],
                    "control.operator": "Amazon Web Services EMEA SARL" if american else "OVH SAS",
                    "control.operator_country": "LU" if american else "FR",
                    "control.contracting_country": "LU" if american else "FR",
                    "control.parent": "Amazon.com, Inc." if american else "OVH Groupe SA",
                    "control.parent_country": "US" if american else "FR",
                    "control.seat_in_eu": True,
                    "control.parent_in_eu": not american,
                    "control.laws_by_parent": laws,
                    "control.laws_by_operator": [],
                    "control.laws_disputed": [] if american else ["CA-PRODUCTION-ORDER"],
                    "cert.secnumcloud": not american and location == "eu-west-3",
                    "cert.hds": True,
                    "cert.c5": None,
                    "key.custody": custody,
                    "key.countries": ["FR"] if custody == "customer-managed" else None,
                    "key.in_eu": True if custody == "customer-managed" else None,
                    "evidence.api": evidence.api,
                    "evidence.field": evidence.field,
                    "evidence.value": location,
                }
            )
            row = len(self.facts) - 1
            place_verdict = {True: Verdict.COMPLIANT, False: Verdict.VIOLATION, None: Verdict.UNPROVEN}[in_eu]
            if waiver and place_verdict is Verdict.VIOLATION:
                place_verdict = Verdict.WAIVED
            self._judge(RULES[0], row, place_verdict, ("place.in_eu", "place.location"), waiver)
            self._judge(RULES[1], row, Verdict.VIOLATION if american else Verdict.COMPLIANT, ())
            key_verdict = Verdict.UNPROVEN if custody is None else Verdict.VIOLATION
            self._judge(RULES[2], row, key_verdict, ("key.custody",))

    def document(self, offer: str = "aws") -> None:
        resource = ResourceRef(f"offer:{offer}", "aws", offer, "", "offer", None, None)
        row = len(self.facts) - 1
        self._add(RULES[3], Verdict.UNPROVEN, row, resource, None, None, ("attestation",), None, "offer")

    def gap(self, status: str = "denied", region: str = "eu-west-1", service: str = "s3", detail: str = "") -> None:
        self.rows.append(Coverage("aws", "111122223333", region, service, Status(status), detail))
        if not Status(status).complete:
            uid = f"coverage:aws/111122223333/{region}/{service}"
            resource = ResourceRef(uid, "aws", None, "111122223333", "coverage", None, f"{service} {region}")
            rule = RuleUse(PACK, "COVERAGE", Text("", ""), Severity.HIGH, "both", "automatic", (), "")
            self._add(rule, Verdict.UNPROVEN, 0, resource, None, None, (), None, "coverage")

    def _judge(
        self, rule: RuleUse, row: int, verdict: Verdict, missing: tuple[str, ...], waiver: str | None = None
    ) -> None:
        fact = self.facts[row]
        resource = ResourceRef(
            *(fact[f"resource.{n}"] for n in ("uid", "provider", "offer", "account", "type", "kind", "name"))
        )
        place = PlacementRef(
            fact["place.role"],
            fact["place.location"],
            tuple(fact["place.countries"] or ()),
            False,
            fact["place.via"],
            fact["place.target"],
            fact["evidence.api"],
            fact["evidence.field"],
            fact["evidence.value"],
        )
        laws = (
            US_LAWS
            if fact["control.laws_by_parent"]
            else (LawRef("CA-PRODUCTION-ORDER", "establishment", "secondary"),)
        )
        control = ControlRef(fact["control.operator"], fact["control.parent"], fact["control.parent_country"], laws)
        self._add(rule, verdict, row, resource, place, control, missing, waiver, "placement")

    def _add(
        self,
        rule: RuleUse,
        verdict: Verdict,
        row: int,
        resource: ResourceRef,
        place: PlacementRef | None,
        control: ControlRef | None,
        missing: tuple[str, ...],
        waiver: str | None,
        per: str,
    ) -> None:
        number = f"{len(self.judged):016x}"
        missing = missing if verdict is Verdict.UNPROVEN else ()
        waiver = waiver if verdict is Verdict.WAIVED else None
        self.judged.append(
            {
                "id": number,
                "policy": PACK,
                "rule": rule.id,
                "verdict": verdict.value,
                "severity": rule.severity.value,
                "per": per,
                "subject": resource.uid,
                "row": row,
                "missing": list(missing),
                "waiver": waiver,
            }
        )
        if verdict is Verdict.COMPLIANT:
            return
        name, where = resource.name or resource.uid, (place and place.location) or "X"
        self.findings.append(
            Finding(
                number,
                PACK,
                rule.id,
                verdict,
                rule.severity,
                resource,
                place,
                control,
                "health" if place else None,
                text(
                    f"{name} is at {where}, which the rule does not allow.",
                    f"{name} se trouve à {where}, ce que la règle n’admet pas.",
                ),
                text(
                    f"Move {name} to a region of the Union, or delete the copy.",
                    f"Déplacez {name} vers une région de l’Union, ou supprimez la copie.",
                ),
                tuple(basis.en for basis in rule.basis),
                missing,
                waiver,
            )
        )

    def result(self, **changes: Any) -> AuditResult:
        """What an audit of the estate gives. `changes` are fields of its run."""
        verdicts = [Verdict(entry["verdict"]) for entry in self.judged]
        worst = max(verdicts, key=lambda verdict: verdict.weight, default=Verdict.UNPROVEN)
        tally: dict[tuple[str, Verdict], int] = {}
        for entry in self.judged:
            key = (entry["rule"], Verdict(entry["verdict"]))
            tally[key] = tally.get(key, 0) + 1
        inventory = Inventory.of([Account("aws", "aws", "111122223333", "prod", ("Root", "Health")), *self.rows])
        complete = all(row.status.complete for row in self.rows if isinstance(row, Coverage))
        run: dict[str, Any] = {
            "id": "20261124T093000Z-1f3c",
            "started": "2026-11-24T09:30:00Z",
            "as_of": "2026-11-24",
            "scenario": None,
            "sources": ("aws",),
            "endpoints": (),
            "atlas_version": "2026-11-24",
            "atlas_sha256": HASH,
            "tool_version": "0.1.0",
            "complete": complete,
            "live": True,
        }
        title = Text("Health Data Hub, target of 2026", "Plateforme des données de santé, cible 2026")
        return AuditResult(
            Run(**run | changes),
            (PolicyUse(PACK, "hdh-target-2026", "1.0.0", HASH, title, worst),),
            RULES,
            tuple(self.findings),
            tuple(Count(PACK, rule, verdict, n) for (rule, verdict), n in tally.items()),
            inventory,
            pa.Table.from_pylist(self.facts, schema=arrow_schema()),
            pa.Table.from_pylist(self.judged, schema=FINDINGS),
        )


def small() -> AuditResult:
    """An estate in which every verdict, axis and gap occurs."""
    estate = Estate()
    estate.gap("read", "eu-west-3")
    estate.bucket("patients", ("primary", "eu-west-3"), ("replica", "us-east-1"), ("log", "eu-central-1"))
    estate.bucket("imaging", ("primary", "eu-west-3"), ("backup", "ap-southeast-1"), custody=None)
    estate.bucket("archive", ("primary", "eu"), ("snapshot", None), account="444455556666")
    estate.bucket("registry", ("primary", "europe-west2"), waiver="W-2026-004, until 2027-01-31: exit under way")
    estate.bucket("staff", ("primary", "eu-west-3"), data_class="personal", offer="ovhcloud", custody="external")
    estate.document()
    estate.document("ovhcloud")
    estate.gap("denied", "eu-west-1", "s3", "AccessDenied: s3:GetBucketReplication")
    estate.gap("denied", "eu-west-2", "s3", "AccessDenied: s3:GetBucketReplication")
    estate.gap("unsupported", "eu-west-3", "healthlake")
    estate.gap("empty", "eu-north-1")
    return estate.result()


def empty() -> AuditResult:
    """An audit that found nothing and read nothing."""
    return Estate().result(sources=())


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=cmd|' /C calc'!A0",
    "  +1+1",
    "x;=2+5",
    "@SUM(A1)",
    "gnp.\u202egpj.exe",
    "zero\u200bwidth",
    "L" * 4000,
    "</template></script>",
    "{{ 7 * 7 }}",
    "\tTab",
    "-2+3",
    "line\n=1",
    "javascript:alert(1)",
    "été œuvre — naïve",
)


def hostile() -> AuditResult:
    """An estate whose names attack the reader."""
    estate = Estate()
    for name in HOSTILE:
        estate.bucket(name, ("primary", "us-east-1"), account=name[:60])
    estate.gap("denied", "<b>region</b>", "=service", "<script>alert(2)</script>")
    return estate.result(
        id='run"};</style><script>',
        sources=("<i>aws</i>",),
        endpoints=("http://127.0.0.1:5000/<b>",),
        live=False,
        scenario="<u>DPF annulled</u>",
    )


def large(findings: int) -> AuditResult:
    """At least as many findings as asked, over many accounts and places."""
    estate = Estate()
    locations = ("us-east-1", "ap-southeast-1", "eu-west-3", "europe-west2", None)
    number = 0
    while len(estate.findings) < findings:
        account = f"{100000000000 + number % 400 * 7919}"
        estate.bucket(
            f"app-{number % 97}-data-{number:06x}",
            ("primary", "eu-west-3"),
            ("replica", locations[number % len(locations)]),
            account=account,
        )
        number += 1
    for index in range(30):
        estate.gap("denied" if index % 3 else "read", f"eu-west-{index}", "s3", "AccessDenied: s3:ListBuckets")
    return estate.result()


def large_placements(most: int) -> AuditResult:
    """As many findings and as many placements as asked: the last buckets are placements that no rule judged."""
    estate = Estate()
    number = 0
    while len(estate.facts) < most or len(estate.findings) < most:
        fine = len(estate.findings) >= most
        account = f"{100000000000 + number % 400 * 7919}"
        estate.bucket(
            f"app-{number % 97}-data-{number:06x}",
            ("primary", "eu-west-3"),
            ("replica", "eu-central-1" if fine else "us-east-1"),
            account=account,
            offer="ovhcloud" if fine else "aws",
        )
        if fine:
            del estate.judged[-6:]
            del estate.findings[-2:]
        number += 1
    return estate.result()
