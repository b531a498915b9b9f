"""Inventories that come from files: recognised by their content, checked, read into the same tables as a live source."""

from __future__ import annotations
