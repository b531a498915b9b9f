"""The demonstration: a sample estate on a local emulator, so that the whole line can be seen without a cloud account."""

from __future__ import annotations
