"""What the configuration says of AWS: whose accounts to read, and as whom."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AwsSettings:
    """The section `aws` of the configuration.

    With `role`, that role is assumed in every account: in `accounts`, or else in all of the organisation. Each of
    `profiles` is a way in of its own, for accounts or partitions that one login cannot reach. A region that is on and
    not among `allowed_regions` is reported; without such a list none is. With `config_aggregator`, that
    aggregator of AWS Config is asked in place of the services of each account.
    """

    role: str | None = None
    external_id: str | None = None
    accounts: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    allowed_regions: tuple[str, ...] = ()
    config_aggregator: str | None = None


# The setting of an account that lists, by comma, the regions that are on in it and not allowed.
NOT_ALLOWED = "regions-on-not-allowed"
