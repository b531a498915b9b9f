"""Judging: every rule over every fact row at once, in DuckDB, with three-valued verdicts.

A rule applies where `applies` is not false. It is a violation where `applies` is true and `require` false; compliant
where `require` is true and nothing makes it doubtful; everything else is unproven. An attestation makes unproven
compliant, a waiver makes a violation waived. A pure function of its arguments: the same tables give the same findings,
in the same order, whatever the number of threads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import duckdb
import pyarrow as pa

from residency.model import Severity, Status, Verdict
from residency.on_disk import Growing, let_go
from residency.policy.pack import Pack, Rule
from residency.policy.papers import NO_PAPERS, Papers
from residency.policy.rule_sql import WEIGHTS, rule_query, subjects_query

COVERAGE_RULE = "COVERAGE"
# Verdicts of a rule that are in memory at a time.
_ROWS = 100_000

# Words that stand in millions of rows are kept once.
_WORD = pa.dictionary(pa.int32(), pa.string())
FINDINGS = pa.schema([
    ("id", pa.string()), ("policy", _WORD), ("rule", _WORD), ("verdict", _WORD), ("severity", _WORD), ("per", _WORD),
    ("subject", pa.string()), ("row", pa.int64()), ("missing", pa.list_(pa.string())), ("waiver", _WORD),
    ("attestation", _WORD),
])  # fmt: skip


def judge(facts: pa.Table, coverage: pa.Table, packs: Sequence[Pack], papers: Papers = NO_PAPERS) -> pa.Table:
    """Every verdict of every pack, as a table of schema `FINDINGS`.

    `facts` has the columns of `residency.facts.arrow_schema()`, `coverage` those of `residency.tables.COVERAGE`. `row`
    is the place of the fact row in `facts`, or of the coverage row in `coverage` where `per` is `coverage`; `subject`
    is set only where no row tells what a finding is about. Rows are ordered by pack, rule and row; a pack's coverage
    findings come after its rules. Every paper in `papers` counts: give those that are valid on the day.
    """
    verdicts = Growing(FINDINGS)
    for part in judged_by_rule(facts, coverage, packs, papers):
        verdicts.add(part)
    return verdicts.table()


def judged_by_rule(
    facts: pa.Table, coverage: pa.Table, packs: Sequence[Pack], papers: Papers = NO_PAPERS
) -> Iterator[pa.Table]:
    """The same in parts, rule by rule, so that nobody need hold them all."""
    connection = duckdb.connect(config={"enable_external_access": False})
    numbered = facts.append_column("row", pa.arange(0, facts.num_rows))
    connection.register("facts", numbered)
    keys = connection.sql(subjects_query()).to_arrow_table()
    for name, values in zip(keys.column_names, keys.columns, strict=True):
        numbered = numbered.append_column(name, values)
    connection.register("facts", numbered)
    for pack in packs:
        for rule in pack.rules:
            for found in connection.sql(rule_query(pack.id, rule, papers)).to_arrow_reader(_ROWS):
                yield _rule_findings(pack.id, rule, found)
            let_go()
        if any(rule.require is not None for rule in pack.rules):
            yield _coverage_findings(pack.id, coverage)


def _rule_findings(policy: str, rule: Rule, found: pa.RecordBatch) -> pa.Table:
    count = found.num_rows
    verdicts = found["verdict"].cast(pa.int32())
    words = pa.array(WEIGHTS, pa.string())
    columns = {
        "id": found["id"],
        "policy": _repeated(policy, count),
        "rule": _repeated(rule.id, count),
        "verdict": pa.DictionaryArray.from_arrays(verdicts, words),
        "severity": _repeated(str(rule.severity), count),
        "per": _repeated(rule.per, count),
        "subject": pa.nulls(count, pa.string()),
        "row": found["row"],
        "missing": found["missing"],
        "waiver": found["waiver"].cast(_WORD),
        "attestation": found["attestation"].cast(_WORD),
    }
    return pa.table(columns, schema=FINDINGS)


def _repeated(word: str, count: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), count), pa.array([word]))


def _coverage_findings(policy: str, coverage: pa.Table) -> pa.Table:
    rows = []
    for number, row in enumerate(coverage.to_pylist()):
        if Status(row["status"]).complete:
            continue
        subject = " ".join(row[name] for name in ("provider", "account", "region", "service"))
        digest = hashlib.md5(f"{policy} {COVERAGE_RULE} {subject}".encode(), usedforsecurity=False).hexdigest()
        rows.append({
            "id": digest[:16], "policy": policy, "rule": COVERAGE_RULE, "verdict": str(Verdict.UNPROVEN),
            "severity": str(Severity.HIGH), "per": "coverage", "subject": subject, "row": number, "missing": [],
        })  # fmt: skip
    return pa.Table.from_pylist(rows, schema=FINDINGS)
