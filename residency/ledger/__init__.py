"""Runs kept over time: a folder that grows by one run at a time, and what differs between two of them."""

from __future__ import annotations
