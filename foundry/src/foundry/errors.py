"""What can go wrong before a long run starts, said at once."""

from pathlib import Path


class FoundryError(Exception):
    """Something that the person at the terminal can mend; the message says how."""


class BadRecipe(FoundryError):
    def __init__(self, path: Path, mistakes: list[str]) -> None:
        lines = "\n".join(f"  {mistake}" for mistake in mistakes)
        super().__init__(f"{path} cannot be used:\n{lines}")


class BadDataset(FoundryError):
    def __init__(self, folder: Path, why: str) -> None:
        super().__init__(f"{folder} is not a folder that `foundry render` wrote: {why}")


class BadFootage(FoundryError):
    def __init__(self, folder: Path, why: str) -> None:
        super().__init__(f"{folder} is not a folder that `foundry footage` wrote: {why}")


class NoCutOuts(FoundryError):
    def __init__(self) -> None:
        super().__init__("Figures are learned from cut-outs. Render them: foundry render --cut-out")


class NoGuides(FoundryError):
    def __init__(self) -> None:
        super().__init__("Not all of the footage has guides. Make them: foundry guides FOLDER")


class OtherRecipe(FoundryError):
    def __init__(self, run: Path, changed: list[str]) -> None:
        super().__init__(
            f"{run} was started with another recipe (changed: {', '.join(changed)}). Go on with "
            "that one, or name a new folder. Only `steps` may grow, before the decay has begun."
        )


class PatchTooLarge(FoundryError):
    def __init__(self, needed: int, there: int) -> None:
        super().__init__(
            f"The recipe's patches are cut from {needed} px, but the pictures have {there} px. "
            "Render larger ones, or make `patch` smaller."
        )


class WindowTooLong(FoundryError):
    def __init__(self, needed: int, there: int) -> None:
        super().__init__(
            f"The recipe draws {needed} frames at once, but the clips have {there}. Film longer "
            "ones, or make `window` smaller."
        )


class DriverCrash(FoundryError):
    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"The graphics driver took every renderer down before one shard of {folder} was "
            "finished. Try fewer --workers, LP_NUM_THREADS=1, or another version of Mesa."
        )


class TooLarge(FoundryError):
    def __init__(self, path: Path, size: int, limit: int) -> None:
        super().__init__(f"{path} takes {size:,} bytes; no more than {limit:,} may ship.")
