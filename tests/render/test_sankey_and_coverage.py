"""The way of the data and the coverage matrix: totals are kept whatever is drawn, and gaps come first."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pyarrow as pa

from residency.model import Verdict
from residency.policy.papers import Attestation, Papers, Waiver
from residency.render.coverage_matrix import COLUMNS, coverage_matrix
from residency.render.html import report_html
from residency.render.sankey import MOST, sankey
from residency.result import FindingChange, InputChange, RunChanges
from residency.tables import COVERAGE
from tests.render.factory import Estate, empty, small
from tests.render.page import Page
from tests.render.test_dpo_papers import known_estate


def test_each_column_has_all_placements() -> None:
    found = sankey(small())
    total = sum(way.count for way in found.ways)
    columns: Counter[int] = Counter()
    for node in found.nodes:
        columns[node.column] += node.count
    assert columns == {0: total, 1: total, 2: total}
    assert ("health", ("US",), "conditional", "Amazon.com, Inc.") in {
        (way.data_class, way.countries, way.area, way.parent) for way in found.ways
    }


def test_many_entries_become_one_and_the_table_has_all() -> None:
    estate = Estate()
    for number in range(MOST + 5):
        estate.bucket(f"b{number}", ("primary", "eu-west-3"))
        estate.facts[-1]["control.parent"] = f"Company {number}"
    found = sankey(estate.result())
    companies = [node for node in found.nodes if node.column == 2]
    assert len(companies) == MOST + 1
    assert [node.count for node in companies if node.way is None] == [5]
    assert len(found.ways) == MOST + 5


def test_an_unknown_country_is_not_drawn_as_a_safe_one() -> None:
    estate = Estate()
    estate.bucket("a", ("primary", None))
    assert [way.area for way in sankey(estate.result()).ways] == ["unknown"]
    assert sankey(empty()).bands == ()


def coverage(*rows: tuple[str, str, str, str]) -> pa.Table:
    told = [
        {"provider": "aws", "account": a, "region": r, "service": s, "status": status, "detail": ""}
        for a, r, s, status in rows
    ]
    return pa.Table.from_pylist(told, schema=COVERAGE)


def test_the_matrix_counts_accounts_and_puts_gaps_first() -> None:
    matrix = coverage_matrix(coverage(
        ("1", "eu-west-3", "s3", "read"), ("2", "eu-west-3", "s3", "denied"), ("1", "eu-west-1", "ec2", "empty"),
    ))  # fmt: skip
    assert matrix.regions == ("eu-west-1", "eu-west-3")
    assert [line.service for line in matrix.lines] == ["s3", "ec2"]
    cell = matrix.lines[0].cells[1]
    assert matrix.lines[0].cells[0] is None
    assert cell is not None
    assert (cell.asked, cell.unread) == (2, 1)


def test_a_cut_of_the_matrix_never_hides_a_gap() -> None:
    rows = [("1", f"region-{n:03}", "s3", "read") for n in range(COLUMNS + 20)]
    matrix = coverage_matrix(coverage(*rows, ("1", "zz-gap", "s3", "denied")))
    assert "zz-gap" in matrix.regions
    assert matrix.more_regions == 21


def test_the_annexes_tell_papers_facts_and_what_would_settle() -> None:
    attestation = Attestation(
        "A-7", ("HDH-DOC-01",), "Hosting contract", "legal", date(2026, 1, 1), date(2027, 1, 1), (), None, "p:1"
    )
    waiver = Waiver("W-9", "HDH-LOC-03", None, (), "Exit under way", "ops", "management", date(2026, 1, 31), "p:2")
    result = replace(known_estate(), papers=Papers((attestation,), (waiver,)))
    text = Page(report_html(result, "fr")).text
    assert "Hosting contract" in text
    assert "ops ; approuvé par management" in text.replace("\u202f", " ").replace("\u00a0", " ")
    assert "terminée avant la date d’appréciation" in text
    assert "18 U.S.C. 2713" in text
    assert "de mémoire seulement, à vérifier" in text
    assert "Non démontré, et ce qui le réglerait" in text
    assert "1/1" in text


def test_what_changed_is_told_only_where_there_is_a_run_before() -> None:
    first = Page(report_html(small(), "fr")).text
    assert "Ce qui a changé depuis" not in first
    assert first.count("Aucune exécution précédente n’est connue") == 2  # in the answer and in its section
    since = RunChanges(
        "run-1", "2026-11-23T09:00:00Z", "2026-11-23", (InputChange("as_of", "2026-11-23", "2026-11-24"),), (), ()
    )
    text = Page(report_html(replace(small(), since=since), "en")).text
    assert "What changed since run run-1 (as of 23\u00a0November 2026)" in text
    assert "As-of date: 2026-11-23 → 2026-11-24" in text
    assert "No finding changed." in text
    assert text.count("Since run run-1 (as of 23\u00a0November 2026): no new finding, none gone") == 2


def test_a_change_of_the_estate_stands_apart_from_one_of_the_law() -> None:
    def change(cause: str, subject: str) -> FindingChange:
        return FindingChange(
            "changed", cause, f"id-{cause}", "pack", "R-1", subject, "1", "primary", "eu-west-3", "eu-west-3",
            Verdict.COMPLIANT, Verdict.VIOLATION,
        )  # fmt: skip

    changes = (change("law", "patients"), change("estate", "imaging"))
    since = RunChanges("run-1", "2026-11-23T09:00:00Z", "2026-11-23", (), (), changes)
    text = Page(report_html(replace(small(), since=since), "en")).text
    changed = text.split("What changed since run run-1")[1]
    assert changed.index("estate change") < changed.index("imaging") < changed.index("law change") < changed.index("patients")
    assert "2 with another verdict" in text
