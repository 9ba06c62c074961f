"""Bases: text-to-image networks in diffusers format, found by name or folder. No torch here."""

from likeness.bases.manifest import Manifest, SamplingRecipe, StagingRecipe, TrainingRecipe
from likeness.bases.prompt import Identity, prompt_for
from likeness.bases.registry import (
    Base,
    BaseError,
    BrokenBase,
    UnknownBase,
    find_base,
    installed_bases,
)
from likeness.bases.sizes import nearest_size

__all__ = [
    "Base",
    "BaseError",
    "BrokenBase",
    "Identity",
    "Manifest",
    "SamplingRecipe",
    "StagingRecipe",
    "TrainingRecipe",
    "UnknownBase",
    "find_base",
    "installed_bases",
    "nearest_size",
    "prompt_for",
]
