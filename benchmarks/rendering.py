"""How long rendering takes: every output format for 1,000, 10,000 and 100,000 findings.

`python benchmarks/rendering.py [N …] [--format F,…]` prints time, size and memory as a Markdown table. Each
format is rendered in a process of its own, whose memory is that of the result (printed first) and of the rendering. A
PDF holds at most 100 findings, whatever N.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from judging import DAY, estate

from residency.atlas.atlas import load_atlas
from residency.audit import Origin, Question, audit
from residency.model import Verdict
from residency.policy.shipped import DEFAULT, find_pack
from residency.render.formats import known_formats, outputs
from residency.result import AuditResult

COUNTS = (1_000, 10_000, 100_000)


def made(count: int) -> AuditResult:
    """The result of an audit of a synthetic estate, with exactly that many findings listed."""
    question = Question((find_pack(DEFAULT),), DAY)
    origin = Origin(("benchmark",), "2026-11-24T09:30:00Z", live=False)
    listed = frozenset(Verdict) - {Verdict.COMPLIANT}
    result = audit(estate(count + 100), load_atlas(), question, origin, listed)
    if len(result.findings) < count:
        raise SystemExit(f"the estate gives only {len(result.findings)} findings")
    return replace(result, findings=result.findings[:count])


def measure(count: int, name: str | None, pipe: Connection) -> None:
    """Send seconds, bytes and peak memory in MB of one format; without a name those of making the result alone."""
    start = time.perf_counter()
    result, size = made(count), 0
    if name:
        start = time.perf_counter()
        size = sum(len(piece) for output in outputs(name) for piece in output.render(result, "fr"))
    taken = time.perf_counter() - start
    pipe.send((taken, size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def main(arguments: Sequence[str]) -> None:
    """Run the benchmark and print its figures."""
    names = list(known_formats())
    given = list(arguments)
    if "--format" in given:
        place = given.index("--format")
        names = given[place + 1].split(",")
        del given[place : place + 2]
    print("| findings | format | seconds | size in MB | peak memory in MB |\n|---:|---|---:|---:|---:|")  # noqa: T201
    for count in [int(text) for text in given] or COUNTS:
        for name in (None, *names):
            print(f"| {count:,} | {name or '(the result)'} | {_figures(count, name)} |", flush=True)  # noqa: T201


def _figures(count: int, name: str | None) -> str:
    """The last three cells of a line, measured in a process of its own."""
    spawn = multiprocessing.get_context("spawn")
    mine, theirs = spawn.Pipe(duplex=False)
    child = spawn.Process(target=measure, args=(count, name, theirs))
    child.start()
    theirs.close()
    try:
        seconds, size, peak = mine.recv()
    except EOFError:
        return "failed | |"
    finally:
        child.join()
    return f"{seconds:.2f} | {size / 1e6:.2f} | {peak:,.0f}"


if __name__ == "__main__":
    main(sys.argv[1:])
