"""What an audit prints on stdout: the verdict of each pack in words, what weighs most, what was not read, the files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from residency.connectors.aws.settings import NOT_ALLOWED
from residency.model import Status, Verdict
from residency.policy.wording import STATUSES, VERDICTS
from residency.result import AuditResult, Finding
from residency.tables import Inventory

# The verdicts that are listed unless `--verdicts` says otherwise.
LISTED = frozenset({Verdict.VIOLATION, Verdict.UNPROVEN, Verdict.WAIVED})
_SHOWN = 8


def print_summary(result: AuditResult, files: Sequence[Path], lang: str, *, verbose: bool, quiet: bool) -> None:
    """Print the result in `lang`. `quiet` leaves the verdicts and files only; `verbose` lists every rule."""
    french = lang == "fr"
    colon = "\u00a0:" if french else ":"
    for use in result.policies:
        counts: Counter[Verdict] = Counter()
        for count in result.counts:
            if count.policy == use.id:
                counts[count.verdict] += count.count
        told = ", ".join(f"{counts[v]} {getattr(VERDICTS[v], lang)}" for v in reversed(Verdict) if counts[v])
        profile = f"@{use.profile}" if use.profile else ""
        click.echo(f"{use.id}{profile}{colon} {getattr(VERDICTS[use.verdict], lang).upper()} ({told or 0})")
        for graded in result.levels:
            if graded.policy == use.id:
                whole = graded.overall
                level = whole.level if whole.level and whole.proven else VERDICTS[Verdict.UNPROVEN]
                click.echo(f"  {'Niveau montré' if french else 'Level shown'}{colon} {getattr(level, lang)}")
        if not quiet:
            for line in _weightiest(result, use.id, lang, limit=None if verbose else _SHOWN):
                click.echo(f"  {line}")
    if result.run.scenario:
        _print_changes(result, lang, limit=None if verbose else _SHOWN)
    if not quiet:
        for line in (*regions_not_allowed(result.inventory, lang), *_gaps(result, lang)):
            click.echo(line)
    for file in files:
        click.echo(str(file))


def regions_not_allowed(inventory: Inventory, lang: str) -> list[str]:
    """One line for each set of regions that are on in some accounts, and which their configuration does not allow."""
    accounts: dict[str, list[str]] = {}
    for row in inventory.accounts.select(["id", "settings"]).to_pylist():
        for key, told in row["settings"]:
            if key == NOT_ALLOWED:
                accounts.setdefault(told, []).append(row["id"])
    title = "Régions activées sans être permises\u00a0:" if lang == "fr" else "Regions on though not allowed:"
    return [f"{title} {', '.join(ids)}: {told}" for told, ids in accounts.items()]


def _gaps(result: AuditResult, lang: str) -> list[str]:
    """One line for each service and way in which reading it did not end well: where, and what came back."""
    french = lang == "fr"
    places: dict[tuple[str, str, str], list[str]] = {}
    details: dict[tuple[str, str, str], str] = {}
    for row in result.inventory.coverage.to_pylist():
        if not Status(row["status"]).complete:
            key = (row["provider"], row["service"], row["status"])
            places.setdefault(key, []).append(f"{row['account']}/{row['region']}")
            details.setdefault(key, row["detail"])
    lines = []
    for (provider, service, status), where in places.items():
        shown = ", ".join(where[:3]) + (f" (+{len(where) - 3})" if len(where) > 3 else "")
        colon = "\u00a0:" if french else ":"
        told = f"{provider} {service}, {getattr(STATUSES[status], lang)}{colon} {shown}"
        lines.append(f"{'Non lu' if french else 'Not read'}{colon} {told}. {details[provider, service, status]}")
    return lines


def _print_changes(result: AuditResult, lang: str, limit: int | None) -> None:
    """What a scenario turns, finding by finding: before and after."""
    french = lang == "fr"
    silent = "ne dit rien" if french else "says nothing"
    changes = result.changes
    colon = "\u00a0:" if french else ":"
    told = f"{len(changes)} constats changent" if french else f"{len(changes)} findings change"
    click.echo(f"{'Hypothèse' if french else 'Scenario'} {result.run.scenario}{colon} {told}")
    for change in changes[:limit]:
        sides = (change.before, change.after)
        before, after = (getattr(VERDICTS[side], lang) if side else silent for side in sides)
        place = f" ({change.location})" if change.location else ""
        click.echo(f"  {change.policy} {change.rule} {change.subject}{place}{colon} {before} → {after}")
    if limit is not None and len(changes) > limit:
        click.echo(f"  … {len(changes) - limit} {'autres, avec -v' if french else 'more, with -v'}")


def _weightiest(result: AuditResult, policy: str, lang: str, limit: int | None) -> list[str]:
    """One line a rule, worst first: rule, title, how many, and an example."""
    titles = {rule.id: rule.title for rule in result.rules if rule.policy == policy}
    first_of: dict[tuple[int, int, str], Finding] = {}
    count_of: Counter[tuple[int, int, str]] = Counter()
    for finding in result.findings:
        if finding.policy == policy and finding.rule in titles:
            key = (-finding.verdict.weight, -finding.severity.weight, finding.rule)
            first_of.setdefault(key, finding)
            count_of[key] += 1
    lines = []
    for key in sorted(first_of)[:limit]:
        first = first_of[key]
        subject = first.resource.name or first.resource.uid
        place = f" → {first.placement.location}" if first.placement and first.placement.location else ""
        more = f" (+{count_of[key] - 1})" if count_of[key] > 1 else ""
        verdict, title = getattr(VERDICTS[first.verdict], lang), getattr(titles[first.rule], lang)
        colon = "\u00a0:" if lang == "fr" else ":"
        lines.append(f"[{verdict}] {first.rule} {title}{colon} {subject}{place}{more}")
    return lines
