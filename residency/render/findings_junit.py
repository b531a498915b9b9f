"""`findings.junit.xml`: for the test view of a CI system. A suite is a pack, a class a rule, a case a finding.

It keeps to the schema of the xUnit plug-in of Jenkins (`junit-10.xsd`), whose root has no number of skipped cases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from residency.model import Verdict
from residency.render.exchange import TOOL, of_pack, packs, plain, subject
from residency.render.formats import Output
from residency.render.words import Words
from residency.result import AuditResult, Finding, PolicyUse

_ELEMENT = {Verdict.VIOLATION: "failure", Verdict.UNPROVEN: "error", Verdict.WAIVED: "skipped"}
_TOTALS = {"failures": Verdict.VIOLATION, "errors": Verdict.UNPROVEN, "skipped": Verdict.WAIVED}


def findings_junit(result: AuditResult, lang: str) -> Iterator[bytes]:
    """The document in pieces, one a case, as UTF-8. A pack that judged nothing is one error: it has shown nothing."""
    words, found = Words(lang), of_pack(result)
    total = Counter(finding.verdict for finding in result.findings)
    idle = {policy.id for policy in packs(result) if _judged_nothing(result, policy)}
    total[Verdict.UNPROVEN] += len(idle)
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f"<testsuites name={quoteattr(TOOL)} {_numbers(total, ('failures', 'errors'))}>\n".encode()
    for policy in packs(result):
        yield from _suite(result, policy, found[policy.id], words, idle=policy.id in idle)
    yield b"</testsuites>\n"


def _suite(
    result: AuditResult, policy: PolicyUse, findings: list[Finding], words: Words, *, idle: bool
) -> Iterator[bytes]:
    numbers = Counter(finding.verdict for finding in findings)
    numbers[Verdict.UNPROVEN] += idle
    stamp = result.run.started.rstrip("Z")
    yield f"<testsuite name={quoteattr(policy.id)} {_numbers(numbers)} timestamp={quoteattr(stamp)}>\n".encode()
    told = {
        "run": result.run.id, "as-of": result.run.as_of, "verdict": str(policy.verdict), "version": policy.version,
        "sha256": policy.sha256,
    }  # fmt: skip
    properties = (f"<property name={quoteattr(name)} value={quoteattr(plain(value))}/>" for name, value in told.items())
    yield f"<properties>{''.join(properties)}</properties>\n".encode()
    if idle:
        name, why = quoteattr(policy.id), quoteattr(words.say("rule.unused"))
        yield f'<testcase classname={name} name={name} time="0"><error message={why}/></testcase>\n'.encode()
    for finding in findings:
        yield _case(finding, words).encode()
    yield b"</testsuite>\n"


def _case(finding: Finding, words: Words) -> str:
    head = f'<testcase classname={quoteattr(finding.rule)} name={quoteattr(subject(finding) or finding.id)} time="0"'
    element = _ELEMENT.get(finding.verdict)
    if element is None:
        return f"{head}/>\n"
    message = plain(words.both(finding.reason))
    if element == "skipped":
        return f"{head}><skipped message={quoteattr(plain(finding.waiver or '') or message)}/></testcase>\n"
    body = "\n".join([plain(words.both(finding.remediation)), plain(finding.resource.uid), finding.id])
    kind = quoteattr(str(finding.severity))
    return f"{head}><{element} type={kind} message={quoteattr(message)}>{escape(body)}</{element}></testcase>\n"


def _numbers(counted: Counter[Verdict], names: Iterable[str] = _TOTALS) -> str:
    parts = {"tests": counted.total(), **{name: counted[_TOTALS[name]] for name in names}}
    return " ".join(f'{name}="{number}"' for name, number in parts.items()) + ' time="0"'


def _judged_nothing(result: AuditResult, policy: PolicyUse) -> bool:
    judged = any(count.policy == policy.id for count in result.counts)
    return policy.verdict is Verdict.UNPROVEN and not judged


FORMAT = Output("findings.junit.xml", findings_junit)
