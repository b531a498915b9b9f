"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from residency.connectors.interface import DEFAULT_JOBS
from residency.duration import seconds
from residency.model import DataClass, Severity, Verdict

F = TypeVar("F", bound=Callable[..., Any])

CLASSES = [str(value) for value in DataClass if value is not DataClass.UNCLASSIFIED]


def split(value: str | None) -> tuple[str, ...]:
    """The parts of an option that takes several values parted by commas."""
    return tuple(part.strip() for part in (value or "").split(",") if part.strip())


class Seconds(click.ParamType[float]):
    """A time such as `90s`, `30m` or `2h`, as seconds."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The seconds. Raises a usage error that shows the form."""
        try:
            return seconds(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


def collecting(command: F) -> F:
    """The options of every command that reads a source."""
    for option in reversed([
        click.option("--config", type=click.Path(path_type=Path), help="Configuration. Default: ./residency.yaml."),
        click.option("--out", type=click.Path(path_type=Path), help="Folder of the files. Default: residency-report/."),
        click.option("--regions", metavar="R,…", help="Only these regions. Default: every region enabled."),
        click.option("--accounts", metavar="A,…", help="Only these accounts or projects. Default: all that are found."),
        click.option("--azure-cloud", metavar="C", help="Which Azure: azure-china, bleu, … Default: public."),
        click.option("--config-aggregator", metavar="NAME", help="Read AWS from this aggregator of Config."),
        click.option("--jobs", type=click.IntRange(1, 512), help=f"Calls in flight. Default: {DEFAULT_JOBS}."),
        click.option("--deadline", type=Seconds(), metavar="TIME", help="Longest time to read, such as 90s or 2h."),
        click.option("--resume", is_flag=True, help="Go on where a run into the same folder was stopped."),
        click.option("-v", "--verbose", is_flag=True, help="Say more on stderr."),
        click.option("-q", "--quiet", is_flag=True, help="Say nothing on stderr."),
    ]):  # fmt: skip
        command = option(command)
    return command


def severity_option(command: F) -> F:
    """`--fail-on`."""
    names = [str(value) for value in Severity]
    return click.option("--fail-on", type=click.Choice(names), help="Exit 1 from this severity on. Default: low.")(
        command
    )


def parse_verdicts(value: str) -> frozenset[Verdict]:
    """The verdicts that `--verdicts` asks for. Raises a usage error that lists them."""
    if value == "all":
        return frozenset(Verdict)
    try:
        return frozenset(Verdict(part) for part in split(value))
    except ValueError:
        raise click.BadParameter(
            f"{value!r}. Give all, or some of {', '.join(Verdict)}.", param_hint="--verdicts"
        ) from None


def formats_to_write(names: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """The formats to write, those by default when none is named, and whether that is all that was asked for.

    What this machine cannot write is told on stderr at once.

    Raises `UserError` for a format that is not known.
    """
    from residency.render.formats import DEFAULT_FORMATS, usable_formats

    usable, problems = usable_formats(names or DEFAULT_FORMATS)
    for problem in problems:
        click.echo(f"residency: {problem} The other files are written.", err=True)
    return usable, not problems


def redact_option(command: F) -> F:
    """`--redact`."""
    told = "Pseudonyms for ids, names, tags, people. Key: RESIDENCY_REDACTION_KEY, else that of the ledger."
    return click.option("--redact", is_flag=True, help=told)(command)


def pseudonym_key(ledger: Path | None) -> bytes:
    """The key of the pseudonyms; a word on stderr when it is of this run only. Raises `UserError` for a bad one."""
    from residency.redact.key import VARIABLE, redaction_key

    key, stable = redaction_key(ledger)
    if not stable:
        told = (
            f"residency: the pseudonyms are of this run only. Give {VARIABLE} or --ledger for the same ones each time."
        )
        click.echo(told, err=True)
    return key
