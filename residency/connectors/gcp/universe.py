"""Who is behind a project: the universe that it is in.

A universe is a separate cloud built on Google's technology: its own endpoints, its own projects, another operator.
"""

from __future__ import annotations

PUBLIC = "googleapis.com"

# The domain of a universe, the prefix of its project ids, and the offer of the atlas that is sold there. Source: the
# places of the atlas's provider `gcp-sovereign`, whose partitions and project prefixes these are.
UNIVERSES = (("s3nsapis.fr", "s3ns:", "s3ns"), ("apis-berlin-build0.goog", "eu0:", "google-cloud-dedicated"))


def offer_of_universe(domain: str) -> str | None:
    """The offer sold in a universe; `None` for one that the atlas does not know."""
    if domain == PUBLIC:
        return "gcp"
    return next((offer for known, _, offer in UNIVERSES if known == domain), None)


def offer_of_project(project: str, otherwise: str | None) -> str | None:
    """The offer that the prefix of a project id tells (`s3ns:my-project`), else the one of the whole list."""
    return next((offer for _, prefix, offer in UNIVERSES if project.startswith(prefix)), otherwise)
