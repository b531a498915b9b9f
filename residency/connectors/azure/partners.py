"""Services of other companies that are bought through Azure: it keeps their record in a region, they keep the data."""

from __future__ import annotations

from collections.abc import Iterator

from residency.connectors.azure.item import Item
from residency.connectors.azure.rows import LOCATION, Found, primary, reads, told, where
from residency.connectors.tells import Tells
from residency.model import Placement, Role, StoresData


def _partner(item: Item) -> Iterator[Found]:
    """A service that another company runs. Where it keeps data is not told by Azure."""
    yield told(item, location=where(item)[0], stores=StoresData.YES)
    yield from primary(item)
    evidence = item.evidence("type", item.type)
    yield Placement(item.uid, Role.SHARE, None, "partner-service", evidence, target=item.service)


# Azure Native ISV Services (learn.microsoft.com/azure/partner-solutions/overview) and offers of the marketplace that
# are hosted by who sells them.
for _type in (
    "Astronomer.Astro/organizations",
    "Dynatrace.Observability/monitors",
    "Informatica.DataManagement/organizations",
    "LambdaTest.HyperExecute/organizations",
    "Microsoft.Confluent/organizations",
    "Microsoft.Datadog/monitors",
    "Microsoft.Elastic/monitors",
    "Microsoft.Logz/monitors",
    "Microsoft.SaaS/resources",
    "MongoDB.Atlas/organizations",
    "Neon.Postgres/organizations",
    "NewRelic.Observability/monitors",
    "Nginx.NginxPlus/nginxDeployments",
    "PaloAltoNetworks.Cloudngfw/firewalls",
    "Pinecone.VectorDb/organizations",
    "PureStorage.Block/storagePools",
    "Qumulo.Storage/fileSystems",
    "SendGrid.Email/accounts",
    "SplitIO.Experimentation/experimentationWorkspaces",
):
    reads(_type, None, LOCATION, Tells("type", Role.SHARE, "documented"))(_partner)
