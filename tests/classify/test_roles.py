"""The role for an account: the first rule of the configuration that fits, and none where none does."""

from __future__ import annotations

import pyarrow as pa
import pytest

from residency.classify.roles import AccountRole, Contacts, RoleRule, Roles, roles_of
from residency.model import Duty

FACTS = pa.table({
    "resource.account": ["444411112222", "111122223333", "app_1", "111122223333"],
    "resource.account_path": [["Root", "Clients", "Alpes"], ["Root", "Own"], [], ["Root", "Own"]],
})  # fmt: skip
ALPES = RoleRule(Duty.PROCESSOR, path="Root/Clients/*", controller="Clinique des Alpes")
OWN = RoleRule(Duty.CONTROLLER, path="Root/*")


def told(*rules: RoleRule) -> list[tuple[str, str, str | None]]:
    return [(role.account, str(role.role), role.controller) for role in roles_of(FACTS, rules, Contacts()).accounts]


def test_the_first_rule_that_fits_counts_and_an_account_that_fits_none_has_no_role() -> None:
    assert told(ALPES, OWN) == [
        ("111122223333", "controller", None), ("444411112222", "processor", "Clinique des Alpes"),
    ]  # fmt: skip
    assert [role for _account, role, _controller in told(OWN, ALPES)] == ["controller", "controller"]


@pytest.mark.parametrize(
    ("rule", "accounts"),
    [
        (RoleRule(Duty.CONTROLLER, account="4444*"), ["444411112222"]),
        (RoleRule(Duty.CONTROLLER, account="app_1"), ["app_1"]),
        (RoleRule(Duty.CONTROLLER, account="app%1"), []),
        (RoleRule(Duty.CONTROLLER, account="1*", path="Root/Clients/*"), []),
        (RoleRule(Duty.CONTROLLER, account="x' OR '1'='1"), []),
    ],
)
def test_a_rule_fits_when_every_pattern_does(rule: RoleRule, accounts: list[str]) -> None:
    assert [account for account, *_rest in told(rule)] == accounts


def test_contacts_stay_without_any_rule() -> None:
    contacts = Contacts("Hospital", dpo="dpo@hospital.example")
    assert roles_of(FACTS, (), contacts) == Roles((), contacts)
    assert roles_of(FACTS, (ALPES,), contacts).accounts == (
        AccountRole("444411112222", Duty.PROCESSOR, "Clinique des Alpes"),
    )
