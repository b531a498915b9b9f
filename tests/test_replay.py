"""The replay of the Health Data Hub case: each verdict and its legal reason on each day, pinned."""

from __future__ import annotations

import importlib.util
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[1] / "docs" / "replay" / "replay.py"

# c compliant, v not compliant, u unproven, - the rule says nothing; one letter a day of replay.DAYS.
PINNED = {
    ("snds", "primary", "HDH-LOC-01"): "cccccccc",
    ("snds", "primary", "HDH-LOC-02"): "cccccccc",
    ("snds", "primary", "HDH-JUR-01"): "vvvvvvvv",
    ("snds", "primary", "HDH-CERT-01"): "uuuuuuuu",
    ("snds", "primary", "HDH-CERT-02"): "vvvvvvvv",
    ("snds", "primary", "HDH-KEY-01"): "vvvvvvvv",
    ("snds", "replica", "HDH-LOC-03"): "cccccccc",
    ("snds", "log", "HDH-LOC-04"): "vvvvvvvv",
    ("first-data", "primary", "HDH-LOC-01"): "cccccccc",
    ("london-copy", "primary", "HDH-LOC-01"): "uuuvvvvv",
    ("london-copy", "primary", "GDPR-TRF-01"): "cccccccc",
    ("london-copy", "primary", "GDPR-TRF-02"): "--------",
    ("virginia-copy", "replica", "HDH-LOC-03"): "vvvvvvvv",
    ("virginia-copy", "replica", "GDPR-TRF-01"): "-uuu----",
    ("virginia-copy", "replica", "GDPR-TRF-02"): "u---uuuu",
    ("snds-target", "primary", "HDH-LOC-01"): "cccccccc",
    ("snds-target", "primary", "HDH-JUR-01"): "cccccccc",
    ("snds-target", "primary", "HDH-CERT-02"): "vvvvvvvv",
    ("snds-target", "primary", "HDH-KEY-01"): "cccccccc",
}

# The legal reason: words of the finding, words of its basis.
REASONS = {
    ("snds", "primary", "HDH-JUR-01"): (
        ("Microsoft Corporation", "CLOUD Act", "An EU region does not change that"),
        "SREN law",
    ),
    ("snds", "primary", "HDH-CERT-02"): (("in progress does not count",), "Decree no. 2026-272"),
    ("snds", "primary", "HDH-KEY-01"): (("the provider can use them alone",), "EDPB Recommendations 01/2020"),
    ("snds", "log", "HDH-LOC-04"): (("United States",), "no. 491644"),
    ("virginia-copy", "replica", "HDH-LOC-03"): (("United States", "object-replication"), "Order of 9 October 2020"),
    ("snds-target", "primary", "HDH-CERT-02"): (("scaleway in fr-par",), "SREN law"),
}
ON_A_DAY = {
    ("london-copy", "primary", "HDH-LOC-01", date(2020, 10, 13)): "United Kingdom counted as inside for some purposes",
    ("london-copy", "primary", "HDH-LOC-01", date(2021, 6, 30)): "not wholly in the territory of the European Union",
    (
        "virginia-copy",
        "replica",
        "GDPR-TRF-01",
        date(2020, 7, 17),
    ): "no adequacy decision held on the date is known to apply",
    ("virginia-copy", "replica", "GDPR-TRF-02", date(2020, 7, 15)): "covers only some recipients",
    (
        "virginia-copy",
        "replica",
        "GDPR-TRF-02",
        date(2023, 7, 10),
    ): "no inventory shows that this importer is one of them",
}


@pytest.fixture(scope="module")
def module() -> Any:
    specification = importlib.util.spec_from_file_location("replay", SCRIPT)
    assert specification
    assert specification.loader
    loaded = importlib.util.module_from_spec(specification)
    sys.modules["replay"] = loaded
    specification.loader.exec_module(loaded)
    return loaded


@pytest.fixture(scope="module")
def cells(module: Any) -> dict[Any, Any]:
    return {(cell.name, cell.role, cell.rule, cell.day): cell.finding for cell in module.replay()}


def test_every_verdict_of_the_replay_is_pinned(module: Any, cells: dict[Any, Any]) -> None:
    letters = {"compliant": "c", "violation": "v", "unproven": "u"}
    told: dict[Any, str] = {}
    for (name, role, rule, _day), finding in cells.items():
        told[name, role, rule] = told.get((name, role, rule), "") + (letters[finding.verdict] if finding else "-")
    assert told == PINNED
    assert len(module.DAYS) == len(next(iter(PINNED.values())))


@pytest.mark.parametrize("key", REASONS, ids="/".join)
def test_the_legal_reason_is_that_of_the_case(module: Any, cells: dict[Any, Any], key: tuple[str, str, str]) -> None:
    words, basis = REASONS[key]
    for day in module.DAYS:
        finding = cells[(*key, day)]
        for word in words:
            assert word in finding.reason.en
        assert any(basis in law for law in finding.basis)


@pytest.mark.parametrize("key", ON_A_DAY, ids=lambda key: f"{key[0]}/{key[2]}/{key[3]}")
def test_the_reason_of_a_day(cells: dict[Any, Any], key: tuple[str, str, str, date]) -> None:
    assert ON_A_DAY[key] in cells[key].reason.en
