"""Who makes the videos of public models."""

from collections.abc import Collection
from pathlib import Path
from typing import Any, Literal

import pytest
from sqlalchemy import select
from tests.support.payloads import FREE
from tests.support.rooms import House

from likeness.actions.picture_orders import ProviderNotSet
from likeness.actions.video_orders import PictureMissing
from likeness.actions.videos import PublicVideosOff, VideoBody, start_video
from likeness.catalog.service import CATALOG
from likeness.jobs.payloads import VideoOrderPayload, payload_adapter
from likeness.jobs.table import jobs

MadeBy = Literal["local", "providers", "off"]
PICTURE, VIDEO = "https://example.com/a.jpg", "https://example.com/a.mp4"


def start(
    house: House, model_id: str, made_by: MadeBy, reachable: Collection[str] = (), **fields: Any
) -> Any:
    """The kind and the payload of the job of a request for videos."""
    asked = {"prompt": "a dog", "referenceImages": [PICTURE], "referenceVideos": [VIDEO], **fields}
    body = VideoBody.model_validate({"modelID": model_id, **asked})
    with house.folder.database.write() as transaction:
        job_id = start_video(
            transaction, house.account, body, lambda _: None, made_by, reachable, FREE
        )
        row = transaction.one(select(jobs).where(jobs.c.id == job_id))
    assert row is not None
    return row["kind"], payload_adapter.validate_python(row["payload"])


def order(house: House, model_id: str, **fields: Any) -> VideoOrderPayload:
    """What a provider is asked for."""
    provider = CATALOG.videos[model_id].provider
    kind, payload = start(house, model_id, "providers", [provider], **fields)
    assert kind == "video_order"
    return payload


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House.build(tmp_path / "data")


@pytest.mark.parametrize("model_id", CATALOG.videos)
def test_who_makes_them(house: House, model_id: str) -> None:
    provider = CATALOG.videos[model_id].provider
    others = {"openai", "google", "byteplus", "xai", "kling"} - {provider}

    assert start(house, model_id, "local")[0] == "video"
    assert order(house, model_id).provider == provider
    with pytest.raises(ProviderNotSet, match=f"LIKENESS_{provider.upper()}_KEY"):
        start(house, model_id, "providers", others)
    with pytest.raises(PublicVideosOff, match="LIKENESS_PUBLIC_MODELS") as caught:
        start(house, model_id, "off", [provider])
    assert caught.value.status == 400


def test_a_provider_is_asked_for_what_was_asked_for(house: House) -> None:
    asked = {
        "duration": 6,
        "ratio": "9:16",
        "resolution": "1080P",
        "generateAudio": True,
        "seed": 9,
        "negativePrompt": "rain",
    }
    images = [
        {"url": PICTURE, "role": "last_frame"},
        {"url": f"{PICTURE}?1", "role": "reference_image"},
        {"url": f"{PICTURE}?2", "role": "reference_image"},
    ]

    payload = order(
        house, "seedance-2.0", options={"seedance": asked}, numVideos=2, referenceImages=images
    )

    assert (payload.seconds, payload.ratio, payload.resolution) == (6, "9:16", "1080p")
    assert (payload.audio, payload.seed, payload.negative_prompt) == (True, 9, "rain")
    assert (payload.num_videos, payload.motions, payload.first) == (2, (VIDEO,), None)
    assert payload.last is not None and payload.last.url == PICTURE
    assert [source.url for source in payload.references] == [f"{PICTURE}?1", f"{PICTURE}?2"]


def test_what_nobody_asks_for_is_left_to_the_provider(house: House) -> None:
    payload = order(house, "kling-video-pro", referenceImages=[])

    assert (payload.model, payload.grade, payload.motions) == ("kling-v3", "pro", ())
    assert (payload.ratio, payload.resolution, payload.seed) == (None, None, None)
    assert order(house, "kling-motion-standard").grade == "std"


def test_motion_needs_a_picture(house: House) -> None:
    with pytest.raises(PictureMissing):
        order(house, "kling-motion-pro", referenceImages=[])
