"""Which Azure is asked: the public one, a national one, one that others operate, or an emulator of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from residency.errors import Problem, UserError

CLOUD = "RESIDENCY_AZURE_CLOUD"
ENDPOINT = "RESIDENCY_AZURE_ENDPOINT"
CA_BUNDLE = "RESIDENCY_AZURE_CA_BUNDLE"
AUTHORITY = "AZURE_AUTHORITY_HOST"


@dataclass(frozen=True, slots=True)
class Cloud:
    """A separate Azure: the address of Resource Manager, which Resource Graph is a part of, who gives tokens, what they
    are asked for, and the offer of the atlas that is sold there."""

    name: str
    manager: str
    authority: str
    audience: str
    offer: str


# Names are those of `az cloud list`. The first three are in azure-core (`AzureClouds`, azure-mgmt-core
# `get_arm_endpoints`) and azure-identity (`AzureAuthorityHosts`); Bleu and Delos are in Microsoft's azure-sdk-for-net
# and bicep, and their authorities in msal. None but an emulator was ever asked by our tests.
CLOUDS = {
    cloud.name: cloud
    for cloud in (
        Cloud("AzureCloud", "https://management.azure.com", "https://login.microsoftonline.com",
              "https://management.azure.com/.default", "azure"),
        Cloud("AzureChinaCloud", "https://management.chinacloudapi.cn", "https://login.chinacloudapi.cn",
              "https://management.chinacloudapi.cn/.default", "azure-china"),
        Cloud("AzureUSGovernment", "https://management.usgovcloudapi.net", "https://login.microsoftonline.us",
              "https://management.usgovcloudapi.net/.default", "azure-us-government"),
        Cloud("AzureBleuCloud", "https://management.sovcloud-api.fr", "https://login.sovcloud-identity.fr",
              "https://management.sovcloud-api.fr/.default", "bleu"),
        Cloud("AzureDelosCloud", "https://management.sovcloud-api.de", "https://login.sovcloud-identity.de",
              "https://management.sovcloud-api.de/.default", "delos-cloud"),
    )
}  # fmt: skip


def named(told: str) -> Cloud | None:
    """The cloud with a name of the Azure command line or of the atlas, in any case; `None` when there is none."""
    wanted = told.lower()
    return next((cloud for cloud in CLOUDS.values() if wanted in (cloud.name.lower(), cloud.offer)), None)


def names() -> str:
    """What a cloud may be called, for messages."""
    return ", ".join(f"{cloud.offer} ({cloud.name})" for cloud in CLOUDS.values())


def cloud_of(environment: Mapping[str, str], chosen: str | None = None) -> Cloud:
    """The cloud that is `chosen`, or else that the environment names, with the addresses that the environment
    overrides. Raises `UserError`."""
    told = chosen or environment.get(CLOUD) or "AzureCloud"
    if (cloud := named(told)) is None:
        where = "" if chosen else f"{CLOUD}: "
        raise UserError(Problem(f"{where}there is no Azure cloud {told!r}.", remedy=f"There is: {names()}."))
    if (emulator := endpoint(environment)) is not None:
        cloud = replace(cloud, manager=emulator, authority=emulator, audience=f"{emulator}/.default")
    if authority := environment.get(AUTHORITY):
        address = authority if "://" in authority else f"https://{authority}"
        cloud = replace(cloud, authority=address.rstrip("/"))
    return cloud


def endpoint(environment: Mapping[str, str]) -> str | None:
    """The endpoint of an emulator, or `None` when Azure itself is asked. Raises `UserError` for one that is not TLS."""
    told = environment.get(ENDPOINT)
    if not told:
        return None
    parts = urlsplit(told)
    if parts.scheme != "https" or not parts.hostname or parts.path.strip("/"):
        remedy = f"Give https://host:port, and its certificate in {CA_BUNDLE}."
        raise UserError(Problem(f"{ENDPOINT}: {told!r} is not the address of a server that speaks TLS.", remedy=remedy))
    return told.rstrip("/")
