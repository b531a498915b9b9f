"""Where the shipped policies and report templates are: inside the wheel, or beside the package in a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).resolve().parent


def shipped(folder: Literal["policies", "reports"]) -> Path:
    """The folder of shipped policy packs or report templates. Raises `FileNotFoundError` if the install is broken."""
    for base in (_PACKAGE, _PACKAGE.parent):
        candidate = base / folder
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the {folder} folder is missing from the installation of residency in {_PACKAGE}")


def checkout() -> Path | None:
    """The folder of pyproject.toml when this package runs from a checkout, `None` when it is installed."""
    file = _PACKAGE.parent / "pyproject.toml"
    return _PACKAGE.parent if file.is_file() and (_PACKAGE.parent / "policies").is_dir() else None
