"""Who draws for public models, and what is said where nobody does."""

from collections.abc import Collection
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import select
from tests.support.payloads import FREE
from tests.support.rooms import House

from likeness.actions.picture_orders import ProviderNotSet
from likeness.actions.public_generation import (
    PublicGenerationBody,
    PublicModelsOff,
    start_public_generation,
)
from likeness.catalog.service import CATALOG
from likeness.jobs.table import jobs
from likeness.presets.service import load_presets

DrawnBy = Literal["local", "providers", "off"]


def start(house: House, model_id: str, drawn_by: DrawnBy, reachable: Collection[str] = ()) -> str:
    """The kind of the job of a new generation."""
    with house.folder.database.write() as transaction:
        sent = {"modelID": model_id, "prompt": "a person"}
        body = PublicGenerationBody.model_validate(sent)
        job_id = start_public_generation(
            transaction,
            house.account,
            body,
            load_presets(),
            lambda _: None,
            drawn_by,
            reachable,
            FREE,
        )
        return transaction.scalar(select(jobs.c.kind).where(jobs.c.id == job_id))


@pytest.mark.parametrize("model_id", CATALOG.images)
def test_a_provider_without_a_key(tmp_path: Path, model_id: str) -> None:
    house = House.build(tmp_path / "data")
    provider = CATALOG.images[model_id].provider
    others = {"openai", "google", "byteplus", "xai", "kling"} - {provider}

    with pytest.raises(ProviderNotSet, match=f"LIKENESS_{provider.upper()}_KEY") as caught:
        start(house, model_id, "providers", others)
    assert caught.value.status == 400
    assert start(house, model_id, "providers", [provider]) == "picture_order"
    assert start(house, model_id, "local") == "generation"


def test_nobody(tmp_path: Path) -> None:
    house = House.build(tmp_path / "data")

    with pytest.raises(PublicModelsOff, match="LIKENESS_PUBLIC_MODELS") as caught:
        start(house, "nanobanana", "off", ["google"])
    assert caught.value.status == 400
