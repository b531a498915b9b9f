"""A zip with the same bytes for the same contents: fixed dates, fixed order. Office files are such archives."""

from __future__ import annotations

import io
import zipfile

_DATE = (1980, 1, 1, 0, 0, 0)  # the first day a zip can name


def fixed_zip(archive: bytes) -> bytes:
    """The same archive with every date set to 1 January 1980, members in their order."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            told = zipfile.ZipInfo(member.filename, _DATE)
            # OpenDocument wants the member that names its type as it is.
            told.compress_type = zipfile.ZIP_STORED if member.filename == "mimetype" else zipfile.ZIP_DEFLATED
            told.external_attr = 0o600 << 16
            new.writestr(told, old.read(member))
    return made.getvalue()
