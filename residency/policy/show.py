"""A policy pack as text for a reader who is no programmer, in English or French."""

from __future__ import annotations

from residency.policy.pack import Pack, Rule
from residency.result import Text

_LABELS: dict[str, Text] = {
    "severity": Text("Severity", "Gravité"),
    "view": Text("View", "Lecture"),
    "decide": Text("Decided by", "Décidé par"),
    "basis": Text("Law", "Fondement"),
    "applies": Text("Applies where", "S’applique si"),
    "require": Text("Must hold", "Doit être vrai"),
    "unproven_when": Text("Not decided where", "Non décidé si"),
    "remediation": Text("What to do", "Que faire"),
}
_WORDS: dict[str, Text] = {
    "low": Text("low", "faible"), "medium": Text("medium", "moyenne"), "high": Text("high", "élevée"),
    "critical": Text("critical", "critique"), "transfers": Text("transfers (GDPR)", "transferts (RGPD)"),
    "sovereignty": Text("sovereignty", "souveraineté"),
    "both": Text("transfers and sovereignty", "transferts et souveraineté"),
    "automatic": Text("the inventory", "l’inventaire"),
    "assisted": Text("the inventory and known facts", "l’inventaire et des faits connus"),
    "document": Text("a supporting document", "une pièce justificative"),
}  # fmt: skip


def pack_text(pack: Pack, lang: str) -> str:
    """The pack's title, description and rules. `lang` is `en` or `fr`. Ends with a newline."""
    profile = f"@{pack.profile}" if pack.profile else ""
    parts = [f"{getattr(pack.title, lang)}\n{pack.id}{profile} {pack.version}\n\n{getattr(pack.description, lang)}\n"]
    parts += [_rule_text(rule, lang) for rule in pack.rules]
    return "\n".join(parts)


def _rule_text(rule: Rule, lang: str) -> str:
    colon = " :" if lang == "fr" else ":"
    lines = [f"{rule.id}  {getattr(rule.title, lang)}"]

    def add(label: str, text: str) -> None:
        indented = text.strip().replace("\n", "\n        ")
        lines.append(f"    {getattr(_LABELS[label], lang)}{colon} {indented}")

    for label in ("severity", "view", "decide"):
        add(label, getattr(_WORDS[getattr(rule, label)], lang))
    add("basis", " ; ".join(getattr(basis, lang) for basis in rule.basis))
    add("applies", rule.applies.text)
    if rule.require:
        add("require", rule.require.text)
    if rule.unproven_when:
        add("unproven_when", rule.unproven_when.text)
    add("remediation", getattr(rule.remediation, lang))
    return "\n".join(lines) + "\n"
