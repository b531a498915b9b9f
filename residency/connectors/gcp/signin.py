"""As whom Google Cloud is asked: the default credentials of the machine."""

from __future__ import annotations

from typing import Any

from residency.errors import Problem, UserError

SIGN_IN = "Run `gcloud auth application-default login`, or set GOOGLE_APPLICATION_CREDENTIALS."
_SCOPE = "https://www.googleapis.com/auth/cloud-platform"


def credentials() -> Any:
    """The credentials of the machine, with a token. Raises `UserError` when there are none that can be used."""
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
        raise UserError(Problem(told, remedy=SIGN_IN)) from None
    except GoogleAuthError as error:
        raise UserError(Problem(f"Google Cloud credentials cannot be used: {_first(error)}", remedy=SIGN_IN)) from None
    return found


def _first(error: Exception) -> str:
    text = str(error.args[0] if error.args else error).strip().splitlines()
    return (text[0] if text else type(error).__name__).rstrip(".") + "."
