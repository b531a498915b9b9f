"""What a file that is wrong must end in, whatever kind of file it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from residency.connectors.interface import Scope, Silent
from residency.errors import UserError
from residency.sources.resolve import collect


def assert_one_message(file: Path, text: str, line: int | None, words: str) -> None:
    """The file with this text is refused with one message: these words, the file and the line. `line` is `None` where
    it only has to be a later one than the first."""
    file.write_text(text)
    with pytest.raises(UserError) as caught:
        collect([str(file)], Scope(), Silent())
    (problem,) = caught.value.problems
    assert words in problem.message
    assert problem.file == str(file)
    assert problem.line == line if line is not None else (problem.line or 0) > 1
