from __future__ import annotations

from typing import Any

import pytest

from residency.model import Verdict
from residency.policy.examples import cel_verdict
from residency.policy.explain import explain
from residency.policy.pack import Rule
from residency.policy.shipped import find_pack, shipped_ids

RULES = {rule.id: rule for name in shipped_ids() for rule in find_pack(name).rules}
AWS: dict[str, Any] = {
    "place.role": "primary", "resource.stores_data": "yes", "resource.data_class": "health", "resource.holds_keys": False,
    "control.laws_by_parent": ["US-CLOUD-ACT"], "control.laws_by_operator": [], "control.seat_in_eu": True,
    "control.parent_in_eu": False, "control.laws_disputed": [], "cert.secnumcloud": False,
}  # fmt: skip


def test_a_missing_fact_is_named_with_what_each_value_would_mean() -> None:
    told = explain(RULES["HDH-LOC-01"], {**AWS, "place.in_eu": None})
    assert told.verdict is Verdict.UNPROVEN
    assert told.missing == ("place.in_eu",)
    turned = {change.facts[0]: change.verdict for change in told.single}
    assert turned["place.in_eu", True] is Verdict.COMPLIANT
    assert turned["place.in_eu", False] is Verdict.VIOLATION
    assert told.together is None


def test_where_one_fact_is_not_enough_the_facts_together_are_told() -> None:
    told = explain(RULES["HDH-JUR-01"], AWS)
    assert told.verdict is Verdict.VIOLATION
    assert not any(change.verdict is Verdict.COMPLIANT for change in told.single)
    assert told.together
    assert {name for name, _ in told.together.facts} >= {"control.laws_by_parent", "control.parent_in_eu"}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_every_change_that_is_told_does_turn_the_verdict(rule: Rule) -> None:
    for example in rule.examples:
        told = explain(rule, example.given)
        assert told.verdict == example.expect
        for change in (*told.single, *([told.together] if told.together else [])):
            assert cel_verdict(rule, {**dict(told.facts), **dict(change.facts)}) == change.verdict != told.verdict
