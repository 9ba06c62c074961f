"""Rules of videos."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, bindparam, delete, insert, select

from likeness.accounts.service import Account
from likeness.errors import Refusal
from likeness.store.database import Transaction
from likeness.store.ids import is_id, new_id
from likeness.videos.table import videos

OWNED = select(videos).where(videos.c.account_id == bindparam("account"))
"""The videos of one account: where every read for a client starts."""

_BY_ID = OWNED.where(videos.c.id == bindparam("id"))
_OF_JOB = OWNED.where(videos.c.job_id == bindparam("job")).order_by(videos.c.position)
_PAGE = OWNED.order_by(videos.c.id.desc()).limit(bindparam("size")).offset(bindparam("start"))


class VideoNotFound(Refusal):
    """There is no video with this id. GET /videos lists the videos of this account."""

    status = 404


def get_video(transaction: Transaction, account: Account, video_id: str) -> RowMapping:
    """A video of the account. Raises `VideoNotFound`."""
    if is_id(video_id):
        row = transaction.one(_BY_ID, account=account.id, id=video_id)
        if row is not None:
            return row
    raise VideoNotFound


def list_videos(
    transaction: Transaction, account: Account, page: int, size: int
) -> Sequence[RowMapping]:
    """One page of the account's videos, newest first; pages count from 1."""
    return transaction.all(_PAGE, account=account.id, size=size, start=(page - 1) * size)


def videos_of_job(transaction: Transaction, account: Account, job_id: str) -> Sequence[RowMapping]:
    """What a job made, in its order."""
    return transaction.all(_OF_JOB, account=account.id, job=job_id)


def add_video(
    transaction: Transaction,
    *,
    account_id: str,
    model_id: str,
    job_id: str,
    position: int,
    blob_key: str,
    data: dict[str, Any],
) -> None:
    """Make a video visible; its blob must be stored already."""
    transaction.execute(
        insert(videos).values(
            id=new_id(),
            account_id=account_id,
            model_id=model_id,
            job_id=job_id,
            position=position,
            blob_key=blob_key,
            data=data,
            created_at=transaction.now,
            updated_at=transaction.now,
        )
    )


def remove_video(transaction: Transaction, account: Account, video_id: str) -> str:
    """Take a video out of the record; returns the key of its blob, to be deleted after the commit.

    Raises `VideoNotFound`.
    """
    key = get_video(transaction, account, video_id)["blob_key"]
    transaction.execute(delete(videos).where(videos.c.id == video_id))
    return key


def find_file(transaction: Transaction, video_id: str) -> str | None:
    """The blob key behind a signed URL, whoever owns it."""
    return transaction.scalar(select(videos.c.blob_key).where(videos.c.id == video_id))
