"""What a command that reads sources was sent to fetch: the same options, defaults and resuming for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from residency.cli.clock import now
from residency.cli.keep import asked_for, keeping, started_before
from residency.cli.options import split
from residency.cli.progress import watched
from residency.config import Config
from residency.connectors.interface import DEFAULT_JOBS, Scope
from residency.sources.resolve import LIVE, Collected, collect


@dataclass(frozen=True, slots=True)
class Errand:
    """`started` is when the run began: with `resume`, the one that was stopped, if there is one."""

    sources: tuple[str, ...]
    scope: Scope
    config: Config
    out: Path
    started: datetime
    resume: bool
    asked: dict[str, Any]

    @contextmanager
    def collected(self, quiet: bool) -> Iterator[Collected]:
        """The inventory of the sources. What was read of them is kept on disk until the block has ended well."""
        sections = self.config.sections()
        if not set(self.sources) & set(LIVE):
            with watched(quiet) as progress:
                found = collect(self.sources, self.scope, progress, sections)
            yield found
            return
        with keeping(self.out, self.asked, self.started, resume=self.resume) as keep:
            with watched(quiet) as progress:
                found = collect(self.sources, replace(self.scope, keep=keep), progress, sections)
            yield found


def errand(
    sources: tuple[str, ...], config: Config, *, out: Path | None, regions: str | None, accounts: str | None,
    azure_cloud: str | None, config_aggregator: str | None, jobs: int | None, deadline: float | None, resume: bool,
) -> Errand:  # fmt: skip
    """The errand that the options and the configuration ask for. Raises `UserError` when there are stopped runs, but
    none that asked the same."""
    if config_aggregator:
        config = config.with_config_aggregator(config_aggregator)
    if azure_cloud:
        config = config.with_azure_cloud(azure_cloud)
    scope = Scope(
        split(regions) or tuple(config.regions), split(accounts), jobs or config.jobs or DEFAULT_JOBS,
        deadline or config.deadline,
    )  # fmt: skip
    folder = out or Path(config.out or "residency-report")
    asked = asked_for(sources, scope, config.sections())
    return Errand(sources, scope, config, folder, started_before(folder, asked, resume=resume) or now(), resume, asked)
