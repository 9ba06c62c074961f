"""Finding public models."""

import tomllib
from importlib.resources import files

from likeness.catalog.schemas import Registry

CATALOG = Registry.model_validate(
    tomllib.loads((files("likeness.catalog") / "registry.toml").read_text("utf-8"))
)
"""The public models."""
