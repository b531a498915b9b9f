"""What comes over the wire is what `gcloud asset list` writes, less what may be a secret."""

from __future__ import annotations

from typing import Any

from google.cloud import asset_v1 as ca
from google.protobuf.json_format import MessageToDict, ParseDict

from residency.connectors.gcp.unpack import assets_of
from tests.connectors.gcp import estate, estate_services


def messages(*items: dict[str, Any]) -> list[Any]:
    page = ca.ListAssetsResponse()
    told = type(page).pb(page)
    for item in items:
        ParseDict(item, told.assets.add())
    return list(told.assets)


def test_it_is_what_the_library_makes_of_it() -> None:
    odd = estate.asset("//storage.googleapis.com/x", "storage.googleapis.com/Bucket", "eu", {
        "n": 7, "f": 1.5, "big": 2**53, "none": None, "yes": True, "no": False, "é": ["a", [], {}, [{"b": [None]}]], "empty": "",
    })  # fmt: skip
    found = messages(*estate.ESTATE, *estate_services.ITEMS, odd, {"name": "//a/b", "assetType": "a"})
    assert [{"ancestors": [], **MessageToDict(message)} for message in found] == assets_of(found)


def test_what_may_be_a_secret_is_not_taken_in() -> None:
    run = estate.asset("//run.googleapis.com/s", "run.googleapis.com/Service", None, {
        "metadata": {"labels": {"a": "b"}}, "template": {"containers": [{"image": "i", "env": [{"name": "P", "value": "hunter2"}]}]},
    })  # fmt: skip
    function = estate.asset("//cloudfunctions.googleapis.com/f", "cloudfunctions.googleapis.com/Function", None, {
        "serviceConfig": {"environmentVariables": {"P": "hunter2"}}, "buildConfig": {"environmentVariables": {"P": "hunter2"}},
    })  # fmt: skip
    machine = estate.asset("//compute.googleapis.com/m", "compute.googleapis.com/Instance", None, {
        "labels": {"a": "b"}, "metadata": {"items": [{"key": "startup-script", "value": "hunter2"}]},
    })  # fmt: skip
    found = assets_of(messages(run, function, machine))
    assert "hunter2" not in str(found)
    assert found[0]["resource"]["data"]["metadata"] == {"labels": {"a": "b"}}
    assert found[2]["resource"]["data"] == {"labels": {"a": "b"}}
