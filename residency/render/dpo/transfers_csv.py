"""`transfers.csv`: the transfer register for programs, in plain codes and ISO dates, one candidate transfer a line.

The first four columns are those that the French authority's template of the record of processing asks of a transfer.
What only a person can say has its column and is empty.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from residency.render.dpo.register import first_seen, papers_for
from residency.render.dpo.transfers import Transfer, transfers
from residency.render.findings_csv import safe_cell
from residency.render.formats import Output
from residency.result import AuditResult

COLUMNS = (
    "recipient", "country", "safeguard", "paper",
    "transfer_id", "status", "exporter", "importer_role", "importer_country", "parent", "parent_country", "offer",
    "modes", "placements", "resources", "locations", "source_countries", "data_class", "purpose", "special_category",
    "key_custody", "first_seen", "last_seen", "adequacy", "ground_detail", "impact_assessment_needed",
    "impact_assessment", "onward_transfers", "exit_date", "findings", "as_of", "run",
)  # fmt: skip
_NEEDED = {"none": "yes", "conditional": "unless covered", "full": "no"}


def transfers_csv(result: AuditResult) -> Iterator[bytes]:
    """The table in one piece: UTF-8 with a byte-order mark, a header row, every cell quoted."""
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in transfers(result):
        row = _row(result, entry)
        writer.writerow([safe_cell(row.get(column) or "") for column in COLUMNS])
    yield buffer.getvalue().encode("utf-8", "backslashreplace")


def _row(result: AuditResult, entry: Transfer) -> dict[str, str | None]:
    standing = entry.standing
    return {
        "recipient": entry.importer, "country": " ".join(entry.countries) or entry.extent,
        "safeguard": "45" if standing == "full" else None, "paper": " ".join(p.id for p in papers_for(result, entry)),
        "transfer_id": entry.id, "status": "candidate", "importer_country": entry.importer_country,
        "parent": None if entry.shared else entry.parent,
        "parent_country": None if entry.shared else entry.parent_country, "offer": entry.offer,
        "modes": " ".join(f"{mode}={count}" for mode, count in entry.modes), "placements": str(entry.placements),
        "resources": "\n".join(entry.named), "locations": " ".join(entry.locations),
        "source_countries": " ".join(entry.sources), "data_class": entry.data_class, "purpose": entry.purpose,
        "special_category": {True: "yes", False: "no", None: None}[entry.special],
        "key_custody": " ".join(f"{custody or 'unknown'}={count}" for custody, count in entry.custody),
        "first_seen": first_seen(result, entry), "last_seen": result.run.started[:10], "adequacy": standing,
        "impact_assessment_needed": _NEEDED.get(standing or ""), "findings": " ".join(entry.findings),
        "as_of": result.run.as_of, "run": result.run.id,
    }  # fmt: skip


FORMAT = Output("transfers.csv", lambda result, _lang: transfers_csv(result))
