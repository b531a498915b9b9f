from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from residency.atlas.atlas import load_atlas
from residency.classify.roles import AccountRole, Contacts, Roles
from residency.errors import UserError
from residency.model import Duty, Verdict
from residency.policy.shipped import find_pack
from residency.redact.alias import Aliases
from residency.redact.key import VARIABLE, redaction_key
from residency.redact.result import redacted
from residency.render.formats import known_formats
from residency.render.write import write_run
from residency.result import AuditResult
from tests.end_to_end.command import one_message, residency
from tests.ledger.estates import audited, two_buckets
from tests.render.page import Page

KEY = b"a key of an organisation"
LISTED = frozenset(Verdict)
TRAVEL = [name for name in known_formats() if name != "pdf"]  # the PDF is drawn from the page


def hidden(result: AuditResult, key: bytes = KEY) -> AuditResult:
    return redacted(result, load_atlas(), (find_pack("health-data-hub"),), LISTED, key)


def telling_estate(words: list[str], number: str) -> dict[str, Any]:
    """An estate in which these words stand wherever a cloud lets somebody write, and this number is its account."""
    name, tag, person, folder, target, gap = words
    estate: dict[str, Any] = json.loads(
        json.dumps(two_buckets()).replace("patients", name).replace("111122223333", number)
    )
    estate["accounts"][0] |= {"name": f"{person} {folder}", "path": ["Root", folder], "tags": {"owner": person}}
    estate["resources"][0]["tags"] = {"data-class": "health", "owner": person, f"k-{tag}": tag}
    estate["placements"][1] |= {"target": f"arn:aws:s3:::{target}"}
    estate["placements"][1]["evidence"]["value"] = f"arn:aws:s3:::{target}"
    detail = f"AccessDenied: User: arn:aws:iam::{number}:user/{person} may not s3:GetBucketAcl on '{name}' ({gap}@{gap}.example)"
    estate["coverage"].append(
        {
            "provider": "aws",
            "account": number,
            "region": "eu-west-1",
            "service": "rds",
            "status": "denied",
            "detail": detail,
        }
    )
    return estate


def everything(folder: Path) -> str:
    """Every file of a run as text; Parquet files by their rows."""
    told = []
    for file in sorted(folder.iterdir()):
        if file.suffix == ".parquet":
            told.append(json.dumps(pq.read_table(file).to_pylist(), default=str, ensure_ascii=False))
        elif file.suffix in (".docx", ".ods", ".xlsx"):
            with ZipFile(file) as packed:
                told += [packed.read(name).decode("utf-8", "replace") for name in packed.namelist()]
        else:
            told.append(file.read_text(encoding="utf-8-sig"))
    return "\n".join(told)


WORD = st.text("bcdfghjklmnpqrstvwxzéü", min_size=9, max_size=14)


@settings(
    max_examples=2,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
    phases=[Phase.generate],
)
@given(
    words=st.lists(WORD, min_size=6, max_size=6, unique=True), number=st.from_regex(r"[1-9][0-9]{11}", fullmatch=True)
)
def test_no_name_number_or_tag_is_left_in_any_file(
    words: list[str], number: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("run")
    roles = Roles((AccountRole(number, Duty.PROCESSOR, words[3]),), Contacts(*words[:4]))
    result = replace(audited(folder, telling_estate(words, number)), roles=roles)
    out = folder / "travels"
    write_run(hidden(result), out, TRAVEL, "fr")
    text = everything(out)
    # A page has its findings in packed form too: unpacked, they are those of the other files.
    text += json.dumps(Page((out / "report.html").read_text(encoding="utf-8")).data, ensure_ascii=False)
    for secret in (*words, number, *(f["id"] for f in result.judged.to_pylist()), str(folder)):
        assert secret not in text
        assert json.dumps(secret)[1:-1] not in text
    assert "us-east-1" in text
    assert "AccessDenied" in text


def test_verdicts_and_counts_stay(tmp_path: Path) -> None:
    result = audited(tmp_path, two_buckets(other="registry", denied=True))
    edition = hidden(result)
    assert edition.counts == result.counts
    assert sorted(f.verdict for f in edition.findings) == sorted(
        Verdict(v) for v in result.judged["verdict"].to_pylist()
    )
    assert edition.policies == result.policies
    assert edition.inventory.resources.num_rows == result.inventory.resources.num_rows
    assert {f.placement.location for f in edition.findings if f.placement} == {
        f.placement.location for f in result.findings if f.placement
    }
    uids = set(edition.inventory.resources["uid"].to_pylist())
    assert {f.resource.uid for f in edition.findings if f.resource.type.startswith("AWS")} <= uids


def test_the_same_key_gives_the_same_pseudonyms_and_another_others(tmp_path: Path) -> None:
    one = audited(tmp_path, two_buckets())
    later = audited(tmp_path, two_buckets(other="registry"), "2026-11-25T09:00:00Z")
    uids = [set(hidden(result).inventory.resources["uid"].to_pylist()) for result in (one, later)]
    assert uids[0] < uids[1]
    other = set(hidden(one, b"another key of sixteen").inventory.resources["uid"].to_pylist())
    assert not other & uids[1]
    assert hidden(one) == hidden(one)


def test_messages_keep_only_plain_words_and_codes() -> None:
    aliases = Aliases(KEY, {"patients": "name", "Data Prod": "name"}, {"eu-west-3", "patients"})
    told = aliases.free("Denied: s3:GetBucketAcl on 'patients' of Data Prod in eu-west-3, 111122223333, x@y.fr, p-1")
    assert told.startswith("Denied: s3:GetBucketAcl on 'name-")
    for gone in ("patients", "Prod", "1111", "@", "p-1"):
        assert gone not in told
    assert "in eu-west-3," in told


def test_where_the_key_comes_from(tmp_path: Path) -> None:
    assert redaction_key(tmp_path, {VARIABLE: "0123456789abcdef"}) == (b"0123456789abcdef", True)
    with pytest.raises(UserError, match=r"too short.*at least 16"):
        redaction_key(None, {VARIABLE: "short"})
    first, stable = redaction_key(tmp_path / "book", {})
    assert (redaction_key(tmp_path / "book", {}), stable) == ((first, True), True)
    assert [file.name for file in (tmp_path / "book").iterdir()] == ["redaction.key"]
    assert stat.S_IMODE((tmp_path / "book" / "redaction.key").stat().st_mode) == 0o600
    assert redaction_key(None, {})[0] != redaction_key(None, {})[0]
    (tmp_path / "book" / "redaction.key").write_bytes(b"\xff")
    with pytest.raises(UserError, match=r"cannot be kept"):
        redaction_key(tmp_path / "book", {})


def test_the_commands(tmp_path: Path) -> None:
    (tmp_path / "inventory.json").write_text(json.dumps(two_buckets()), encoding="utf-8")
    day = ("--as-of", "2026-11-24", "-q")
    ran = residency("audit", "inventory.json", *day, "--ledger", "book", "--redact", "--out", "a", cwd=tmp_path)
    assert ran.code == 1, ran.err
    assert "patients" not in everything(tmp_path / "a") + ran.out
    run = next((tmp_path / "book" / "runs").iterdir())
    assert "patients" in everything(run)
    again = residency("report", run, "--redact", "--ledger", "book", "--out", "b", cwd=tmp_path)
    assert again.code == 0, again.err
    assert (tmp_path / "b" / "inventory.json").read_bytes() == (tmp_path / "a" / "inventory.json").read_bytes()
    assert one_message(residency("report", run, "--redact", cwd=tmp_path), "cannot take the place of its run", "--out")
    # A redacted edition is a run: it can be rendered again, and says what it is.
    assert residency("report", "b", "--format", "html,md", "--out", "c", cwd=tmp_path).code == 0
    assert (tmp_path / "c" / "report.html").read_bytes() == (tmp_path / "b" / "report.html").read_bytes()
    assert "pseudonyms" in (tmp_path / "c" / "report.html").read_text(encoding="utf-8")
