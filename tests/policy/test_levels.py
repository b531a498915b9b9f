"""Grading by hand-made findings: what shows a level, what denies it, what leaves it open."""

from __future__ import annotations

import itertools
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from residency.errors import UserError
from residency.policy.judge import COVERAGE_RULE, FINDINGS
from residency.policy.levels import LevelResult, levels, overall, scores
from residency.policy.pack import Pack
from residency.policy.pack_file import load_pack
from residency.policy.shipped import find_pack

# One letter a finding, so that a case reads at a glance.
WORDS = {"c": "compliant", "w": "waived", "u": "unproven", "v": "violation"}
RULE = """\
  - id: {id}
    title: {{en: T, fr: T}}
    severity: high
    view: both
    decide: automatic
    basis: [{{cite: {{en: B, fr: B}}}}]
    level: {level}
    {objective}
    applies: place.role == "primary"
    require: place.in_eu
    reason: {{en: R, fr: R}}
    remediation: {{en: R, fr: R}}
    examples:
      - {{given: {{place.role: primary, place.in_eu: true}}, expect: compliant}}
      - {{given: {{place.role: primary, place.in_eu: false}}, expect: violation}}
      - {{given: {{place.role: primary}}, expect: unproven}}
"""
HEAD = """\
id: graded
version: 1.0.0
title: {en: T, fr: T}
description: {en: D, fr: D}
levels:
  - {id: none, title: {en: None, fr: Aucun}}
  - {id: low, title: {en: Low, fr: Bas}}
  - {id: high, title: {en: High, fr: Haut}}
"""
OBJECTIVES = """\
objectives:
  - {id: X, title: {en: X, fr: X}, weights: {first: 75, second: 50}}
  - {id: Y, title: {en: Y, fr: Y}, weights: {first: 25, second: 50}}
"""


def text(rules: dict[str, tuple[str, str | None]], objectives: bool = True) -> str:
    parts = [HEAD, OBJECTIVES if objectives else "", "rules:\n"]
    for name, (level, objective) in rules.items():
        parts.append(RULE.format(id=name, level=level, objective=f"objective: {objective}" if objective else ""))
    return "".join(parts)


def written(folder: Path, content: str) -> Path:
    file = folder / "pack.yaml"
    file.write_text(content, encoding="utf-8")
    return file


TWO: dict[str, tuple[str, str | None]] = {
    "X1": ("low", "X"),
    "X2": ("high", "X"),
    "Y1": ("low", "Y"),
    "Y1b": ("low", "Y"),
    "Y2": ("high", "Y"),
}


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """Two objectives, two levels each that rules ask for, and a lowest one that needs none."""
    return load_pack(written(tmp_path_factory.mktemp("two"), text(TWO)))


def found(pack: Pack, **rules: str) -> pa.Table:
    rows = [
        {"policy": pack.id, "rule": rule, "verdict": WORDS[v], "id": f"{rule}-{n}"}
        for rule, vs in rules.items()
        for n, v in enumerate(vs)
    ]
    return pa.Table.from_pylist(rows, schema=FINDINGS)


def grade(pack: Pack, **rules: str) -> dict[str | None, tuple[str | None, bool, tuple[str, ...], tuple[str, ...]]]:
    results = levels(pack, found(pack, **rules))
    return {r.objective: (r.level, r.proven, r.blocked_by, r.open) for r in results}


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ({"X1": "c", "X2": "c"}, ("high", True, (), ())),
        ({"X1": "cw", "X2": "w"}, ("high", True, (), ())),
        ({"X1": "c", "X2": "v"}, ("low", True, ("X2",), ())),
        ({"X1": "c", "X2": "u"}, ("low", True, (), ("X2",))),
        ({"X1": "c"}, ("low", True, (), ("X2",))),
        ({"X1": "ccv", "X2": "c"}, ("none", True, ("X1",), ())),
        ({"X1": "cu", "X2": "c"}, (None, False, (), ("X1",))),
        ({"X1": "u", "X2": "v"}, (None, False, (), ("X1",))),
        ({}, (None, False, (), ("X1",))),
    ],
)
def test_the_level_of_an_objective(two: Pack, findings: dict[str, str], expected: tuple[object, ...]) -> None:
    assert grade(two, **findings)["X"] == expected


def test_a_rule_that_applies_to_nothing_does_not_hold_a_level_back_that_another_shows(two: Pack) -> None:
    assert grade(two, Y1="c", Y2="c")["Y"] == ("high", True, (), ())
    assert grade(two, Y1="v", Y1b="u")["Y"] == ("none", True, ("Y1",), ("Y1b",))


def test_an_incomplete_inventory_leaves_levels_open(two: Pack) -> None:
    findings = {"X1": "c", "X2": "c", COVERAGE_RULE: "u"}
    assert grade(two, **findings)["X"] == (None, False, (), (COVERAGE_RULE,))


def test_the_findings_of_another_pack_do_not_count(two: Pack) -> None:
    table = found(two, X1="c", X2="c")
    other = pa.Table.from_pylist([{**row, "policy": "other"} for row in table.to_pylist()], schema=FINDINGS)
    assert [r.level for r in levels(two, other)] == [None, None]
    assert levels(two, pa.concat_tables([other, table]))[0].level == "high"


def whole(pack: Pack, **rules: str) -> LevelResult:
    result = overall(pack, levels(pack, found(pack, **rules)))
    assert result is not None
    return result


def test_the_whole_is_the_lowest_objective(two: Pack) -> None:
    result = whole(two, X1="c", X2="c", Y1="c", Y2="v")
    assert (result.level, result.proven, result.blocked_by) == ("low", True, ("Y2",))
    assert whole(two, X1="c", X2="c", Y1="c", Y2="c").level == "high"


def test_an_objective_without_facts_leaves_the_whole_unproven(two: Pack) -> None:
    result = whole(two, X1="c", X2="c")
    assert (result.level, result.proven, result.open) == (None, False, ("Y1", "Y1b"))


def test_the_lowest_level_is_a_fact_once_a_violation_says_so(two: Pack) -> None:
    result = whole(two, X1="v")
    assert (result.level, result.proven, result.blocked_by) == ("none", True, ("X1",))


def test_scores_of_both_sets_of_weights(two: Pack) -> None:
    def score(**rules: str) -> dict[str, float | None]:
        return scores(two, levels(two, found(two, **rules)))

    assert score(X1="c", X2="c", Y1="c", Y2="c") == {"first": 100.0, "second": 100.0}
    assert score(X1="c", X2="c", Y1="v") == {"first": 75.0, "second": 50.0}
    assert score(X1="c", X2="v", Y1="c", Y2="c") == {"first": 62.5, "second": 75.0}
    assert score(X1="c", X2="c", Y1="u") == {"first": None, "second": None}


def test_a_pack_without_objectives_is_graded_as_a_whole(tmp_path: Path) -> None:
    rules: dict[str, tuple[str, str | None]] = {"R0": ("none", None), "R1": ("low", None), "R2": ("high", None)}
    pack = load_pack(written(tmp_path, text(rules, objectives=False)))
    assert grade(pack, R0="c", R1="c", R2="v") == {None: ("low", True, ("R2",), ())}
    # The lowest level asks for something here: a violation there proves that not even it is reached.
    assert grade(pack, R0="v", R1="c") == {None: (None, True, ("R0",), ())}
    assert grade(pack, R1="c", R2="c") == {None: (None, False, (), ("R0",))}
    assert scores(pack, levels(pack, found(pack, R0="c"))) == {}


def test_a_pack_without_levels_has_no_grade() -> None:
    pack = find_pack("eu-only")
    assert levels(pack, FINDINGS.empty_table()) == ()
    assert overall(pack, ()) is None


_VERDICTS = st.dictionaries(st.sampled_from([*TWO, COVERAGE_RULE]), st.text(alphabet="cwuv", min_size=1, max_size=3))


def rank(pack: Pack, result: LevelResult | None) -> int:
    """Not known and below the lowest count least."""
    return -1 if result is None or result.level is None else [level.id for level in pack.levels].index(result.level)


@settings(deadline=None)
@given(findings=_VERDICTS, rule=st.sampled_from([*TWO, COVERAGE_RULE]))
def test_one_more_unproven_finding_never_raises_anything(two: Pack, findings: dict[str, str], rule: str) -> None:
    before = levels(two, found(two, **findings))
    after = levels(two, found(two, **{**findings, rule: findings.get(rule, "") + "u"}))
    for old, new in zip(before, after, strict=True):
        assert rank(two, new) <= rank(two, old)
        assert old.proven or not new.proven
    assert rank(two, overall(two, after)) <= rank(two, overall(two, before))
    old_scores, new_scores = scores(two, before), scores(two, after)
    for name, value in new_scores.items():
        old_score = old_scores[name]
        assert value is None or (old_score is not None and value <= old_score)


@settings(deadline=None)
@given(findings=_VERDICTS)
def test_the_order_of_findings_changes_nothing(two: Pack, findings: dict[str, str]) -> None:
    table = found(two, **findings)
    assert levels(two, table) == levels(two, pa.Table.from_pylist(table.to_pylist()[::-1], schema=FINDINGS))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("    level: low\n    objective: X", "    level: lwo\n    objective: X", "rule X1: there is no level lwo"),
        ("objective: X", "objective: Z", "rule X1: there is no objective Z"),
        ("    level: low\n    objective: X", "    objective: X", "rule X1: an objective needs a level"),
        ("    level: low\n    objective: X", "    level: low", "a level needs an objective"),
        ("{id: low,", "{id: high,", "levels: high stands twice"),
        ("weights: {first: 25, second: 50}", "weights: {first: 25}", "objective Y: no weight in the set second"),
        (
            "    level: low\n    objective: X",
            "    level: high\n    objective: X",
            "it can deny the level high of X, yet no rule asks for low",
        ),
    ],
)
def test_a_mistake_in_levels_is_told_with_its_place(tmp_path: Path, old: str, new: str, expected: str) -> None:
    content = text(TWO)
    assert old in content
    with pytest.raises(UserError) as caught:
        load_pack(written(tmp_path, content.replace(old, new, 1)))
    told = [str(problem) for problem in caught.value.problems]
    assert any(expected in line and "pack.yaml:" in line for line in told), told


def test_a_rule_that_nothing_can_contradict_needs_no_violation_but_a_doubt(tmp_path: Path) -> None:
    content = text({"R": ("low", None)}, objectives=False).replace(
        "      - {given: {place.role: primary, place.in_eu: false}, expect: violation}\n", ""
    )
    open_ended = content.replace("require: place.in_eu", 'require: "true"\n    unproven_when: "!place.in_eu"')
    assert load_pack(written(tmp_path, open_ended)).rules[0].require is not None
    with pytest.raises(UserError, match="needs an `unproven_when`"):
        load_pack(written(tmp_path, content.replace("require: place.in_eu", 'require: "true"')))


def test_the_european_framework_gives_both_scores_and_the_minimum() -> None:
    pack = find_pack("eu-cloud-sovereignty")
    every = found(pack, **{rule.id: "c" for rule in pack.rules})
    results = levels(pack, every)
    assert [r.objective for r in results] == [f"SOV-{n}" for n in range(1, 9)]
    assert {r.level for r in results} == {"SEAL-4"}
    assert scores(pack, results) == {"framework-1.2.1": 100.0, "implementation-guidance": 100.0}
    # A US-controlled provider: the supply chain may score, the legal objective decides.
    low = levels(
        pack, found(pack, **{rule.id: "v" if rule.id in ("ECS-2-2", "ECS-5-3") else "c" for rule in pack.rules})
    )
    total = overall(pack, low)
    assert total is not None
    assert (total.level, total.blocked_by) == ("SEAL-1", ("ECS-2-2",))
    assert scores(pack, low) == {"framework-1.2.1": 82.5, "implementation-guidance": 87.5}
    assert [dict(o.weights) for o in pack.objectives][4] == {"framework-1.2.1": 20, "implementation-guidance": 10}
    for name in ("framework-1.2.1", "implementation-guidance"):
        assert sum(dict(o.weights)[name] for o in pack.objectives) == 100


def test_labels_of_gaia_x_are_steps() -> None:
    pack = find_pack("gaia-x")
    steps = [level.id for level in pack.levels]
    for shown, step in itertools.pairwise(steps):
        rules = {rule.id: "c" if steps.index(str(rule.level)) < steps.index(step) else "u" for rule in pack.rules}
        assert grade(pack, **rules)[None][:2] == (shown, True)
    assert {rule.level for rule in pack.rules} == set(steps)
