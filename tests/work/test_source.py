"""The image that a job begins with."""

import pytest
from sqlalchemy import RowMapping
from tests.work.conftest import Work

from likeness.images.service import photos_of_model, remove_image
from likeness.jobs.queue import ClaimLost
from likeness.work.source import SourceDeleted, open_source


@pytest.fixture
def photo(work: Work) -> RowMapping:
    with work.house.folder.database.read() as transaction:
        return photos_of_model(transaction, work.model_id)[0]


def test_the_image_is_read(work: Work, photo: RowMapping) -> None:
    row, picture = open_source(work.house.folder, work.claim, photo["id"])

    assert row == photo
    assert picture.mode == "RGB"


def test_an_image_without_a_row_is_gone(work: Work, photo: RowMapping) -> None:
    with work.house.folder.database.write() as transaction:
        remove_image(transaction, photo["id"])

    with pytest.raises(SourceDeleted, match="cancelled: the image was deleted"):
        open_source(work.house.folder, work.claim, photo["id"])


def test_an_image_without_a_file_is_gone(work: Work, photo: RowMapping) -> None:
    work.house.folder.blobs.delete([photo["blob_key"]])

    with pytest.raises(SourceDeleted):
        open_source(work.house.folder, work.claim, photo["id"])


def test_a_claim_that_ended_is_told_first(work: Work, photo: RowMapping) -> None:
    work.lose()

    with pytest.raises(ClaimLost):
        open_source(work.house.folder, work.claim, photo["id"])
