"""The time of a run: the clock, or `SOURCE_DATE_EPOCH` so that two runs can give the same bytes."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

import click

from residency.errors import Problem, UserError


def now() -> datetime:
    """The moment the run counts as started, UTC, to the second. Raises `UserError` for a bad SOURCE_DATE_EPOCH."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        raise UserError(
            Problem(f"SOURCE_DATE_EPOCH is {epoch!r}.", remedy="Give seconds since 1970, or unset it.")
        ) from None


class Day(click.ParamType[date]):
    """A calendar day on the command line, `YYYY-MM-DD`."""

    name = "YYYY-MM-DD"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day, or a usage error that shows the form."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value) if len(value) == len("2026-11-24") else self._fail(value, param, ctx)
        except ValueError:
            return self._fail(value, param, ctx)

    def _fail(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> date:
        self.fail(f"{value!r} is not a day. Write it as 2026-11-24.", param, ctx)
