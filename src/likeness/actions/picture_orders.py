"""Pictures that a provider is to draw."""

from collections.abc import Collection, Sequence
from typing import Literal

from likeness.catalog.schemas import PublicImageModel, PublicVideoModel
from likeness.catalog.size import exact_size
from likeness.errors import Refusal
from likeness.jobs.payloads import PictureOrderPayload, Source

WORDS = {
    "quality": ("low", "medium", "high", "auto"),
    "safetyFilterLevel": (
        "OFF",
        "BLOCK_NONE",
        "BLOCK_ONLY_HIGH",
        "BLOCK_MEDIUM_AND_ABOVE",
        "BLOCK_LOW_AND_ABOVE",
    ),
}
"""What may be said in options that are handed on."""


class ProviderNotSet(Refusal):
    """This server has no access to the provider of this model."""


class UnknownWord(Refusal):
    """An option has a value that its provider does not know."""


def check_provider(model: PublicImageModel | PublicVideoModel, reachable: Collection[str]) -> None:
    """Raises `ProviderNotSet` where there is no key for the model's provider."""
    if model.provider not in reachable:
        raise ProviderNotSet(
            f"This server has no access to the provider of {model.title}: its operator has to set "
            f"LIKENESS_{model.provider.upper()}_KEY."
        )


def order_pictures(
    model: PublicImageModel,
    prompt: str,
    references: Sequence[Source],
    *,
    preset: str | None,
    ratio: float | None,
    size: tuple[int, int],
    image_size: str,
    num_images: int,
    format: Literal["jpeg", "png", "webp"],
    quality: str | None,
    safety: str | None,
) -> PictureOrderPayload:
    """The job of having a model's provider draw; without a ratio the model chooses one. `size` is
    what ratio and `image_size` mean in px. Raises `UnknownWord`."""
    width, height = size
    exact = exact_size(image_size)
    return PictureOrderPayload(
        provider=model.provider,
        model=model.model,
        prompt=prompt,
        preset=preset,
        references=tuple(references),
        ratio=width / height if exact else ratio,
        area=width * height,
        exact=exact,
        num_images=num_images,
        format=format,
        quality=_known("quality", quality) if model.provider == "openai" else None,
        safety=_known("safetyFilterLevel", safety) if model.provider == "google" else None,
    )


def _known(option: str, value: str | None) -> str | None:
    if not value:
        return None
    for word in WORDS[option]:
        if value.strip().lower() == word.lower():
            return word
    raise UnknownWord(
        f"There is no {option} {value[:40]!r}. Send one of {', '.join(WORDS[option])}."
    )
