"""The calls to Google Cloud: whose credentials, which endpoint, patience, and the four lists that are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from residency.connectors.gcp.errors import CallFailed, call_failed
from residency.errors import Problem, UserError
from residency.model import Status

ENDPOINT = "RESIDENCY_GCP_ENDPOINT"
PAGE = 1000
_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_SIGN_IN = "Run `gcloud auth application-default login`, or set GOOGLE_APPLICATION_CREDENTIALS."


@dataclass(frozen=True, slots=True)
class Call:
    """A call, as evidence and coverage name it, and the permission it needs."""

    name: str
    permission: str


ORGANIZATIONS = Call("cloudresourcemanager:SearchOrganizations", "resourcemanager.organizations.get")
FOLDERS = Call("cloudresourcemanager:SearchFolders", "resourcemanager.folders.get")
PROJECTS = Call("cloudresourcemanager:SearchProjects", "resourcemanager.projects.get")
ASSETS = Call("cloudasset:ListAssets", "cloudasset.assets.listResource")
CALLS = (ORGANIZATIONS, FOLDERS, PROJECTS, ASSETS)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a call is retried, in seconds: the first pause, the longest, all of it, and one attempt."""

    first: float = 1
    longest: float = 30
    total: float = 120
    attempt: float = 60


def endpoint(environment: Mapping[str, str]) -> str | None:
    """The endpoint of an emulator, or `None` when Google Cloud itself is asked."""
    return environment.get(ENDPOINT) or None


class Google:
    """The clients of one run, of the emulator at an address or of Google Cloud itself. Raises `UserError` when there
    are no credentials that can be used."""

    def __init__(self, patience: Patience, address: str | None) -> None:
        self._patience = patience
        self._endpoint = address
        self._credentials: Any = None
        self.universe = "googleapis.com"
        if self._endpoint is None:
            self._credentials = _credentials()
            self.universe = getattr(self._credentials, "universe_domain", None) or self.universe

    def search(self, call: Call) -> list[Any]:
        """Every organization, folder or project that the credentials may see. Raises `CallFailed`."""
        from google.cloud import resourcemanager_v3 as manager

        if call is ORGANIZATIONS:
            ask: Callable[..., Any] = self._client(manager.OrganizationsClient).search_organizations
        elif call is FOLDERS:
            ask = self._client(manager.FoldersClient).search_folders
        else:
            ask = self._client(manager.ProjectsClient).search_projects
        field = {ORGANIZATIONS: "organizations", FOLDERS: "folders", PROJECTS: "projects"}[call]
        return [entry for page in self._pages(call.name, ask, {}) for entry in getattr(page, field)]

    def assets(self, parent: str) -> Iterator[list[dict[str, Any]]]:
        """Every asset below an organization or in a project with its configuration, by page. Raises `CallFailed`."""
        from google.cloud import asset_v1
        from google.protobuf.json_format import MessageToDict

        client = self._client(asset_v1.AssetServiceClient)
        request = {"parent": parent, "content_type": asset_v1.ContentType.RESOURCE, "page_size": PAGE}
        for page in self._pages(f"{ASSETS.name} {parent}", client.list_assets, request):
            yield [MessageToDict(asset) for asset in type(page).pb(page).assets]

    def _pages(self, call: str, ask: Callable[..., Any], request: dict[str, Any]) -> Iterator[Any]:
        """The pages of a list. A page token that comes twice would never end."""
        from google.api_core.exceptions import GoogleAPIError, Unauthorized
        from google.auth.exceptions import GoogleAuthError

        tokens: set[str] = set()
        try:
            for page in ask(request=request, retry=self._retry(), timeout=self._patience.attempt).pages:
                yield page
                if page.next_page_token in tokens:
                    raise CallFailed(Status.UNREACHABLE, "the same page token twice", call)
                if page.next_page_token:
                    tokens.add(page.next_page_token)
        except (Unauthorized, GoogleAuthError) as error:
            problem = Problem(f"Google Cloud refuses the credentials: {type(error).__name__}.", remedy=_SIGN_IN)
            raise UserError(problem) from None
        except GoogleAPIError as error:
            raise call_failed(error, call) from None

    def _client(self, client: Any) -> Any:
        if self._endpoint is not None:
            import grpc

            channel = grpc.insecure_channel(self._endpoint.rpartition("//")[2].rstrip("/"))
            return client(transport=client.get_transport_class("grpc")(channel=channel))
        return client(credentials=self._credentials, client_options={"universe_domain": self.universe})

    def _retry(self) -> Any:
        from google.api_core import exceptions as google
        from google.api_core.retry import Retry, if_exception_type

        again = if_exception_type(google.TooManyRequests, google.ServiceUnavailable, google.GatewayTimeout)
        patience = self._patience
        return Retry(again, initial=patience.first, maximum=patience.longest, timeout=patience.total)


def _credentials() -> Any:
    import google.auth
    from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError
    from google.auth.transport.requests import Request

    try:
        found: Any = google.auth.default(scopes=[_SCOPE])[0]
        found.refresh(Request())
    except DefaultCredentialsError as error:
        missing = "no Google Cloud credentials were found."
        told = (
            missing if "were not found" in str(error) else f"Google Cloud credentials cannot be used: {_first(error)}"
        )
        raise UserError(Problem(told, remedy=_SIGN_IN)) from None
    except GoogleAuthError as error:
        raise UserError(Problem(f"Google Cloud credentials cannot be used: {_first(error)}", remedy=_SIGN_IN)) from None
    return found


def _first(error: Exception) -> str:
    text = str(error.args[0] if error.args else error).strip().splitlines()
    return (text[0] if text else type(error).__name__).rstrip(".") + "."
