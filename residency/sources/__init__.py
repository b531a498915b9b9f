"""Where an inventory comes from: files, checked and read into the same tables as a live source, and live sources."""

from __future__ import annotations
