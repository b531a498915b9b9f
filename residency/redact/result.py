"""A whole result with pseudonyms: its tables are hidden first, and its sentences are made anew from them.

No sentence is searched for names to replace. Pure: no network, no clock, and the same key gives the same result.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import date

from residency.atlas.atlas import Atlas
from residency.classify.roles import Contacts, Roles
from residency.model import Verdict
from residency.policy.pack import Pack
from residency.policy.papers import Papers
from residency.redact.alias import Aliases
from residency.redact.tables import hidden_facts, hidden_inventory, hidden_verdicts, known_names, shown_texts
from residency.result import AuditResult, FindingChange, InputChange, Run, RunChanges, VerdictChange
from residency.sources.resolve import LIVE
from residency.wording_findings import Judged, tell


def redacted(
    result: AuditResult, atlas: Atlas, packs: Sequence[Pack], listed: Collection[Verdict], key: bytes
) -> AuditResult:
    """The result with stable pseudonyms for accounts, names, ids, paths, tags, values read, papers and their people.

    `atlas` and `packs` are those it was judged with, `listed` the verdicts to list. Locations, services, types, offers
    and the texts of the packs stay: they are what the report is about.
    """
    aliases = Aliases(key, known_names(result.inventory, result.facts), shown_texts(result.inventory, result.facts))
    inventory = hidden_inventory(result.inventory, aliases)
    verdicts = hidden_verdicts(result.judged, inventory.coverage, aliases)
    judged = Judged(
        inventory, hidden_facts(result.facts, aliases), verdicts, atlas, tuple(packs), _papers(result.papers, aliases),
        date.fromisoformat(result.run.as_of),
    )  # fmt: skip
    offers = set(result.facts["place.offer"].unique().to_pylist())
    changes = tuple(_change(change, offers, aliases) for change in result.changes)
    told = tell(judged, _run(result.run, aliases), result.counts, listed, changes)
    since = _since(result.since, aliases) if result.since else None
    return replace(told, since=since, roles=_roles(result.roles, aliases))


def _roles(roles: Roles, aliases: Aliases) -> Roles:
    """Which account has which role stays; the account, the controller served and whoever is named do not."""

    def hidden(text: str | None) -> str | None:
        return text and aliases.of(text, "text")

    accounts = (
        replace(told, account=aliases.of(told.account, "account"), controller=hidden(told.controller))
        for told in roles.accounts
    )
    contacts = Contacts(**{part: hidden(text) for part, text in asdict(roles.contacts).items()})
    return Roles(tuple(sorted(accounts, key=lambda told: told.account)), contacts)


def _papers(papers: Papers, aliases: Aliases) -> Papers:
    """Papers keep their dates and rules. Who answers for them, and what they say, does not stay."""

    def match(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        return tuple((fact, aliases.value(pattern)) for fact, pattern in pairs)

    def hidden(text: str) -> str:
        return aliases.of(text, "text")

    return Papers(
        tuple(
            replace(
                paper, id=aliases.of(paper.id, "paper"), document=hidden(paper.document), owner=hidden(paper.owner),
                match=match(paper.match), link=paper.link and hidden(paper.link), place=hidden(paper.place),
            )
            for paper in papers.attestations
        ),
        tuple(
            replace(
                paper, id=aliases.of(paper.id, "paper"), reason=hidden(paper.reason), owner=hidden(paper.owner),
                approved_by=hidden(paper.approved_by), match=match(paper.match), place=hidden(paper.place),
            )
            for paper in papers.waivers
        ),
    )  # fmt: skip


def _run(run: Run, aliases: Aliases) -> Run:
    """Names of clouds stay; paths and addresses of endpoints do not."""
    endpoints = [endpoint.partition(": ") for endpoint in run.endpoints]
    return replace(
        run, sources=tuple(_source(source, aliases) for source in run.sources), redacted=True,
        endpoints=tuple(f"{cloud}: {aliases.of(address, 'endpoint')}" for cloud, _, address in endpoints),
    )  # fmt: skip


def _source(source: str, aliases: Aliases) -> str:
    return source if source in LIVE else aliases.of(source, "file")


def _change(change: VerdictChange, offers: set[str | None], aliases: Aliases) -> VerdictChange:
    subject = change.subject if not change.subject or change.subject in offers else aliases.of(change.subject, "name")
    return replace(change, id=aliases.finding(change.id), subject=subject)


def _since(since: RunChanges, aliases: Aliases) -> RunChanges:
    def inputs(change: InputChange) -> InputChange:
        if change.what != "sources":
            return change
        sides = (
            side and ", ".join(_source(source, aliases) for source in side.split(", "))
            for side in (change.before, change.after)
        )
        return InputChange(change.what, *sides)

    def finding(change: FindingChange) -> FindingChange:
        account = change.account and aliases.of(change.account, "account")
        subject = aliases.free(change.subject) if change.cause == "reading" else aliases.of(change.subject, "name")
        return replace(change, id=aliases.finding(change.id), account=account, subject=subject)

    return replace(
        since, inputs=tuple(map(inputs, since.inputs)), findings=tuple(map(finding, since.findings))
    )  # fmt: skip
