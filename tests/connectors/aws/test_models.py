"""What is loaded of the client library's models: all that is asked of a service, and no more."""

from __future__ import annotations

from typing import Any

import pytest

from residency.connectors.aws.declared import declared
from residency.connectors.aws.models import cut_down, model_loader
from residency.connectors.aws.parts import shared_parts


def told(shape: Any, above: tuple[str, ...] = ()) -> Any:
    """Everything that a serializer or a parser looks at in a shape and in those below it."""
    if shape is None or shape.name in above:
        return shape and shape.name
    below = (*above, shape.name)
    found = [shape.name, shape.type_name, shape.serialization, shape.metadata]
    match shape.type_name:
        case "structure":
            found.append({name: told(member, below) for name, member in shape.members.items()})
        case "list":
            found.append(told(shape.member, below))
        case "map":
            found += [told(shape.key, below), told(shape.value, below)]
    return found


@pytest.mark.parametrize("service", ["ec2", "s3", "rds", "dynamodb", "cloudfront", "timestream-write"])
def test_an_operation_is_as_the_client_library_has_it(service: str) -> None:
    from botocore.loaders import create_loader
    from botocore.model import ServiceModel

    whole = ServiceModel(create_loader().load_service_model(service, "service-2"), service_name=service)
    ours = shared_parts(None).of(service).model
    for name in declared()[service]:
        one, other = whole.operation_model(name), ours.operation_model(name)
        for shape, same in ((one.input_shape, other.input_shape), (one.output_shape, other.output_shape)):
            assert told(shape) == told(same)
        assert (one.http, one.endpoint, one.endpoint_discovery) == (
            other.http,
            other.endpoint,
            other.endpoint_discovery,
        )
    assert (whole.metadata, whole.endpoint_discovery_operation is None) == (
        ours.metadata,
        ours.endpoint_discovery_operation is None,
    )
    assert {shape.name for shape in whole.error_shapes} == {shape.name for shape in ours.error_shapes}
    assert len(ours.operation_names) < len(whole.operation_names)


def test_what_nobody_asks_for_is_left_out() -> None:
    model = {
        "operations": {
            "ListTables": {"name": "ListTables", "output": {"shape": "Tables"}, "documentation": "<p>Lists.</p>"},
            "DropTable": {"name": "DropTable", "input": {"shape": "Dropped"}},
            "DescribeEndpoints": {"name": "DescribeEndpoints", "endpointoperation": True},
        },
        "shapes": {
            # Members may have the very names that a model gives its own parts.
            "Tables": {
                "type": "structure",
                "members": {"documentation": {"shape": "Text"}, "shape": {"shape": "Tables"}},
            },
            "Text": {"type": "string", "documentation": "<p>Text.</p>"},
            "Dropped": {"type": "structure", "members": {"force": {"shape": "Flag"}}},
            "Flag": {"type": "boolean"},
            "Refused": {"type": "structure", "members": {}, "exception": True},
        },
    }
    cut_down(model, ["ListTables"])
    assert model == {
        "operations": {
            "ListTables": {"name": "ListTables", "output": {"shape": "Tables"}},
            "DescribeEndpoints": {"name": "DescribeEndpoints", "endpointoperation": True},
        },
        "shapes": {
            "Tables": {"type": "structure", "members": {"documentation": {"shape": "Text"}, "shape": {"shape": "Tables"}}},
            "Text": {"type": "string"},
            "Refused": {"type": "structure", "members": {}, "exception": True},
        },
    }  # fmt: skip


def test_models_are_read_as_the_client_library_reads_them() -> None:
    from botocore.loaders import create_loader

    assert model_loader().load_service_model("sts", "service-2") == create_loader().load_service_model(
        "sts", "service-2"
    )
