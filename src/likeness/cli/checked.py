"""Options of processes that work, checked before they start: what is wrong is told at once."""

from importlib.util import find_spec
from pathlib import Path

from pydantic import SecretStr, ValidationInfo, field_validator

from likeness.catalog.service import CATALOG
from likeness.credits.prices import BadPrices, load_prices
from likeness.presets.service import BadPresets, load_presets
from likeness.settings import Settings

PARTS = ("faces", "figures", "motion", "rig", "upscaler")
"""What a worker needs beside its base."""


class WorkingSettings(Settings):
    """The options of whatever has a worker, which needs its base."""

    @field_validator("base")
    @classmethod
    def _is_there(cls, base: str) -> str:
        from likeness.bases import BaseError, find_base, find_part

        try:
            find_base(base)
            for part in PARTS:
                find_part(part)
        except BaseError as error:
            raise ValueError(str(error)) from None
        return base

    @field_validator("upscaler")
    @classmethod
    def _can_be_loaded(cls, upscaler: Path | None) -> Path | None:
        if upscaler is None:
            return None
        if not upscaler.is_file():
            raise ValueError("there is no such file")
        for package in ("spandrel", "einops"):
            if find_spec(package) is None:
                raise ValueError(
                    f"it needs the package {package}; the README says how to install it"
                )
        return upscaler


class ServerSettings(WorkingSettings):
    """The options of a server, which needs its presets and prices, too."""

    @field_validator("secret")
    @classmethod
    def _is_shared(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if secret is None and info.data.get("database_url"):
            raise ValueError(
                "must be set, to the same for all servers, where LIKENESS_DATABASE_URL is: file "
                "URLs of one server must open at every other"
            )
        return secret

    @field_validator("presets")
    @classmethod
    def _can_be_used(cls, presets: Path | None) -> Path | None:
        try:
            load_presets(presets)
        except BadPresets as error:
            raise ValueError("; ".join(error.mistakes)) from None
        return presets

    @field_validator("prices")
    @classmethod
    def _can_be_asked(cls, prices: Path | None) -> Path | None:
        try:
            models = load_prices(prices).models
        except BadPrices as error:
            raise ValueError("; ".join(error.mistakes)) from None
        unknown = sorted(set(models) - {*CATALOG.images, *CATALOG.videos})
        if unknown:
            raise ValueError(f"{prices}: there are no public models {', '.join(unknown)}")
        return prices


class WorkerSettings(WorkingSettings):
    """The options of a worker without a server, which shares what others keep."""

    @field_validator("database_url", "blob_url")
    @classmethod
    def _is_shared(cls, url: SecretStr | str | None) -> SecretStr | str | None:
        if url is None:
            raise ValueError(
                "must be set: a worker of its own gets its jobs from there. On one machine, "
                "`likeness serve` has a worker"
            )
        return url
