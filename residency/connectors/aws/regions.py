"""Which regions an account has switched on: its own list, never the client library's, as long as one can be read."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from residency.connectors.aws.caller import Caller
from residency.connectors.aws.collector import operation
from residency.connectors.aws.errors import CallFailed
from residency.connectors.aws.place import Place
from residency.errors import Problem, UserError

LIST_REGIONS = operation("account:ListRegions", lists="Regions")
DESCRIBE_REGIONS = operation("ec2:DescribeRegions", lists="Regions")
_ON = frozenset({"ENABLED", "ENABLED_BY_DEFAULT", "DISABLING"})


@dataclass(frozen=True, slots=True)
class Regions:
    """`on` and `off` as the account tells; without an answer, `guessed` are all that the client library knows of."""

    on: frozenset[str]
    off: frozenset[str]
    guessed: frozenset[str]
    failures: tuple[CallFailed, ...] = ()

    def to_read(self, asked: Iterable[str]) -> list[str]:
        """The regions to read: those that are asked for and exist here, or all that are on."""
        asked = set(asked)
        return sorted(asked & self.known if asked else self.on | self.guessed)

    @property
    def known(self) -> frozenset[str]:
        """Every region that exists for this account, on or off."""
        return self.on | self.off | self.guessed


def global_region(caller: Caller, partition: str) -> str:
    """The region whose endpoints serve what has no region: us-east-1 in the standard partition."""
    found = caller.wire.parts.partition(partition).get("outputs", {}).get("implicitGlobalRegion", "us-east-1")
    return str(found)


def pseudo_region(caller: Caller, partition: str) -> str:
    """How the partition calls *no region*: `aws-global`. One without such a code is given it in the same manner."""
    regions = caller.wire.parts.partition(partition).get("regions", {})
    return next((str(region) for region in regions if region.endswith("-global")), f"{partition}-global")


def find_regions(caller: Caller, here: Place) -> Regions:
    """The regions of the account, from the first of two calls that answers."""
    failures: list[CallFailed] = []
    for ask in (_from_account, _from_ec2):
        try:
            on, off = ask(caller, here)
        except CallFailed as failure:
            failures.append(failure)
        else:
            elsewhere = _of_other_partitions(caller, here.partition)
            return Regions(on - elsewhere, off - elsewhere, frozenset())
    known = caller.wire.parts.partition(here.partition).get("regions", {here.region: {}})
    guessed = frozenset(region for region in known if not region.endswith("-global"))
    return Regions(frozenset(), frozenset(), guessed, tuple(failures))


def _of_other_partitions(caller: Caller, partition: str) -> frozenset[str]:
    """Regions that no credentials of this partition can reach. Emulators list them all the same."""
    entries = caller.wire.parts.partitions["partitions"]
    return frozenset(region for entry in entries if entry["id"] != partition for region in entry["regions"])


def _from_account(caller: Caller, here: Place) -> tuple[frozenset[str], frozenset[str]]:
    region = global_region(caller, here.partition)
    pages = caller.pages(LIST_REGIONS, region, {"MaxResults": 50})
    status = {entry["RegionName"]: entry["RegionOptStatus"] for page in pages for entry in page["Regions"]}
    on = frozenset(region for region, told in status.items() if told in _ON)
    return on, frozenset(status) - on


def _from_ec2(caller: Caller, here: Place) -> tuple[frozenset[str], frozenset[str]]:
    answer = caller.one(DESCRIBE_REGIONS, here.region, {"AllRegions": True})
    status = {entry["RegionName"]: entry.get("OptInStatus") for entry in answer["Regions"]}
    off = frozenset(region for region, told in status.items() if told == "not-opted-in")
    return frozenset(status) - off, off


def check_asked(caller: Caller, here: Place, regions: Regions, asked: Iterable[str]) -> None:
    """Raise `UserError` for a region that is asked for and exists neither here nor in another partition."""
    unknown = [name for name in dict.fromkeys(asked) if name not in regions.known]
    if unknown:
        elsewhere = _of_other_partitions(caller, here.partition)
        problems = [_unknown(name, regions.known) for name in unknown if name not in elsewhere]
        if problems:
            raise UserError(*problems)


def _unknown(region: str, known: Iterable[str]) -> Problem:
    close = difflib.get_close_matches(region, sorted(known), n=3) or sorted(known)
    return Problem(f"this AWS account has no region {region!r}.", remedy=f"Close to it: {', '.join(close)}.")
