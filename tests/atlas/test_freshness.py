"""Overlapping periods are refused; old and volatile facts are told; the schemas accept the shipped files."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from residency.atlas.atlas import SHIPPED, Atlas
from residency.atlas.provenance import to_look_at
from residency.atlas.scenario import scenario_folder
from residency.atlas.schemas import KINDS, schema
from residency.yamlfile import read_yaml
from tests.atlas.test_overlays import example

if TYPE_CHECKING:
    from pathlib import Path

    from tests.atlas.conftest import Copy

GROUPS, ADEQUACY = "country-groups.yaml", "adequacy.yaml"


def test_two_memberships_at_once(copy: Copy) -> None:
    line = "      - {country: HR, valid_from: 2013-07-01}\n"
    copy.replace(GROUPS, line, line + "      - {country: HR, valid_from: 2020-01-01}\n")
    assert copy.one(GROUPS).message == "the membership of HR stands twice for the same days, from 2020-01-01 on."


def test_two_memberships_one_after_the_other(copy: Copy) -> None:
    line = "      - {country: HR, valid_from: 2013-07-01}\n"
    copy.replace(
        GROUPS,
        line,
        "      - {country: HR, valid_from: 2013-07-01, valid_until: 2019-12-31}\n      - {country: HR, valid_from: 2020-01-01}\n",
    )
    assert Atlas(copy.folder).check().in_group("HR", "eu_27", date(2020, 1, 1))


def test_two_periods_of_a_decision_at_once(copy: Copy) -> None:
    copy.replace(ADEQUACY, "        valid_until: 2025-06-27\n", "        valid_until: 2025-06-28\n")
    assert (
        copy.one(ADEQUACY).message
        == "the period of the decision GB stands twice for the same days, from 2025-06-28 on."
    )


def test_the_same_decision_twice(copy: Copy) -> None:
    text = (copy.folder / ADEQUACY).read_text(encoding="utf-8")
    entry = text[text.index("  - id: AD\n") : text.index("  - id: AR\n")]
    copy.replace(ADEQUACY, entry, entry + entry)
    messages = {problem.message for problem in copy.problems()}
    assert messages == {
        "the id 'AD' stands twice.",
        "the decision AD stands twice for the same days, from 2010-10-19 on.",
    }


def test_the_same_law_through_the_same_link(copy: Copy) -> None:
    line = "      - {law: US-CLOUD-ACT, via: establishment, certainty: memory, source: memory}\n"
    copy.replace("providers/hetzner.yaml", line, line + line)
    assert "the link of US-CLOUD-ACT through establishment stands twice" in copy.one("providers/hetzner.yaml").message


def test_volatile_facts_are_told(atlas: Atlas) -> None:
    found = [str(p) for p in to_look_at(atlas, date(2026, 11, 24))]
    assert len(found) == 7
    for name in ("US-DPF", "US-FISA-702", "US-EO-14086", "US-PCLOB", "DATA-ACT-32", "EU-CADA", "EUCS"):
        assert sum(f": {name} is marked volatile" in line for line in found) == 1


@pytest.mark.parametrize(
    ("day", "old"), [(date(2027, 11, 24), False), (date(2027, 11, 25), True), (date(2028, 2, 29), True)]
)
def test_old_facts_are_told_once_a_file(atlas: Atlas, day: date, old: bool) -> None:
    found = [p for p in to_look_at(atlas, day) if "more than a year" in p.message]
    assert bool(found) is old
    assert len({p.file for p in found}) == len(found)
    assert not old or len(found) >= 40
    assert all(p.line for p in found)


def _files() -> list[tuple[str, Path]]:
    shipped = [(file.stem, file) for file in sorted(SHIPPED.glob("*.yaml"))]
    shipped += [
        ("provider", SHIPPED / "providers" / f"{name}.yaml") for name in ("gcp", "scaleway", "ovhcloud", "worldline")
    ]
    return [*shipped, *(("scenario", file) for file in sorted(scenario_folder().glob("*.yaml")))]


def test_the_schemas_accept_the_files(tmp_path: Path) -> None:
    made: dict[str, Any] = {kind: json.loads(json.dumps(schema(kind))) for kind in KINDS}
    overlay = tmp_path / "clinic.yaml"
    overlay.write_text(example("correct-the-atlas.md", "clinic.yaml"), encoding="utf-8")
    for kind, file in [*_files(), ("overlay", overlay)]:
        jsonschema.Draft202012Validator.check_schema(made[kind])
        errors = list(jsonschema.Draft202012Validator(made[kind]).iter_errors(read_yaml(file).value))
        assert errors == [], (kind, file)
    assert set(made) == {kind for kind, _ in _files()} | {"overlay"}


@pytest.mark.parametrize("value", [{}, {"overlay": "x", "nonsense": 1}, {"overlay": "x", "control": [{"from": 3}]}])
def test_the_schema_refuses_what_is_no_overlay(value: object) -> None:
    assert list(jsonschema.Draft202012Validator(schema("overlay")).iter_errors(value))
