"""`summary.md`: the answer on a page of Markdown, for a pull request, a ticket or a chat.

Names come from other people's clouds. In the text each character that Markdown reads is escaped, and what a forge turns
into a link or a notification (`@team`, `#12`, `https://…`) is parted by an empty comment.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from residency.model import Status, Verdict
from residency.render.counted.answers import Answer
from residency.render.counted.gaps import Gap
from residency.render.decisions import SHOWN, Decision, by_urgency, decisions
from residency.render.figures import Figures, figures
from residency.render.findings_json import summary
from residency.render.formats import Output
from residency.render.plain import clip, visible
from residency.render.sentences import Sentences
from residency.result import AuditResult

GAPS = 10
_READ_BY_MARKDOWN = re.compile(r"[\\`*_\[\]|~^]")
_READ_BY_FORGES = re.compile(r"(@|#|\$|:(?=//)|www(?=\.)|(?:^|\b)(?:GH|gh)(?=-\d))")
_LONG = 600


def escape(text: str) -> str:
    """The text as Markdown that shows it and does nothing else: no markup, link, mention or formula."""
    shown = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    shown = _READ_BY_MARKDOWN.sub(lambda match: "\\" + match[0], shown)
    return _READ_BY_FORGES.sub(lambda match: match[0] + "<!-- -->", shown)


def summary_md(result: AuditResult, lang: str) -> Iterator[bytes]:
    """The page in one piece of bytes, as UTF-8."""
    words, counted = Sentences(lang), figures(result)
    parts = [
        *_head(result, words), *_answers(result, counted, words), *_unseen(counted, words),
        *_decisions(result, words), *_closing(result, words),
    ]  # fmt: skip
    yield ("\n\n".join(parts) + "\n").encode("utf-8", "backslashreplace")


def _head(result: AuditResult, words: Sentences) -> Iterator[str]:
    run, colon = result.run, words.say("colon")
    yield f"# {words.say('kind')}"
    facts = [
        (words.say("strip.as_of"), words.date(run.as_of)),
        (words.say("strip.run"), run.id),
        (words.say("strip.sources"), ", ".join(sorted(run.sources)) or words.say("none_f")),
    ]
    lines = [f"- {name}{colon}{escape(clip(value, 200))}" for name, value in facts]
    lines.append(f"- {words.say('strip.live' if run.live else 'strip.not_live')}")
    if run.endpoints:
        overridden = escape(", ".join(sorted(run.endpoints)))
        lines.append(f"- {words.say('strip.endpoint', n=len(run.endpoints))} {overridden}")
    lines.append(f"- {words.say('strip.complete' if run.complete else 'strip.incomplete')}")
    if run.scenario:
        lines.append(f"- {escape(words.say('strip.what_if', scenario=run.scenario))}")
    yield "\n".join(lines)
    yield words.say("opinion")


def _answers(result: AuditResult, counted: Figures, words: Sentences) -> Iterator[str]:
    yield f"## {words.say('section.answer')}"
    if not counted.answers:
        yield words.say("answer.no_policy")
    for answer in counted.answers:
        yield "\n".join(_answer(result, answer, words))
    totals, listed = summary(result), Counter(finding.verdict for finding in result.findings)
    unlisted = [
        words.say(f"unlisted.{v}", n=n)
        for v in Verdict
        if (n := totals[v] - listed[v]) > 0 and v is not Verdict.COMPLIANT
    ]
    if unlisted:
        yield " ".join([*unlisted, words.say("unlisted.where")])


def _answer(result: AuditResult, answer: Answer, words: Sentences) -> Iterator[str]:
    policy, colon = answer.policy, words.say("colon")
    profile = f" ({words.say('profile', id=policy.profile)})" if policy.profile else ""
    yield f"**{escape(words.both(policy.title))}**{escape(profile)}{colon}**{words.label('verdict', policy.verdict)}**"
    yield ""
    for view in answer.views:
        told = words.say("answer.no_rule")
        if view.verdict is not None:
            sentences = [words.answer(result.run.as_of, view)]
            if sum(view.other.values()):
                sentences.append(words.other_checks(view))
            told = f"**{words.label('verdict', view.verdict)}**. {escape(' '.join(sentences))}"
        yield f"- {words.say(f'view.{view.view}')}{colon}{told}"
    gaps = max((view.gaps for view in answer.views), default=0)
    if gaps:
        yield f"- {words.say('answer.gaps', n=gaps)}"


def _unseen(counted: Figures, words: Sentences) -> Iterator[str]:
    yield f"## {words.say('section.unseen')}"
    if not counted.asked:
        yield words.say("unseen.nothing_asked")
        return
    if not counted.unseen:
        yield words.say("unseen.all", n=counted.asked)
        return
    yield f"{words.say('unseen.some', n=counted.unseen, asked=counted.asked)} {words.say('unseen.meaning')}"
    head = ("unseen.what", "unseen.end", "unseen.reads", "unseen.where", "unseen.close")
    rows = [_row([words.say(key) for key in head]), "|---|---|---:|---|---|"]
    rows += [_gap(gap, words) for gap in counted.gaps[:GAPS]]
    yield "\n".join(rows)
    if counted.gap_groups > GAPS:
        yield words.say("unseen.more", n=counted.gap_groups - GAPS)


def _gap(gap: Gap, words: Sentences) -> str:
    service = words.say("all_services") if gap.service == "*" else gap.service
    places = [words.some(gap.accounts, 2, "scope.accounts"), words.some(gap.regions, 3, "scope.regions")]
    close = words.say(f"close.{Status(gap.status)}", provider=gap.provider)
    if gap.detail:
        close = f"{clip(gap.detail, 200)} {close}"
    cells = [f"{gap.provider} {service}", words.label("status", gap.status), words.number(gap.count), "; ".join(places)]
    return _row([escape(cell) for cell in (*cells, close)])


def _decisions(result: AuditResult, words: Sentences) -> Iterator[str]:
    yield f"## {words.say('section.decisions')}"
    found = decisions(result, by_urgency(result.findings))
    if not found:
        yield words.say("decisions.none")
        return
    yield words.say("decisions.intro", n=len(found))
    yield "\n".join(_decision(number, one, words) for number, one in enumerate(found[:SHOWN], 1))
    if len(found) > SHOWN:
        yield words.say("decisions.rest", n=len(found) - SHOWN)


def _decision(number: int, decision: Decision, words: Sentences) -> str:
    title = words.both(decision.title) if decision.title else decision.rule
    weight = words.say("severity", level=words.label("severity", decision.severity))
    colon, why = words.say("colon"), "decision.why" if decision.count == 1 else "decision.why_example"
    lines = [
        f"{number}. **{escape(title)}** ({escape(decision.rule)}){colon}"
        f"{words.label('verdict', decision.verdict)}, {weight}",
        f"   - {words.say('decision.where')}{colon}{escape(words.where(decision))}",
        f"   - {words.say(why)}{colon}{escape(clip(words.both(decision.example.reason), _LONG))}",
        f"   - {words.say('finding.remediation')}{colon}"
        f"{escape(clip(words.both(decision.example.remediation), _LONG))}",
        f"   - {words.say('finding.id')}{colon}{escape(decision.example.id)}",
    ]
    return "\n".join(lines)


def _closing(result: AuditResult, words: Sentences) -> Iterator[str]:
    waived = summary(result)[Verdict.WAIVED]
    if waived:
        yield f"## {words.say('section.deviations')}"
        count = words.say("count.findings", n=waived, total=sum(summary(result).values()))
        yield f"{words.say('deviations.intro')} {count}."


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


FORMAT = Output("summary.md", summary_md)
