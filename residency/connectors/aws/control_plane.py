"""What no answer tells: services without regions keep identities, names and settings in one region of a partition."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.place import Place
from residency.model import Evidence, Placement, Resource, Role, StoresData

RULE = "rule:aws-global-control-plane"
# Of the other partitions none says where; that of the European Sovereign Cloud has no service without a region at all.
_HOME = {"aws": "us-east-1"}


def control_plane(here: Place) -> Iterator[Resource | Placement]:
    """The account itself, and where IAM, Organizations, Route 53 and CloudFront keep what they know of it."""
    home = _HOME.get(here.partition)
    if home is None:
        return
    uid = f"arn:{here.partition}:iam::{here.account}:root"
    yield Resource(
        uid, "aws", here.offer, here.account, "AWS::Organizations::Account", kind="project", name=here.account,
        location=home, stores_data=StoresData.NO,
    )  # fmt: skip
    yield Placement(uid, Role.CONTROL_PLANE, home, "global-control-plane", Evidence(RULE, "partition", here.partition))
