"""Finding bases: installed ones by name, others by folder."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import entry_points
from pathlib import Path

from pydantic import ValidationError

from likeness.bases.fingerprint import fingerprint_of
from likeness.bases.manifest import Manifest
from likeness.bases.published import manifest_for_class
from likeness.mistakes import mistakes

ENTRY_POINTS = "likeness.bases"
MANIFEST = "manifest.json"
INDEX = "model_index.json"


class BaseError(Exception):
    """Something is wrong with a base."""


class UnknownBase(BaseError):
    """No base has this name and no folder is there."""

    def __init__(self, wanted: str, installed: list[str]) -> None:
        names = ", ".join(installed) or "none"
        super().__init__(
            f"There is no base called {wanted!r}. Installed: {names}. "
            "Name one of these, install a package that brings one, or give the path of a folder "
            "in diffusers format."
        )


class BrokenBase(BaseError):
    """A folder is not a base that can be used."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"The base in {folder} cannot be used: {reason}")


@dataclass(frozen=True)
class Base:
    """A base on disk: its diffusers folder and its manifest."""

    folder: Path
    manifest: Manifest

    @cached_property
    def fingerprint(self) -> str:
        """16 hex digits that change when the weights, tokenizer or configuration change."""
        return fingerprint_of(self.folder)


def find_base(name_or_folder: str) -> Base:
    """The base of this name, or in this diffusers folder.

    A name is looked up among the installed bases first. A folder without `manifest.json` gets the
    published recipe of its pipeline class. Raises UnknownBase or BrokenBase.
    """
    installed = _folders()
    if name_or_folder in installed:
        return _read(installed[name_or_folder])
    folder = Path(name_or_folder).expanduser()
    if not folder.is_dir():
        raise UnknownBase(name_or_folder, sorted(installed))
    return _read(folder)


def name_of(name_or_folder: str) -> str:
    """The name that a base has in records and lanes. Raises UnknownBase or BrokenBase."""
    return find_base(name_or_folder).manifest.name


def _folders() -> dict[str, Path]:
    return {point.name: Path(point.load()) for point in entry_points(group=ENTRY_POINTS)}


def _read(folder: Path) -> Base:
    folder = folder.resolve()
    index = _json(folder / INDEX, folder)
    class_name = index.get("_class_name")
    if not (folder / MANIFEST).exists():
        manifest = manifest_for_class(str(class_name), folder)
        if manifest is None:
            raise BrokenBase(
                folder,
                f"it has no {MANIFEST} and its pipeline class {class_name!r} has no known recipe; "
                f"write a {MANIFEST}.",
            )
        return Base(folder, manifest)
    try:
        return Base(folder, Manifest.model_validate(_json(folder / MANIFEST, folder)))
    except ValidationError as error:
        faults = "; ".join(mistakes(error))
        raise BrokenBase(folder, f"its {MANIFEST} is not valid: {faults}") from error


def _json(file: Path, folder: Path) -> Mapping[str, object]:
    try:
        content = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise BrokenBase(
            folder, f"{file.name} is missing; is it a folder in diffusers format?"
        ) from None
    except (OSError, ValueError) as error:
        raise BrokenBase(folder, f"{file.name} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise BrokenBase(folder, f"{file.name} must hold a JSON object.")
    return content
