"""Snow: devices that carry data to or from AWS, and the addresses they are sent to."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import Found
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import in_named_bucket, kept
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role, StoresData

JOBS = operation("snowball:ListJobs", lists="JobListEntries")
JOB = operation("snowball:DescribeJob", lists="JobMetadata")
ADDRESS = operation("snowball:DescribeAddress", lists="Address")
# Of these a device is no longer, or not yet, on its way.
_OVER = frozenset({"Complete", "Cancelled"})


@collector(
    service="snowball",
    actions=(JOBS, JOB, ADDRESS),
    scope="regional",
    kinds=("bulk-transfer",),
    roles=(Role.PRIMARY, Role.PROCESSING, Role.KEY),
)
def collect(calls: Calls) -> None:
    """The jobs that are not over, then each and the address of its device."""
    for _, job in calls.items(JOBS, MaxResults=100):
        if job.get("JobState") not in _OVER:
            calls.each(_read, job["JobId"])


def _read(calls: Calls, name: str) -> None:
    answer = calls.one(JOB, JobId=name)
    if answer is None:
        return
    address = answer["JobMetadata"].get("AddressId")
    told = calls.one(ADDRESS, AddressId=address) if address else None
    calls.add(read_job(calls.place, answer, told or {}))


def read_job(place: Place, answer: Answer, address: Answer) -> Iterator[Found]:
    """A job, the buckets that it fills or empties, and its device: it is with the customer, in the country told."""
    job = answer["JobMetadata"]
    name = job["JobId"]
    uid = place.arn("snowball", f"job/{name}")
    yield from kept(
        place, uid, "AWS::Snowball::Job", "bulk-transfer", job.get("Description") or name, JOB.call,
        "JobMetadata.JobId", name, tags=None, stores=StoresData.YES, key=job.get("KmsKeyARN"),
        key_field="JobMetadata.KmsKeyARN",
    )  # fmt: skip
    country = (address.get("Address") or {}).get("Country")
    evidence = (
        Evidence(ADDRESS.call, "Address.Country", country) if country
        else Evidence(JOB.call, "JobMetadata.AddressId", job.get("AddressId"))
    )  # fmt: skip
    yield Placement(uid, Role.PROCESSING, None, "snow-device", evidence, target=job.get("SnowballId"))
    for index, entry in enumerate((job.get("Resources") or {}).get("S3Resources") or ()):
        told = entry.get("BucketArn")
        if told:
            evidence = Evidence(JOB.call, f"JobMetadata.Resources.S3Resources[{index}].BucketArn", told)
            yield in_named_bucket(place, uid, Role.PROCESSING, "snow-bucket", told, evidence)
