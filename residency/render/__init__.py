"""Findings as files that people and programs read: one module per format."""

from __future__ import annotations
