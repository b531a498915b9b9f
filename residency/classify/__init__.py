"""From an inventory and the atlas as of a date to fact rows. Pure: no network, no clock."""

from __future__ import annotations
