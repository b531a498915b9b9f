"""Write the sample report that anyone can open, and its pictures.

`python docs/build_sample.py` renders docs/sample-report.html and docs/sample-report.fr.html from the inventory kept in
docs/sample/: the same inventory, program and day give the same bytes. `--pictures` also takes the screenshots in
docs/pictures/ with headless Chromium. `--demo` first takes a new inventory from `residency demo`, whose emulators give
new ids each time.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
INVENTORY = HERE / "sample" / "inventory.json"
DAY = "2026-11-24"
MOMENT = "1795512600"  # 2026-11-24 09:30 UTC, when the sample run counts as started
PICTURES = {
    "report-en.png": ("sample-report.html", 1440, False), "report-fr.png": ("sample-report.fr.html", 1440, False),
    "report-fr-dark.png": ("sample-report.fr.html", 1440, True),
    "report-en-phone.png": ("sample-report.html", 500, False),
    "map-en.png": ("sample-report.html", 1440, False), "map-fr.png": ("sample-report.fr.html", 1440, False),
}  # fmt: skip


def main() -> int:
    """Write what is asked for. Returns the exit code."""
    if "--demo" in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            run("demo", "--out", folder, "--as-of", DAY)
            INVENTORY.parent.mkdir(exist_ok=True)
            shutil.copy(Path(folder) / INVENTORY.name, INVENTORY)
    for lang, name in (("en", "sample-report.html"), ("fr", "sample-report.fr.html")):
        with tempfile.TemporaryDirectory() as folder:
            run("audit", INVENTORY.name, "--as-of", DAY, "--lang", lang, "--format", "html", "--out", folder, "-q")
            shutil.copy(Path(folder) / "report.html", HERE / name)
        (HERE / name).chmod(0o644)
    if "--pictures" in sys.argv[1:]:
        for name, (page, width, dark) in PICTURES.items():
            if name.startswith("map-"):
                with tempfile.TemporaryDirectory() as folder:
                    picture(HERE / "pictures" / name, map_alone(HERE / page, Path(folder)), width, dark=dark)
            else:
                picture(HERE / "pictures" / name, HERE / page, width, dark=dark)
    return 0


def run(*arguments: str) -> None:
    """Run the program beside the inventory, at the moment of the sample; a finding is no failure of it."""
    done = subprocess.run(  # noqa: S603 - this program
        [sys.executable, "-m", "residency.cli", *arguments], cwd=INVENTORY.parent if INVENTORY.is_file() else HERE,
        env=os.environ | {"SOURCE_DATE_EPOCH": MOMENT}, check=False, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode not in (0, 1, 3):
        sys.exit(f"residency {arguments[0]} ended with exit code {done.returncode}")


def map_alone(page: Path, folder: Path) -> Path:
    """A copy of a page, in `folder`, that shows nothing but its map; the page's own policy would refuse the style."""
    hidden = "header, footer, main > section:not(#where), #where > :not(.map):not(#map):not(.key)"
    style = f"{hidden} {{ display: none !important }} nav {{ visibility: hidden }}"
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text(encoding="utf-8"))
    made = folder / page.name
    made.write_text(text.replace("</head>", f"<style>{style}</style></head>"), "utf-8")
    return made


def picture(file: Path, page: Path, width: int, *, dark: bool) -> None:
    """A screenshot of the top of a page."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("pictures need Chromium on the machine")
    file.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        command = [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--hide-scrollbars", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            f"--user-data-dir={profile}",
            *(["--blink-settings=preferredColorScheme=0"] if dark else []), f"--window-size={width},1400",
            f"--screenshot={file}", page.as_uri(),
        ]  # fmt: skip
        subprocess.run(  # noqa: S603 - the browser of this machine
            command, check=True, timeout=120, capture_output=True
        )


if __name__ == "__main__":
    sys.exit(main())
