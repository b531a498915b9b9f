"""One module a service: what is asked (fetch) apart from what the answers mean (`read_…`, pure)."""

from __future__ import annotations

from residency.connectors.aws.services import ec2, kms, s3

__all__ = ["ec2", "kms", "s3"]
