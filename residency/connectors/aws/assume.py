"""Credentials for another account: a role assumed there, renewed before they run out and when AWS says they have."""

from __future__ import annotations

import threading
import time
from typing import Any

from residency.connectors.aws.caller import Caller
from residency.connectors.aws.collector import operation
from residency.connectors.aws.errors import CallFailed

# It reads nothing and changes nothing: it gives credentials, which then only read.
ASSUME_ROLE = operation("sts:AssumeRole", lists="Credentials")
SESSION_NAME = "residency"
# Seconds before their end at which credentials are renewed.
_EARLY = 300


class AssumedRole:
    """The credentials of a role. `caller` asks for them, at the STS endpoint of `region`: the global one is in Virginia
    and its tokens are refused in regions that are opted into."""

    def __init__(self, caller: Caller, region: str, arn: str, external_id: str | None) -> None:
        self._caller = caller
        self._region = region
        self._asked = {"RoleArn": arn, "RoleSessionName": SESSION_NAME}
        if external_id is not None:
            self._asked["ExternalId"] = external_id
        self._held: Any = None
        self._end = 0.0
        self._lock = threading.Lock()

    def get(self) -> Any:
        """Credentials to sign one request with. Raises `CallFailed` when the role cannot be assumed."""
        with self._lock:
            if self._end - time.time() < _EARLY:
                try:
                    self._assume()
                except CallFailed:
                    if self._end <= time.time():
                        raise
            return self._held

    def renew(self, used: Any) -> bool:
        """Get new credentials in place of `used`, which AWS calls expired. True when there are others now."""
        with self._lock:
            if self._held is used:
                self._end = 0.0
                self._assume()
            return True

    def _assume(self) -> None:
        from botocore.credentials import ReadOnlyCredentials

        told = self._caller.one(ASSUME_ROLE, self._region, self._asked)["Credentials"]
        self._held = ReadOnlyCredentials(told["AccessKeyId"], told["SecretAccessKey"], told["SessionToken"])
        self._end = told["Expiration"].timestamp()
