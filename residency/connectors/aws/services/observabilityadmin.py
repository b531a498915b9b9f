"""CloudWatch across an organisation: rules that copy the logs of its accounts into one account and region."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from residency.connectors.aws.calls import Calls
from residency.connectors.aws.collector import collector, operation
from residency.connectors.aws.errors import CallFailed
from residency.connectors.aws.found import Found, KeyUse
from residency.connectors.aws.place import Place
from residency.connectors.aws.rows import Tags, primary, resource, tags_in
from residency.connectors.aws.shares import share
from residency.connectors.aws.wire import Answer
from residency.model import Evidence, Placement, Role, Status, StoresData

RULES = operation("observabilityadmin:ListCentralizationRulesForOrganization", lists="CentralizationRuleSummaries")
RULE = operation("observabilityadmin:GetCentralizationRuleForOrganization", lists="CentralizationRule")
TAGS = operation("observabilityadmin:ListTagsForResource", lists="Tags")
# Every account of an organisation may ask who manages it.
ORGANISATION = operation("organizations:DescribeOrganization", lists="Organization")
_NOT_MANAGING = "rules that copy logs across the organisation are told to its management account {account} only"


@collector(
    service="observabilityadmin",
    actions=(RULES, RULE, TAGS, ORGANISATION),
    scope="global",
    kinds=("log-sink",),
    roles=(Role.PRIMARY, Role.LOG, Role.BACKUP, Role.KEY, Role.SHARE),
)
def collect(calls: Calls) -> None:
    """The rules of every region, as the management account is told of them. To any other account the service refuses
    them (API reference); that is told, and is no gap in what that account has."""
    answer = calls.one(ORGANISATION, absent=("AWSOrganizationsNotInUseException",))
    if not answer:
        return
    manager = answer["Organization"].get("MasterAccountId")
    if manager != calls.place.account:
        calls.note(CallFailed(Status.DISABLED, _NOT_MANAGING.format(account=manager), RULES.call))
        return
    for _, rule in calls.items(RULES, AllRegions=True, MaxResults=100):
        calls.each(_read, rule)


def _read(calls: Calls, rule: Answer) -> None:
    region, uid = rule["CreatedRegion"], rule["RuleArn"]
    there = replace(calls, region=region)
    answer = there.one(RULE, RuleIdentifier=uid)
    if answer is not None:
        tags = tags_in(there.one(TAGS, ResourceARN=uid), "Tags")
        calls.add(read_rule(replace(calls.place, region=region), answer, tags))


def read_rule(place: Place, answer: Answer, tags: Tags) -> Iterator[Found]:
    """A rule: where it copies logs, metrics and profiles to, for which account, with which key, and the second copy."""
    uid, call, stores = answer["RuleArn"], RULE.call, StoresData.TRANSIT
    name, type_ = answer["RuleName"], "AWS::ObservabilityAdmin::OrganizationCentralizationRule"
    yield resource(place, uid, type_, "log-sink", name, tags=tags, stores=stores)
    yield primary(place, uid, call, "RuleArn", uid)
    told, path = answer["CentralizationRule"]["Destination"], "CentralizationRule.Destination"
    region, account = told["Region"], told.get("Account")
    evidence = Evidence(call, f"{path}.Region", region)
    yield Placement(uid, Role.LOG, region, "log-centralization", evidence, target=account)
    if account and account != place.account:
        yield share(uid, "log-centralization", Evidence(call, f"{path}.Account", account), account)
    logs = told.get("DestinationLogsConfiguration") or {}
    key = (logs.get("LogsEncryptionConfiguration") or {}).get("KmsKeyArn")
    if key:
        field = f"{path}.DestinationLogsConfiguration.LogsEncryptionConfiguration.KmsKeyArn"
        yield KeyUse(uid, key, place, Evidence(call, field, key), decides=False)
    for sort in ("Logs", "Metrics", "Profiles"):
        second = (told.get(f"Destination{sort}Configuration") or {}).get("BackupConfiguration") or {}
        field = f"{path}.Destination{sort}Configuration.BackupConfiguration"
        if second.get("Region"):
            evidence = Evidence(call, f"{field}.Region", second["Region"])
            yield Placement(uid, Role.BACKUP, second["Region"], "log-centralization", evidence, target=account)
        if second.get("KmsKeyArn"):
            evidence = Evidence(call, f"{field}.KmsKeyArn", second["KmsKeyArn"])
            yield KeyUse(uid, second["KmsKeyArn"], place, evidence, decides=False)
