"""The demonstration: a sample estate on local emulators of three clouds, to see the whole line without an account."""

from __future__ import annotations
