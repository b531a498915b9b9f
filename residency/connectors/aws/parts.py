"""What the client library knows of a service, loaded once: its operations, wire format, pages and endpoints.

Clients are not used: building one costs more than the calls made with it, and nothing of it depends on the account.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from residency.connectors.aws.models import cut_down, model_loader


@dataclass(frozen=True, slots=True)
class ServiceParts:
    """One service: `model` describes the operations that are declared, `serializer` and `parser` speak its protocol,
    `pages` tells how lists go on, `rules` find the endpoint of a region."""

    model: Any
    serializer: Any
    parser: Any
    pages: Mapping[str, Mapping[str, Any]]
    rules: Any
    is_json: bool

    def page_rules(self, operation: str) -> Mapping[str, Any] | None:
        """How a list goes on: as the client library tells it or, where it does not, by the token that the operation
        both takes and gives. `None` for what comes in one piece."""
        return self.pages.get(operation) or _token_rules(self.model.operation_model(operation))


# Names of the token in services whose lists the client library has no paginator for.
_TOKENS = ("NextToken", "nextToken", "NextMarker", "nextPageToken", "position", "Marker")


def _token_rules(model: Any) -> Mapping[str, Any] | None:
    takes, gives = (shape.members if shape is not None else {} for shape in (model.input_shape, model.output_shape))
    if "ContinuationToken" in takes and "NextContinuationToken" in gives:
        more = {"more_results": "IsTruncated"} if "IsTruncated" in gives else {}
        return {"input_token": "ContinuationToken", "output_token": "NextContinuationToken", **more}
    token = next((name for name in _TOKENS if name in takes and name in gives), None)
    return None if token is None else {"input_token": token, "output_token": token}


class Parts:
    """The parts of every service asked for so far. Safe to use from several threads."""

    def __init__(self, data_path: str | None) -> None:
        self._loader = model_loader(data_path)
        self._known: dict[str, ServiceParts] = {}
        self._models: dict[str, dict[str, Any]] = {}
        # One model at a time: many at once would only take the memory of many.
        self._loading = threading.RLock()
        self.partitions: Mapping[str, Any] = self._loader.load_data("partitions")

    def of(self, service: str) -> ServiceParts:
        """The parts of a service, by the client library's name for it."""
        found = self._known.get(service)
        if found is not None:
            return found
        with self._loading:
            if service not in self._known:
                self._known[service] = self._load(service)
            return self._known[service]

    def description(self, service: str) -> dict[str, Any]:
        """The client library's model of a service, cut down to the operations that are declared."""
        # What declares them imports what imports this.
        from residency.connectors.aws.declared import declared

        with self._loading:
            if service not in self._models:
                model = self._loader.load_service_model(service, "service-2")
                cut_down(model, declared().get(service, ()))
                self._models[service] = model
            return self._models[service]

    def _load(self, service: str) -> ServiceParts:
        from botocore.endpoint_provider import EndpointProvider
        from botocore.exceptions import UnknownServiceError
        from botocore.model import ServiceModel
        from botocore.parsers import create_parser
        from botocore.serialize import create_serializer

        model = ServiceModel(self.description(service), service_name=service)
        try:
            pages = self._loader.load_service_model(service, "paginators-1")["pagination"]
        except UnknownServiceError:
            pages = {}
        protocol = model.resolved_protocol
        return ServiceParts(
            model=model,
            serializer=create_serializer(protocol, include_validation=True),
            parser=create_parser(protocol),
            pages=pages,
            rules=EndpointProvider(self._loader.load_service_model(service, "endpoint-rule-set-1"), self.partitions),
            is_json="json" in protocol,
        )

    def partition(self, name: str) -> Mapping[str, Any]:
        """What the client library knows of a partition: its `regions` and `outputs`. Empty for one it does not know."""
        return next((entry for entry in self.partitions["partitions"] if entry["id"] == name), {})


@cache
def shared_parts(data_path: str | None) -> Parts:
    """The parts that every account of this process uses. `data_path`: more models, from the configuration."""
    return Parts(data_path)
