"""Finding a policy by the name a user gives: the id of a shipped pack, a path, either with `@profile`."""

from __future__ import annotations

from pathlib import Path

from residency.errors import Problem, UserError
from residency.packagedata import shipped
from residency.policy.pack import Pack
from residency.policy.pack_file import load_pack, read_pack

DEFAULT = "health-data-hub"


def shipped_ids() -> tuple[str, ...]:
    """Ids of the packs that come with the program, sorted."""
    return tuple(sorted(file.stem for file in shipped("policies").glob("*.yaml")))


def whole_pack(name: str) -> Pack:
    """A shipped pack with all its rules, whatever the profile."""
    return read_pack(shipped("policies") / f"{name}.yaml")


def find_pack(name: str) -> Pack:
    """The pack a user means by `id`, `id@profile`, `path` or `path@profile`.

    Raises `UserError` when there is no such pack, file or profile, or when the file has problems.
    """
    base, _, profile = name.rpartition("@") if "@" in name else (name, "", "")
    if base in shipped_ids():
        return load_pack(shipped("policies") / f"{base}.yaml", profile or None)
    if Path(base).is_file():
        return load_pack(Path(base), profile or None)
    raise UserError(
        Problem(
            f"there is no policy {base!r}.", remedy=f"Shipped: {', '.join(shipped_ids())}; or give the path of a file."
        )
    )
