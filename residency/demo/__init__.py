"""The demonstration: a sample estate on a local emulator, to see the whole line without a cloud account."""

from __future__ import annotations
