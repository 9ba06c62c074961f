"""Bases: text-to-image networks in diffusers format, found by name or folder. No torch here."""

from likeness.bases.manifest import Manifest, SamplingRecipe, TrainingRecipe
from likeness.bases.parts import MissingPart, find_part
from likeness.bases.prompt import Identity, prompt_for
from likeness.bases.registry import (
    Base,
    BaseError,
    BrokenBase,
    UnknownBase,
    find_base,
    name_of,
)
from likeness.bases.sizes import nearest_size
from likeness.bases.view import view_of

__all__ = [
    "Base",
    "BaseError",
    "BrokenBase",
    "Identity",
    "Manifest",
    "MissingPart",
    "SamplingRecipe",
    "TrainingRecipe",
    "UnknownBase",
    "find_base",
    "find_part",
    "name_of",
    "nearest_size",
    "prompt_for",
    "view_of",
]
