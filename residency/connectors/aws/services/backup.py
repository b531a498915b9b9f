"""AWS Backup: vaults, the vaults in other regions that backups are copied to, and who else may use a vault."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.found import CopyOf, Found
from residency.connectors.aws.place import Place, region_of
from residency.connectors.aws.rows import Tags, encrypted, primary, resource
from residency.connectors.aws.shares import read_policy
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role

VAULTS = operation("backup:ListBackupVaults", lists="BackupVaultList")
PLANS = operation("backup:ListBackupPlans", lists="BackupPlansList")
PLAN = operation("backup:GetBackupPlan", lists="BackupPlan")
TAGS = operation("backup:ListTags", lists="Tags")
POLICY = operation("backup:GetBackupVaultAccessPolicy", lists="Policy")
COPIES = operation("backup:ListCopyJobs", lists="CopyJobs")


@collector(
    service="backup",
    actions=(VAULTS, PLANS, PLAN, TAGS, POLICY, COPIES),
    scope="regional",
    kinds=("backup-vault",),
    roles=(Role.PRIMARY, Role.BACKUP, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """Vaults and plans side by side; the copies that were made when there is a vault."""
    calls.each(_plans)
    index = 0
    for page in calls.pages(VAULTS, MaxResults=1000):
        for vault in page["BackupVaultList"]:
            calls.each(_vault, vault, index)
            index += 1
    if index:
        for page in calls.pages(COPIES, MaxResults=1000, ByState="COMPLETED"):
            calls.add(read_copies(calls.place, page))


def _plans(calls: Calls) -> None:
    for page in calls.pages(PLANS, MaxResults=1000):
        for plan in page["BackupPlansList"]:
            calls.each(_plan, plan["BackupPlanId"])


def _vault(calls: Calls, vault: Answer, index: int) -> None:
    answer = calls.one(TAGS, ResourceArn=vault["BackupVaultArn"])
    calls.add(read_vault(calls.place, vault, index, None if answer is None else answer["Tags"]))
    absent, uid = ("ResourceNotFoundException",), vault["BackupVaultArn"]
    policy = calls.one(POLICY, absent=absent, BackupVaultName=vault["BackupVaultName"]) or {}
    calls.add(read_policy(calls.place, uid, policy.get("Policy"), "backup-vault-policy", POLICY.call, "Policy"))


def _plan(calls: Calls, plan_id: str) -> None:
    answer = calls.one(PLAN, BackupPlanId=plan_id)
    if answer is not None:
        calls.add(read_plan(calls.place, answer))


def read_vault(place: Place, vault: Answer, index: int, tags: Tags) -> Iterator[Found]:
    """A vault, its place and its key."""
    uid, path = vault["BackupVaultArn"], f"BackupVaultList[{index}]"
    key = vault.get("EncryptionKeyArn")
    custody, keys = encrypted(place, uid, key, VAULTS.call, f"{path}.EncryptionKeyArn", None)
    name = vault["BackupVaultName"]
    yield resource(place, uid, "AWS::Backup::BackupVault", "backup-vault", name, tags=tags, custody=custody)
    yield primary(place, uid, VAULTS.call, f"{path}.BackupVaultArn", uid)
    yield from keys


def read_plan(place: Place, answer: Answer) -> Iterator[Found]:
    """The copies that a plan makes of what it puts into a vault."""
    for index, rule in enumerate(answer["BackupPlan"].get("Rules", ())):
        uid = place.arn("backup", f"backup-vault:{rule['TargetBackupVaultName']}")
        for at, action in enumerate(rule.get("CopyActions", ())):
            told = action["DestinationBackupVaultArn"]
            field = f"BackupPlan.Rules[{index}].CopyActions[{at}].DestinationBackupVaultArn"
            evidence = Evidence(PLAN.call, field, told)
            yield CopyOf(Placement(uid, Role.BACKUP, region_of(told), "backup-copy", evidence, target=told))


def read_copies(place: Place, answer: Answer) -> Iterator[Found]:
    """Copies that were made out of the region, whatever plan or person asked for them, as long as AWS remembers."""
    told: set[str] = set()
    for index, job in enumerate(answer["CopyJobs"]):
        target = job.get("DestinationBackupVaultArn") or ""
        uid, region = job.get("SourceBackupVaultArn") or "", region_of(target)
        own = f":{place.account}:" in target
        if (region == place.region and own) or uid + target in told:
            continue
        told.add(uid + target)
        evidence = Evidence(COPIES.call, f"CopyJobs[{index}].DestinationBackupVaultArn", target)
        yield CopyOf(Placement(uid, Role.BACKUP, region, "backup-copy-job", evidence, target=target))
