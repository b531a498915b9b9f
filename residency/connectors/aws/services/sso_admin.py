"""IAM Identity Center: the directory of the people who sign in, and the regions it is in."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import resource
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role

INSTANCES = operation("sso-admin:ListInstances", permission="sso:ListInstances", lists="Instances")


@collector(
    service="sso-admin",
    actions=(INSTANCES,),
    scope="regional",
    kinds=("identity-center",),
    roles=(Role.PRIMARY, Role.REPLICA),
)
def collect(calls: Calls) -> None:
    """The instances that a region tells of. Each of its regions tells of an instance that is in several."""
    for index, instance in calls.items(INSTANCES, MaxResults=100):
        calls.add(read_instance(calls.place, instance, index))


def read_instance(place: Place, instance: Answer, index: int) -> Iterator[Found]:
    """An instance that this account owns; a member account is also told of that of its organisation."""
    if instance.get("OwnerAccountId", place.account) != place.account:
        return
    uid, path = instance["InstanceArn"], f"Instances[{index}]"
    home = instance.get("PrimaryRegion") or place.region
    name = instance.get("Name") or uid.rpartition("/")[2]
    yield resource(place, uid, "AWS::SSO::Instance", "identity-center", name, tags=None, location=home)
    field = "PrimaryRegion" if instance.get("PrimaryRegion") else "InstanceArn"
    yield Placement(uid, Role.PRIMARY, home, "location", Evidence(INSTANCES.call, f"{path}.{field}", instance[field]))
    for at, entry in enumerate(instance.get("Regions") or ()):
        region = entry["RegionName"]
        if region != home and entry.get("Status") != "REMOVING":
            evidence = Evidence(INSTANCES.call, f"{path}.Regions[{at}].RegionName", region)
            yield Placement(uid, Role.REPLICA, region, "identity-center-region", evidence)
