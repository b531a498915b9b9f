"""Writing the files of a run: all of them or none, and the manifest last.

Every file is first written beside its final name, readable by its owner only. When the last one is complete they are
renamed, so that a run that is killed leaves the files of the run before it as they were.
"""

from __future__ import annotations

import importlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

from residency.errors import Problem, UserError
from residency.render.findings_csv import findings_csv
from residency.render.findings_json import findings_json
from residency.render.inventory_json import inventory_json
from residency.render.manifest import NAME as MANIFEST
from residency.render.manifest import manifest_json
from residency.result import AuditResult

Render = Callable[[AuditResult, str], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Output:
    """A file of an output format, and the function that gives its bytes for a result and a language.

    `unavailable` tells why the file cannot be written on this machine, for want of a library of the system, say.
    """

    file: str
    render: Render
    unavailable: Callable[[], Problem | None] = lambda: None


def _from(module: str, function: str) -> Render:
    """A function of a module that is imported when it is used: one format must not load what another needs."""

    def render(result: AuditResult, lang: str) -> Iterable[bytes]:
        made: Iterable[bytes] = getattr(importlib.import_module(module), function)(result, lang)
        return made

    return render


def _html(result: AuditResult, lang: str) -> Iterable[bytes]:
    from residency.render.html import report_html

    return [report_html(result, lang).encode()]


def _no_pdf() -> Problem | None:
    from residency.render.pdf import unavailable

    return unavailable()


_CSV = Output("findings.csv", lambda result, _lang: findings_csv(result))

def _findings_parquet(result: AuditResult, _lang: str) -> Iterable[bytes]:
    from residency.render.parquet import findings_parquet

    return findings_parquet(result)


def _facts_parquet(result: AuditResult, _lang: str) -> Iterable[bytes]:
    from residency.render.parquet import facts_parquet

    return facts_parquet(result)


# A new output format is one entry here, or an entry point of a plug-in: see docs/report.md.
FORMATS: dict[str, tuple[Output, ...]] = {
    "html": (Output("report.html", _html),),
    # The annex that the document names comes with it.
    "pdf": (Output("report.pdf", _from("residency.render.pdf", "report_pdf"), _no_pdf), _CSV),
    "json": (Output("findings.json", lambda result, _lang: findings_json(result)),),
    "csv": (_CSV,),
    "parquet": (
        Output("findings.parquet", _findings_parquet),
        Output("facts.parquet", _facts_parquet),
    ),
    "md": (Output("summary.md", _from("residency.render.summary_md", "summary_md")),),
    "sarif": (Output("findings.sarif", _from("residency.render.findings_sarif", "findings_sarif")),),
    "ocsf": (Output("findings.ocsf.json", _from("residency.render.findings_ocsf", "findings_ocsf")),),
    "oscal": (Output("findings.oscal.json", _from("residency.render.findings_oscal", "findings_oscal")),),
    "junit": (Output("findings.junit.xml", _from("residency.render.findings_junit", "findings_junit")),),
    "docx": (Output("papers.docx", _from("residency.render.office.docx", "papers_docx")),),
    "xlsx": (Output("papers.xlsx", _from("residency.render.office.xlsx", "papers_xlsx")),),
}
DEFAULT_FORMATS = ("html", "json", "csv", "parquet")
PLUGINS = "residency.formats"  # group of entry points, each an `Output` or a tuple of them
LANGUAGES = ("en", "fr")
INVENTORY = "inventory.json"


def write_run(
    result: AuditResult, out: Path, formats: Sequence[str], lang: str, kept: Sequence[str] = ()
) -> list[Path]:
    """Write a run's files to the folder `out` and return them in the order they were put in place, the manifest last.

    `inventory.json` and `manifest.json` are always written. `kept` are files of the same run that are in the folder
    already: the manifest goes on listing those that are not written anew. Raises `UserError` for an unknown format or
    language and for a folder that cannot be written.
    """
    chosen = {output.file: output for name in check_formats(formats) for output in outputs(name)}
    if lang not in LANGUAGES:
        raise UserError(Problem(f"there is no report in the language {lang!r}.", remedy="Use fr or en."))
    parts: list[tuple[Path, Path]] = []
    with _told(out):
        try:
            out.mkdir(mode=0o700, parents=True, exist_ok=True)
            for output in chosen.values():
                parts.append((_write_part(out, output.file, output.render(result, lang)), out / output.file))
            parts.append((_write_part(out, INVENTORY, inventory_json(result.inventory)), out / INVENTORY))
            listed = [(final.name, part) for part, final in parts]
            written = {name for name, _part in listed} | {MANIFEST}
            listed += [(name, out / name) for name in kept if name not in written and (out / name).is_file()]
            parts.append((_write_part(out, MANIFEST, [manifest_json(result, listed)]), out / MANIFEST))
            (out / MANIFEST).unlink(missing_ok=True)
            for part, final in parts:
                part.replace(final)
        finally:
            for part, _final in parts:
                part.unlink(missing_ok=True)
    return [final for _part, final in parts]


def write_file(folder: Path, name: str, pieces: Iterable[bytes]) -> Path:
    """Write one file that is no part of a run, whole or not at all. Raises `UserError` like `write_run`."""
    with _told(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _write_part(folder, name, pieces).replace(folder / name)


def check_formats(names: Sequence[str]) -> tuple[str, ...]:
    """The names, each once. Raises `UserError` for a format that is not known, before an audit takes its time."""
    for name in names:
        outputs(name)
    return tuple(dict.fromkeys(names))


def usable_formats(names: Sequence[str]) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """The formats that this machine can write, each once, and what keeps it from writing the others.

    Raises `UserError` for a format that is not known.
    """
    problems: dict[str, Problem] = {}
    for name in check_formats(names):
        for output in outputs(name):
            problem = output.unavailable()
            if problem is not None:
                problems[name] = problem
    return tuple(name for name in check_formats(names) if name not in problems), tuple(problems.values())


def outputs(name: str) -> tuple[Output, ...]:
    """The files of a format: a built-in one, else that of an installed plug-in. Raises `UserError` if there is none."""
    if name in FORMATS:
        return FORMATS[name]
    plugins = {entry.name: entry for entry in entry_points(group=PLUGINS)}
    if name not in plugins:
        known = ", ".join([*FORMATS, *sorted(set(plugins) - set(FORMATS))])
        raise UserError(Problem(f"there is no format {name!r}.", remedy=f"Known formats: {known}."))
    try:
        loaded = plugins[name].load()
    except Exception as error:  # whatever a plug-in's import raises is for its author, not a crash of ours
        told = f"the format {name!r} of a plug-in cannot be loaded: {type(error).__name__}: {error}."
        raise UserError(Problem(told, remedy=f"Check the package that offers {plugins[name].value}.")) from error
    files = loaded if isinstance(loaded, tuple) else (loaded,)
    if not files or not all(isinstance(file, Output) for file in files):
        remedy = "The entry point must lead to an Output of residency.render.write, or to a tuple of them."
        raise UserError(Problem(f"the format {name!r} of a plug-in is no output format.", remedy=remedy))
    return files


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Turn what the system refuses into a message for the user."""
    try:
        yield
    except OSError as error:
        message = f"the files cannot be written: {error.strerror or error}."
        where = str(error.filename or folder)
        raise UserError(Problem(message, where, remedy="Name a folder that you may write to with --out.")) from error


def _write_part(folder: Path, name: str, pieces: Iterable[bytes]) -> Path:
    """The complete file under a temporary name. `mkstemp` makes it readable and writable by its owner only."""
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=f".{name}.", suffix=".part")
    part = Path(temporary)
    try:
        with os.fdopen(handle, "wb") as stream:
            for piece in pieces:
                stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return part
