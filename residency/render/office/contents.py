"""What both office files say besides the papers: which run they were made from, and text that is safe to show."""

from __future__ import annotations

import datetime
import importlib

from residency.errors import Problem
from residency.render.dpo.forms import Paper
from residency.render.dpo.papers import dpo_papers, drafted
from residency.render.plain import clip, visible
from residency.render.sentences import Sentences
from residency.result import AuditResult

LONGEST = 30_000  # characters; a cell of a workbook holds 32,767


def papers_of(result: AuditResult, lang: str) -> tuple[Sentences, tuple[Paper, ...]]:
    """The papers of a run in a language, and that language's words."""
    words = Sentences(lang)
    return words, dpo_papers(words, result, drafted(result))


def identity(words: Sentences, result: AuditResult) -> list[tuple[str, str]]:
    """The lines that tell which run the papers were drafted from."""
    run = result.run
    packs = words.say("semicolon").join(words.both(policy.title) for policy in result.policies)
    complete = words.say("strip.complete" if run.complete else "strip.incomplete")
    return [
        (words.say("strip.as_of"), words.date(run.as_of)),
        (words.say("strip.run"), run.id),
        (words.say("rule.pack"), packs or words.say("no_policy")),
        (words.say("method.atlas"), f"{run.atlas_version} ({run.atlas_sha256})"),
        (words.say("method.tool"), run.tool_version),
        (words.say("strip.completeness"), complete),
    ]


def safe(text: str) -> str:
    """The text without hidden characters, line by line, and not longer than a cell may be."""
    return "\n".join(visible(line) for line in clip(text, LONGEST).split("\n"))


def moment(result: AuditResult) -> datetime.datetime:
    """When the run started; a file is dated with it, so that the same run gives the same bytes."""
    try:
        return datetime.datetime.fromisoformat(result.run.started).replace(tzinfo=None, microsecond=0)
    except ValueError:
        return datetime.datetime(1980, 1, 1)


def lacks(module: str, package: str) -> Problem | None:
    """Why an office file cannot be written here: the package of the extra `office` that is not installed."""
    try:
        importlib.import_module(module)
    except ImportError:
        told = f"the office files need the package {package}, which is not installed."
        return Problem(told, remedy="Install the extra: pip install 'residency[office]'.")
    return None
