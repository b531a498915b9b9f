from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pytest

from residency.on_disk import Disk, let_go

SCHEMA = pa.schema([("word", pa.dictionary(pa.int32(), pa.string())), ("names", pa.list_(pa.string()))])


def table(*words: str | None) -> pa.Table:
    return pa.table({"word": list(words), "names": [[word or "", "é"] for word in words]}).cast(SCHEMA)


def test_tables_come_back_and_leave_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    written = [table("a", "b", None), table(), table("b", "c")]
    disk = Disk()
    for one in written:
        with disk.writer(SCHEMA) as stream:
            stream.write_table(one)
    read = disk.tables()
    del disk
    let_go()
    assert read == written
    assert read[2].to_pylist() == written[2].to_pylist()
    assert list(tmp_path.iterdir()) == []


FULL = """
import resource
from residency.on_disk import Disk
from residency.spool import Spool
import pyarrow as pa
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
rows = pa.table({"text": ["x" * 1000] * 1000})
def table():
    with Disk().writer(rows.schema) as stream:
        stream.write_table(rows)
def spool():
    with Spool[str]() as kept:
        for number in range(3000):
            kept.add(f"{number}" * 100)
from residency.errors import UserError
for fill in (table, spool):
    try:
        fill()
    except UserError as error:
        print(error)
"""


def test_a_full_disk_is_one_message() -> None:
    told = subprocess.run([sys.executable, "-c", FULL], capture_output=True, text=True, check=True)
    assert told.stdout.count("there is no room for what was read") == 2
    assert told.stdout.count("TMPDIR") == 2
