"""The dated knowledge: which country a location code is in, who controls an offer, whose law reaches it."""

from __future__ import annotations
