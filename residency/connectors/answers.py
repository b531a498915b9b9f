"""The answers of a cloud, on disk as they come: a run that was stopped goes on where it was and asks nothing twice."""

from __future__ import annotations

import json
import os
import struct
import threading
import zlib
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from residency.connectors.interface import ANSWERS, UNFINISHED

_FRAME = struct.Struct(">II")


class Answers:
    """The answers that a run has, by what was asked: any text that is the same when the same is asked again.

    They are JSON values in one file of a folder, or nowhere without a folder. A later run that is given the folder
    finds them. An answer that was being written when the process died is not among them. The methods may be used by
    many threads at once.
    """

    def __init__(self, folder: Path | None) -> None:
        self._lock = threading.Lock()
        self._places: dict[bytes, tuple[int, int]] = {}
        self._file: BinaryIO | None = None
        if folder is None:
            return
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._cut_off = folder / f"cut-off{UNFINISHED}"
        self._cut_off.unlink(missing_ok=True)
        self._file = (folder / f"read{ANSWERS}").open("a+b")
        self._file.truncate(self._known())

    def __enter__(self) -> Answers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def get(self, asked: str) -> Any:
        """The answer, or `None` when there is none that can be read."""
        place = self._places.get(_key(asked))
        if place is None or self._file is None:
            return None
        with self._lock:
            self._file.seek(place[0])
            packed = self._file.read(place[1])
        try:
            return json.loads(zlib.decompress(packed))
        except (zlib.error, ValueError):
            return None

    def keep(self, asked: str, answer: Any) -> None:
        """Keep an answer; a later one to the same takes its place."""
        if self._file is None:
            return
        key, packed = _key(asked), zlib.compress(json.dumps(answer).encode(), 1)
        with self._lock:
            start = self._file.seek(0, os.SEEK_END)
            self._file.write(_FRAME.pack(len(key), len(packed)) + key + packed)
            self._file.flush()
            self._places[key] = (start + _FRAME.size + len(key), len(packed))

    def cut_off(self) -> None:
        """Not everything was asked, and another run should go on: the folder stays."""
        if self._file is not None:
            self._cut_off.touch()

    def _known(self) -> int:
        """Take in what the file has, up to the end of its last whole answer."""
        assert self._file is not None
        size, end = self._file.seek(0, os.SEEK_END), 0
        while end + _FRAME.size <= size:
            self._file.seek(end)
            key_size, answer_size = _FRAME.unpack(self._file.read(_FRAME.size))
            start = end + _FRAME.size + key_size
            if not key_size or start + answer_size > size:
                break
            self._places[self._file.read(key_size)] = (start, answer_size)
            end = start + answer_size
        return end


def _key(asked: str) -> bytes:
    return asked.encode()
