"""`python -m residency.cli`: the command, where the script is not on the path."""

from __future__ import annotations

from residency.cli.main import main

main()
