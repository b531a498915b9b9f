"""Whose credentials: those of the environment, or whatever azure-identity finds on this machine."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

from residency.connectors.azure.clouds import CA_BUNDLE, Cloud, endpoint
from residency.errors import Problem, UserError

SIGN_IN = "Run `az login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET."
_MISSING = "azure-identity is not installed, so nobody can sign in to Azure."
_ENTRA = re.compile(r"AADSTS\d+")
_SERVICE = ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET")


def credential(cloud: Cloud, environment: Mapping[str, str]) -> Any:
    """A credential of azure-identity. Nothing is asked of the network yet. Raises `UserError`."""
    try:
        from azure.identity import ClientSecretCredential, DefaultAzureCredential
    except ImportError:
        raise UserError(Problem(_MISSING, remedy="pip install 'residency[azure]'")) from None

    # It would print what the one message says, with more than that.
    logging.getLogger("azure.identity").setLevel(logging.CRITICAL)
    # The authority is one of the table or one that the user names, never one that a server tells of: asking the public
    # cloud whether it knows it would fail on a closed network.
    options: dict[str, Any] = {
        "authority": cloud.authority, "additionally_allowed_tenants": ["*"], "disable_instance_discovery": True,
        "connection_verify": verify(environment), "retry_total": 2,
    }  # fmt: skip
    tenant, client, secret = (environment.get(name) for name in _SERVICE)
    try:
        if tenant and client and secret:
            return ClientSecretCredential(tenant, client, secret, **options)
        if endpoint(environment) is not None:
            # The sign-in of a person or a machine is for the real Azure: an emulator is not told of it.
            remedy = f"Set {', '.join(_SERVICE)} to what the emulator expects."
            raise UserError(Problem("an emulator of Azure needs credentials of its own.", remedy=remedy))
        return DefaultAzureCredential(exclude_interactive_browser_credential=True, process_timeout=30, **options)
    except ValueError as error:
        raise UserError(Problem(f"Azure credentials cannot be used: {_plain(error)}", remedy=SIGN_IN)) from None


def verify(environment: Mapping[str, str]) -> str | bool:
    """What TLS certificates are checked against: a bundle that is named, else those of the system."""
    return environment.get(CA_BUNDLE) or True


def refused(code: str) -> UserError:
    """The message when Azure knows the credentials and does not take them."""
    return UserError(Problem(f"Azure refuses the credentials: {code}.", remedy=SIGN_IN))


def no_sign_in(told: str, cloud: Cloud) -> UserError:
    """The one message about a sign-in that failed. Of what was told only the codes are repeated: texts may hold
    more."""
    if codes := sorted(set(_ENTRA.findall(told))):
        return refused(", ".join(codes))
    if "CredentialUnavailable" in told or "DefaultAzureCredential failed" in told:
        return UserError(Problem("no Azure credentials were found.", remedy=SIGN_IN))
    remedy = f"Check the network, the proxy, and {CA_BUNDLE} if its certificate is not of a public authority."
    return UserError(Problem(f"Azure cannot be reached: nobody can sign in at {cloud.authority}.", remedy=remedy))


def _plain(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__).rstrip(".") + "."
