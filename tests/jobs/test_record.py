"""What the record of a job says of its progress."""

from sqlalchemy import update
from tests.support.payloads import BASE, offer
from tests.support.rooms import House

from likeness.accounts.service import DEFAULT_ACCOUNT, Share, set_share
from likeness.jobs import queue
from likeness.jobs.payloads import TrainingPayload
from likeness.jobs.schemas import JobRecord, job_record
from likeness.jobs.service import get_job, queue_position
from likeness.jobs.table import jobs
from likeness.store.database import Transaction

PAYLOAD = TrainingPayload(trigger="x", description="a person")


def record(house: House, transaction: Transaction, job_id: str) -> JobRecord:
    """The record as a client reads it."""
    row = get_job(transaction, house.account, job_id)
    return job_record(row, [], [], queue_position(transaction, row), transaction)


def test_waiting_jobs_say_their_place_among_all_accounts(house: House) -> None:
    with house.folder.database.write() as transaction:
        trainings = [
            queue.enqueue(transaction, house.account.id, "m", PAYLOAD, BASE) for _ in range(3)
        ]
        set_share(transaction, Share(DEFAULT_ACCOUNT, 1, 1.0))
        urgent = queue.enqueue(transaction, house.account.id, "m", PAYLOAD, BASE)

        places = [record(house, transaction, job_id).queuePosition for job_id in trainings]

        assert places == [2, 3, 4]
        assert record(house, transaction, urgent).queuePosition == 1


def test_running_jobs_say_how_far_they_are_and_how_long_it_takes(house: House) -> None:
    with house.folder.database.write() as transaction:
        job_id = queue.enqueue(transaction, house.account.id, "m", PAYLOAD, BASE)
        claim = queue.claim(transaction, offer("worker", ["training"]), 30)
        assert claim is not None
        begun = record(house, transaction, job_id)
        assert (begun.status, begun.stage, begun.progress) == ("running", "starting", None)
        assert (begun.queuePosition, begun.etaSeconds) == (None, None)

        queue.report(transaction, claim.token, "training", 25, 100)
        ten_seconds_ago = transaction.now - 10
        transaction.execute(update(jobs).values(stage_at=ten_seconds_ago))
        later = record(house, transaction, job_id)

        assert (later.stage, later.step, later.steps) == ("training", 25, 100)
        assert (later.progress, later.etaSeconds) == (0.25, 30.0)


def test_jobs_that_are_over_say_nothing_of_it(house: House) -> None:
    with house.folder.database.write() as transaction:
        job_id = queue.enqueue(transaction, house.account.id, "m", PAYLOAD, BASE)
        queue.end(transaction, get_job(transaction, house.account, job_id), None)

        said = record(house, transaction, job_id).model_dump(exclude_none=True)

        assert set(said) == {"jobId", "status", "kind", "modelId", "createdAt", "updatedAt"}
