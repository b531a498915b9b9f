"""axe-core, the accessibility checker of Deque (MPL-2.0), fetched for the tests at one version; no package holds it."""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
from pathlib import Path

VERSION = "4.14.1"
SHA256 = "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745"  # of the archive on npm
# Success criteria of WCAG 2.2, levels A and AA, and axe's own advice.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def source(folder: Path) -> str:
    """The script of axe-core. Needs npm, which keeps what it has fetched; fails where the archive is another one."""
    subprocess.run(
        ["npm", "pack", f"axe-core@{VERSION}", "--prefer-offline", "--ignore-scripts", "--pack-destination", str(folder)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    archive = folder / f"axe-core-{VERSION}.tgz"
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    assert found == SHA256, f"axe-core {VERSION} has SHA-256 {found}, expected {SHA256}"
    with tarfile.open(archive) as packed:
        script = packed.extractfile("package/axe.min.js")
        assert script
        return script.read().decode()
