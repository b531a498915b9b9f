"""What a reader declares of a field: the role of the places that it tells, and how that is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from residency.model import Role

# How a field is known to exist and to mean what the reader takes it for. `recorded`: read in an answer that another
# project recorded from the cloud. `model`: a field of the client library's own model. `specified`: read in the public
# specification of the API. `documented`: read in the cloud's documentation.
Proof = Literal["recorded", "model", "specified", "documented"]


@dataclass(frozen=True, slots=True)
class Tells:
    """A field of a type, the role of the places that it tells, and how that is proven. No role: it tells custody or
    what a place hangs on."""

    field: str
    role: Role | None
    proof: Proof
