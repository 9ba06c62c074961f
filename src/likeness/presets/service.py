"""Finding presets."""

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from likeness.errors import Refusal
from likeness.mistakes import mistakes
from likeness.presets.schemas import Preset, PresetRecord

BUILT_IN = Path(str(files("likeness.presets"))) / "tags"

Presets = Mapping[str, Preset]
"""All presets by their tags."""


class UnknownPreset(Refusal):
    """There is no preset with this tag. GET /presets lists them."""


class BadPresets(Exception):
    """Some presets cannot be used. Correct the files below and start again."""

    def __init__(self, found: Sequence[str]) -> None:
        self.mistakes = list(found)
        super().__init__("\n".join([str(self.__doc__), *(f"  {line}" for line in found)]))


def load_presets(own: Path | None = None) -> Presets:
    """The presets that are built in, and those of the operator's `own` folder: of two with one tag,
    the latter. Raises BadPresets with every mistake in every file."""
    presets: dict[str, Preset] = {}
    wrong: list[str] = []
    for folder in (BUILT_IN, *([own] if own else [])):
        if not folder.is_dir():
            wrong.append(f"{folder}: there is no such folder")
        for file in sorted(folder.glob("*.toml")):
            try:
                content = tomllib.loads(file.read_text("utf-8"))
                presets[file.stem] = Preset.model_validate(content)
            except ValidationError as error:
                wrong += [f"{file}: {line}" for line in mistakes(error)]
            except (OSError, ValueError) as error:
                wrong.append(f"{file}: it cannot be read: {error}")
    if wrong:
        raise BadPresets(wrong)
    return dict(sorted(presets.items()))


def get_preset(presets: Presets, tag: str) -> Preset:
    """The preset of a tag. Raises `UnknownPreset`."""
    if tag not in presets:
        raise UnknownPreset
    return presets[tag]


def preset_records(presets: Presets) -> list[PresetRecord]:
    """All presets as clients see them, by tag."""
    return [
        PresetRecord(
            tag=tag,
            name=preset.name,
            description=preset.description,
            width=preset.width,
            height=preset.height,
        )
        for tag, preset in presets.items()
    ]
