"""A simulated AWS, what there is in it, and how long it takes to find that."""

from __future__ import annotations
