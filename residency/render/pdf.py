"""`report.pdf`: the report on paper, tagged for PDF/UA-1. Its first pages say what those of `report.html` say.

WeasyPrint draws it. It is an extra of the installation and needs Pango, a library of the system. Dates and ids come
from the run, so that the same run gives the same bytes on the same machine; another version of Pango or of a font may
give others.
"""

from __future__ import annotations

import hashlib
import importlib
import re
from collections.abc import Iterator

from residency.errors import Problem
from residency.render.findings_csv import FORMAT as FINDINGS_CSV
from residency.render.formats import Output
from residency.render.html import printed_html
from residency.result import AuditResult

MOST = 100  # findings in the document; the annex has all
_REMEDY = (
    "Install WeasyPrint with `pip install 'residency[pdf]'` and Pango with your system's packages: "
    "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 on Debian and Ubuntu, pango on Fedora, Alpine and Homebrew."
)
# The marks of verdicts. In the page they are symbols in the colour of the text, which WeasyPrint does not draw.
_MARKS = {
    "compliant": '<circle cx="8" cy="8" r="6.5" fill="#0b5f6e"/>',
    "violation": '<path d="M1.5 1.5h13v13h-13z" fill="#9c1c33"/>',
    "unproven": '<path d="M8 2 14.8 14H1.2z" fill="none" stroke="#83500a" stroke-width="2"/>',
    "waived": '<path d="M8 1.5 14.5 8 8 14.5 1.5 8z" fill="none" stroke="#54418c" stroke-width="2"/>',
}
_MARK = re.compile(r'<svg class="mark"[^>]*><use href="#s-(\w+)"/></svg>')


def unavailable() -> Problem | None:
    """Why no PDF can be written on this machine, and what to do about it; `None` when it can."""
    try:
        importlib.import_module("weasyprint")
    except (ImportError, OSError) as error:
        told = str(error).splitlines()[0]
        return Problem(f"report.pdf cannot be written on this machine: {told.rstrip('.')}.", remedy=_REMEDY)
    return None


def report_pdf(result: AuditResult, lang: str) -> Iterator[bytes]:
    """The document in `lang` (`en` or `fr`), in one piece."""
    from weasyprint import HTML

    page = _MARK.sub(_mark, printed_html(result, lang, MOST, FINDINGS_CSV.file))
    identifier = hashlib.sha256(f"{result.run.id} {lang}".encode()).digest()[:16]
    made = HTML(string=page, base_url=None, url_fetcher=_nothing).write_pdf(
        pdf_variant="pdf/ua-1", pdf_identifier=identifier, custom_metadata=False
    )
    yield bytes(made or b"")


def _mark(found: re.Match[str]) -> str:
    return f'<svg class="mark" width="9" height="9" viewBox="0 0 16 16" aria-hidden="true">{_MARKS[found[1]]}</svg>'


def _nothing(url: str, *_more: object, **_others: object) -> dict[str, object]:
    """Nothing is loaded: the page has all it needs, and a name in it must not make a request."""
    raise ValueError(f"not loaded: {url}")


# The annex that the document names comes with it.
FORMAT = (Output("report.pdf", report_pdf, unavailable), FINDINGS_CSV)
