"""What a user did wrong, told once and clearly: the only exception that becomes exit code 2."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one place.

    `line` and `column` count from 1; `None` means the place is not known. `remedy` tells what to do about it.
    """

    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    remedy: str | None = None

    def __str__(self) -> str:
        where = self.file or ""
        if self.line is not None:
            where += f":{self.line}"
            if self.column is not None:
                where += f":{self.column}"
        text = f"{where}: {self.message}" if where else self.message
        return f"{text} {self.remedy}" if self.remedy else text


class UserError(Exception):
    """Wrong use, configuration, policy or input file. The command line prints it and exits with code 2."""

    def __init__(self, *problems: Problem | str) -> None:
        self.problems: tuple[Problem, ...] = tuple(p if isinstance(p, Problem) else Problem(p) for p in problems)
        super().__init__("\n".join(str(p) for p in self.problems))
