from __future__ import annotations

import pytest

from residency.atlas.atlas import load_atlas
from residency.model import KeyCustody

ATLAS = load_atlas()
KNOWN = [custody for custody in KeyCustody if custody is not KeyCustody.UNKNOWN]


@pytest.mark.parametrize("custody", KNOWN)
def test_every_rung_says_who_can_decrypt_and_what_that_does(custody: KeyCustody) -> None:
    rung = ATLAS.custody(custody)
    assert rung is not None
    for text in (rung.title, rung.decrypts, rung.effect):
        assert text.en
        assert text.fr


def test_only_keys_outside_the_provider_can_bring_about_use_case_1() -> None:
    first = {custody for custody in KNOWN if (rung := ATLAS.custody(custody)) and rung.use_case == "1"}
    assert first == {KeyCustody.EXTERNAL, KeyCustody.CLIENT_SIDE}
    assert {rung.id for rung in ATLAS.files.shape("key-custody").shape.rungs if rung.keys_in_area} >= first


def test_unknown_stays_unknown() -> None:
    assert ATLAS.custody(KeyCustody.UNKNOWN) is None
