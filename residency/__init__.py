"""Data-residency compliance checker for cloud workloads."""

from __future__ import annotations

__version__ = "0.1.0"
