"""Every option of the program, once, typed."""

import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from likeness.mistakes import mistake

PREFIX = "LIKENESS_"

PROVIDERS = ("openai", "google", "byteplus", "xai", "kling")
"""Who may run public models, each with a key `LIKENESS_<NAME>_KEY`."""

Network = IPv4Network | IPv6Network


class BadSettings(Exception):
    """Some options cannot be used. Correct the lines below and start again."""

    def __init__(self, mistakes: list[str]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join([str(self.__doc__), *(f"  {line}" for line in mistakes)]))


def _web_address(value: str | None) -> str | None:
    if value is None:
        return None
    if not value.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    return value.rstrip("/")


def _postgresql(value: SecretStr | None) -> SecretStr | None:
    # An empty variable is how a file of variables leaves one out.
    text = value.get_secret_value().strip() if value else ""
    if not text:
        return None
    if not text.startswith(("postgresql://", "postgres://")):
        raise ValueError("must begin with postgresql://")
    try:
        urlsplit(text).port  # noqa: B018 - it raises what pydantic would show, password and all
    except ValueError:
        raise ValueError(
            "cannot be read: in a name or password, write @ : / and # as %40 %3A %2F and %23"
        ) from None
    return SecretStr(text)


def _bucket(value: str | None) -> str | None:
    if not value:
        return None
    if not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]+(/[\w-][\w.-]*)*/?", value):
        raise ValueError("must be s3://bucket or s3://bucket/folder")
    return value.rstrip("/")


def _key(value: SecretStr | None) -> SecretStr | None:
    # An empty variable is how a file of variables leaves one out.
    text = value.get_secret_value().strip() if value else ""
    if any(not "!" <= character <= "~" for character in text):
        raise ValueError("must be plain characters without spaces")
    return SecretStr(text) if text else None


def _listed(value: str) -> list[str]:
    """The parts of a text between its commas."""
    return [part for part in map(str.strip, value.split(",")) if part]


def addresses_of(value: str) -> Mapping[str, str]:
    """The addresses that a text lists by commas, by the names of providers. Raises ValueError."""
    found: dict[str, str] = {}
    for part in _listed(value):
        name, _, address = (word.strip() for word in part.partition("="))
        if name not in PROVIDERS:
            raise ValueError(f"must be name=address, with a name of {', '.join(PROVIDERS)}")
        found[name] = str(_web_address(address))
    return found


def _addresses(value: str) -> str:
    addresses_of(value)
    return value


def networks_of(value: str) -> tuple[Network, ...]:
    """The networks that a text lists by commas. Raises ValueError."""
    return tuple(map(ip_network, _listed(value)))


def _networks(value: str) -> str:
    networks_of(value)
    return value


ProviderKey = Annotated[SecretStr | None, AfterValidator(_key)]


def _diffusers_folder(value: Path | None) -> Path | None:
    if value is not None and not (value / "model_index.json").is_file():
        raise ValueError("is no folder in diffusers format: it has no model_index.json")
    return value


class Settings(BaseSettings):
    """The options, each read from the environment variable `LIKENESS_<NAME>`.

    Build it with `Settings.read()`, which reports all mistakes at once.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    data: Path = Field(Path("likeness-data"), description="folder of the database and the pictures")
    database_url: Annotated[SecretStr | None, AfterValidator(_postgresql)] = Field(
        None,
        description="PostgreSQL, as postgresql://user:password@host/database; else SQLite in the "
        "data folder",
    )
    blob_url: Annotated[str | None, AfterValidator(_bucket)] = Field(
        None,
        description="S3, as s3://bucket/folder, with the usual AWS_* variables beside it; else the "
        "data folder",
    )
    blob_public_url: Annotated[str | None, AfterValidator(_web_address)] = Field(
        None,
        description="address at which clients reach the S3 server, where it is not the one that "
        "this server uses",
    )
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8900, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    public_url: Annotated[str | None, AfterValidator(_web_address)] = Field(
        None, description="address that clients see, in the URLs of records; else the request's own"
    )
    trusted_proxies: str = Field(
        "", description="addresses, by commas, whose X-Forwarded-* headers are believed"
    )
    secret: SecretStr | None = Field(
        None,
        description="key that signs file URLs, the same for all servers of one database; else one "
        "is made and kept in the data folder",
    )
    url_ttl: int | None = Field(
        None, ge=60, description="seconds that a file URL stays valid; else as long as the file"
    )
    base: str = Field("mini", description="name of an installed base, or a diffusers folder")
    other_bases: str = Field(
        "",
        description="names of bases, by commas, that workers of other machines have: models that "
        "were trained on them are drawn there; others must be trained again",
    )
    device: str = Field("auto", description="auto, cpu, cuda, cuda:N or mps")
    threads: int | None = Field(None, ge=1, description="CPU threads of one worker; else all cores")
    upscaler: Path | None = Field(
        None, description="file of an upscaler such as Real-ESRGAN, in place of the one that ships"
    )
    batch: int = Field(
        4,
        ge=1,
        description="pictures that are drawn at once, of several jobs that are alike; a single job "
        "may have more",
    )
    public_models: Literal["local", "providers", "off"] | None = Field(
        None,
        description="what draws for public models such as nanobanana: local (this base), providers "
        "(who run them, for money) or off; else local with mini alone",
    )
    openai_key: ProviderKey = Field(None, description="key for OpenAI: gpt-image")
    google_key: ProviderKey = Field(
        None, description="key for Google's Gemini API: nanobanana, veo"
    )
    byteplus_key: ProviderKey = Field(
        None, description="key for BytePlus ModelArk: seedream, seedance"
    )
    xai_key: ProviderKey = Field(None, description="key for xAI: grok-imagine")
    kling_key: ProviderKey = Field(
        None, description="key for Kling, as access:secret, or as one word for a gateway"
    )
    provider_urls: Annotated[str, AfterValidator(_addresses)] = Field(
        "",
        description="addresses, by commas, in place of the providers' own, e.g. "
        "openai=https://gateway.example/v1",
    )
    video_base: Annotated[Path | None, AfterValidator(_diffusers_folder)] = Field(
        None,
        description="diffusers folder of an image-to-video pipeline such as Wan, which then makes "
        "the videos; else a rig and a small network move the people in pictures",
    )
    fetch_allow: Annotated[str, AfterValidator(_networks)] = Field(
        "", description="networks, by commas, that URLs of clients may lead to although private"
    )
    presets: Path | None = Field(
        None, description="folder of presets of your own, `<tag>.toml` each, beside those built in"
    )
    prices: Path | None = Field(
        None, description="file of prices in credits, as TOML; else everything is free"
    )
    upload_bytes: int = Field(
        20 * 1024 * 1024, ge=1024, description="largest upload request, in bytes"
    )
    upload_pixels: int = Field(
        80_000_000, ge=1024, description="largest photo, in pixels (width x height)"
    )
    trainings_per_account: int = Field(
        3, ge=1, description="trainings of one account that may be queued or running"
    )
    rate_limit: int | None = Field(
        None,
        ge=1,
        description="requests a minute of one key that start or change something; polls are not "
        "counted; else no limit",
    )
    metrics_port: int | None = Field(
        None, ge=1, le=65535, description="port on which Prometheus reads metrics; else none"
    )
    log: Literal["text", "json"] = Field(
        "text", description="log lines for people (text) or for programs (json)"
    )
    worker: bool = Field(True, description="whether `likeness serve` has a worker beside the API")
    grace: float = Field(
        0.0,
        ge=0,
        description="seconds that a worker has for what is under way when it is told to stop, "
        "before it hands that back",
    )
    attempts: int = Field(3, ge=1, description="attempts at a job before it fails")
    lease: float = Field(30.0, gt=0, description="seconds that a claim lasts without a beat")
    poll: float = Field(0.2, gt=0, description="seconds between two looks at the queue")
    stall: float = Field(300.0, gt=0, description="seconds without progress that end an attempt")
    generation_deadline: float = Field(
        1800.0, gt=0, description="seconds that one attempt at a generation may take"
    )
    video_deadline: float = Field(
        3600.0, gt=0, description="seconds that one attempt at a job of videos may take"
    )
    training_deadline: float = Field(
        4 * 3600.0, gt=0, description="seconds that one attempt at a training may take"
    )
    sweep: float = Field(10.0, gt=0, description="seconds between two rounds of the sweeper")
    orphan_age: float = Field(
        3600.0, gt=0, description="seconds after which a blob without a row is removed"
    )

    @classmethod
    def read(cls, **given: object) -> Self:
        """Read the options from the environment; `given` (not None) wins.

        Raises `BadSettings` with every mistake, misspelt names included.
        """
        mistakes: list[str] = []
        known = {PREFIX + name.upper() for name in cls.model_fields}
        for name in sorted(os.environ):
            if name.startswith(PREFIX) and name not in known:
                near = get_close_matches(name, known, n=1)
                hint = f"did you mean {near[0]}?" if near else "remove it"
                mistakes.append(f"{name}: no such option; {hint}")
        settings: Self | None = None
        try:
            settings = cls(**{k: v for k, v in given.items() if v is not None})  # pyright: ignore[reportArgumentType]
        except ValidationError as error:
            for detail in error.errors():
                name = PREFIX + str(detail["loc"][0]).upper()
                said = mistake([name], detail["msg"])
                secret = name.endswith(("_KEY", "_SECRET", "_DATABASE_URL"))
                mistakes.append(said if secret else f"{said} (it is {detail['input']!r})")
        if mistakes or settings is None:
            raise BadSettings(mistakes)
        return settings

    @property
    def public_models_by(self) -> Literal["local", "providers", "off"]:
        """What draws for public models: unless said, only mini stands in for them."""
        return self.public_models or ("local" if self.base == "mini" else "off")

    @property
    def other_bases_named(self) -> frozenset[str]:
        """The bases that only workers of other machines have."""
        return frozenset(_listed(self.other_bases))

    @property
    def provider_keys(self) -> Mapping[str, SecretStr]:
        """The keys that there are, by the names of providers."""
        keys = {name: getattr(self, f"{name}_key") for name in PROVIDERS}
        return {name: key for name, key in keys.items() if key is not None}

    @property
    def public_videos_by(self) -> Literal["local", "providers", "off"]:
        """What makes videos for public models: unless said, a pipeline that was named for it, and
        the base where it draws their pictures."""
        if self.public_models is None and self.video_base is not None:
            return "local"
        return self.public_models_by

    def environment(self) -> dict[str, str]:
        """Environment variables from which a child process reads the same settings."""
        variables: dict[str, str] = {}
        for name in type(self).model_fields:
            value: object = getattr(self, name)
            if isinstance(value, SecretStr):
                value = value.get_secret_value()
            if value is not None:
                variables[PREFIX + name.upper()] = str(value)
        return variables
