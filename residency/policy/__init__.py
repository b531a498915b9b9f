"""Rules as YAML with CEL conditions: loading, checking, compiling to SQL, judging."""

from __future__ import annotations
