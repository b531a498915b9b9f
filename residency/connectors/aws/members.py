"""Which accounts a run reads, and how to get into each: the account of the credentials, those of an organisation in
which a role is assumed, those of several profiles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from residency.connectors.aws.assume import AssumedRole
from residency.connectors.aws.caller import Caller
from residency.connectors.aws.organisation import NOT_IN_USE, Listed, Organisation, read_organisation
from residency.connectors.aws.place import Place, offer_of
from residency.connectors.aws.regions import global_region, pseudo_region
from residency.connectors.aws.settings import AwsSettings
from residency.errors import Problem, UserError
from residency.model import Account, Coverage, Status


@dataclass(frozen=True, slots=True)
class Member:
    """An account to read. `here` is the place that was asked who we are; `central` serves what has no region, which the
    partition calls `nowhere`. `enter` gives the calls of the account, or raises `CallFailed`."""

    account: Account
    here: Place
    central: str
    nowhere: str
    enter: Callable[[], Caller]


@dataclass(frozen=True, slots=True)
class Login:
    """Credentials that work, and whose account they are of."""

    caller: Caller
    here: Place

    @property
    def nowhere(self) -> str:
        """What the partition calls *no region*."""
        return pseudo_region(self.caller, self.here.partition)


@dataclass(frozen=True, slots=True)
class Roll:
    """The accounts of a run, what cannot be read of the others, and the active accounts of each organisation."""

    members: tuple[Member, ...]
    gaps: tuple[Coverage, ...]
    organisations: Mapping[str, frozenset[str]] = field(default_factory=dict)


def find_members(logins: Sequence[Login], settings: AwsSettings, asked: Sequence[str]) -> Roll:
    """The accounts that the logins lead to, each once, less those that are not `asked` for. Raises `UserError` when
    none of those asked for is among them."""
    members: dict[str, Member] = {}
    gaps: list[Coverage] = []
    organisations: dict[str, frozenset[str]] = {}
    for login in logins:
        roll = _of_login(login, settings, asked)
        for member in roll.members:
            members.setdefault(member.account.id, member)
        gaps += roll.gaps
        organisations |= roll.organisations
    lost = sorted(set(asked) - set(members) - {gap.account for gap in gaps})
    if lost:
        raise _not_reached(lost, [login.here.account for login in logins])
    entered = [members[name] for name in sorted(members)]
    return Roll(tuple(entered), tuple(gaps), organisations)


def _of_login(login: Login, settings: AwsSettings, asked: Sequence[str]) -> Roll:
    """With a role, every account is entered but that of the login, which is there already."""
    own = login.here.account
    if settings.role is None:
        return Roll((_member(login, settings, Listed(own, None, True, "")),) if own in asked or not asked else (), ())
    if settings.accounts:
        named = [name for name in settings.accounts if name in asked or not asked]
        return Roll(tuple(_member(login, settings, Listed(name, None, True, "")) for name in named), ())
    organisation = read_organisation(login.caller, global_region(login.caller, login.here.partition), asked)
    gaps = list(_untold(login, organisation))
    if organisation.accounts is None:
        named = list(asked or (own,))
        return Roll(tuple(_member(login, settings, Listed(name, None, True, "")) for name in named), tuple(gaps))
    chosen = [entry for name, entry in organisation.accounts.items() if name in asked or not asked]
    # Whoever asks for an account by name may know of one outside of the organisation.
    chosen += [Listed(name, None, True, "") for name in asked or (own,) if name not in organisation.accounts]
    gaps += [_closed(entry) for entry in chosen if not entry.active]
    members = tuple(_member(login, settings, entry) for entry in chosen if entry.active)
    active = frozenset(name for name, entry in organisation.accounts.items() if entry.active)
    return Roll(members, tuple(gaps), {organisation.id: active} if organisation.id else {})


def _member(login: Login, settings: AwsSettings, listed: Listed) -> Member:
    here = Place(login.here.partition, listed.id, login.here.region)
    offer = offer_of(here.partition, here.region)
    account = Account("aws", offer, listed.id, listed.name, listed.path, listed.tags)
    central = global_region(login.caller, here.partition)
    if listed.id == login.here.account or settings.role is None:
        return Member(account, here, central, login.nowhere, lambda: login.caller)
    arn = f"arn:{here.partition}:iam::{listed.id}:role/{settings.role.lstrip('/')}"
    role = AssumedRole(login.caller, here.region, arn, settings.external_id)

    def enter() -> Caller:
        role.get()
        return login.caller.signed_with(role)

    return Member(account, here, central, login.nowhere, enter)


def _closed(entry: Listed) -> Coverage:
    detail = f"the account is {entry.state.lower().replace('_', ' ')}: what it still holds cannot be read"
    return Coverage("aws", entry.id, "*", "*", Status.DENIED, detail)


def _untold(login: Login, organisation: Organisation) -> Iterator[Coverage]:
    for failure in organisation.failures:
        status, detail = failure.status, str(failure)
        if organisation.accounts is None:
            detail += "; the accounts of the organisation are not known"
        if failure.refusal is not None and failure.refusal.code == NOT_IN_USE:
            status, detail = Status.DISABLED, f"{failure}; the account is in no organisation"
        yield Coverage("aws", login.here.account, login.nowhere, "organizations", status, detail)


def _not_reached(lost: Iterable[str], own: Sequence[str]) -> UserError:
    return UserError(
        Problem(
            f"the AWS credentials are those of account {', '.join(own)}, not of {', '.join(lost)}.",
            remedy="Use a profile of an account that is asked for, or name a role to assume there (aws.role).",
        )
    )
