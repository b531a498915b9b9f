"""Whose credentials, which partition, which endpoint: what has to be right before anything is read."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from residency.errors import Problem, UserError

_SIGN_IN = "Set AWS_PROFILE, run `aws sso login`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."


class AwsSession:
    """Credentials and settings as the AWS command line would find them.

    `environment` replaces the variables of the process: a session that is told its variables reads no others.
    """

    def __init__(self, profile: str | None, environment: Mapping[str, str] | None) -> None:
        import botocore.session

        self._told = environment is not None
        self._environment = dict(os.environ if environment is None else environment)
        self.core = botocore.session.Session()
        if environment is not None:
            _read_only(self.core, environment)
        if profile is not None:
            self.core.set_config_variable("profile", profile)
        self._credentials = self._find_credentials(profile)
        self._scoped: Mapping[str, Any] = self.core.get_scoped_config()
        self.endpoint = cache(self._endpoint)

    def _find_credentials(self, profile: str | None) -> Any:
        from botocore.credentials import EnvProvider
        from botocore.exceptions import BotoCoreError, ProfileNotFound

        try:
            if self._told:
                told = EnvProvider(environ=self._environment).load() if profile is None else None
                if told is not None:
                    return told
                self._leave_out_process_variables()
            found = self.core.get_credentials()
            if found is not None:
                found.get_frozen_credentials()
        except ProfileNotFound:
            raise self._no_profile() from None
        except BotoCoreError as error:
            raise UserError(Problem(f"AWS credentials cannot be used: {_plain(error)}", remedy=_SIGN_IN)) from None
        if found is None:
            raise UserError(Problem("no AWS credentials were found.", remedy=_SIGN_IN))
        return found

    def _leave_out_process_variables(self) -> None:
        providers = self.core.get_component("credential_provider")
        providers.remove("env")
        if self._environment.get("AWS_EC2_METADATA_DISABLED", "").lower() == "true":
            providers.remove("iam-role")

    def _no_profile(self) -> UserError:
        asked = str(self.core.get_config_variable("profile"))
        known = sorted(self.core.full_config.get("profiles", {}))
        close = difflib.get_close_matches(asked, known, n=3) or known
        remedy = f"There is: {', '.join(close)}." if close else "The AWS configuration has no profiles."
        return UserError(Problem(f"there is no AWS profile {asked!r}.", remedy=remedy))

    @property
    def region(self) -> str | None:
        """The region of the configuration, if it names one."""
        told = self.core.get_config_variable("region") or self._environment.get("AWS_REGION")
        return str(told) if told else None

    @property
    def account(self) -> str | None:
        """The account of the credentials, where the configuration names it (`aws_account_id`, `AWS_ACCOUNT_ID`)."""
        told = getattr(self._credentials, "account_id", None) or self._environment.get("AWS_ACCOUNT_ID")
        return str(told) if told else None

    @property
    def verify(self) -> Any:
        """What TLS certificates are checked against: a bundle that is configured, else the system's."""
        return self.core.get_config_variable("ca_bundle") or True

    def variant(self, name: str) -> bool:
        """Whether an endpoint variant is asked for: `use_fips_endpoint` or `use_dualstack_endpoint`."""
        return bool(self.core.get_config_variable(name))

    def get(self) -> Any:
        """Credentials to sign one request with, renewed when they are about to expire."""
        return self._credentials.get_frozen_credentials()

    def renew(self, used: Any) -> bool:
        """Whether there are now other credentials than `used`, which AWS calls expired."""
        return bool(self.get() != used)

    def _endpoint(self, service: str) -> str | None:
        """The endpoint that the configuration puts in place of AWS's own for a service, else `None`."""
        from botocore.configprovider import ConfiguredEndpointProvider

        if self.core.get_config_variable("ignore_configured_endpoint_urls"):
            return None
        found = ConfiguredEndpointProvider(
            full_config=self.core.full_config,
            scoped_config=self._scoped,
            client_name=service,
            environ=self._environment,
        ).provide()
        return None if found is None else str(found)


def _read_only(core: Any, environment: Mapping[str, str]) -> None:
    """Make a session read the settings of `environment` instead of those of the process."""
    for name, (in_config, variables, default, convert) in dict(core.session_var_map.items()).items():
        core.session_var_map[name] = (in_config, None, default, convert)
        for variable in [variables] if isinstance(variables, str) else variables or ():
            if variable in environment:
                told = environment[variable]
                core.set_config_variable(name, convert(told) if convert else told)
                break


def _plain(error: Exception) -> str:
    """The message of a library's exception on one line. These name files, profiles and hosts, never secrets."""
    return " ".join(str(error).split())
