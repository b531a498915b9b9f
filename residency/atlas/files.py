"""The files of a data folder: which there are, their shapes, their hash and their newest date; each read once."""

from __future__ import annotations

import hashlib
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from residency.atlas.law_shapes import AdequacyFile, FrameworksFile, GroupsFile, LawsFile, RulesFile
from residency.atlas.provider import Provider
from residency.atlas.provider_shapes import ProviderFile
from residency.atlas.reading import Read, read_shape
from residency.atlas.register_shapes import (
    CaseFile,
    CustodyFile,
    EvidenceFile,
    FrenchFile,
    GaiaXFile,
    KindsFile,
    RegistersFile,
    SchemesFile,
    ServicesFile,
    SourcesFile,
)
from residency.errors import Problem, UserError

if TYPE_CHECKING:
    from pathlib import Path

    from residency.atlas.shapes import Shape

SHAPES: dict[str, type[Shape]] = {
    "adequacy": AdequacyFile, "country-groups": GroupsFile, "eu-rules": RulesFile, "evidence-fields": EvidenceFile,
    "frameworks": FrameworksFile, "french": FrenchFile, "gaia-x": GaiaXFile, "hdh-case": CaseFile,
    "key-custody": CustodyFile, "laws": LawsFile,
    "registers": RegistersFile, "resource-types": KindsFile, "schemes": SchemesFile, "services": ServicesFile,
    "sources": SourcesFile,
}  # fmt: skip
_CHECKED_ON = re.compile(rb"checked_on: *(\d{4}-\d\d-\d\d)")


class Files:
    """A data folder. Every file is read on first use; each reading raises `UserError` with the file's problems."""

    def __init__(self, folder: Path, overlays: tuple[Path, ...] = ()) -> None:
        self.folder = folder
        self.overlays = overlays
        if not (folder / "providers").is_dir():
            raise UserError(Problem("is not a folder of atlas data: it has no folder providers/.", str(folder)))
        missing = [name for name in SHAPES if not (folder / f"{name}.yaml").is_file()]
        if missing:
            raise UserError(*(Problem("is missing.", str(folder / f"{name}.yaml")) for name in missing))
        self.provider_files = tuple(sorted((folder / "providers").glob("*.yaml")))
        self._shapes: dict[str, Read[Any]] = {}
        self._providers: dict[Path, Provider] = {}

    def with_overlays(self, overlays: tuple[Path, ...]) -> Files:
        """The same folder with overlays; what has been read already is not read again."""
        new = Files(self.folder, overlays)
        new._shapes, new._providers = self._shapes, self._providers
        return new

    def shape(self, name: str) -> Read[Any]:
        """The file `name`.yaml as its shape."""
        if name not in self._shapes:
            self._shapes[name] = read_shape(self.folder / f"{name}.yaml", SHAPES[name])
        return self._shapes[name]

    def provider(self, file: Path) -> Provider:
        """A provider file as values."""
        if file not in self._providers:
            self._providers[file] = Provider(read_shape(file, ProviderFile))
        return self._providers[file]

    @cached_property
    def texts(self) -> dict[str, bytes]:
        """The bytes of every data file by its name, in name order. Overlays come under names of their own."""
        files = {p.relative_to(self.folder).as_posix(): p for p in self.folder.rglob("*.yaml")}
        files.update({f"overlay {i} {p.name}": p for i, p in enumerate(self.overlays, start=1)})
        return {name: files[name].read_bytes() for name in sorted(files)}

    @cached_property
    def sha256(self) -> str:
        """A hash over the names and bytes of all data files."""
        digest = hashlib.sha256()
        for name, data in self.texts.items():
            digest.update(f"{name}\0{len(data)}\0".encode())
            digest.update(data)
        return digest.hexdigest()

    @cached_property
    def version(self) -> str:
        """The newest `checked_on` of all data files."""
        return max((m.decode() for data in self.texts.values() for m in _CHECKED_ON.findall(data)), default="")
