"""Amazon Web Services: every place data goes, read by list and describe calls in every enabled region."""

from __future__ import annotations
