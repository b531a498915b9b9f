"""What answers before moto does: operations that it lacks or fakes, by the service's own model."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from residency.demo.aws_answers import check, nothing
from residency.demo.aws_models import operation_model, share_loader
from residency.demo.aws_protocol import Asked, Refused, Reply, understand

Answer = Callable[[str, str, dict[str, Any]], Mapping[str, Any]]
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

# Lists that moto lacks, fakes or has in some regions only, and that have nothing in them unless an estate puts
# something there: one a line, sorted.
NONE_HERE = (
    "accessanalyzer:ListAnalyzers",
    "appflow:ListFlows",
    "appstream:DescribeFleets",
    "appstream:DescribeImages",
    "appstream:DescribeStacks",
    "backup:ListCopyJobs",
    "bcm-data-exports:ListExports",
    "bedrock-agent:ListDataSources",
    "bedrock-agent:ListFlows",
    "bedrock-agent:ListPrompts",
    "bedrock:ListGuardrails",
    "bedrock:ListImportedModels",
    "bedrock:ListInferenceProfiles",
    "bedrock:ListModelCopyJobs",
    "bedrock:ListModelInvocationJobs",
    "cloudhsmv2:DescribeBackups",
    "cloudhsmv2:DescribeClusters",
    "cloudtrail:ListEventDataStores",
    "cloudwatch:ListMetricStreams",
    "cognito-idp:ListUserPoolReplicas",
    "connect:ListInstances",
    "cur:DescribeReportDefinitions",
    "directconnect:DescribeVirtualInterfaces",
    "dlm:GetLifecyclePolicies",
    "docdb-elastic:ListClusters",
    "drs:DescribeSourceServers",
    "ds:DescribeSharedDirectories",
    "dsql:ListClusters",
    "dynamodb:DescribeKinesisStreamingDestination",
    "dynamodb:ListExports",
    "ec2:DescribeExportImageTasks",
    "ec2:DescribeExportTasks",
    "ec2:DescribeStoreImageTasks",
    "elasticache:DescribeGlobalReplicationGroups",
    "elasticache:DescribeServerlessCaches",
    "fsx:DescribeDataRepositoryAssociations",
    "globalaccelerator:ListAccelerators",
    "grafana:ListWorkspaces",
    "guardduty:ListPublishingDestinations",
    "healthlake:ListFHIRDatastores",
    "imagebuilder:ListDistributionConfigurations",
    "kafka:ListReplicators",
    "keyspaces:ListKeyspaces",
    "kms:DescribeCustomKeyStores",
    "memorydb:DescribeClusters",
    "memorydb:DescribeMultiRegionClusters",
    "memorydb:DescribeSnapshots",
    "neptune-graph:ListGraphs",
    "oam:ListLinks",
    "observabilityadmin:ListCentralizationRulesForOrganization",
    "opensearch:DescribeInboundConnections",
    "opensearch:DescribeOutboundConnections",
    "opensearchserverless:ListAccessPolicies",
    "opensearchserverless:ListCollections",
    "outposts:ListOutposts",
    "payment-cryptography:ListKeys",
    "qbusiness:ListApplications",
    "quicksight:ListDataSets",
    "quicksight:ListDataSources",
    "rds:DescribeDBClusterAutomatedBackups",
    "rds:DescribeIntegrations",
    "redshift-serverless:ListNamespaces",
    "redshift-serverless:ListSnapshots",
    "redshift:DescribeDataShares",
    "resource-explorer-2:ListIndexes",
    "s3:ListBucketAnalyticsConfigurations",
    "s3control:ListJobs",
    "s3tables:ListTableBuckets",
    "sagemaker:ListTags",
    "securitylake:ListDataLakes",
    "sesv2:ListMultiRegionEndpoints",
    "snowball:ListJobs",
    "ssm:ListResourceDataSync",
    "sso-admin:ListInstances",
    "storagegateway:ListGateways",
    "timestream-write:ListDatabases",
    "workspaces:DescribeWorkspaceImagePermissions",
    "workspaces:DescribeWorkspaceImages",
    "workspaces:DescribeWorkspaces",
)  # fmt: skip
# Settings that moto lacks, or has switched on where nobody did: as they are in an account that nobody changed.
UNTOUCHED: Mapping[str, Mapping[str, Any] | Refused] = {
    "backup:GetBackupVaultAccessPolicy": Refused("ResourceNotFoundException", 400),
    "bedrock:GetAccountDataRetention": {"mode": "inherit"},
    "guardduty:ListTagsForResource": {"Tags": {}},
    "kinesisvideo:ListTagsForStream": {"Tags": {}},
    "macie2:GetClassificationExportConfiguration": {},
    "macie2:GetMacieSession": Refused("AccessDeniedException", 403, "Macie is not enabled."),
    "s3:GetBucketMetadataConfiguration": Refused("MetadataConfigurationNotFound", 404),
    "s3control:GetPublicAccessBlock": Refused("NoSuchPublicAccessBlockConfiguration", 404),
}


@dataclass
class Overlay:
    """Answers by `service:Operation`, each a function of region, account and parameters that returns an answer or
    raises `Refused`.

    `answered` tells by what each call was: by the `emulator`, or here by the `model`, or so that there is none
    (`empty`). `unanswered` is what moto lacked too; `mistakes` are answers that AWS could not give.
    """

    answers: dict[str, Answer] = field(default_factory=dict)
    answered: dict[str, str] = field(default_factory=dict)
    unanswered: list[str] = field(default_factory=list)
    mistakes: list[Exception] = field(default_factory=list)
    # The services that an estate has something of, when they are known: of the others every list is empty, and moto
    # need not be started for them.
    seeded: set[str] | None = None

    def __post_init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything but that there is none of what moto lacks."""
        self.answers.clear()
        self.answered.clear()
        self.unanswered.clear()
        self.mistakes.clear()
        for call in NONE_HERE:
            self.answers[call] = _none_of(call)
        for call, told in UNTOUCHED.items():
            self.answers[call] = _always(told)

    def answer(self, call: str, answer: Answer) -> None:
        """Answer `service:Operation` with a function. Raises `OperationNotFoundError` when there is none."""
        operation_model(*call.split(":", 1))
        self.answers[call] = answer

    def application(self, moto: Application, see: Callable[[Asked], Reply | None] | None = None) -> Application:
        """The WSGI application that stands before moto. `see` is shown every request first, and may reply to it."""
        # Modules of moto import each other in a circle: the first threads to ask must not be the ones to load them.
        for name in ("core.parse", "core.routing", "core.serialize", "iam.access_control"):
            importlib.import_module(f"moto.{name}")
        share_loader()

        def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = BytesIO(body)
            try:
                asked = understand(environ, body)
            except Exception as mistake:
                self.mistakes.append(mistake)
                raise
            reply = None if asked is None else (see and see(asked)) or self.reply(asked)
            if reply is not None:
                return send(reply, start_response)
            try:
                return self._forward(moto, environ, start_response, asked)
            except RuntimeError:
                # moto walks through dictionaries of regions that another call is adding to.
                environ["wsgi.input"] = BytesIO(body)
                return self._forward(moto, environ, start_response, asked)

        return application

    def reply(self, asked: Asked) -> Reply | None:
        """The answer to a request; `None` for what moto shall answer. Checks rights whenever moto does."""
        answer = self.answers.get(asked.call) or self._unseeded(asked)
        if answer is None:
            return None
        try:
            told = self._checked(asked, answer)
            if self.answered.get(asked.call) != "model":
                self.answered[asked.call] = "model" if any(told.values()) else "empty"
            return asked.answer(told)
        except Refused as refused:
            return asked.answer(refused)
        except Exception as mistake:
            self.mistakes.append(mistake)
            raise

    def _unseeded(self, asked: Asked) -> Answer | None:
        from residency.connectors.aws.collector import COLLECTORS

        if self.seeded is None or asked.model is None or asked.service not in set(COLLECTORS) - self.seeded:
            return None
        none = nothing(asked.model.output_shape)
        return _always(none) if [] in none.values() else None

    def _checked(self, asked: Asked, answer: Answer) -> Mapping[str, Any]:
        from moto.iam.models import get_account_id_from

        account = str(get_account_id_from(asked.access_key))
        if not _may(asked, account):
            raise Refused("AccessDenied" if asked.service == "s3" else "AccessDeniedException", 403)
        told = answer(asked.region, account, asked.params())
        check(asked.model.output_shape, told, asked.call)
        return told

    def _forward(
        self, moto: Application, environ: dict[str, Any], start_response: Any, asked: Asked | None
    ) -> Iterable[bytes]:
        status: list[str] = []

        def start(line: str, headers: Any, *more: Any) -> Any:
            status.append(line)
            return start_response(line, headers, *more)

        try:
            body = b"".join(moto(environ, start))
        except (NotImplementedError, AttributeError):
            # So it ends when moto has no such operation, or no such service.
            if asked is None or status:
                raise
            self.unanswered.append(asked.call)
            return send(Reply(501, b"<html>the emulator has no such operation</html>", "text/html"), start_response)
        except KeyError as missing:
            # So it ends where moto does not have a service in a region: a list of what is there is empty then.
            if asked is None or asked.model is None or missing.args != (asked.region,):
                raise
            none = nothing(asked.model.output_shape)
            if [] not in none.values():
                raise
            return send(asked.answer(none), start_response)
        if asked is not None and status[0].startswith("404") and body.startswith(b"<!doctype html"):
            self.unanswered.append(asked.call)
        if asked is not None and status[0].startswith("2"):
            self.answered[asked.call] = "emulator"
        return [body]


def as_checked(policy: Mapping[str, Any]) -> str:
    """A policy document in the words by which moto checks it. It names operations where AWS grants a method of HTTP."""
    return json.dumps(policy).replace('"apigateway:GET"', '"apigateway:GET", "apigateway:Get*"')


def send(reply: Reply, start_response: Any) -> Iterable[bytes]:
    """Hand a reply to the WSGI server."""
    headers = [("Content-Type", reply.content_type), ("Content-Length", str(len(reply.body))), *reply.headers]
    start_response(f"{reply.status} told", headers)
    return [reply.body]


def _none_of(call: str) -> Answer:
    return lambda *_: nothing(operation_model(*call.split(":", 1)).output_shape)


def _always(told: Mapping[str, Any] | Refused) -> Answer:
    def answer(*_: object) -> Mapping[str, Any]:
        if isinstance(told, Refused):
            raise told
        return told

    return answer


def _may(asked: Asked, account: str) -> bool:
    """Whether the policies of whoever asks allow it, when the emulator checks rights; true when it does not."""
    from moto import settings
    from moto.core.authorization import ActionAuthenticatorMixin
    from moto.iam.access_control import CreateAccessKeyFailure, IAMPolicy, PermissionResult, create_access_key
    from moto.utilities.utils import get_partition

    if ActionAuthenticatorMixin.request_count < settings.INITIAL_NO_AUTH_ACTION_COUNT:
        return True
    token = asked.environ.get("HTTP_X_AMZ_SECURITY_TOKEN")
    headers = {} if token is None else {"X-Amz-Security-Token": token}
    try:
        key = create_access_key(account, get_partition(asked.region), asked.access_key, headers)
    except CreateAccessKeyFailure:
        return False
    action = _permission(asked)
    told = {IAMPolicy(policy).is_action_permitted(action) for policy in key.collect_policies()}
    return PermissionResult.PERMITTED in told and PermissionResult.DENIED not in told


def _permission(asked: Asked) -> str:
    """The IAM action for a call: as its collector declares it, else as most are named."""
    from residency.connectors.aws.collector import collectors

    for entry in collectors():
        for operation in entry.operations:
            if operation.call == asked.call:
                return operation.permission
    return f"{asked.model.service_model.signing_name}:{asked.operation}"
