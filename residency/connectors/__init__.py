"""Where an inventory comes from: one folder per live source, fetch (network) apart from read (pure)."""

from __future__ import annotations
