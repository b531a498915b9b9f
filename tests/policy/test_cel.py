from __future__ import annotations

import pytest

from residency.policy.cel import MAX_LENGTH, check
from residency.policy.syntax import CelError


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        ('place.contry == "FR"', "undeclared reference to 'place.contry'", 5),
        ("place.country == 1", "no matching overload", 14),
        ("place.country ==", "Syntax error", 16),
        ("place.country", "must be true or false", 0),
        ('place.in_eu &&\n  resource.nam == "x"', "undeclared reference to 'resource.nam'", 25),
    ],
)
def test_an_error_is_located(text: str, message: str, offset: int) -> None:
    with pytest.raises(CelError, match=message) as caught:
        check(text)
    assert caught.value.offset == offset


@pytest.mark.parametrize(
    "text",
    [
        'resource.name.matches("a+")',
        "1 + 1 == 2",
        'place.countries == ["FR"]',
        'place.countries.map(c, c) == ["FR"]',
        'place.countries.exists_one(c, c == "FR")',
        'place.countries[0] == "FR"',
        '{"a": 1}["a"] == 1',
        'timestamp("2020-01-01T00:00:00Z") == timestamp("2020-01-01T00:00:00Z")',
        "place.countries.all(a, key.countries.all(b, control.laws_by_parent.all(c, a == b || b == c)))",
        "place.country in [resource.name]",
        "null == null",
    ],
)
def test_what_engines_could_read_differently_is_refused(text: str) -> None:
    with pytest.raises(CelError):
        check(text)


def test_a_condition_without_end_is_refused() -> None:
    with pytest.raises(CelError, match="characters"):
        check("true && " * MAX_LENGTH + "true")


def test_deep_nesting_is_refused_not_a_crash() -> None:
    with pytest.raises(CelError):
        check("!(" * 900 + "place.in_eu" + ")" * 900)
    with pytest.raises(CelError):
        check("(" * 900 + "place.in_eu" + ")" * 900)


def test_facts_are_named_without_the_variables_of_quantifiers() -> None:
    condition = check('place.countries.exists(c, c == place.country) && resource.name != "c"')
    assert condition.facts() == ("place.countries", "place.country", "resource.name")
