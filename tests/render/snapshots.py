"""What each export looks like, kept in `snapshots/`: one small run, in both languages where a format has words.

After a change that is meant, refresh them with `python -m tests.render.snapshots` and read the difference in git. JSON
is kept indented, so that a difference is a line; of a text its line ends are kept as they are.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from residency.atlas.shapes import Text
from residency.atlas_used import AtlasUsed, CompanyUsed, CountryUsed, LawUsed, LinkUsed, OfferUsed, Quoted
from residency.classify.roles import AccountRole, Contacts, Roles
from residency.model import Duty
from residency.render.dpo.forms import Paper
from residency.render.dpo.papers import dpo_papers, drafted
from residency.render.formats import outputs
from residency.render.sentences import Sentences
from residency.result import AuditResult
from tests.render.factory import Estate

FOLDER = Path(__file__).parent / "snapshots"
WORDLESS = ("json", "csv")  # both languages in one file
IN_A_LANGUAGE = ("sarif", "ocsf", "oscal", "junit", "md")
_SURE = Quoted("verified", "https://law.example/1")


def run() -> AuditResult:
    """A run with every verdict, a gap, an entry in each paper, and an atlas that no change of ours touches."""
    estate = Estate()
    estate.bucket("patients", ("primary", "eu-west-3"), ("replica", "us-east-1"))
    estate.bucket("registry", ("backup", "europe-west2"), custody=None, waiver="W-1, until 2027-01-31: exit under way")
    estate.bucket("staff", ("primary", None), data_class="personal", offer="ovhcloud", custody="external")
    estate.gap("denied", "eu-west-1", "s3", "AccessDenied: s3:GetBucketReplication")
    return replace(
        estate.result(), atlas=_atlas(), waived_until=(("W-1, until 2027-01-31: exit under way", "2027-01-31"),)
    )


def _atlas() -> AtlasUsed:
    def company(part: str, name: str, country: str) -> CompanyUsed:
        return CompanyUsed(part, name, country, _SURE)

    reach = Text(
        en="Data of a provider under US jurisdiction", fr="Données d’un fournisseur soumis au droit des États-Unis"
    )
    return AtlasUsed(
        (),
        (
            OfferUsed("aws", "Amazon Web Services", (
                company("contracting", "Amazon Web Services EMEA SARL", "LU"), company("parent", "Amazon.com, Inc.", "US"),
            ), (LinkUsed("US-CLOUD-ACT", "parent", True, None, _SURE),), ()),
            OfferUsed("ovhcloud", "OVHcloud", (company("contracting", "OVH SAS", "FR"),), (), ()),
        ),
        (LawUsed("US-CLOUD-ACT", Text(en="CLOUD Act", fr="Cloud Act"), "18 U.S.C. 2713", "US", "access", reach, _SURE),),
        (
            CountryUsed("US", "conditional", "Decision (EU) 2023/1795", None, None, _SURE),
            CountryUsed("GB", "full", "Decision (EU) 2021/1772", "2031-12-27", None, _SURE),
        ),
        (("A", "Phrase fixe du cas A"), ("B", "Phrase fixe du cas B")), ("FR", "DE", "LU"),
    )  # fmt: skip


def _roles() -> tuple[Roles, Roles]:
    """The account of the run as own processing, and as processing for another."""
    contacts = Contacts("Hospital of Lyon, Lyon", None, None, "dpo@hospital.example")
    own = AccountRole("111122223333", Duty.CONTROLLER, None)
    served = AccountRole("111122223333", Duty.PROCESSOR, "Clinique des Alpes, Grenoble")
    return Roles((own,), contacts), Roles((served,), contacts)


def snapshots() -> Iterator[tuple[str, str]]:
    """Each snapshot: the name of its file, and its text."""
    result = run()
    for name in WORDLESS:
        yield from _files(result, name, "en", "")
    for lang in ("en", "fr"):
        for name in IN_A_LANGUAGE:
            yield from _files(result, name, lang, f"{lang}.")
        for paper in dpo_papers(Sentences(lang), result, drafted(result)):
            yield f"{paper.key}.{lang}.txt", "\n".join(_lines(paper)) + "\n"
        for role in _roles():
            told = replace(result, roles=role)
            yield from (
                (f"{paper.key}.{lang}.txt", "\n".join(_lines(paper)) + "\n")
                for paper in dpo_papers(Sentences(lang), told, drafted(told))
                if paper.key.startswith("t2")
            )


def _files(result: AuditResult, name: str, lang: str, mark: str) -> Iterator[tuple[str, str]]:
    for output in outputs(name):
        text = b"".join(output.render(result, lang)).decode()
        if text[0] in "[{":
            text = json.dumps(json.loads(text), ensure_ascii=False, indent=1) + "\n"
        yield mark + output.file, text


def _lines(paper: Paper) -> Iterator[str]:
    yield from (paper.title, *paper.notes)
    for form in paper.forms:
        yield f"\n{form.id} {form.title}"
        for group in form.groups:
            if group.heading:
                yield f"  {group.heading}"
            for field in group.fields:
                told = f"[ ] {field.hint}" if field.value is None else field.value.replace("\n", " / ")
                yield f"    {field.label} = {told} ({field.origin})"


def main() -> None:
    """Write the snapshots anew."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    for name, text in snapshots():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
