"""The text of an explanation, in English or French."""

from __future__ import annotations

from datetime import date
from typing import Any

from residency.atlas.atlas import Atlas, load_atlas
from residency.facts import BY_NAME
from residency.model import Verdict
from residency.policy import wording
from residency.policy.explain import Change, explain
from residency.policy.pack import Pack
from residency.policy.shipped import find_pack
from residency.stored_run import StoredRun

_OUTSIDE = {
    "coverage": ("It says what could not be read.", "Il dit ce qui n’a pas été lu."),
    "attestation": ("It is about a supporting document.", "Il porte sur une pièce justificative."),
    "waiver": ("It is about a deviation approval.", "Il porte sur une décision d’acceptation d’écart."),
}  # fmt: skip


def explanation_text(run: StoredRun, finding: dict[str, Any], policy: str | None, lang: str) -> str:
    """Why it says what it says: subject, rule, facts with sources, law, what would turn it. Ends in a newline."""
    verdict = getattr(wording.VERDICTS[Verdict(finding["verdict"])], lang)
    if finding["per"] in _OUTSIDE:
        outside = _OUTSIDE[finding["per"]][lang == "fr"]
        subject = finding["subject"].replace(" ", " ")
        return f"{finding['rule']}{_colon(lang)} {verdict}\n{subject}\n{outside}\n"
    pack, note = _pack(run, finding, policy, lang)
    rule = next((rule for rule in pack.rules if rule.id == finding["rule"]), None)
    if rule is None:
        return f"{finding['rule']}{_colon(lang)} {verdict}\n{note}\n"
    facts = run.facts.slice(finding["row"], 1).to_pylist()[0]
    told = explain(rule, facts)
    atlas, day = load_atlas(), date.fromisoformat(run.manifest["as_of"])
    said = wording.reason(rule, Verdict(finding["verdict"]), facts, finding["missing"], atlas.law_name)
    reason = getattr(said, lang)
    lines = [f"{rule.id}  {getattr(rule.title, lang)}{_colon(lang)} {verdict.upper()}", reason, ""]
    lines += [f"{facts['resource.name']} ({facts['resource.type']}, {facts['resource.account']})"]
    if facts["evidence.api"]:
        lines += [f"  {facts['evidence.api']} → {facts['evidence.field']} = {facts['evidence.value']}"]
    lines += ["", {"en": "The facts that decide", "fr": "Les faits qui décident"}[lang]]
    for name, value in told.facts:
        label = getattr(BY_NAME[name], lang)
        source = _source(atlas, facts, name, day, lang)
        lines.append(f"  {name} ({label}) = {wording.say(lang, atlas.law_name, facts, name, value)}{source}")
    if finding["attestation"] or finding["waiver"]:
        paper = finding["attestation"] or finding["waiver"]
        lines.append({"en": f"  document: {paper}", "fr": f"  pièce : {paper}"}[lang])
    lines += ["", {"en": "What must hold", "fr": "Ce qui doit être vrai"}[lang]]
    conditions = {"applies": rule.applies, "require": rule.require, "unproven_when": rule.unproven_when}
    for label, condition in conditions.items():
        if condition:
            lines.append(f"  {label}: " + condition.text.strip().replace("\n", "\n    "))
    lines += ["", {"en": "The law", "fr": "Le fondement"}[lang], *(f"  {getattr(basis, lang)}" for basis in rule.basis)]
    lines += ["", {"en": "What would change it", "fr": "Ce qui le changerait"}[lang]]
    lines += [f"  {_change(change, facts, atlas.law_name, lang)}" for change in told.single]
    if told.together:
        lines.append(f"  {_change(told.together, facts, atlas.law_name, lang)}")
    if rule.decide != "automatic" and told.verdict is Verdict.UNPROVEN:
        paper = {"en": "a valid supporting document", "fr": "une pièce justificative valable"}
        lines.append(f"  {paper[lang]} → {getattr(wording.VERDICTS[Verdict.COMPLIANT], lang)}")
    other = "" if run.manifest["atlas"]["sha256"] == atlas.sha256 else _OTHER_ATLAS[lang]
    return "\n".join([*lines, *(remark for remark in (note, other) if remark)]) + "\n"


_CHANGED = {
    "en": "Note: the pack has changed since this run.",
    "fr": "Remarque : le référentiel a changé depuis cette exécution.",
}
_OTHER_ATLAS = {
    "en": "Note: the run used another atlas (an overlay, a scenario, or an older version); sources are of this one.",
    "fr": "Remarque : l’exécution a utilisé un autre atlas (complément, hypothèse ou version) ; les sources sont "
    "celles de celui-ci.",
}


def _pack(run: StoredRun, finding: dict[str, Any], policy: str | None, lang: str) -> tuple[Pack, str]:
    used = next(entry for entry in run.manifest["policies"] if entry["id"] == finding["policy"])
    profile = f"@{used['profile']}" if used.get("profile") else ""
    pack = find_pack(policy or f"{used['id']}{profile}")
    return pack, "" if pack.sha256 == used["sha256"] else _CHANGED[lang]


def _source(atlas: Atlas, facts: dict[str, Any], name: str, day: date, lang: str) -> str:
    """Where the atlas has a fact from, and how sure that is."""
    offer_id, location = facts["place.offer"], facts["place.location"]
    offer = atlas.offer(offer_id, day) if offer_id else None
    if (
        name.startswith("place.")
        and offer_id
        and location
        and name not in ("place.role", "place.location", "place.via")
    ):
        place = atlas.place(offer_id, location)
        return f"  [{place.source}; {place.certainty}]" if place else ""
    if name.startswith("cert.") and offer_id:
        answer = atlas.certificate(offer_id, name.removeprefix("cert."), facts["resource.kind"], location, day)
        return f"  [{getattr(answer.why, lang)}]"
    if name == "key.custody" and facts[name]:
        rung = atlas.custody(facts[name])
        return f"  [{getattr(rung.effect, lang)}]" if rung else ""
    if name.startswith("control.parent") and offer and offer.ultimate_parent:
        return f"  [{offer.ultimate_parent.source}; {offer.ultimate_parent.certainty}]"
    if name.startswith("control.laws") and offer_id:
        through = {"control.laws_by_parent": {"parent"}, "control.laws_by_operator": {"operator"}}.get(name)
        links = [
            link
            for link in atlas.laws(offer_id, day) or ()
            if link.access and (link.via in through if through else link.via not in ("parent", "operator"))
        ]
        told = "; ".join(f"{link.law}: {link.via}, {link.certainty}" for link in links)
        return f"  [{told}]" if told else ""
    if name.startswith(("control.contracting", "control.seat")) and offer and offer.contracting_entity:
        return f"  [{offer.contracting_entity.source}; {offer.contracting_entity.certainty}]"
    return ""


def _change(change: Change, facts: dict[str, Any], laws: wording.LawName, lang: str) -> str:
    joined = {"en": " and ", "fr": " et "}[lang]
    told = joined.join(f"{name} = {wording.say(lang, laws, facts, name, value)}" for name, value in change.facts)
    if change.verdict is None:
        return told + {"en": " → the rule would not apply", "fr": " → la règle ne s’appliquerait pas"}[lang]
    return f"{told} → {getattr(wording.VERDICTS[change.verdict], lang)}"


def _colon(lang: str) -> str:
    return "\u00a0:" if lang == "fr" else ":"
