"""What can go wrong between photos and pictures."""

from pathlib import Path


class EngineError(Exception):
    """Something that the engine cannot do, and what to do about it."""


class DeviceMissing(EngineError):
    """The device asked for is not on this machine."""

    def __init__(self, wanted: str, there: list[str]) -> None:
        super().__init__(
            f"Device {wanted!r} is not on this machine; there is {', '.join(there)}. "
            "Use one of these, or 'auto'."
        )


class LoadFailed(EngineError):
    """A base's folder is there, but its networks cannot be loaded."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"The base in {folder} cannot be loaded: {reason}")


class UpscalerUnusable(EngineError):
    """A file is not an upscaler that can be used here."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"The upscaler {file} cannot be used: {reason}. Name another file.")


class BadRequest(EngineError):
    """A sample request contradicts itself or the base."""


class AdapterUnreadable(EngineError):
    """A file is not an adapter, or is damaged."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{file} is not a usable adapter: {reason}. Train the model again.")


class AdapterMismatch(EngineError):
    """An adapter was trained on another base."""

    def __init__(self, file: Path, trained_on: str, applied_to: str) -> None:
        super().__init__(
            f"Adapter {file} was trained on base {trained_on} and cannot be applied to "
            f"{applied_to}. Use that base, or train the model again on this one."
        )


class CheckpointUnreadable(EngineError):
    """A checkpoint is missing or damaged."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"Checkpoint {file} cannot be read ({reason}). Start without it.")


class CheckpointMismatch(EngineError):
    """A checkpoint belongs to another run than the one that is to be resumed."""

    def __init__(self, file: Path, difference: str) -> None:
        super().__init__(
            f"Checkpoint {file} is from a run with {difference}. "
            "Resume with the same base, photos, identity and recipe, or start without it."
        )


class NoPhotos(EngineError):
    """Training was asked for without a single photo."""

    def __init__(self) -> None:
        super().__init__("An adapter cannot be trained without photos; give 12 to 20.")
