"""Outposts: racks of AWS at a site of the customer's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import resource
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role

OUTPOSTS = operation("outposts:ListOutposts", lists="Outposts")
SITES = operation("outposts:ListSites", lists="Sites")


@collector(
    service="outposts",
    actions=(OUTPOSTS, SITES),
    scope="regional",
    kinds=("outpost",),
    roles=(Role.PRIMARY, Role.CONTROL_PLANE),
)
def collect(calls: Calls) -> None:
    """The Outposts; when there are any, the sites they stand at."""
    found = list(calls.items(OUTPOSTS, MaxResults=1000))
    if found:
        sites = {site["SiteId"]: (at, site) for at, site in calls.items(SITES, MaxResults=1000)}
        for index, outpost in found:
            calls.add(read_outpost(calls.place, outpost, index, sites.get(outpost.get("SiteId", ""))))


def read_outpost(place: Place, outpost: Answer, index: int, site: tuple[int, Answer] | None) -> Iterator[Found]:
    """An Outpost. The site tells its country, which is no region of AWS: the place stays to be attested. The region
    that it belongs to controls it."""
    uid, path = outpost["OutpostArn"], f"Outposts[{index}]"
    name, tags = outpost.get("Name") or outpost["OutpostId"], outpost.get("Tags") or {}
    yield replace(resource(place, uid, "AWS::Outposts::Outpost", "outpost", name, tags=tags), location=None)
    evidence = Evidence(OUTPOSTS.call, f"{path}.SiteArn", outpost.get("SiteArn"))
    if site is not None:
        at, told = site
        field = f"Sites[{at}].OperatingAddressCountryCode"
        evidence = Evidence(SITES.call, field, told.get("OperatingAddressCountryCode"))
    yield Placement(uid, Role.PRIMARY, None, "outpost", evidence, target=outpost.get("SiteArn"))
    control = Evidence(OUTPOSTS.call, f"{path}.AvailabilityZone", outpost.get("AvailabilityZone"))
    yield Placement(uid, Role.CONTROL_PLANE, place.region, "outpost-region", control)
