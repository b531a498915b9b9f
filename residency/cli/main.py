"""The `residency` command: finds the subcommand, imports only that one, turns user errors into exit code 2."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from residency import __version__
from residency.errors import UserError

# name -> (module, function, one-line help). The help stands here so that `residency --help` imports nothing else.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "demo": ("residency.cli.demo", "demo", "Audit a sample estate on a local emulator, end to end."),
    "scan": ("residency.cli.scan", "scan", "Collect an inventory; nothing is judged."),
    "audit": ("residency.cli.audit", "audit", "Collect, classify, judge and render."),
    "report": ("residency.cli.report", "report", "Render a stored run again; no cloud is read."),
    "explain": ("residency.cli.explain", "explain", "Why a finding says what it says, and what would change it."),
    "history": ("residency.cli.history", "history", "The runs of a ledger, and how their verdicts went."),
    "diff": ("residency.cli.history", "diff", "What changed between two runs, and why."),
    "atlas": ("residency.cli.atlas", "atlas", "List and check the knowledge of places, laws, certificates."),
    "lookup": ("residency.cli.lookup", "lookup", "The card of a place: country, control, laws, certificates."),
    "permissions": ("residency.cli.permissions", "permissions", "The least-privilege grant for a source."),
    "policy": ("residency.cli.policy", "policy", "List, show, check and test policy packs."),
}


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, function, _ = entry
        command: click.Command = getattr(importlib.import_module(module), function)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_) for name, (_, _, help_) in COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="residency")
def cli() -> None:
    """Where is our data, who controls the place, whose law reaches it, and is that allowed?

    Exit codes: 0 nothing violated and all read; 1 a violation; 2 wrong use, configuration or input;
    3 nothing violated, but not everything could be read or proven.
    """


def main(arguments: list[str] | None = None) -> Any:
    """Entry point of the `residency` script. Exits the process with the code of the contract."""
    try:
        sys.exit(cli.main(args=arguments, prog_name="residency", standalone_mode=False) or 0)
    except UserError as error:
        for problem in error.problems:
            click.echo(f"residency: {problem}", err=True)
        sys.exit(2)
    except click.exceptions.Abort:
        click.echo("residency: stopped.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
