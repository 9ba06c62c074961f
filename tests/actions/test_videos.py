"""Who makes the videos of public models."""

from pathlib import Path

import pytest
from sqlalchemy import select
from tests.support.rooms import House

from likeness.actions.videos import PublicVideosOff, VideoBody, start_video
from likeness.catalog.service import CATALOG
from likeness.jobs.table import jobs


def start(house: House, model_id: str, *, made_here: bool) -> str:
    """The kind of the job of a request for videos."""
    asked = {"modelID": model_id, "prompt": "a dog", "referenceVideos": ["https://example.com/a"]}
    body = VideoBody.model_validate(asked)
    with house.folder.database.write() as transaction:
        job_id = start_video(transaction, house.account, body, lambda _: None, made_here=made_here)
        return transaction.scalar(select(jobs.c.kind).where(jobs.c.id == job_id))


@pytest.mark.parametrize("model_id", CATALOG.videos)
def test_videos_are_made_here_or_not_at_all(tmp_path: Path, model_id: str) -> None:
    house = House.build(tmp_path / "data")

    assert start(house, model_id, made_here=True) == "video"
    with pytest.raises(PublicVideosOff, match="LIKENESS_PUBLIC_MODELS") as caught:
        start(house, model_id, made_here=False)
    assert caught.value.status == 400
