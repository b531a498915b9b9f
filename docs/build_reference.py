"""Write the reference pages from the code: facts, command line, file schemas, policy packs.

`python docs/build_reference.py` writes them, `--check` fails (exit 1) when a page is not what the code says.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import connectors_reference

from residency.cli.main import COMMANDS, cli
from residency.connectors.aws.collector import Collector, collectors
from residency.connectors.aws.proven import how_proven
from residency.facts import FACTS
from residency.policy.pack import Pack, Rule
from residency.policy.pack_shapes import PackShape
from residency.policy.shipped import shipped_ids, whole_pack
from residency.sources.shapes import json_schema

HERE = Path(__file__).resolve().parent / "reference"
NOTE = "<!-- Written by docs/build_reference.py from the code. Change the code, then run it. -->\n\n"


def pages() -> Iterator[tuple[str, str]]:
    """Every page of the reference: path below docs/reference, and its whole text."""
    yield "facts.md", NOTE + _facts()
    yield "command-line.md", NOTE + _command_line()
    yield "inventory.schema.json", json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    yield "policy.schema.json", json.dumps(PackShape.model_json_schema(), indent=2, ensure_ascii=False) + "\n"
    yield "health-data-hub-replay.md", NOTE + _replay()
    yield "aws.md", NOTE + _aws()
    yield "azure.md", NOTE + connectors_reference.azure()
    yield "gcp.md", NOTE + connectors_reference.google()
    for name in shipped_ids():
        yield f"policies/{name}.md", NOTE + _pack(whole_pack(name))


_ASKED = {"regional": "in each region", "global": "once", "spread": "once, then each thing in its own region"}


def _aws() -> str:
    lines = [
        "# AWS: what is read, and how that was proven\n",
        "One collector a service. Every call only reads. *Proven* says how the call was in the test that reads an",
        "estate with a known answer and must find all of it and nothing else: **emulator**, moto answered; **model**,",
        "an answer built from the service's own model stood in for moto, which lacks the call or fakes it; **empty**,",
        "such an answer said that there is none; **not**, it was not answered there. What is read of the last two is",
        "tested on answers written by hand, or not at all. Nothing was tried on AWS itself.\n",
    ]
    entries = collectors()
    told = [how_proven(operation.call) for entry in entries for operation in entry.operations]
    count = {word: told.count(word) for word in ("emulator", "model", "empty", "not")}
    shares = ", ".join(f"{number} {word}" for word, number in count.items())
    lines.append(f"{len(entries)} collectors, {len(told)} calls: {shares}.\n")
    for entry in entries:
        lines += _collector(entry)
    return "\n".join(lines) + "\n"


def _collector(entry: Collector) -> Iterator[str]:
    yield f"## {entry.service}\n"
    kinds = ", ".join(f"`{kind}`" for kind in entry.kinds) or "none of its own"
    roles = ", ".join(str(role) for role in entry.roles) or "none"
    yield f"Asked {_ASKED[entry.extent]}. Kinds: {kinds}. Roles of placements: {roles}.\n"
    yield "| call | IAM action | proven |\n|---|---|---|"
    for operation in entry.operations:
        yield f"| `{operation.call}` | `{operation.permission}` | {how_proven(operation.call)} |"
    yield ""


def _replay() -> str:
    sys.path.insert(0, str(HERE.parent / "replay"))
    from replay import page

    return str(page())


def _facts() -> str:
    lines = [
        "# Facts a rule may name\n",
        "A fact row is a placement joined with its resource, its account, its offer and the atlas as of a date. A fact",
        "that is not known is absent: a rule that needs it is *unproven*.\n",
        "| fact | type | in a sentence | meaning |",
        "|---|---|---|---|",
    ]
    lines += [f"| `{f.name}` | {f.type} | {f.en} / {f.fr} | {f.meaning} |" for f in FACTS]
    return "\n".join(lines) + "\n"


def _command_line() -> str:
    parts = ["# Command line\n", _help(cli, ["residency"])]
    context = click.Context(cli, info_name="residency")
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        parts.append(f"## residency {name}\n")
        parts.append(_help(command, ["residency", name]))
        if isinstance(command, click.Group):
            for sub in sorted(command.commands):
                parts.append(f"### residency {name} {sub}\n")
                parts.append(_help(command.commands[sub], ["residency", name, sub]))
    return "\n".join(parts)


def _help(command: click.Command, path: list[str]) -> str:
    context = click.Context(command, info_name=" ".join(path), max_content_width=100, terminal_width=100)
    context.help_option_names = ["-h", "--help"]
    return f"```text\n{command.get_help(context)}\n```\n"


def _pack(pack: Pack) -> str:
    lines = [
        f"# {pack.title.en} / {pack.title.fr}\n",
        f"`{pack.id}` {pack.version}\n",
        f"{pack.description.en}\n",
        f"*{pack.description.fr}*\n",
    ]
    if pack.profiles:
        lines += ["| profile | rules |", "|---|---|"]
        for profile in pack.profiles:
            chosen = " (default)" if profile.id == pack.default_profile else ""
            lines.append(
                f"| `{profile.id}`{chosen}: {profile.title.en} / {profile.title.fr} | {', '.join(profile.rules)} |"
            )
        lines.append("")
    for rule in pack.rules:
        lines += _rule(rule)
    return "\n".join(lines)


def _rule(rule: Rule) -> Iterator[str]:
    yield f"## {rule.id}: {rule.title.en} / {rule.title.fr}\n"
    yield f"Severity {rule.severity}; view {rule.view}; decided by: {rule.decide}; one finding per {rule.per}.\n"
    yield "".join(f"- {basis.en} / {basis.fr}\n" for basis in rule.basis)
    for label, condition in (
        ("Applies where", rule.applies),
        ("Must hold", rule.require),
        ("Not decided where", rule.unproven_when),
    ):
        if condition is not None:
            yield f"{label}:\n\n```cel\n{condition.text.strip()}\n```\n"
    yield f"{rule.reason.en}\n\n*{rule.reason.fr}*\n"
    yield f"What to do: {rule.remediation.en}\n\n*Que faire : {rule.remediation.fr}*\n"


def main() -> int:
    """Write the pages, or with `--check` compare them. Returns the exit code."""
    wanted = {HERE / path: text for path, text in pages()}
    if "--check" in sys.argv[1:]:
        stale = [
            file for file, text in wanted.items() if not file.is_file() or file.read_text(encoding="utf-8") != text
        ]
        for file in stale:
            click.echo(f"{file}: not what the code says. Run: python docs/build_reference.py", err=True)
        return 1 if stale else 0
    for file, text in wanted.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
