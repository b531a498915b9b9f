"""A report opened in Chromium by Playwright, with everything that it told the browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FINDINGS_OPEN = "html[data-findings=open]"


@dataclass
class Opened:
    """A page of Playwright; `told` are its console messages, errors, dialogs and requests for anything but itself."""

    page: Any
    told: list[str] = field(default_factory=list)

    def ask(self, script: str, *given: Any) -> Any:
        """What a JavaScript expression gives in the page."""
        return self.page.evaluate(script, *given)

    def open_all(self) -> None:
        """Open every part that can be opened."""
        self.ask("for (const part of document.querySelectorAll('#doc details')) part.open = true")


Opener = Callable[..., Opened]


def chromium() -> str:
    """Where the browser of this machine is."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
    assert found, "these tests need Chromium: install it, or leave out `-m browser`"
    return found


def open_report(browser: Any, file: Path, fragment: str = "", *, before: str = "", **context: Any) -> Opened:
    """Open a report and wait until its findings are shown. `before` is a script that runs first in the page."""
    options: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB"} | context
    made = browser.new_context(**options)
    opened = Opened(made.new_page())
    page = opened.page

    def dialog(shown: Any) -> None:
        opened.told.append(f"dialog {shown.message}")
        shown.dismiss()

    page.on("console", lambda message: opened.told.append(message.text))
    page.on("pageerror", lambda error: opened.told.append(str(error)))
    page.on("dialog", dialog)
    made.on("page", lambda other: opened.told.append(f"window {other.url}"))
    made.on("request", lambda asked: None if asked.url.split("#")[0] == file.as_uri() else opened.told.append(asked.url))
    if before:
        page.add_init_script(before)
    page.goto(file.as_uri() + fragment)
    if options.get("java_script_enabled", True):
        page.wait_for_selector(f"{FINDINGS_OPEN}, #doc:not(:has(#findings-rows))", state="attached")
    return opened
