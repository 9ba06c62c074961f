"""Endpoints of presets."""

from fastapi import APIRouter

from likeness.api.context import Ctx
from likeness.api.envelope import Answer
from likeness.presets.schemas import PresetRecord
from likeness.presets.service import preset_records

router = APIRouter(prefix="/presets", tags=["Presets"])


@router.get("", operation_id="listPresets", summary="List the presets")
async def list_presets(context: Ctx) -> Answer[list[PresetRecord]]:
    """Scenes that a generation can be asked for by their `tag` in `preset`."""
    return Answer(result=preset_records(context.presets))
