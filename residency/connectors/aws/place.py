"""Where a call was made, and what follows from it: the ARN of what was found there, and the offer it belongs to."""

from __future__ import annotations

from dataclasses import dataclass

# Partitions are hard walls: other companies, other contracts. China is run by two, one a region.
_OFFERS = {"aws": "aws", "aws-us-gov": "aws-govcloud", "aws-eusc": "aws-esc"}
_OFFERS_OF_CHINA = {"cn-north-1": "aws-china-sinnet", "cn-northwest-1": "aws-china-nwcd"}


def offer_of(partition: str, region: str | None) -> str | None:
    """The offer that a region of a partition belongs to; `None` for a partition that no offer of the atlas sells."""
    if partition == "aws-cn":
        return _OFFERS_OF_CHINA.get(region or "")
    return _OFFERS.get(partition)


@dataclass(frozen=True, slots=True)
class Place:
    """The account and region that answered. `region` is `aws-global` or its like for a service without regions."""

    partition: str
    account: str
    region: str

    def arn(self, service: str, resource: str, region: str | None = None) -> str:
        """The ARN of a resource of this account, in this region unless another one is told."""
        return f"arn:{self.partition}:{service}:{self.region if region is None else region}:{self.account}:{resource}"

    def bucket(self, name: str) -> str:
        """The ARN of a bucket, which names neither region nor account."""
        return f"arn:{self.partition}:s3:::{name}"

    @property
    def offer(self) -> str | None:
        """The offer that this region belongs to."""
        return offer_of(self.partition, self.region)


def region_of(arn: str) -> str | None:
    """The region field of an ARN; `None` when it is empty, as in the ARN of a bucket, or when the text is no ARN."""
    parts = arn.split(":", 5)
    return parts[3] or None if len(parts) == 6 and parts[0] == "arn" else None


def bucket_of(arn: str) -> str:
    """The bucket that an ARN or a plain name speaks of."""
    return arn.split(":", 5)[5].partition("/")[0] if arn.startswith("arn:") else arn


def bucket_at(uri: str | None) -> str | None:
    """The bucket of an address such as `s3://bucket/folder`; `None` for any other address."""
    scheme, _, rest = (uri or "").partition("://")
    return rest.partition("/")[0] or None if scheme in ("s3", "s3a", "s3n") else None
