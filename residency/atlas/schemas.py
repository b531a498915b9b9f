"""The JSON Schema of each kind of file, made from the shapes that read it."""

from __future__ import annotations

from typing import Any

from residency.atlas.files import SHAPES
from residency.atlas.overlay_shapes import OverlayFile
from residency.atlas.provider_shapes import ProviderFile
from residency.atlas.scenario_shapes import ScenarioFile
from residency.atlas.shapes import Shape

KINDS: dict[str, type[Shape]] = {**SHAPES, "provider": ProviderFile, "overlay": OverlayFile, "scenario": ScenarioFile}


def schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of a kind of file. Raises `KeyError` for an unknown kind."""
    title = f"residency atlas: {kind}"
    made = KINDS[kind].model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": title}
