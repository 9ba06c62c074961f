"""How attempts end that did not succeed."""

import pytest
from tests.work.conftest import Work

from likeness.store.blobs import BlobsUnreachable
from likeness.work.endings import postpone_attempt, retry_attempt


def test_attempts_that_wait_for_the_store_do_not_count(work: Work) -> None:
    database = work.house.folder.database

    postpone_attempt(database, work.claim, BlobsUnreachable("away"))

    assert (work.job()["status"], work.job()["attempt"]) == ("queued", 0)


@pytest.mark.parametrize(("attempts", "status"), [(2, "queued"), (1, "failed")])
def test_other_attempts_count(work: Work, attempts: int, status: str) -> None:
    retry_attempt(work.house.folder.database, work.claim, "It broke.", attempts)

    assert (work.job()["status"], work.job()["attempt"]) == (status, 1)


def test_an_attempt_that_is_no_longer_ones_own_is_left_alone(work: Work) -> None:
    work.lose()
    before = work.job()

    postpone_attempt(work.house.folder.database, work.claim, BlobsUnreachable("away"))

    assert work.job() == before
