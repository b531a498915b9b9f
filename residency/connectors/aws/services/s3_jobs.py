"""Batch jobs of S3: copies of many objects at once, and the buckets of their lists and reports."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import operation
from residency.connectors.aws.found import Found, KeyUse
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, in_named_bucket, kept, tags_of
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Role, StoresData

JOBS = operation("s3control:ListJobs", permission="s3:ListJobs")
JOB = operation("s3control:DescribeJob", permission="s3:DescribeJob", lists="Job")
TAGS = operation("s3control:GetJobTagging", permission="s3:GetJobTagging")
BATCH = (JOBS, JOB, TAGS)
# Of these nothing was written anywhere.
_NEVER_RAN = frozenset({"New", "Preparing", "Suspended", "Ready"})


def collect_jobs(calls: Calls) -> None:
    """The jobs of a region that S3 remembers, 90 days after they ended."""
    # S3 leaves the list out when there is no job.
    for page in calls.pages(JOBS, AccountId=calls.place.account, MaxResults=1000):
        for job in page.get("Jobs") or ():
            if job.get("Status") not in _NEVER_RAN:
                calls.each(_job, job["JobId"])


def _job(calls: Calls, name: str) -> None:
    account = calls.place.account
    answer = calls.one(JOB, AccountId=account, JobId=name)
    if answer is not None:
        tags = calls.one(TAGS, AccountId=account, JobId=name)
        calls.add(read_job(calls.place, answer, tags_of(None if tags is None else tags.get("Tags") or ())))


def read_job(place: Place, answer: Answer, tags: Tags) -> Iterator[Found]:
    """A job: which bucket it copies into, from which bucket or list it takes what it works on, where it reports to."""
    job, call = answer["Job"], JOB.call
    name = job["JobId"]
    uid = job.get("JobArn") or place.arn("s3", f"job/{name}")
    field, called, stores = "Job.JobId", job.get("Description") or name, StoresData.TRANSIT
    yield from kept(
        place, uid, "AWS::S3::BatchJob", "data-transfer", called, call, field, name, tags=tags, stores=stores
    )
    copy = job.get("Operation", {}).get("S3PutObjectCopy") or {}
    generator = (job.get("ManifestGenerator") or {}).get("S3JobManifestGenerator") or {}
    made, report = generator.get("ManifestOutputLocation") or {}, job.get("Report") or {}
    taken = ((job.get("Manifest") or {}).get("Location") or {}).get("ObjectArn")
    of_generator = "Job.ManifestGenerator.S3JobManifestGenerator"
    for role, told, path in (
        (Role.REPLICA, copy.get("TargetResource"), "Job.Operation.S3PutObjectCopy.TargetResource"),
        (Role.PROCESSING, generator.get("SourceBucket"), f"{of_generator}.SourceBucket"),
        (Role.LOG, taken, "Job.Manifest.Location.ObjectArn"),
        (Role.LOG, made.get("Bucket"), f"{of_generator}.ManifestOutputLocation.Bucket"),
        (Role.LOG, report.get("Bucket") if report.get("Enabled") else None, "Job.Report.Bucket"),
    ):
        if told:
            yield in_named_bucket(place, uid, role, "s3-batch-job", told, Evidence(call, path, told))
    key = copy.get("SSEAwsKmsKeyId")
    if key:
        evidence = Evidence(call, "Job.Operation.S3PutObjectCopy.SSEAwsKmsKeyId", key)
        yield KeyUse(uid, key, place, evidence, decides=False)
