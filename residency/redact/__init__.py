"""A redacted edition of a run: ids, names, paths and tag values stand as pseudonyms, before anything is rendered."""

from __future__ import annotations
