"""`residency report`: a stored run rendered again, in other formats or the other language."""

from __future__ import annotations

from pathlib import Path

import click

from residency.cli.options import formats_to_write, parse_verdicts, pseudonym_key, redact_option, split


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--format", "formats", metavar="F,…", help="Default: html,json,csv,parquet.")
@click.option("--lang", type=click.Choice(["fr", "en"]), default="en", show_default=True, help="Language shown first.")
@click.option("--verdicts", default="violation,unproven,waived", show_default=True, help="Verdicts to list, or all.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the files. Default: RUN itself.")
@click.option("--policy", "policies", multiple=True, metavar="P", help="A pack of your own that the run used.")
@click.option("--papers", multiple=True, type=click.Path(path_type=Path), help="Attestations and waivers it used.")
@click.option("--scenario", metavar="S", help="File of the scenario it used, if it was one of your own.")
@click.option("--atlas", "overlays", multiple=True, type=click.Path(path_type=Path), help="Facts of your own it used.")
@redact_option
@click.option("--ledger", type=click.Path(path_type=Path), help="Ledger with the key of the pseudonyms.")
def report(
    run: Path,
    formats: str | None,
    lang: str,
    verdicts: str,
    out: Path | None,
    policies: tuple[str, ...],
    papers: tuple[Path, ...],
    scenario: str | None,
    overlays: tuple[Path, ...],
    redact: bool,
    ledger: Path | None,
) -> int:
    """Render RUN, the folder that an audit wrote, again. No cloud is read and nothing is judged again.

    Packs, papers and atlas must be those of the run, since its findings are worded from them. Exit code 0 when the
    files were written, 2 for wrong use, or for a format that this machine cannot write.
    """
    listed = parse_verdicts(verdicts)
    from residency.atlas.atlas import load_atlas
    from residency.atlas.scenario import load_scenario
    from residency.errors import Problem, UserError
    from residency.policy.papers import load_papers
    from residency.rebuild import rebuild
    from residency.redact.result import redacted
    from residency.render.write import write_run
    from residency.stored_run import check_files, packs_of, read_run, read_stored_inventory, read_told

    chosen, whole = formats_to_write(split(formats))
    stored = read_run(run)
    check_files(stored)
    atlas = load_atlas(overlays=overlays)
    assumed = scenario or stored.manifest["scenario"]
    if assumed:
        atlas = atlas.under(load_scenario(assumed))
    packs = packs_of(stored, policies)
    result = rebuild(
        stored.manifest, (stored.findings, stored.facts, read_stored_inventory(stored)), atlas, packs, listed,
        load_papers(list(papers)), read_told(stored),
    )  # fmt: skip
    target = out or run
    if redact:
        if target.resolve() == run.resolve():
            remedy = "Give another folder with --out: the run itself stays as it is."
            raise UserError(Problem("a redacted edition cannot take the place of its run.", str(run), remedy=remedy))
        result = redacted(result, atlas, packs, listed, pseudonym_key(ledger))
    kept = [entry["name"] for entry in stored.manifest["files"]] if target.resolve() == run.resolve() else []
    for file in write_run(result, target, chosen, lang, kept):
        click.echo(str(file))
    return 0 if whole else 2
